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
	lacks := fmt.Errorf("wrapped: %w", &noModelError{"a", "b", "c"})
	for i, step := range []struct {
		computed bool
		err      error
		want     time.Duration
	}{
		{false, lacks, time.Second}, {false, &versionError{}, 2 * time.Second}, {false, nil, 0},
		{false, &unreadError{picture{}, fs.ErrNotExist}, 4 * time.Second}, {false, &unreadError{picture{}, errors.New("the store is away")}, 0},
		{false, errors.New("the store is away"), 0}, {false, lacks, 8 * time.Second}, {true, nil, 0}, {false, lacks, time.Second},
	} {
		if got := u.note(step.computed, step.err); got != step.want {
			t.Errorf("step %d: it pauses for %v, want %v", i, got, step.want)
		}
	}
	for range 100 {
		u.note(false, lacks)
	}
	if got := u.note(false, lacks); got != mostPause {
		t.Errorf("after many it pauses for %v, want %v", got, mostPause)
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
