package cluster_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"image"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/akin-vision/akin/cluster"
	"github.com/akin-vision/akin/cluster/objects"
	"github.com/akin-vision/akin/compute"
	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/internal/testcluster"
	"github.com/akin-vision/akin/model"
	"golang.org/x/image/bmp"
)

// A simulation has networks that take a millisecond a picture, and pictures made from
// their number. All else is what a run does: plan, workflows, workers, objects, store.

// pretended is such a network.
type pretended struct{}

var tiny = imaging.Recipe{Resize: "none", Crop: 8, Mean: []float64{0, 0, 0}, Std: []float64{1, 1, 1}}

func (pretended) Recipe() imaging.Recipe { return tiny }
func (pretended) Batch() int             { return 32 }
func (pretended) Threads() int           { return 1 }
func (pretended) Close() error           { return nil }

func (pretended) Run(_ context.Context, tensor []float32, n int) ([][][]float32, error) {
	time.Sleep(time.Duration(n) * time.Millisecond)
	vectors := make([][]float32, n)
	for i := range vectors {
		vectors[i] = tensor[i*len(tensor)/n:][:8]
	}
	return [][][]float32{vectors}, nil
}

// tinyPicture is the beginning of each simulated picture, of a kind that is soon decoded.
var tinyPicture = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	if err := bmp.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		panic(err)
	}
	return b.Bytes()
})

// numbered is the content of a picture by its name, a number.
func numbered(name string) []byte { return append(bytes.Clone(tinyPicture()), name...) }

func simulatedPictures(n int) []extract.Picture {
	list := make([]extract.Picture, n)
	for i := range list {
		name := strconv.Itoa(i)
		list[i] = extract.Picture{Name: name, Hash: sha256.Sum256(numbered(name))}
	}
	return list
}

func simulatedSpaces(engine string, n int) []feature.Space {
	list := make([]feature.Space, n)
	for i := range list {
		list[i] = feature.Space{Model: fmt.Sprintf("%064x", i), Recipe: tiny.Digest(), Node: "features", Decoder: "simulated", Engine: engine}
	}
	return list
}

func simulatedJobs(engine string, n int) (list []extract.Job) {
	for i, s := range simulatedSpaces(engine, n) {
		list = append(list, extract.Job{Name: fmt.Sprintf("network-%03d", i), Space: s, Model: &model.Model{}})
	}
	return list
}

// simulatorVariable makes this test run as a child a worker of a simulation: the address
// of Temporal, and the number of networks.
const simulatorVariable = "AKIN_TEST_SIMULATOR"

func init() { childVariables[simulatorVariable] = simulate }

func simulate(job []string) error {
	computer, _, err := machine(filepath.Join(os.TempDir(), "simulator"), compute.Options{Batch: 32, Threads: 1, Workers: 128})
	if err != nil {
		return err
	}
	c, err := cluster.Dial(context.Background(), job[0], quiet)
	if err != nil {
		return err
	}
	networks, err := strconv.Atoi(job[1])
	if err != nil {
		return err
	}
	w := &cluster.Worker{Computer: computer, Machine: cluster.ThisMachine(""), Name: "simulator"}
	w.Pretend(pretended{}, simulatedSpaces(computer.Engine(), networks), numbered)
	return w.Serve(context.Background(), c)
}

// resident is the memory of a process in MB, as the kernel counts it.
func resident(pid int) float64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, after, _ := strings.Cut(string(text), "VmRSS:")
	kB, _ := strconv.ParseFloat(strings.Fields(after + " 0")[0], 64)
	return kB / 1024
}

// curve is the memory of processes over a run.
type curve struct {
	pids   []int
	points [][]float64
	stop   chan struct{}
	done   sync.WaitGroup
}

func watch(every time.Duration, pids ...int) *curve {
	c := &curve{pids: pids, stop: make(chan struct{})}
	c.done.Go(func() {
		for {
			var now []float64
			for _, pid := range pids {
				now = append(now, resident(pid))
			}
			c.points = append(c.points, now)
			select {
			case <-c.stop:
				return
			case <-time.After(every):
			}
		}
	})
	return c
}

// end stops watching, and gives for each process the most memory in each third.
func (c *curve) end() [][3]float64 {
	close(c.stop)
	c.done.Wait()
	most := make([][3]float64, len(c.pids))
	for k, now := range c.points {
		for i, mb := range now {
			third := min(3*k/len(c.points), 2)
			most[i][third] = max(most[i][third], mb)
		}
	}
	return most
}

// simulatedVariable makes this test run as a child the submitter of a simulation: the
// address of Temporal, the place of objects, the local store, the numbers of pictures and
// networks, and the engine.
const simulatedVariable = "AKIN_TEST_SIMULATED"

func init() { childVariables[simulatedVariable] = submitSimulated }

func submitSimulated(job []string) error {
	ctx := context.Background()
	c, err := cluster.Dial(ctx, job[0], quiet)
	if err != nil {
		return err
	}
	store, err := objects.Open(ctx, job[1])
	if err != nil {
		return err
	}
	pictures, err := strconv.Atoi(job[3])
	if err != nil {
		return err
	}
	networks, err := strconv.Atoi(job[4])
	if err != nil {
		return err
	}
	begun := time.Now()
	here := &cluster.Cluster{Client: c, Store: store, Limits: cluster.DefaultLimits, Shard: simulatedShard, Progress: func(cluster.Status) {}}
	here.Submitted = func(run string, _ bool) { fmt.Println(run) }
	_, err = here.Fill(ctx, feature.NewStore(job[2]), simulatedPictures(pictures), simulatedJobs(job[5], networks))
	fmt.Println(time.Since(begun))
	return err
}

// simulatedShard is the pictures of a simulated shard.
const simulatedShard = 8192

