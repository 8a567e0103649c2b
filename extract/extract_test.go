package extract

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/stimuli"
	"github.com/google/go-cmp/cmp"
)

// mean is a real, tiny embedder: the mean of each colour plane, and for the
// output "sum" their sum.
type mean struct {
	recipe  imaging.Recipe
	calls   atomic.Int32
	hook    func(call int) error // before each Run
	outputs []model.Output
	opened  atomic.Int32
	closed  atomic.Int32
}

func (m *mean) Recipe() imaging.Recipe { return m.recipe }
func (m *mean) Batch() int             { return 3 }
func (m *mean) Threads() int           { return 1 }
func (m *mean) Close() error           { m.closed.Add(1); return nil }

func (m *mean) Run(ctx context.Context, tensor []float32, n int) ([][][]float32, error) {
	if m.hook != nil {
		if err := m.hook(int(m.calls.Add(1))); err != nil {
			return nil, err
		}
	}
	plane := len(tensor) / n / 3
	vectors := make([][]float32, n)
	for i := range vectors {
		for c := range 3 {
			var sum float32
			for _, v := range tensor[(3*i+c)*plane : (3*i+c+1)*plane] {
				sum += v
			}
			vectors[i] = append(vectors[i], sum/float32(plane))
		}
	}
	outputs := make([][][]float32, len(m.outputs))
	for k, o := range m.outputs {
		outputs[k] = vectors
		if o.Node == "sum" {
			outputs[k] = make([][]float32, n)
			for i, v := range vectors {
				outputs[k][i] = []float32{v[0] + v[1] + v[2]}
			}
		}
	}
	return outputs, ctx.Err()
}

func newMean() *mean {
	return &mean{recipe: imaging.Recipe{Resize: "pillow-bilinear", Square: 4}}
}

func newJob(name string, m *mean) Job {
	return Job{
		Name:  name,
		Space: feature.Space{Model: name, Recipe: m.recipe.Digest(), Node: "mean"},
		Open: func(_ context.Context, o model.SessionOptions) (model.Embedder, error) {
			m.outputs = o.Outputs
			m.opened.Add(1)
			return m, nil
		},
	}
}

// grey returns n one-coloured pictures; reads counts how often each is read.
func grey(t *testing.T, n int, reads *atomic.Int32) []Picture {
	t.Helper()
	pictures := make([]Picture, n)
	for i := range pictures {
		m := image.NewNRGBA(image.Rect(0, 0, 5, 7))
		for p := range 35 {
			m.Set(p%5, p/5, color.NRGBA{uint8(i), uint8(2 * i), 255, 255})
		}
		var file bytes.Buffer
		if err := png.Encode(&file, m); err != nil {
			t.Fatal(err)
		}
		pictures[i] = Picture{
			Name: fmt.Sprint(i), Hash: sha256.Sum256(file.Bytes()),
			Read: func() ([]byte, error) { reads.Add(1); return file.Bytes(), nil },
		}
	}
	return pictures
}

