package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
)

// Status is a run as it stands.
type Status struct {
	Run     string    `json:"run"`
	Title   string    `json:"title"`
	State   string    `json:"state"` // running, completed, failed, cancelled
	Started time.Time `json:"started"`
	Progress
	// Waiting are queues with shards to be done in which no worker waits.
	Waiting []string `json:"waiting,omitempty"`
	// Silent says that no worker has answered how far the run is.
	Silent bool `json:"silent,omitempty"`
	// Troubles are why shards of a run under way failed, to be tried again.
	Troubles []Trouble `json:"troubles,omitempty"`
	// Failure says why a failed run failed.
	Failure string `json:"failure,omitempty"`

	queues []string // in which shards of the run wait
}

// Trouble is a failure that shards share, which will be tried again.
type Trouble struct {
	Why     string `json:"why"`
	Shards  int    `json:"shards"`
	Attempt int    `json:"attempt"` // the highest
	Of      int    `json:"of"`      // attempts, after which the run fails
}

// RunError is a run that ended without its features.
type RunError struct {
	Run string
	Err error // ErrCancelled where somebody wanted its end
}

func (e *RunError) Error() string {
	if errors.Is(e.Err, ErrCancelled) {
		return fmt.Sprintf("the run %s was cancelled", e.Run)
	}
	return fmt.Sprintf("the run %s failed: %v", e.Run, e.Err)
}
func (e *RunError) Unwrap() error { return e.Err }

// ErrCancelled is the end of a run that somebody cancelled.
var ErrCancelled = errors.New("it was cancelled")

// ErrDetached is a run that goes on without the one who submitted it.
var ErrDetached = errors.New("the run goes on without this command")

// NoRunError is a run that Temporal does not know.
type NoRunError struct{ Run string }

func (e *NoRunError) Error() string { return fmt.Sprintf("there is no run %s", e.Run) }

// pause is between two looks at a run.
const pause = 2 * time.Second

// wait waits for the end of a run, and tells of its progress.
func (c *Cluster) wait(ctx context.Context, running client.WorkflowRun) (Progress, error) {
	id := running.GetID()
	ended := make(chan error, 1)
	var last Progress
	go func() { ended <- running.Get(ctx, &last) }()
	for {
		select {
		case err := <-ended:
			if ctx.Err() != nil {
				return last, c.interrupted(ctx, id)
			}
			if err != nil {
				return last, &RunError{id, root(err)}
			}
			return last, nil
		case <-time.After(pause):
			if c.Progress == nil {
				continue
			}
			if s, err := Look(ctx, c.Client, id); err == nil && (!s.Silent || len(s.Waiting) > 0) { // else it is told the next time
				c.Progress(s)
			}
		}
	}
}

// interrupted lets the run go on, or cancels it, as its submitter chooses.
func (c *Cluster) interrupted(ctx context.Context, id string) error {
	if c.Interrupted == nil || !c.Interrupted(id) {
		return errors.Join(ctx.Err(), ErrDetached)
	}
	if err := Cancel(context.WithoutCancel(ctx), c.Client, id); err != nil {
		return err
	}
	return ctx.Err()
}

// root is what made a run fail, out of the wrapping of workflows and activities.
func root(err error) error {
	var application *temporal.ApplicationError
	if errors.As(err, &application) {
		return errors.New(application.Message())
	}
	var timeout *temporal.TimeoutError
	if errors.As(err, &timeout) {
		return fmt.Errorf("a worker was silent for too long, too often: %w", timeout)
	}
	var terminated *temporal.TerminatedError
	if errors.As(err, &terminated) || temporal.IsCanceledError(err) {
		return ErrCancelled
	}
	return err
}

// Look says how far a run is.
func Look(ctx context.Context, c client.Client, id string) (Status, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	d, err := c.DescribeWorkflowExecution(ctx, id, "")
	if missing := (*serviceerror.NotFound)(nil); errors.As(err, &missing) {
		return Status{}, &NoRunError{id}
	}
	if err != nil {
		return Status{}, err
	}
	s := newStatus(d.WorkflowExecutionInfo)
	switch d.WorkflowExecutionInfo.Status {
	case enums.WORKFLOW_EXECUTION_STATUS_RUNNING:
		s.addTroubles(d)
		return s, s.ask(ctx, c)
	case enums.WORKFLOW_EXECUTION_STATUS_COMPLETED:
		return s, c.GetWorkflow(ctx, id, "").Get(ctx, &s.Progress)
	}
	if err := c.GetWorkflow(ctx, id, "").Get(ctx, nil); err != nil {
		s.Failure = root(err).Error()
	}
	return s, nil
}

