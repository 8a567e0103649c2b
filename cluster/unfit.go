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
	"go.temporal.io/sdk/activity"
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
	return fmt.Sprintf("model %s: the worker %s cannot open it: %v", e.Name, e.Host, e.err)
}

func (e *openError) Unwrap() error { return e.err }

// unfitness keeps a worker from spoiling runs that others could do. One that lacks a
// model, a shared folder, the right version or the right to the store fails at once, and would thereby
// take every shard that waits, until its attempts are used up. So it keeps such a shard for a
// while before it gives it back: twice as long each time, until it computes one.
type unfitness struct {
	mu     sync.Mutex
	failed int // in a row
}

// mostPause is the longest that an unfit worker keeps a shard.
const mostPause = time.Minute

// after notes how a task ended, and pauses where this worker is at fault.
func (u *unfitness) after(ctx context.Context, computed bool, err error) {
	pause := u.note(computed, err)
	if pause == 0 {
		return
	}
	defer beat(ctx)()
	select {
	case <-time.After(pause):
	case <-activity.GetWorkerStopChannel(ctx):
	case <-ctx.Done():
	}
}

func (u *unfitness) note(computed bool, err error) time.Duration {
	u.mu.Lock()
	defer u.mu.Unlock()
	switch {
	case err == nil && computed:
		u.failed = 0
	case ofThisWorker(err):
		u.failed++
		return min(time.Second<<min(u.failed-1, 10), mostPause)
	}
	return 0
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
