package cluster_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/akin-vision/akin"
	"github.com/akin-vision/akin/cluster"
	"github.com/akin-vision/akin/cluster/objects"
	"github.com/akin-vision/akin/compute"
	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/internal/testcluster"
	"github.com/akin-vision/akin/internal/testengine"
	"github.com/akin-vision/akin/model"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflow/v1"
	"go.temporal.io/sdk/client"
)

// workerVariable, in the environment of this test run as a child, makes it a worker: its
// name, the address of Temporal, the milliseconds of each picture, and the kind of its
// instructions.
const workerVariable = "AKIN_TEST_WORKER"

// childVariables make this test run as a child something else than a test.
var childVariables = map[string]func(job []string) error{workerVariable: serve}

func TestMain(m *testing.M) {
	for variable, do := range childVariables {
		if job := strings.Fields(os.Getenv(variable)); len(job) > 0 {
			if err := do(append(job, "")); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			return
		}
	}
	os.Exit(m.Run())
}

var quiet = slog.New(slog.DiscardHandler)

// modelsVariable, in the environment, names folders with more models, networksVariable
// those that runs are about.
const (
	modelsVariable   = "AKIN_TEST_MODELS"
	networksVariable = "AKIN_TEST_NETWORKS"
)

// small are options that any machine is up to.
var small = compute.Options{Batch: 4, Threads: 1}

// machine is one with the real engine and a cache of its own.
func machine(cache string, o compute.Options) (*compute.Computer, map[string]*model.Model, error) {
	home := akin.Home{Cache: cache, ONNXRuntime: os.Getenv("AKIN_ONNXRUNTIME"), SetBy: "AKIN_ONNXRUNTIME"}
	models, err := home.ModelsByHash(strings.Fields(os.Getenv(modelsVariable)))
	if err != nil {
		return nil, nil, err
	}
	var list []*model.Model
	for _, m := range models {
		list = append(list, m)
	}
	computer, err := home.Machine().Open(o, list...)
	return computer, models, err
}

func serve(job []string) error {
	computer, models, err := machine(filepath.Join(os.TempDir(), "worker"), small)
	if err != nil {
		return err
	}
	c, err := cluster.Dial(context.Background(), job[1], quiet)
	if err != nil {
		return err
	}
	slow, err := time.ParseDuration(job[2])
	if err != nil {
		return err
	}
	w := &cluster.Worker{Computer: computer, Models: models, Machine: cluster.ThisMachine(job[3]), Name: job[0], Memory: compute.DefaultMemory}
	w.Machine.Host = job[0]
	w.SlowDown(slow)
	return w.Serve(context.Background(), c)
}

// site is a small cluster: servers, and a machine that submits.
type site struct {
	*testing.T
	temporal *testcluster.Server
	bucket   *testcluster.Bucket
	computer *compute.Computer
	models   map[string]*model.Model
	client   client.Client
	pictures []extract.Picture
	whole    string // the store that this machine alone fills
	jobs     []extract.Job
}

// newSite has its servers on this machine, whose file system the workers share.
func newSite(t *testing.T, pictures int) *site {
	t.Helper()
	s := &site{T: t, temporal: testcluster.StartTemporal(t), bucket: testcluster.StartBucket(t)}
	dir := t.TempDir()
	draw(t, dir, pictures)
	s.prepare(dir)
	for i := range s.pictures {
		s.pictures[i].File = filepath.Join(dir, s.pictures[i].Name)
	}
	return s
}

// dial connects this machine, whose engine names the queues.
func (s *site) dial() {
	s.Helper()
	s.Setenv("AKIN_ONNXRUNTIME", testengine.Library(s.T).Path)
	var err error
	if s.computer, s.models, err = machine(s.TempDir(), small); err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { s.computer.Close() })
	if s.client, err = cluster.Dial(s.Context(), s.temporal.Address, quiet); err != nil {
		s.Fatal(err)
	}
	s.Cleanup(s.client.Close)
}

// prepare computes what this machine alone makes of the pictures of a folder.
func (s *site) prepare(dir string) {
	t := s.T
	t.Helper()
	s.dial()
	s.whole = t.TempDir()
	var err error
	if s.pictures, err = pictures(dir); err != nil {
		t.Fatal(err)
	}
	s.jobs = jobs(s.computer, s.models)
	if err := extract.Fill(t.Context(), feature.NewStore(s.whole), s.pictures, s.jobs, extract.Options{}); err == nil || !strings.Contains(err.Error(), "bad.png") {
		t.Fatalf("the picture that cannot be decoded gives %v", err)
	}
}

