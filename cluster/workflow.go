package cluster

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// The names under which workflows and activities are known to Temporal. runsQueue ends
// with the version of the workflows: workers of another one do not replay them.
const (
	runWorkflow    = "akin-run"
	shardsWorkflow = "akin-shards"
	roundActivity  = "akin-round"
	shardActivity  = "akin-shard"
	progressQuery  = "progress"
	runsQueue      = "akin-runs-3"
)

// Limits are how long a shard may be silent, how often it is tried, and how large the
// workflows of a run become.
type Limits struct {
	Heartbeat time.Duration `json:"heartbeat"` // after which a worker that says nothing counts as lost
	Attempts  int32         `json:"attempts"`  // of one shard
	Shards    int           `json:"shards"`    // of one child workflow
	Window    int           `json:"window"`    // shards that wait or run at once, in a child
	Children  int           `json:"children"`  // at work at once, in a run
}

// DefaultLimits lose a dead worker after half a minute, and outlast a store that is
// away for some two minutes. Workflows stay far below Temporal's limits of 51,200 events
// and 50 MB of history, and of 2,000 activities waiting in one.
var DefaultLimits = Limits{Heartbeat: 30 * time.Second, Attempts: 10, Shards: 2000, Window: 500, Children: 4}

// RunInput is what the workflow of a run is started with.
type RunInput struct {
	Store        string       `json:"store"`
	Plan         string       `json:"plan"`
	Networks     []RunNetwork `json:"networks"`
	Limits       Limits       `json:"limits"`
	Instructions string       `json:"instructions,omitempty"` // of all workers that take part; empty: any that round alike
}

// RunNetwork is what the workflow must know of a network of the plan.
type RunNetwork struct {
	Name     string `json:"name"`
	Queue    string `json:"queue"`
	Shards   int    `json:"shards"`
	Pictures int    `json:"pictures"`
}

// queue is where the shards of a network wait.
func (in RunInput) queue(n RunNetwork) string {
	if in.Instructions != "" {
		return narrow(n.Queue, in.Instructions)
	}
	return n.Queue
}

// queues are those of all networks, each once.
func (in RunInput) queues() []string {
	var list []string
	for _, n := range in.Networks {
		if q := in.queue(n); !slices.Contains(list, q) {
			list = append(list, q)
		}
	}
	return list
}

// shardsInput is what a child is started with: some shards of one network.
type shardsInput struct {
	Store    string   `json:"store"`
	Plan     string   `json:"plan"`
	Network  int      `json:"network"`
	Queue    string   `json:"queue"`
	First    int      `json:"first"`
	Count    int      `json:"count"`
	Rounding Rounding `json:"rounding"`
	Narrow   bool     `json:"narrow"` // only workers of the rounding's instruction set
	Limits   Limits   `json:"limits"`
}

// Progress is how far a run is.
type Progress struct {
	Shards    int              `json:"shards"` // in all
	Done      int              `json:"done"`
	Hits      int              `json:"hits"`     // of those done: the store had them
	Pictures  int              `json:"pictures"` // of the shards done
	Retries   int              `json:"retries"`  // attempts beyond the first
	Workers   map[string]Share `json:"workers"`  // by name
	Roundings []Rounding       `json:"roundings,omitempty"`
	Running   []string         `json:"running,omitempty"` // workflows of shards at work
}

// Share is what one worker has done.
type Share struct {
	Shards   int `json:"shards"`
	Pictures int `json:"pictures"` // computed
}

func (p *Progress) count(r Result) {
	p.Done++
	p.Pictures += r.Pictures
	p.Retries += r.Attempt - 1
	if p.Workers == nil {
		p.Workers = map[string]Share{}
	}
	share := p.Workers[r.Worker]
	share.Shards++
	if r.Hit {
		p.Hits++
	} else {
		share.Pictures += r.Pictures
	}
	p.Workers[r.Worker] = share
}

