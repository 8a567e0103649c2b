package audit

import (
	"strings"
	"testing"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/stimuli"
)

// TestDependentAxes has even margins, and each distractor in one relation only.
func TestDependentAxes(t *testing.T) {
	s := &stimuli.Set{}
	for i := range 20 {
		s.Triplets = append(s.Triplets, stimuli.Triplet{
			Relation:   []string{stimuli.Taxonomic, stimuli.Thematic}[i%2],
			Distractor: []string{stimuli.ShapeMatched, stimuli.RandomChoice}[i%2],
		})
	}
	i := &inspection{set: s}
	i.balance()
	if len(i.findings) == 0 || !strings.HasPrefix(i.findings[0].What, `0 of the 10 taxonomic triplets have the distractor "random", of the others 10 of 10 (exact p < .001)`) {
		t.Errorf("findings %v, want the dependence", i.findings)
	}
	for _, f := range i.findings {
		if strings.Contains(f.What, "even share") {
			t.Errorf("margins are even, yet: %v", f)
		}
	}
}

func TestTiesAreHalfErrors(t *testing.T) {
	choices := []match.Choice{{Related: 1, Unrelated: 1}, {Related: 1}, {Unrelated: 1}, {Related: 2, Unrelated: 2}}
	for i := range choices {
		choices[i].Triplet = &stimuli.Triplet{Target: named(0, i), Related: named(1, i), Unrelated: named(2, i)}
	}
	if got := newConfound("edges", axis{}, "", choices); got.MatchingError != 0.5 || got.Triplets != 4 {
		t.Errorf("%+v, want an error of 0.5 in 4 triplets", got)
	}
}
