package akin

import (
	"testing"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/record"
)

// TestRecheckGivesTodaysOutcome: a recorded pass does not outlive a later failure,
// and stays where this machine knows nothing.
func TestRecheckGivesTodaysOutcome(t *testing.T) {
	latest := func(_ model.Card, hash, digest string) (*classify.Check, error) {
		if hash == "failed since" && digest == "recipe" {
			return &classify.Check{Verdict: classify.Fail}, nil
		}
		return nil, nil
	}
	run := &record.Run{}
	for _, hash := range []string{"failed since", "not known here"} {
		run.Models = append(run.Models, record.Model{
			Card: model.Card{Kind: model.Trained}, Hash: hash, RecipeDigest: "recipe", Check: &classify.Check{Verdict: classify.Pass},
		})
	}
	if changed, err := recheck(run, latest); err != nil || !changed {
		t.Fatalf("changed %v, error %v, want a change", changed, err)
	}
	for i, want := range []record.CheckState{record.Failed, record.Checked} {
		if got := run.Models[i].CheckState(); got != want {
			t.Errorf("the network %s is %q, want %q", run.Models[i].Hash, got, want)
		}
	}
}