// add counts a part of the run in.
func (p *Progress) add(part Progress) {
	p.Done += part.Done
	p.Hits += part.Hits
	p.Pictures += part.Pictures
	p.Retries += part.Retries
	if p.Workers == nil {
		p.Workers = map[string]Share{}
	}
	for name, s := range part.Workers {
		mine := p.Workers[name]
		p.Workers[name] = Share{mine.Shards + s.Shards, mine.Pictures + s.Pictures}
	}
}

// run is the workflow of a run: it asks how each network is rounded and hands its shards to
// child workflows. The first failure ends it; what is in the store by then stays.
func run(ctx workflow.Context, in RunInput) (Progress, error) {
	p := Progress{Roundings: make([]Rounding, len(in.Networks))}
	for _, n := range in.Networks {
		p.Shards += n.Shards
	}
	running := map[string]bool{}
	err := workflow.SetQueryHandler(ctx, progressQuery, func() (Progress, error) {
		now := p
		for id := range maps.Keys(running) {
			now.Running = append(now.Running, id)
		}
		return now, nil
	})
	if err != nil {
		return p, err
	}
	g := newGroup(ctx, in.Limits.Children)
	for i, n := range in.Networks {
		task := Task{Store: in.Store, Plan: in.Plan, Network: i}
		task.Rounding.Instructions = in.Instructions
		for first := 0; first < n.Shards && g.failed == nil; first += in.Limits.Shards {
			if first == 0 {
				if p.Roundings[i], err = round(g.ctx, in, n, task); err != nil {
					g.fail(err)
					break
				}
			}
			child := shardsInput{
				Store: in.Store, Plan: in.Plan, Network: i, Queue: n.Queue, First: first, Count: min(in.Limits.Shards, n.Shards-first),
				Rounding: p.Roundings[i], Narrow: in.Instructions != "", Limits: in.Limits,
			}
			g.do(func(ctx workflow.Context) error {
				id := fmt.Sprintf("%s-%d-%d", workflow.GetInfo(ctx).WorkflowExecution.ID, i, first)
				running[id] = true
				defer delete(running, id)
				var part Progress
				options := workflow.ChildWorkflowOptions{WorkflowID: id, WaitForCancellation: true}
				err := workflow.ExecuteChildWorkflow(workflow.WithChildOptions(ctx, options), shardsWorkflow, child).Get(ctx, &part)
				p.add(part)
				return err
			})
		}
	}
	return p, g.wait()
}

// round asks a worker how it rounds a network: what all shards of it then have to match.
func round(ctx workflow.Context, in RunInput, n RunNetwork, task Task) (r Rounding, err error) {
	w := workforce{limits: in.Limits, answered: workflow.Now(ctx)}
	err = w.ask(ctx, in.queue(n), roundActivity, task, &r)
	return r, err
}

// shards is the workflow of some shards of one network.
func shards(ctx workflow.Context, in shardsInput) (Progress, error) {
	p := Progress{Shards: in.Count}
	if err := workflow.SetQueryHandler(ctx, progressQuery, func() (Progress, error) { return p, nil }); err != nil {
		return p, err
	}
	where := in.Queue
	if in.Narrow {
		where = narrow(where, in.Rounding.Instructions)
	}
	workers := workforce{limits: in.Limits, answered: workflow.Now(ctx)}
	g := newGroup(ctx, in.Limits.Window)
	for k := range in.Count {
		task := Task{Store: in.Store, Plan: in.Plan, Network: in.Network, Shard: in.First + k, Rounding: in.Rounding}
		g.do(func(ctx workflow.Context) error {
			var r Result
			err := workers.ask(ctx, where, shardActivity, task, &r)
			if err == nil && r.Refused {
				// Workers of other instruction sets wait in the wide queue too: from now on
				// only those are asked that cannot refuse.
				where = narrow(in.Queue, in.Rounding.Instructions)
				r = Result{}
				err = workers.ask(ctx, where, shardActivity, task, &r)
			}
			if err == nil && r.Refused {
				err = temporal.NewNonRetryableApplicationError((&RoundingError{in.Queue, in.Rounding.Instructions}).Error(), "RoundingError", nil)
			}
			if err == nil {
				p.count(r)
			}
			return err
		})
	}
	return p, g.wait()
}

