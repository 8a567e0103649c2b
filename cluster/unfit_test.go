package cluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/akin-vision/akin/cluster/objects"
)

// TestAnUnfitWorkerGivesWay: it pauses longer each time that it is at fault itself, and
// not where the store is; what others computed does not show that it is fit.
func TestAnUnfitWorkerGivesWay(t *testing.T) {
	var u unfitness
	now := time.Now()
	lacks := fmt.Errorf("wrapped: %w", &noModelError{"a", "b", "c"})
	away := errors.New("the store is away")
	for i, step := range []struct {
		after    time.Duration // the one before
		computed bool
		err      error
		own      bool
		pause    time.Duration // from now on
	}{
		{0, false, lacks, true, 30 * time.Second},
		{time.Second, false, lacks, true, 29 * time.Second}, // asked for before the pause
		{29 * time.Second, false, lacks, true, time.Minute},
		{time.Minute, false, nil, false, 0},
		{0, false, &unreadError{picture{}, fs.ErrNotExist}, true, 2 * time.Minute},
		{3 * time.Minute, false, &unreadError{picture{}, away}, false, 0},
		{0, false, away, false, 0},
		{0, false, lacks, true, mostPause},
		{0, true, nil, false, 0},
		{0, false, lacks, true, leastPause},
	} {
		now = now.Add(step.after)
		own := u.note(now, step.computed, step.err)
		if pause := max(u.until.Sub(now), 0); own != step.own || pause != step.pause {
			t.Errorf("step %d: its own fault %v, it pauses for %v; want %v, %v", i, own, pause, step.own, step.pause)
		}
	}
	for range 100 {
		now = now.Add(time.Hour)
		u.note(now, false, lacks)
	}
	if pause := u.until.Sub(now); pause != mostPause {
		t.Errorf("after many it pauses for %v, want %v", pause, mostPause)
	}
	// Seven such workers use up what they may still get before the first pause ends: a task for each
	// place, and one that was asked for while the first failed.
	if 7*(shardsAtOnce+1)*giveBackWait >= leastPause || fitWithin <= mostPause {
		t.Error("a fit worker may never be asked")
	}
}

// TestWhatIsOfAWorker: others may do what this one cannot, unless the store is away or full.
func TestWhatIsOfAWorker(t *testing.T) {
	_, closed := objects.Open(t.Context(), "file://"+filepath.Join(t.TempDir(), "not mounted"))
	dir := filepath.Join(t.TempDir(), "share")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	store, err := objects.Open(t.Context(), "file://"+dir)
	if err := errors.Join(err, os.Remove(dir)); err != nil {
		t.Fatal(err)
	}
	_, unmounted := store.Get(t.Context(), "a")
	_, unwritten := store.Create(t.Context(), "a", nil)
	of := func(err error) error { return &objects.Error{Op: "read", Store: "s", Key: "a", Err: err} }
	for _, c := range []struct {
		err  error
		want bool
	}{
		{closed, true}, {unmounted, true}, {unwritten, true}, {of(objects.ErrNoAccess), true}, {of(fs.ErrPermission), true},
		{&openError{"a", "b", errors.New("the disk is gone")}, true}, {&writerError{"a", "b"}, true}, {&unreadError{picture{}, of(fs.ErrNotExist)}, true},
		{of(syscall.ENOSPC), false}, {of(syscall.ECONNREFUSED), false}, {of(errors.New("the store says InternalError")), false},
		{&RoundingError{"a", "b"}, false}, {&DamagedError{"a", "b"}, false}, {context.Canceled, false}, {nil, false},
	} {
		if got := ofThisWorker(c.err); got != c.want {
			t.Errorf("%v: %v, want %v", c.err, got, c.want)
		}
	}
}
