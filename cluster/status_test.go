package cluster

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.temporal.io/api/failure/v1"
	"go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
)

// TestTroublesAreCountedByWhatFailed: shards that fail alike are one trouble, with the
// highest attempt; what waits without a failure is none.
func TestTroublesAreCountedByWhatFailed(t *testing.T) {
	failed := func(why string, attempt int32) *workflow.PendingActivityInfo {
		return &workflow.PendingActivityInfo{Attempt: attempt, MaximumAttempts: 10, LastFailure: &failure.Failure{Message: why}}
	}
	silent := failed("activity heartbeat timeout", 2)
	silent.LastFailure.FailureInfo = &failure.Failure_TimeoutFailureInfo{TimeoutFailureInfo: &failure.TimeoutFailureInfo{}}
	var s Status
	for _, pending := range [][]*workflow.PendingActivityInfo{{failed("no store", 3), {Attempt: 1}, failed("no store", 5)}, {silent, failed("no store", 1)}} {
		s.addTroubles(&workflowservice.DescribeWorkflowExecutionResponse{PendingActivities: pending})
	}
	want := []Trouble{{"no store", 3, 5, 10}, {"a worker was silent for too long", 1, 2, 10}}
	if diff := cmp.Diff(want, s.Troubles); diff != "" {
		t.Error(diff)
	}
}
