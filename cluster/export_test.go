package cluster

import (
	"context"
	"io/fs"
	"time"

	"github.com/akin-vision/akin/cluster/objects"
	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/model"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
)

// MostChildren of a run.
const MostChildren = mostChildren

// SlowDown lets each picture take so long, for tests that hurt a run under way.
func (w *Worker) SlowDown(each time.Duration) {
	w.read = func(ctx context.Context, store *objects.Store, p picture) ([]byte, error) {
		time.Sleep(each)
		return fetch(ctx, store, p)
	}
}

// Blind lets the worker see no picture.
func (w *Worker) Blind() {
	w.read = func(context.Context, *objects.Store, picture) ([]byte, error) { return nil, fs.ErrNotExist }
}

// Opened is the number of networks that the worker has opened.
func (w *Worker) Opened() int { return w.sessions.opened }

// Pretend lets an embedder stand for the networks of spaces, and what make gives by their
// names for the pictures.
func (w *Worker) Pretend(e model.Embedder, spaces []feature.Space, produce func(name string) []byte) {
	w.sessions.open = map[string]*session{}
	for _, s := range spaces {
		w.sessions.open[Network{Spaces: []feature.Space{s}}.digest()] = &session{embedder: e, rounding: hashOf(nil)}
	}
	w.read = func(_ context.Context, _ *objects.Store, p picture) ([]byte, error) { return produce(p.Name), nil }
}

// ServeEmpty starts a worker whose shards are done at once: what is left is the work of
// Temporal and of the workflows.
func ServeEmpty(c client.Client, engine string, pictures int) (stop func(), err error) {
	runs := worker.New(c, runsQueue, worker.Options{LocalActivityWorkerOnly: true})
	registerWorkflows(runs)
	shards := worker.New(c, queue(engine), worker.Options{MaxConcurrentActivityTaskPollers: 8})
	shards.RegisterActivityWithOptions(func(context.Context, Task) (Rounding, error) {
		return Rounding{Instructions(), hashOf(nil)}, nil
	}, activity.RegisterOptions{Name: roundActivity})
	shards.RegisterActivityWithOptions(func(ctx context.Context, t Task) (Result, error) {
		return Result{Key: hashOf([]byte(t.Plan)), Digest: hashOf(nil), Pictures: pictures, Worker: "node-with-a-name.lab.example:12345", Attempt: 1}, nil
	}, activity.RegisterOptions{Name: shardActivity})
	for _, w := range []worker.Worker{runs, shards} {
		if err := w.Start(); err != nil {
			return nil, err
		}
	}
	return func() { runs.Stop(); shards.Stop() }, nil
}

// Execute submits what the jobs lack and waits for the end, without reading the shards.
func (c *Cluster) Execute(ctx context.Context, local *feature.Store, pictures []extract.Picture, jobs []extract.Job) (Progress, error) {
	r, err := c.plan(local, pictures, jobs)
	if err != nil {
		return Progress{}, err
	}
	return c.execute(ctx, r)
}
