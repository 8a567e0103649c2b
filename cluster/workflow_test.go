package cluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
)

// site stands for the workers of one workflow under test; after a failure some of its
// shards may still be asked for.
type site struct {
	unfit  int // how often the question of rounding is given back before it is answered
	mu     sync.Mutex
	queues map[string]int // activities by task queue
	tasks  map[string]int // how often each shard was asked for
	answer func(Task) (Result, error)
}

func (s *site) round(ctx context.Context, t Task) (Rounding, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.unfit > 0 {
		s.unfit--
		return Rounding{}, givesBack()
	}
	return Rounding{"avx9", fmt.Sprint("digest ", t.Network)}, nil
}

func (s *site) compute(ctx context.Context, t Task) (Result, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queues[activity.GetInfo(ctx).TaskQueue]++
	s.tasks[fmt.Sprint(t.Network, "/", t.Shard)]++
	if t.Rounding.Digest != fmt.Sprint("digest ", t.Network) {
		return Result{}, errors.New("the task has another rounding than its network")
	}
	return s.answer(t)
}

func (s *site) run(t *testing.T, in RunInput) (p Progress, err error) {
	t.Helper()
	s.queues, s.tasks = map[string]int{}, map[string]int{}
	suite := &testsuite.WorkflowTestSuite{}
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	env := suite.NewTestWorkflowEnvironment()
	env.SetTestTimeout(time.Minute)
	env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: time.Minute})
	registerWorkflows(env)
	env.RegisterActivityWithOptions(s.round, activity.RegisterOptions{Name: roundActivity})
	env.RegisterActivityWithOptions(s.compute, activity.RegisterOptions{Name: shardActivity})
	env.ExecuteWorkflow(runWorkflow, in)
	if err := env.GetWorkflowError(); err != nil {
		return p, err
	}
	return p, env.GetWorkflowResult(&p)
}

func done(t Task) (Result, error) {
	return Result{Pictures: 10, Worker: fmt.Sprint("worker ", t.Shard%2), Hit: t.Shard == 0, Attempt: 1}, nil
}

// small are limits that a few shards meet.
var small = Limits{Heartbeat: time.Minute, Attempts: 3, Shards: 20, Window: 7, Children: 2}

var twoNetworks = RunInput{Limits: small, Networks: []RunNetwork{
	{Name: "a", Queue: "qa", Shards: 20 + 5}, {Name: "b", Queue: "qb", Shards: 3},
}}

// TestEveryShardIsAskedForOnce, however the run is cut into child workflows.
func TestEveryShardIsAskedForOnce(t *testing.T) {
	s := &site{answer: done}
	p, err := s.run(t, twoNetworks)
	if err != nil {
		t.Fatal(err)
	}
	all := 20 + 5 + 3
	if p.Shards != all || p.Done != all || p.Hits != 2 || p.Pictures != 10*all || len(s.tasks) != all {
		t.Errorf("%+v; %d shards were asked for, want %d", p, len(s.tasks), all)
	}
	if h := p.Workers["worker 0"].Shards + p.Workers["worker 1"].Shards; h != all || s.queues["qa"] != 20+5 || s.queues["qb"] != 3 {
		t.Errorf("workers %v, queues %v", p.Workers, s.queues)
	}
	for task, n := range s.tasks {
		if n != 1 {
			t.Errorf("shard %s was asked for %d times", task, n)
		}
	}
	if !slices.Equal(p.Roundings, []Rounding{{"avx9", "digest 0"}, {"avx9", "digest 1"}}) {
		t.Errorf("roundings %v", p.Roundings)
	}
}

// TestARefusedShardGoesToMachinesOfTheRoundingsKind; one that they refuse too ends the run.
func TestARefusedShardGoesToMachinesOfTheRoundingsKind(t *testing.T) {
	refused := map[int]bool{}
	s := &site{answer: func(task Task) (Result, error) {
		r, _ := done(task)
		r.Refused = task.Shard%2 == 1 && !refused[task.Shard]
		refused[task.Shard] = true
		return r, nil
	}}
	in := RunInput{Limits: small, Networks: []RunNetwork{{Name: "a", Queue: "q", Shards: 8}}}
	p, err := s.run(t, in)
	if err != nil || p.Done != 8 || s.queues["q@avx9"] < 4 {
		t.Errorf("%+v, %v; queues %v", p, err, s.queues)
	}
	s = &site{answer: func(Task) (Result, error) { return Result{Refused: true}, nil }}
	if _, err := s.run(t, in); err == nil || !strings.Contains(err.Error(), "avx9") {
		t.Errorf("refused by all, the run ends with %v", err)
	}
	in.Instructions, s = "avx9", &site{answer: done}
	if _, err := s.run(t, in); err != nil || s.queues["q@avx9"] != 8 {
		t.Errorf("held together, its shards went to %v, %v", s.queues, err)
	}
}

// givesBack is what a worker that lacks the network says.
func givesBack() error { return new(unfitness).after(false, &noModelError{"a", "b", "c"}) }

// TestATaskGivenBackWaitsForAFitWorker, a shard and the question of rounding alike, whether
// others are done or not. Where none comes in time, the run ends and says why.
func TestATaskGivenBackWaitsForAFitWorker(t *testing.T) {
	in := RunInput{Limits: small, Networks: []RunNetwork{{Name: "a", Queue: "q", Shards: 3}}}
	in.Limits.Window = 1
	tries := 0
	answer := func(task Task) (Result, error) {
		if tries++; task.Shard == 2 && tries <= 7*int(small.Attempts) {
			return Result{}, givesBack()
		}
		return done(task)
	}
	s := &site{answer: answer, unfit: 7 * int(small.Attempts)}
	if p, err := s.run(t, in); err != nil || p.Done != 3 || s.unfit != 0 || tries != 7*int(small.Attempts)+1 {
		t.Errorf("with somebody fit: %+v, %v after %d tries", p, err, tries)
	}
	never := 1 << 30
	for name, s := range map[string]*site{
		"rounding": {answer: done, unfit: never},
		"shards":   {answer: func(Task) (Result, error) { return Result{}, givesBack() }},
	} {
		_, err := s.run(t, in)
		if err == nil || !strings.Contains(root(err).Error(), "no worker was fit for it in 5m") || !strings.Contains(root(err).Error(), (&noModelError{"a", "b", "c"}).Error()) {
			t.Errorf("%s: without a fit worker the run ends with %v", name, err)
		}
	}
}

// TestAFailingShardEndsTheRun after its attempts, with its message.
func TestAFailingShardEndsTheRun(t *testing.T) {
	s := &site{answer: func(task Task) (Result, error) {
		if task.Network == 0 && task.Shard == 2 {
			return Result{}, errors.New("the store is away")
		}
		return done(task)
	}}
	_, err := s.run(t, RunInput{Limits: small, Networks: []RunNetwork{{Name: "a", Queue: "q", Shards: 50}, {Name: "b", Queue: "q", Shards: 50}}})
	if err == nil || root(err).Error() != "the store is away" {
		t.Errorf("the run ends with %v", err)
	}
	if s.tasks["0/2"] != 3 {
		t.Errorf("the failing shard was tried %d times, want 3", s.tasks["0/2"])
	}
}
