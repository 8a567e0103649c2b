package learn

import (
	"fmt"

	"github.com/akin-vision/akin/stimuli"
)

// mostTriplets bounds what other tasks are turned into.
const mostTriplets = 50_000

// TaskError is a set from which no space can be learned.
type TaskError struct {
	Set  string
	Task stimuli.Task
	Why  string
}

func (e *TaskError) Error() string {
	return fmt.Sprintf("set %s is of the task %q: %s", e.Set, e.Task, e.Why)
}

// AsTriplets turns judgements of other tasks into triplets. Of the odd one of three,
// the two that were left are each other's related picture: a model that finds the
// same one odd is right in both. Of votes, the picture with more of them is the
// related one; equal votes say nothing. Matrices stay what they are. A judgement that was made
// several times counts as often.
func AsTriplets(set *stimuli.Set) (*stimuli.Set, error) {
	switch {
	case set.Task == stimuli.Related:
		return set, nil
	case set.Task == stimuli.Matrix:
		return set, checkMatrices(set)
	case set.Trials.Len() > mostTriplets/2:
		return nil, &TaskError{set.Name, set.Task, fmt.Sprintf("it has %d judgements, and spaces are tried on at most %d", set.Trials.Len(), mostTriplets/2)}
	}
	made := *set
	for i, shown := range set.Trials.Shown {
		p := [3]*stimuli.Picture{set.Pictures[shown[0]], set.Pictures[shown[1]], set.Pictures[shown[2]]}
		add := func(which string, target, related, unrelated *stimuli.Picture) {
			made.Triplets = append(made.Triplets, stimuli.Triplet{ID: fmt.Sprint(i+1, which), Target: target, Related: related, Unrelated: unrelated})
		}
		switch {
		case set.Trials.Counts == nil: // the last is odd
			add("a", p[0], p[1], p[2])
			add("b", p[1], p[0], p[2])
		case set.Trials.Counts[i][0] > set.Trials.Counts[i][1]:
			add("", p[0], p[1], p[2])
		case set.Trials.Counts[i][0] < set.Trials.Counts[i][1]:
			add("", p[0], p[2], p[1])
		}
	}
	if len(made.Triplets) == 0 {
		return nil, &TaskError{set.Name, set.Task, "all votes are equal, so that no picture is the related one"}
	}
	return &made, nil
}
