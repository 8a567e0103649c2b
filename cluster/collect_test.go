package cluster

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
)

// TestInOrder: things made side by side are used in their order, few are held at once, and
// a failure of either side is never a success.
func TestInOrder(t *testing.T) {
	var held, most atomic.Int32
	var used []int
	err := inOrder(t.Context(), 200, func(_ context.Context, k int) (int, error) {
		now := held.Add(1)
		for before := most.Load(); now > before && !most.CompareAndSwap(before, now); before = most.Load() {
		}
		return 3 * k, nil
	}, func(k, made int) error {
		held.Add(-1)
		if made != 3*k {
			t.Errorf("the thing %d is %d", k, made)
		}
		used = append(used, k)
		return nil
	})
	if err != nil || len(used) != 200 || !slices.IsSorted(used) {
		t.Errorf("%d were used, in the order %v; %v", len(used), used, err)
	}
	if most.Load() > shardsAhead+2 {
		t.Errorf("%d were held at once", most.Load())
	}
	broken := errors.New("broken")
	produce := func(_ context.Context, k int) (int, error) {
		if k == 7 {
			return 0, broken
		}
		return k, nil
	}
	last := -1
	if err := inOrder(t.Context(), 50, produce, func(k, _ int) error { last = k; return nil }); !errors.Is(err, broken) || last >= 7 {
		t.Errorf("where the eighth cannot be made it ends with %v after %d", err, last)
	}
	if err := inOrder(t.Context(), 50, produce, func(k, _ int) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("where none can be used it ends with %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := inOrder(ended, 50, func(ctx context.Context, k int) (int, error) { return k, ctx.Err() }, func(int, int) error { return nil }); err == nil {
		t.Error("what was interrupted is a success")
	}
}