// TestSimulation runs pretended networks through real workers and the store, each size with
// processes of its own: memory must not grow with the number of networks.
func TestSimulation(t *testing.T) {
	hard(t)
	s := &site{T: t, temporal: testcluster.StartTemporal(t), bucket: testcluster.StartBucket(t)}
	s.dial()
	most, err := strconv.Atoi(cmp.Or(os.Getenv("AKIN_TEST_SIMULATED_NETWORKS"), "10"))
	if err != nil {
		t.Fatal(err)
	}
	for _, networks := range []int{1, max(most/5, 2), most} {
		t.Run(fmt.Sprintf("%d networks", networks), func(t *testing.T) {
			inner := *s
			inner.T = t
			inner.simulate(1_000_000, networks)
		})
	}
}

// child starts this test run as something else.
func (s *site) child(stdout io.Writer, variable string, job ...any) *exec.Cmd {
	s.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), variable+"="+strings.TrimSpace(fmt.Sprintln(job...)))
	cmd.Stdout, cmd.Stderr = stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { kill(cmd) })
	return cmd
}

func (s *site) simulate(pictures, networks int) {
	s.Helper()
	worker := s.child(io.Discard, simulatorVariable, s.temporal.Address, networks)
	place := strings.Replace(s.bucket.URL, "/akin?", fmt.Sprintf("/%d-%d?", pictures, networks), 1)
	var said strings.Builder
	submitter := s.child(&said, simulatedVariable, s.temporal.Address, place, s.TempDir(), pictures, networks, s.computer.Engine())
	memory := watch(time.Second, worker.Process.Pid, submitter.Process.Pid)
	begun := time.Now()
	if err := submitter.Wait(); err != nil {
		s.Fatal(err)
	}
	took := time.Since(begun).Seconds()
	most := memory.end()
	kill(worker)
	run, _, _ := strings.Cut(said.String(), "\n")
	e, h := s.evidence(run), s.histories(run)
	s.Logf("%d networks: %.0f s, %d shards, %.2f a second, %d computed; MB by thirds: worker %.0f, submitter %.0f; processor: worker %.0f s, submitter %.0f s; history of the run %d events, %.3f MB, most events of a workflow %d",
		networks, took, e.shards, float64(e.shards)/took, len(e.computed), most[0], most[1], processor(worker), processor(submitter), h.events, h.mb, e.events)
	if want := networks * ((pictures + simulatedShard - 1) / simulatedShard); e.shards != want || len(e.computed) != want {
		s.Errorf("%d shards, want %d", e.shards, want)
	}
	for i, who := range []string{"worker", "submitter"} {
		if peak := slices.Max(most[i][:]); peak > mostSimulatedMB {
			s.Errorf("the %s takes %.0f MB", who, peak)
		}
	}
}

// mostSimulatedMB bounds the memory of the processes of a simulation, whatever the number of
// networks.
const mostSimulatedMB = 1000

// processor is the time of the processor that an ended process took.
func processor(cmd *exec.Cmd) float64 {
	return (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
}

// TestSimulatedPlan runs the workflows of 100 networks with shards that are done at once.
func TestSimulatedPlan(t *testing.T) {
	hard(t)
	s := &site{T: t, temporal: testcluster.StartTemporal(t), bucket: testcluster.StartBucket(t)}
	s.dial()
	stop, err := cluster.ServeEmpty(s.client, s.computer.Engine(), 1024)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	for _, size := range []struct{ pictures, networks, shard int }{{1_000_000, 1, 1024}, {1_000_000, 10, 1024}, {1_000_000, 100, 1024}, {1_000_000, 10, 128}} {
		name := fmt.Sprintf("%d pictures, %d networks, shards of %d", size.pictures, size.networks, size.shard)
		t.Run(name, func(t *testing.T) {
			inner := *s
			inner.T = t
			inner.plan(size.pictures, size.networks, size.shard)
		})
	}
}

func (s *site) plan(pictures, networks, shard int) {
	s.Helper()
	c := s.at(s.bucket.URL, cluster.DefaultLimits)
	c.Shard = shard
	var run string
	c.Submitted, c.Progress = func(id string, _ bool) { run = id }, func(cluster.Status) {}
	list := simulatedPictures(pictures)
	memory := watch(time.Second, os.Getpid())
	begun := time.Now()
	p, err := c.Execute(s.Context(), feature.NewStore(s.TempDir()), list, simulatedJobs(s.computer.Engine(), networks))
	if err != nil {
		s.Fatal(err)
	}
	took := time.Since(begun).Seconds()
	most := memory.end()
	parent := s.histories(run)
	children := s.histories(run + "-0-0")
	s.Logf("%d shards in %.0f s, %.0f a second; history of the run %d events, %.2f MB, of a child %d events, %.2f MB; submitter and worker, MB by thirds %.0f",
		p.Done, took, float64(p.Done)/took, parent.events, parent.mb, children.events, children.mb, most[0])
	if want := networks * ((pictures + shard - 1) / shard); p.Done != want {
		s.Errorf("%d shards, want %d", p.Done, want)
	}
	if most := max(parent.events, children.events); most > 51200/2 || max(parent.mb, children.mb) > 25 {
		s.Errorf("more than half of Temporal's limits: %d events, %.1f and %.1f MB", most, parent.mb, children.mb)
	}
}

// size is that of a workflow's history.
type size struct {
	events int
	mb     float64
}

func (s *site) histories(id string) size {
	s.Helper()
	d, err := s.client.DescribeWorkflowExecution(s.Context(), id, "")
	if err != nil {
		s.Fatal(err)
	}
	return size{int(d.WorkflowExecutionInfo.HistoryLength), float64(d.WorkflowExecutionInfo.HistorySizeBytes) / 1e6}
}
