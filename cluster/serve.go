package cluster

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/akin-vision/akin/extract"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// UnreachableError is a Temporal server that does not answer.
type UnreachableError struct {
	Address string
	Err     error
}

func (e *UnreachableError) Error() string {
	return fmt.Sprintf("Temporal at %s does not answer: %v", e.Address, e.Err)
}
func (e *UnreachableError) Unwrap() error { return e.Err }

// Dial connects to Temporal. Namespace, certificates and keys come from Temporal's usual
// variables and its configuration file.
func Dial(ctx context.Context, address string, logger *slog.Logger) (client.Client, error) {
	options, err := envconfig.LoadDefaultClientOptions()
	if err != nil {
		return nil, fmt.Errorf("the settings of Temporal in the environment: %w", err)
	}
	options.HostPort, options.Logger = address, log.NewStructuredLogger(logger)
	waiting, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	c, err := client.DialContext(waiting, options)
	if err != nil {
		return nil, &UnreachableError{address, err}
	}
	return c, nil
}

// shardsAtOnce of one queue keep a worker's cores at work while a shard begins or ends.
const shardsAtOnce = 2

// busyFor is how long a workflow may wait for a core among networks at work, before
// Temporal's library takes it for stuck: as long as the server gives one of its steps.
const busyFor = 10 * time.Second

// Serve works on what runs ask for, until ctx ends; shards under way are then given back,
// for others to do.
func (w *Worker) Serve(ctx context.Context, c client.Client) error {
	w.cores = extract.NewCores(w.Computer.Workers)
	w.Name = cmp.Or(w.Name, fmt.Sprintf("%s:%d", w.Machine.Host, os.Getpid()))
	failed := make(chan error, 1)
	options := worker.Options{
		Identity:                    fmt.Sprintf("%s (%s)", w.Name, w.Machine.Instructions),
		WorkerStopTimeout:           5 * time.Second,
		DisableRegistrationAliasing: true,
		OnFatalError: func(err error) {
			select {
			case failed <- err:
			default:
			}
		},
	}
	runs := worker.New(c, runsQueue, worker.Options{
		Identity: options.Identity, OnFatalError: options.OnFatalError, LocalActivityWorkerOnly: true, DeadlockDetectionTimeout: busyFor,
	})
	registerWorkflows(runs)
	started := []worker.Worker{runs}
	for _, name := range []string{queue(w.Computer.Engine()), narrow(queue(w.Computer.Engine()), w.Machine.Instructions)} {
		fixed, err := worker.NewFixedSizeTuner(worker.FixedSizeTunerOptions{NumActivitySlots: shardsAtOnce})
		if err != nil {
			return err
		}
		options.Tuner = tuner{fixed, &w.unfit}
		one := worker.New(c, name, options)
		w.register(one)
		started = append(started, one)
	}
	defer func() {
		for _, one := range started {
			one.Stop()
		}
	}()
	for _, one := range started {
		if err := one.Start(); err != nil {
			return fmt.Errorf("start the worker: %w", err)
		}
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-failed:
		return fmt.Errorf("the worker lost Temporal: %w", err)
	}
}

func registerWorkflows(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(run, workflow.RegisterOptions{Name: runWorkflow})
	r.RegisterWorkflowWithOptions(shards, workflow.RegisterOptions{Name: shardsWorkflow})
}

func (w *Worker) register(r worker.ActivityRegistry) {
	r.RegisterActivityWithOptions(w.Round, activity.RegisterOptions{Name: roundActivity})
	r.RegisterActivityWithOptions(w.Compute, activity.RegisterOptions{Name: shardActivity})
}