// workforce are the workers that a workflow asks, whether they are fit for its tasks or not.
type workforce struct {
	limits   Limits
	answered time.Time // when one last did a task; at first, when the workflow began to ask
}

// fitWithin is how long a workflow waits for a fit worker: longer than unfit ones pause at
// most (mostPause), so that each has paused when it ends.
const fitWithin = 5 * time.Minute

// ask has a worker do a task. Where all attempts went to workers that are not fit for it, a
// fit one may still take it: it is tried again, unless nobody did any task for too long.
func (w *workforce) ask(ctx workflow.Context, queue, activity string, task Task, result any) error {
	for {
		began := workflow.Now(ctx)
		err := workflow.ExecuteActivity(workflow.WithActivityOptions(ctx, w.limits.options(queue)), activity, task).Get(ctx, result)
		now := workflow.Now(ctx)
		switch {
		case err == nil:
			w.answered = now
			return nil
		case !givenBack(err):
			return err
		case !w.answered.After(began) && now.Sub(w.answered) >= fitWithin:
			return nobodyFit(now.Sub(w.answered), err)
		}
	}
}

// nobodyFit ends a run for which no worker is fit, with what the last one lacked.
func nobodyFit(after time.Duration, last error) error {
	why := fmt.Sprintf("no worker was fit for it in %v; the last one says: %v; mend the workers or start one that has what they lack, then submit the run again", after.Round(time.Second), root(last))
	return temporal.NewNonRetryableApplicationError(why, unfitFailure, last)
}

// mostWait is how long a shard that failed waits at most for its next attempt.
const mostWait = 20 * time.Second

// options of activities in a queue. A shard may wait for a worker, and work, as long as
// it takes, if only it gives a sign of life.
func (l Limits) options(queue string) workflow.ActivityOptions {
	return workflow.ActivityOptions{
		TaskQueue: queue, StartToCloseTimeout: 24 * time.Hour, HeartbeatTimeout: l.Heartbeat,
		RetryPolicy: &temporal.RetryPolicy{InitialInterval: time.Second, BackoffCoefficient: 2, MaximumInterval: mostWait, MaximumAttempts: l.Attempts},
	}
}

// group runs parts of a workflow side by side, a number at once, until one fails: then
// it cancels the others.
type group struct {
	ctx    workflow.Context
	cancel workflow.CancelFunc
	places workflow.Semaphore
	all    workflow.WaitGroup
	failed error
}

func newGroup(ctx workflow.Context, atOnce int) *group {
	g := &group{places: workflow.NewSemaphore(ctx, int64(atOnce)), all: workflow.NewWaitGroup(ctx)}
	g.ctx, g.cancel = workflow.WithCancel(ctx)
	return g
}

// do waits for a place and starts a part.
func (g *group) do(part func(workflow.Context) error) {
	if err := g.places.Acquire(g.ctx, 1); err != nil {
		g.fail(err)
	}
	if g.failed != nil {
		return
	}
	g.all.Add(1)
	workflow.Go(g.ctx, func(ctx workflow.Context) {
		defer g.all.Done()
		defer g.places.Release(1)
		if err := part(ctx); err != nil {
			g.fail(err)
		}
	})
}

func (g *group) fail(err error) {
	if g.failed == nil {
		g.failed = err
		g.cancel()
	}
}

// wait waits for all parts, and returns the first failure.
func (g *group) wait() error {
	ctx, cancel := workflow.NewDisconnectedContext(g.ctx)
	defer cancel()
	g.all.Wait(ctx)
	return g.failed
}
