package cluster_test

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/akin-vision/akin/cluster"
	"github.com/akin-vision/akin/compute"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/model"
)

// local is a worker within this process, which has one engine.
func (s *site) local(name, instructions string) *cluster.Worker {
	w := &cluster.Worker{Computer: s.computer, Models: s.models, Machine: cluster.ThisMachine(instructions), Name: name, Memory: compute.DefaultMemory}
	w.Machine.Host = name
	return w
}

// serve lets a worker work until stop.
func (s *site) serve(w *cluster.Worker) (stop func()) {
	ctx, cancel := context.WithCancel(s.Context())
	done := make(chan error, 1)
	go func() { done <- w.Serve(ctx, s.client) }()
	stop = sync.OnceFunc(func() { cancel(); <-done })
	s.Cleanup(stop)
	return stop
}

// TestRerunOpensNoNetwork: a picture that cannot be decoded is a result and no retry, and
// a worker for which all shards are there opens nothing.
func TestRerunOpensNoNetwork(t *testing.T) {
	s := newSite(t, 20)
	first := s.local("first", "")
	stop := s.serve(first)
	status := s.same(s.submit(s.cluster()))
	if status.Retries != 0 || status.Hits != 0 || first.Opened() != len(s.jobs) {
		t.Errorf("the first run is %+v, with %d sessions", status, first.Opened())
	}
	stop()
	second := s.local("second", "")
	s.serve(second)
	status = s.same(s.submit(s.cluster()))
	if status.Hits != status.Shards || status.Retries != 0 || second.Opened() != 0 {
		t.Errorf("the second run is %+v, with %d sessions", status, second.Opened())
	}
}

// otherwise rounds the last bit of a network otherwise.
type otherwise struct{ model.Embedder }

func (o otherwise) Run(ctx context.Context, tensor []float32, n int) ([][][]float32, error) {
	outputs, err := o.Embedder.Run(ctx, tensor, n)
	for _, vectors := range outputs {
		for _, v := range vectors {
			for i := range v {
				v[i] = math.Nextafter32(v[i], 2*v[i]+1)
			}
		}
	}
	return outputs, err
}

// TestOtherRounding: what a machine of another arithmetic computes stands in a space of
// its own, and no network of a run is rounded in two ways.
func TestOtherRounding(t *testing.T) {
	s := newSite(t, 40)
	job := s.jobs[0]
	other := s.local("other", "abacus")
	e, err := job.Open(t.Context(), model.SessionOptions{Outputs: []model.Output{{Node: job.Space.Node, Pooling: job.Space.Pooling}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	dir := filepath.Dir(s.pictures[0].File)
	other.Pretend(otherwise{e}, []feature.Space{job.Space}, func(name string) []byte {
		data, _ := os.ReadFile(filepath.Join(dir, name)) // one that is missing has another hash
		return data
	})
	s.serve(other)
	c := s.cluster()
	store := feature.NewStore(t.TempDir())
	good := s.pictures[:0:0]
	for _, p := range s.pictures {
		if p.Name != "bad.png" {
			good = append(good, p)
		}
	}
	moved, err := c.Fill(t.Context(), store, good, s.jobs[:1])
	if err != nil {
		t.Fatal(err)
	}
	space := moved[job.Space]
	if !strings.HasPrefix(space.Engine, job.Space.Engine+"@abacus-") {
		t.Fatalf("what abacus computed stands in %+v", space)
	}
	theirs, mine, asked := view(t, store, space), view(t, feature.NewStore(s.whole), job.Space), view(t, store, job.Space)
	for _, p := range good {
		a, b := make([]float32, theirs.Dim()), make([]float32, mine.Dim())
		if err := errors.Join(theirs.Read(p.Hash, a), mine.Read(p.Hash, b)); err != nil {
			t.Fatal(err)
		}
		if a[0] == b[0] || math.Abs(float64(a[0]-b[0])) > 1e-4 || asked.Has(p.Hash) {
			t.Fatalf("picture %s: %v by abacus, %v here; in the space that was asked for: %v", p.Name, a[0], b[0], asked.Has(p.Hash))
		}
	}
	s.serve(s.local("mine", ""))
	c = s.cluster()
	c.Shard = 2 // none of these shards is there
	if _, err = c.Fill(t.Context(), feature.NewStore(t.TempDir()), good, s.jobs[:1]); err != nil {
		t.Fatal(err)
	}
	if shares := c.Contributions(); len(shares) != 1 || shares[0].Pictures != 39 {
		t.Errorf("one network was computed by %+v", shares)
	}
}

func view(t *testing.T, store *feature.Store, space feature.Space) *feature.View {
	t.Helper()
	v, err := store.View(space)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { v.Close() })
	return v
}