// newStatus is what Temporal knows of a run without asking it.
func newStatus(info *workflow.WorkflowExecutionInfo) Status {
	s := Status{Run: info.Execution.WorkflowId, State: state(info.Status), Started: info.StartTime.AsTime()}
	for name, value := range map[string]any{memoTitle: &s.Title, memoQueues: &s.queues} {
		if kept := info.Memo.GetFields()[name]; kept != nil {
			_ = converter.GetDefaultDataConverter().FromPayload(kept, value) // what cannot be read lacks
		}
	}
	return s
}

// ask asks a running workflow and its children. Workers answer for them, and Temporal
// remembers those that went away for some minutes.
func (s *Status) ask(ctx context.Context, c client.Client) error {
	for _, q := range s.queues {
		if there, err := workers(ctx, c, q); err != nil {
			return err
		} else if len(there) == 0 {
			s.Waiting = append(s.Waiting, q)
		}
	}
	if there, err := workers(ctx, c, runsQueue); err != nil {
		return err
	} else if s.Silent = len(there) == 0; s.Silent {
		return nil
	}
	if s.Silent = query(ctx, c, s.Run, &s.Progress) != nil; s.Silent {
		return nil
	}
	for _, child := range s.Running {
		var part Progress
		if err := query(ctx, c, child, &part); err == nil { // else it ended meanwhile, and counts the next time
			s.add(part)
		}
		d, err := c.DescribeWorkflowExecution(ctx, child, "")
		if err != nil {
			return err
		}
		s.addTroubles(d)
	}
	slices.Sort(s.Running)
	return nil
}

// addTroubles adds what Temporal knows of failures in a workflow.
func (s *Status) addTroubles(d *workflowservice.DescribeWorkflowExecutionResponse) {
	for _, a := range d.PendingActivities {
		if a.LastFailure == nil {
			continue
		}
		why := a.LastFailure.Message
		if a.LastFailure.GetTimeoutFailureInfo() != nil {
			why = "a worker was silent for too long"
		}
		k := slices.IndexFunc(s.Troubles, func(t Trouble) bool { return t.Why == why })
		if k < 0 {
			k = len(s.Troubles)
			s.Troubles = append(s.Troubles, Trouble{Why: why, Of: int(a.MaximumAttempts)})
		}
		s.Troubles[k].Shards++
		s.Troubles[k].Attempt = max(s.Troubles[k].Attempt, int(a.Attempt))
	}
}

// patience is how long a worker may take to answer.
const patience = 3 * time.Second

func query(ctx context.Context, c client.Client, id string, p *Progress) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	answer, err := c.QueryWorkflow(ctx, id, "", progressQuery)
	if err != nil {
		return err
	}
	return answer.Get(p)
}

// workers names those that wait in a queue, or did some minutes ago: Temporal forgets them by its
// own clock, which this machine's need not agree with.
func workers(ctx context.Context, c client.Client, queue string) ([]string, error) {
	kind := enums.TASK_QUEUE_TYPE_ACTIVITY
	if queue == runsQueue {
		kind = enums.TASK_QUEUE_TYPE_WORKFLOW
	}
	d, err := c.DescribeTaskQueue(ctx, queue, kind)
	if err != nil {
		return nil, err
	}
	var list []string
	for _, p := range d.Pollers {
		list = append(list, p.Identity)
	}
	return list, nil
}

// Runs lists the runs that Temporal remembers, the newest first.
func Runs(ctx context.Context, c client.Client) ([]Status, error) {
	list := []Status{}
	var next []byte
	for {
		page, err := c.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{Query: fmt.Sprintf("WorkflowType = '%s'", runWorkflow), NextPageToken: next})
		if err != nil {
			return nil, err
		}
		for _, e := range page.Executions {
			list = append(list, newStatus(e))
		}
		if next = page.NextPageToken; len(next) == 0 {
			return list, nil
		}
	}
}

// Cancel ends a run at once, whether workers are there or not. They drop its shards with
// their next sign of life; what is in the store by then stays there.
func Cancel(ctx context.Context, c client.Client, id string) error {
	err := c.TerminateWorkflow(ctx, id, "", "cancelled by akin")
	if missing := (*serviceerror.NotFound)(nil); errors.As(err, &missing) {
		return &NoRunError{id}
	}
	return err
}

// state is what a user calls the status of a workflow. Nothing is left to be done when a
// run ends, so cancelling one terminates it.
func state(s enums.WorkflowExecutionStatus) string {
	switch s {
	case enums.WORKFLOW_EXECUTION_STATUS_TERMINATED, enums.WORKFLOW_EXECUTION_STATUS_CANCELED:
		return "cancelled"
	}
	return strings.ToLower(s.String())
}