// jobs are those of the networks that the environment names, or of two small ones.
func jobs(computer *compute.Computer, models map[string]*model.Model) (list []extract.Job) {
	names := strings.Fields(cmp.Or(os.Getenv(networksVariable), "small-resnet small-resnet-early"))
	for _, m := range models {
		if slices.Contains(names, m.Name) {
			list = append(list, computer.Job(m, model.Output{Node: m.Node()}))
		}
	}
	slices.SortFunc(list, func(a, b extract.Job) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// draw makes pictures of noise in a folder, one of them such that it cannot be decoded.
func draw(t *testing.T, dir string, n int) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		img := image.NewRGBA(image.Rect(0, 0, 40, 30))
		for k := range img.Pix {
			img.Pix[k] = uint8(random.UintN(256))
		}
		img.Set(0, 0, color.White)
		var b strings.Builder
		if err := png.Encode(&b, img); err != nil {
			t.Fatal(err)
		}
		name, content := fmt.Sprintf("%04d.png", i), b.String()
		if i == n/2 {
			name, content = "bad.png", "no picture"
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// pictures are the files of a folder, the first of them twice.
func pictures(dir string) ([]extract.Picture, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var list []extract.Picture
	for _, e := range append(entries, entries[0]) {
		read := func() ([]byte, error) { return os.ReadFile(filepath.Join(dir, e.Name())) }
		data, err := read()
		if err != nil {
			return nil, err
		}
		list = append(list, extract.Picture{Name: e.Name(), Hash: sha256.Sum256(data), Read: read})
	}
	return list, nil
}

// worker starts one on this machine.
func (s *site) worker(name string, each time.Duration, instructions string) *exec.Cmd {
	return s.workerOn(nil, name, each, instructions)
}

// workerOn starts one as a process of its own on a host.
func (s *site) workerOn(host *testcluster.Host, name string, each time.Duration, instructions string) *exec.Cmd {
	s.Helper()
	cmd := host.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %s %v %s", workerVariable, name, s.temporal.Address, each, instructions))
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { kill(cmd) })
	return cmd
}

func kill(cmd *exec.Cmd) {
	cmd.Process.Signal(syscall.SIGKILL)
	cmd.Wait() // its error is the signal
}

// limits lose a dead worker soon.
var limits = cluster.Limits{Heartbeat: 2 * time.Second, Attempts: 5, Shards: 5, Window: 4, Children: 2}

// cluster is one that submits what follows.
func (s *site) cluster() *cluster.Cluster {
	s.Helper()
	store, err := objects.Open(s.Context(), s.bucket.URL)
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { store.Close() })
	return &cluster.Cluster{Client: s.client, Store: store, Limits: limits, Shard: 8}
}

// outcome is what became of a submission.
type outcome struct {
	*cluster.Cluster
	run      string
	attached bool   // it was under way
	dir      string // of the local store
	err      error
	done     chan struct{}
}

// submit fills a new store on the cluster.
func (s *site) submit(c *cluster.Cluster) *outcome {
	s.Helper()
	o := &outcome{Cluster: c, dir: s.TempDir(), done: make(chan struct{})}
	submitted := make(chan struct{})
	c.Submitted = func(run string, attached bool) {
		o.run, o.attached = run, attached
		close(submitted)
	}
	go func() {
		defer close(o.done)
		_, o.err = c.Fill(s.Context(), feature.NewStore(o.dir), s.pictures, s.jobs)
	}()
	select {
	case <-submitted:
	case <-o.done:
		s.Fatalf("it was not submitted: %v", o.err)
	}
	return o
}

// until waits for a state of a run.
func (s *site) until(run string, what string, reached func(cluster.Status) bool) cluster.Status {
	s.Helper()
	var last cluster.Status
	for range 600 {
		status, err := cluster.Look(s.Context(), s.client, run)
		if err == nil && reached(status) {
			return status
		}
		last = status
		time.Sleep(100 * time.Millisecond)
	}
	s.Fatalf("the run never came to this: %s; it is %+v", what, last)
	return last
}

// busy reports whether a worker is at shards of a run, as Temporal sees it.
func (s *site) busy(run cluster.Status, worker string) bool {
	for _, child := range run.Running {
		d, err := s.client.DescribeWorkflowExecution(s.Context(), child, "")
		if err == nil && slices.ContainsFunc(d.PendingActivities, func(a *workflow.PendingActivityInfo) bool {
			return a.State == enums.PENDING_ACTIVITY_STATE_STARTED && strings.HasPrefix(a.LastWorkerIdentity, worker)
		}) {
			return true
		}
	}
	return false
}

// same holds the end of a run against what one machine computed: the same bytes, the bad
// picture reported in the same words.
func (s *site) same(o *outcome) cluster.Status {
	s.Helper()
	<-o.done
	var bad *extract.PictureError
	if !errors.As(o.err, &bad) || bad.Name != "bad.png" {
		s.Fatalf("the run ends with %v, not with the picture that cannot be decoded", o.err)
	}
	want, got := tree(s.T, s.whole), tree(s.T, o.dir)
	if len(want) == 0 || len(want) != len(got) {
		s.Errorf("%d files, want %d", len(got), len(want))
	}
	for name, digest := range want {
		if got[name] != digest {
			s.Errorf("%s differs from what one machine made", name)
		}
	}
	status, err := cluster.Look(s.Context(), s.client, o.run)
	if err != nil || status.Done != status.Shards {
		s.Errorf("the run is %+v, %v", status, err)
	}
	return status
}

// tree gives the digests of the feature files below a folder.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".features" {
			return err
		}
		data, err := os.ReadFile(name)
		sum := sha256.Sum256(data)
		files[filepath.Base(name)] = hex.EncodeToString(sum[:])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestKilledWorker: two workers, one of them killed at its work and started anew; then
// the same run for another store, by a worker that would have to open every network: all
// is there.
func TestKilledWorker(t *testing.T) {
	s := newSite(t, 60)
	first := s.worker("first", 150*time.Millisecond, "")
	s.worker("second", 50*time.Millisecond, "")
	o := s.submit(s.cluster())
	s.until(o.run, "both workers at work", func(p cluster.Status) bool { return len(p.Workers) == 2 && s.busy(p, "first") })
	kill(first)
	s.worker("third", 0, "")
	status := s.same(o)
	if status.Retries == 0 {
		t.Errorf("no shard was tried twice: %+v", status)
	}
	pictures := 0
	for _, c := range o.Contributions() {
		pictures += c.Pictures
	}
	if want := 2 * 59; pictures != want || status.Hits > 1 {
		t.Errorf("%d pictures are credited to machines, want %d; %d hits", pictures, want, status.Hits)
	}
	again := s.submit(s.cluster())
	if status := s.same(again); status.Hits != status.Shards {
		t.Errorf("of the second run %d of %d shards were there", status.Hits, status.Shards)
	}
}
