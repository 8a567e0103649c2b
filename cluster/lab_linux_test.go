package cluster_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/akin-vision/akin/cluster"
	"github.com/akin-vision/akin/cluster/objects"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/internal/testcluster"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/converter"
)

// hard skips a test that takes many minutes.
func hard(t *testing.T) {
	t.Helper()
	if os.Getenv("AKIN_HARD") == "" {
		t.Skip("it takes many minutes; make cluster-hard runs it")
	}
}

// lab is a site on which faults are tried: two workers, Temporal and the store, each on a
// host of its own, and the submitter on this machine. Pictures come through the store.
type lab struct {
	*site
	network  *testcluster.Network
	one, two *testcluster.Host // of workers
	folder   string            // of the pictures
	data     string            // of the store
	places   *int
}

const labPictures = 400

func newLab(t *testing.T) *lab {
	t.Helper()
	hard(t)
	network := testcluster.NewNetwork(t)
	server, store := network.Host(), network.Host()
	l := &lab{network: network, one: network.Host(), two: network.Host(), folder: t.TempDir(), data: t.TempDir(), places: new(int)}
	l.site = &site{T: t, temporal: testcluster.StartTemporalOn(t, server), bucket: testcluster.StartBucketOn(t, store, l.data)}
	photographs(t, l.folder, 0, labPictures)
	if err := os.WriteFile(filepath.Join(l.folder, "bad.png"), []byte("no picture"), 0o666); err != nil {
		t.Fatal(err)
	}
	l.prepare(l.folder)
	return l
}

// photographs adds pictures to a folder, the first of a number: photographs where they are
// at hand, each again under another content, else noise.
func photographs(t *testing.T, dir string, first, n int) {
	t.Helper()
	found, err := filepath.Glob("../../shared/images/imagenet-sample/*.JPEG")
	if err != nil || len(found) == 0 {
		draw(t, dir, n)
		return
	}
	for i := first; i < first+n; i++ {
		data, err := os.ReadFile(found[i%len(found)])
		data = fmt.Append(data, i) // what follows a JPEG's end is not read
		if err := errors.Join(err, os.WriteFile(filepath.Join(dir, fmt.Sprintf("%05d.jpg", i)), data, 0o666)); err != nil {
			t.Fatal(err)
		}
	}
}

// under is the same lab for a test within a test.
func (l *lab) under(t *testing.T) *lab {
	inner, s := *l, *l.site
	s.T = t
	inner.site = &s
	return &inner
}

// place is a new place in the store, and the folder where the store keeps it.
func (l *lab) place() (url, folder string) {
	*l.places++
	name := fmt.Sprintf("akin-%d", *l.places)
	return strings.Replace(l.bucket.URL, "/akin?", "/"+name+"?", 1), filepath.Join(filepath.Dir(l.bucket.Folder), name)
}

// at is a cluster that keeps objects at a place.
func (s *site) at(place string, limits cluster.Limits) *cluster.Cluster {
	s.Helper()
	store, err := objects.Open(s.Context(), place)
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { store.Close() })
	return &cluster.Cluster{Client: s.client, Store: store, Limits: limits, Shard: 16, Upload: true}
}

// each is how long a worker of the lab takes for a picture, so that faults strike in the
// middle of a run.
const each = 250 * time.Millisecond

// workers starts both.
func (l *lab) workers() (one, two *exec.Cmd) {
	l.Helper()
	return l.workerOn(l.one, "one", each, ""), l.workerOn(l.two, "two", each, "")
}

// third waits until a third of a run is done by both workers.
func (l *lab) third(run string) {
	l.Helper()
	l.until(run, "a third is done", func(s cluster.Status) bool { return s.Done >= s.Shards/3 && len(s.Workers) == 2 })
}

// evidence is what Temporal's history says of runs.
type evidence struct {
	shards   int
	attempts int                 // the highest of a shard
	again    time.Time           // when the first attempt beyond the first began
	failures []string            // of attempts
	events   int                 // the most of one workflow
	computed map[string][]string // by key, the workers that computed it
}

func (s *site) evidence(runs ...string) evidence {
	s.Helper()
	e := evidence{computed: map[string][]string{}}
	for len(runs) > 0 {
		children := s.read(&e, runs[0])
		runs = append(runs[1:], children...)
	}
	return e
}

// read adds what the history of one workflow says, and returns its children.
func (s *site) read(e *evidence, id string) (children []string) {
	s.Helper()
	events := 0
	for history := s.client.GetWorkflowHistory(s.Context(), id, "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT); history.HasNext(); events++ {
		event, err := history.Next()
		if err != nil {
			s.Fatal(err)
		}
		if child := event.GetChildWorkflowExecutionStartedEventAttributes(); child != nil {
			children = append(children, child.WorkflowExecution.WorkflowId)
		}
		if started := event.GetActivityTaskStartedEventAttributes(); started.GetAttempt() > 1 {
			e.attempts = max(e.attempts, int(started.Attempt))
			e.failures = append(e.failures, started.GetLastFailure().GetMessage())
			if at := event.EventTime.AsTime(); e.again.IsZero() || at.Before(e.again) {
				e.again = at
			}
		}
		var r cluster.Result
		done := event.GetActivityTaskCompletedEventAttributes()
		if done == nil || converter.GetDefaultDataConverter().FromPayloads(done.Result, &r) != nil || r.Key == "" {
			continue
		}
		e.shards++
		if !r.Hit {
			e.computed[r.Key] = append(e.computed[r.Key], r.Worker)
		}
	}
	e.events = max(e.events, events)
	return children
}

// hosts names the workers that computed something.
func (e evidence) hosts() []string {
	var list []string
	for _, names := range e.computed {
		list = append(list, names...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// submitterVariable makes this test run as a child a submitter: the address of Temporal,
// the place of objects, the folder of pictures, that of the store that it fills, the pictures
// of a shard, and whether workers share the folder.
const submitterVariable = "AKIN_TEST_SUBMITTER"

func init() { childVariables[submitterVariable] = submitAlone }

func submitAlone(job []string) error {
	ctx := context.Background()
	computer, models, err := machine(filepath.Join(os.TempDir(), "submitter"), small)
	if err != nil {
		return err
	}
	c, err := cluster.Dial(ctx, job[0], quiet)
	if err != nil {
		return err
	}
	store, err := objects.Open(ctx, job[1])
	if err != nil {
		return err
	}
	list, err := pictures(job[2])
	if err != nil {
		return err
	}
	shard, err := strconv.Atoi(job[4])
	if err != nil {
		return err
	}
	shared := job[5] == "shared"
	for i := range list {
		if shared {
			list[i].File = filepath.Join(job[2], list[i].Name)
		}
	}
	here := &cluster.Cluster{Client: c, Store: store, Limits: cluster.DefaultLimits, Shard: shard, Upload: !shared}
	here.Submitted = func(run string, attached bool) { fmt.Println(run, attached) }
	_, err = here.Fill(ctx, feature.NewStore(job[3]), list, jobs(computer, models))
	return err
}
