package cluster

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"
	"time"
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
