package cluster

import (
	"context"
	"time"

	"github.com/akin-vision/akin/cluster/objects"
)

// SlowDown lets each picture take so long, for tests that hurt a run under way.
func (w *Worker) SlowDown(each time.Duration) {
	w.read = func(ctx context.Context, store *objects.Store, p picture) ([]byte, error) {
		time.Sleep(each)
		return fetch(ctx, store, p)
	}
}

// Opened is the number of networks that the worker has opened.
func (w *Worker) Opened() int { return w.sessions.opened }