// vectorOf is what the store holds of a picture for a job.
func vectorOf(t *testing.T, store *feature.Store, j Job, p Picture) []float32 {
	t.Helper()
	view, err := store.View(j.Space)
	if err != nil {
		t.Fatal(err)
	}
	defer view.Close()
	v := make([]float32, view.Dim())
	if err := view.Read(p.Hash, v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestFillEmbedsEachPictureOnce(t *testing.T) {
	var reads atomic.Int32
	pictures := grey(t, 50, &reads)
	twice := append(pictures, pictures[:20]...) // the same content under other names
	store := feature.NewStore(t.TempDir())
	jobs := []Job{newJob("a", newMean()), newJob("b", newMean())}
	var last Progress
	var decoded atomic.Int32
	options := Options{Workers: 3, Progress: func(p Progress) { last = p }, Decoded: func(_ stimuli.Hash, img *imaging.Image) {
		if img.Width == 5 {
			decoded.Add(1)
		}
	}}
	err := Fill(context.Background(), store, twice, jobs, options)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range pictures {
		for _, job := range jobs {
			v := vectorOf(t, store, job, p)
			if len(v) != 3 || v[0] != float32(i) || v[1] != float32(2*i) || v[2] != 255 {
				t.Fatalf("picture %d has the vector %v", i, v)
			}
		}
	}
	if reads.Load() != 50 {
		t.Errorf("pictures were read %d times for two models, want 50", reads.Load())
	}
	if decoded.Load() != 50 {
		t.Errorf("%d decoded pictures were handed on, want 50", decoded.Load())
	}
	want := Progress{Done: 50, Total: 50, Computed: 100, Models: []string{"a", "b"}, First: 1, Last: 2, Of: 2}
	if diff := cmp.Diff(want, last); diff != "" {
		t.Errorf("progress ended at (-want +got)\n%s", diff)
	}
	if err := Fill(context.Background(), store, twice, jobs, Options{}); err != nil {
		t.Fatal(err)
	}
	if reads.Load() != 50 {
		t.Error("a second run read pictures again")
	}
}

// TestJobsOfOneModelShareAnInference: two outputs of a model, and one of them
// asked for twice, take one session and one run a batch.
func TestJobsOfOneModelShareAnInference(t *testing.T) {
	var reads atomic.Int32
	pictures := grey(t, 12, &reads)
	m := newMean()
	m.hook = func(int) error { return nil }
	features := newJob("a", m)
	sum := features
	sum.Space.Node = "sum"
	store := feature.NewStore(t.TempDir())
	err := Fill(context.Background(), store, pictures, []Job{features, sum, features}, Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	if m.opened.Load() != 1 || m.closed.Load() != 1 || m.calls.Load() != 5 { // 8 and 4 pictures in batches of 3
		t.Errorf("opened %d times, closed %d times, %d batches; want 1, 1, 5", m.opened.Load(), m.closed.Load(), m.calls.Load())
	}
	if v := vectorOf(t, store, sum, pictures[5]); len(v) != 1 || v[0] != 5+10+255 {
		t.Errorf("the sum of picture 5 is %v", v)
	}
	if v := vectorOf(t, store, features, pictures[5]); len(v) != 3 || v[1] != 10 {
		t.Errorf("the mean of picture 5 is %v", v)
	}
}

// TestMemoryCutsModelsIntoPasses: never more models are open than fit, and what
// is handed on is whole all the same.
func TestMemoryCutsModelsIntoPasses(t *testing.T) {
	var reads atomic.Int32
	pictures := grey(t, 20, &reads)
	for i := range pictures {
		pictures[i].Hash = [32]byte{} // not known before the first pass
	}
	var open, most atomic.Int32
	var jobs []Job
	for _, name := range []string{"a", "b", "c"} {
		j := newJob(name, newMean())
		inner := j.Open
		j.Memory = 40
		j.Open = func(ctx context.Context, o model.SessionOptions) (model.Embedder, error) {
			most.Store(max(most.Load(), open.Add(1)))
			e, err := inner(ctx, o)
			return &closing{e, &open}, err
		}
		jobs = append(jobs, j)
	}
	handed := 0
	var passes []string
	note := func(p Progress) {
		if p.Done == 0 {
			passes = append(passes, fmt.Sprintf("%d-%d of %d: %s", p.First, p.Last, p.Of, strings.Join(p.Models, " ")))
		}
	}
	err := Stream(context.Background(), feature.NewStore(t.TempDir()), pictures, jobs, Options{Memory: 100, Progress: note}, func(i int, vectors [][]float32) error {
		handed++
		for _, v := range vectors {
			if v[0] != float32(i) {
				t.Errorf("picture %d has %v", i, v)
			}
		}
		return nil
	})
	if err != nil || handed != 20 || most.Load() != 2 {
		t.Errorf("%d pictures handed on, %d models open at once, error %v", handed, most.Load(), err)
	}
	if want := []string{"1-2 of 3: a b", "3-3 of 3: c"}; !slices.Equal(passes, want) {
		t.Errorf("passes %q, want %q", passes, want)
	}
}

// closing counts models that are open.
type closing struct {
	model.Embedder
	open *atomic.Int32
}

func (c *closing) Close() error {
	c.open.Add(-1)
	return c.Embedder.Close()
}

// storeBytes returns every feature file of a store.
func storeBytes(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".features" {
			return err
		}
		data, err := os.ReadFile(path)
		fmt.Fprintf(&all, "%s %x\n", d.Name(), data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// TestInterruptedRunGoesOn cancels at each batch in turn; whatever was stored
// then, going on gives the bytes of an uninterrupted run.
func TestInterruptedRunGoesOn(t *testing.T) {
	var reads atomic.Int32
	pictures := grey(t, 60, &reads)
	whole := t.TempDir()
	if err := Fill(context.Background(), feature.NewStore(whole), pictures, []Job{newJob("a", newMean())}, Options{}); err != nil {
		t.Fatal(err)
	}
	want := storeBytes(t, whole)
	for stop := 1; stop < 22; stop += 4 {
		dir := t.TempDir()
		ctx, cancel := context.WithCancel(context.Background())
		m := newMean()
		m.hook = func(call int) error {
			if call == stop {
				cancel()
			}
			return nil
		}
		err := Fill(ctx, feature.NewStore(dir), pictures, []Job{newJob("a", m)}, Options{Workers: 3})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("stopped at batch %d: error %v", stop, err)
		}
		if err := Fill(context.Background(), feature.NewStore(dir), pictures, []Job{newJob("a", newMean())}, Options{Workers: 2}); err != nil {
			t.Fatal(err)
		}
		if storeBytes(t, dir) != want {
			t.Errorf("stopped at batch %d and gone on: the store differs from an uninterrupted one", stop)
		}
	}
}

func TestFillNamesEveryUndecodablePicture(t *testing.T) {
	var reads atomic.Int32
	pictures := grey(t, 30, &reads)
	for _, i := range []int{3, 17} {
		pictures[i].Read = func() ([]byte, error) { return []byte("no picture"), nil }
	}
	store := feature.NewStore(t.TempDir())
	job := newJob("a", newMean())
	err := Fill(context.Background(), store, pictures, []Job{job}, Options{})
	var bad *PictureError
	if !errors.As(err, &bad) || !strings.Contains(err.Error(), "picture 3:") || !strings.Contains(err.Error(), "picture 17:") {
		t.Fatalf("error %v, want both pictures named", err)
	}
	kept, err := store.View(job.Space)
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	if kept.Len() != 28 {
		t.Errorf("%d vectors were kept, want those of the 28 sound pictures", kept.Len())
	}
}

func TestFillStopsWhereAModelFails(t *testing.T) {
	var reads atomic.Int32
	m := newMean()
	failure := errors.New("out of memory")
	m.hook = func(call int) error {
		if call == 4 {
			return failure
		}
		return nil
	}
	err := Fill(context.Background(), feature.NewStore(t.TempDir()), grey(t, 100, &reads), []Job{newJob("a", m)}, Options{})
	if !errors.Is(err, failure) {
		t.Errorf("error %v, want the model's", err)
	}
}
