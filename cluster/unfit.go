package cluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"time"

	"github.com/akin-vision/akin/cluster/objects"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/model"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
)

// noModelError is a model that a worker does not have.
type noModelError struct{ Name, Hash, Host string }

func (e *noModelError) Error() string {
	return fmt.Sprintf("model %s with the SHA-256 %s is not on the worker %s", e.Name, e.Hash, e.Host)
}

// versionError is a worker that would compute a network otherwise than the run wants it.
type versionError struct {
	Name, Host string
	Has, Wants feature.Space
}

func (e *versionError) Error() string {
	return fmt.Sprintf("model %s: the worker %s computes it as %+v, the run wants %+v; use one version of akin and of the model everywhere", e.Name, e.Host, e.Has, e.Wants)
}

// writerError is a plan of another version of akin.
type writerError struct{ Plan, Writer string }

func (e *writerError) Error() string {
	return fmt.Sprintf("the run %s was submitted by another version of akin, which writes %q; use one version everywhere", e.Plan, e.Writer)
}

// unreadError is a picture whose bytes are not at hand.
type unreadError struct {
	picture picture
	err     error
}

func (e *unreadError) Error() string {
	return fmt.Sprintf("its file %q and the store's object %s do not have it: %v", e.picture.File, pictureKey(e.picture.Hash), e.err)
}

func (e *unreadError) Unwrap() error { return e.err }

// openError is a network that a worker has and cannot run.
type openError struct {
	Name, Host string
	err        error
}

func (e *openError) Error() string {
	return fmt.Sprintf("the worker %s cannot open %v", e.Host, model.Named(e.Name, e.err))
}

func (e *openError) Unwrap() error { return e.err }

// unfitness keeps a worker from spoiling runs that others could do. One that lacks a
// model, a shared folder, the right version or the right to the store fails at once, and would thereby
// take every shard that waits, until its attempts are used up. So it asks for no other
// for a while: twice as long each time, until it computes one.
type unfitness struct {
	mu     sync.Mutex
	failed int       // in a row, at most once in a pause
	until  time.Time // it asks for nothing
}

// A task that was given back comes again soon, and not after ever longer waits as after other
// failures. A request for tasks that Temporal holds cannot be taken back, so each unfit
// worker may get some tasks yet. They must all be used up before the first pause ends:
// then only fit workers ask.
const (
	giveBackWait = time.Second
	leastPause   = 30 * time.Second
	mostPause    = 2 * time.Minute
)

// unfitFailure is the type, for Temporal, of a failure that is one worker's own.
const unfitFailure = "unfit"

// after notes how a task ended, and marks a failure that is this worker's own.
func (u *unfitness) after(computed bool, err error) error {
	if !u.note(time.Now(), computed, err) {
		return err
	}
	return temporal.NewApplicationErrorWithOptions(err.Error(), unfitFailure, temporal.ApplicationErrorOptions{Cause: err, NextRetryDelay: giveBackWait})
}

func (u *unfitness) note(now time.Time, computed bool, err error) (own bool) {
	own = ofThisWorker(err)
	u.mu.Lock()
	defer u.mu.Unlock()
	switch {
	case err == nil && computed:
		u.failed, u.until = 0, now
	case own && !now.Before(u.until): // else it had asked for this shard before it paused
		u.until = now.Add(min(leastPause<<min(u.failed, 10), mostPause))
		u.failed++
	}
	return own
}

// pause waits until the worker may ask for a shard.
func (u *unfitness) pause(ctx context.Context) error {
	for {
		u.mu.Lock()
		wait := time.Until(u.until)
		u.mu.Unlock()
		if wait <= 0 {
			return nil
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// tuner has places for the shards that a worker computes at once. It takes one before it
// asks for a shard.
type tuner struct {
	worker.WorkerTuner
	unfit *unfitness
}

func (t tuner) GetActivityTaskSlotSupplier() worker.SlotSupplier {
	return places{t.WorkerTuner.GetActivityTaskSlotSupplier(), t.unfit}
}

type places struct {
	worker.SlotSupplier
	unfit *unfitness
}

func (p places) ReserveSlot(ctx context.Context, info worker.SlotReservationInfo) (*worker.SlotPermit, error) {
	if err := p.unfit.pause(ctx); err != nil {
		return nil, err
	}
	return p.SlotSupplier.ReserveSlot(ctx, info)
}

// givenBack reports whether a shard failed for good at a worker that is not fit for it.
func givenBack(err error) bool {
	var failure *temporal.ApplicationError
	return errors.As(err, &failure) && failure.Type() == unfitFailure
}

// ofThisWorker reports whether another worker may do what this one failed to do: not where
// the store is away, which is so for all.
func ofThisWorker(err error) bool {
	var model *noModelError
	var version *versionError
	var writer *writerError
	var open *openError
	if errors.As(err, &model) || errors.As(err, &version) || errors.As(err, &writer) || errors.As(err, &open) {
		return true
	}
	var store *objects.Error
	if errors.Is(err, objects.ErrNoAccess) || errors.As(err, &store) && store.Key == "" {
		return true
	}
	var unread *unreadError
	return (errors.As(err, &unread) || errors.As(err, &store)) && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission))
}

// beat lets Temporal know that the activity lives, until it is stopped, while a network
// is opened and tried, which has no progress to tell.
func beat(ctx context.Context) (stop func()) {
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-done:
				return
			case <-ctx.Done():
				return
			case <-time.After(time.Second):
				activity.RecordHeartbeat(ctx)
			}
		}
	}()
	return func() { close(done) }
}
