package paper

import (
	"slices"
	"strings"
	"testing"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stimuli"
)

// withBlend adds to the first network a variant that has this many of its wrong
// thematic choices right, or of its right ones wrong, and behind it the centred
// features, which choose as the network does.
func withBlend(t *testing.T, mended, broken int) *record.Run {
	run := publishedRun(t)
	v := run.Models[0]
	v.Space = &space.Info{Kind: space.Blend, Network: v.Name}
	v.Name += "+blend"
	v.Choices = slices.Clone(v.Choices)
	for i := range v.Choices {
		c := &v.Choices[i]
		wrong := c.Outcome() == match.Wrong
		if c.Triplet.Relation != stimuli.Thematic || wrong && mended == 0 || !wrong && broken == 0 {
			continue
		}
		if wrong {
			mended--
		} else {
			broken--
		}
		c.Related, c.Unrelated = c.Unrelated, c.Related
	}
	centred := run.Models[0]
	centred.Space = &space.Info{Kind: space.Centred, Network: centred.Name}
	centred.Name += "+centred"
	run.Models = slices.Insert(run.Models, 1, v, centred)
	return run
}

func TestLearningIsJudgedOnThematicTriplets(t *testing.T) {
	for _, c := range []struct {
		mended, broken int
		verdict        Verdict
		points         string
	}{{25, 0, Supported, "for"}, {0, 25, NotSupported, "against"}, {4, 3, CannotTell, "for"}} {
		claims := paperOf(t, withBlend(t, c.mended, c.broken), Options{}).Claims
		got := claims[len(claims)-1]
		if got.Row != 24 || got.Verdict != c.verdict || got.Points != c.points || !strings.Contains(got.Figures, "+blend by ") {
			t.Errorf("%d mended, %d broken: %+v, want %s, %s", c.mended, c.broken, got, c.verdict, c.points)
		}
	}
	claims := paperOf(t, publishedRun(t), Options{}).Claims
	if got := claims[len(claims)-1]; got.Verdict != CannotTell || got.Need != NeedSpaces {
		t.Errorf("without spaces: %+v, want the need of them", got)
	}
}

// TestWhatSpeaksForNothing: a fall that centring makes, too, that norms of the very set
// make, or that other triplets pay for, does not support the claim; a rise still
// speaks against it.
func TestWhatSpeaksForNothing(t *testing.T) {
	for name, change := range map[string]func(run *record.Run){
		"centring does it":         func(run *record.Run) { run.Models[2].Choices = run.Models[1].Choices },
		"centring is not shown":    func(run *record.Run) { run.Models = slices.Delete(run.Models, 2, 3) },
		"centred elsewhere":        func(run *record.Run) { run.Models[2].Space.Reference = "other" },
		"norms know pairs":         func(run *record.Run) { run.Models[1].Space.Touched = 3 },
		"norms made the set":       func(run *record.Run) { run.Models[1].Space.SameNorms = []string{"USF"} },
		"taxonomic triplets pay":   taxonomicPay,
		"no error fell, none rose": func(run *record.Run) { run.Models[1].Choices = run.Models[0].Choices },
	} {
		run := withBlend(t, 25, 0)
		change(run)
		if got := learningOf(run); got.Row != 24 || got.Verdict != CannotTell || !strings.Contains(got.Figures, "+blend") {
			t.Errorf("%s: %+v, want cannot tell", name, got)
		}
	}
	run := withBlend(t, 0, 25)
	run.Models[1].Space.Touched = 3
	if got := learningOf(run); got.Verdict != NotSupported {
		t.Errorf("a rise with known norms: %+v", got)
	}
}

// learningOf is the claim alone.
func learningOf(run *record.Run) Claim {
	b := builder{run: run, statistics: record.Statistics{Seed: 1, Resamples: 99}}
	return b.learning()
}

// taxonomicPay makes the blend wrong on every taxonomic triplet.
func taxonomicPay(run *record.Run) {
	v := &run.Models[1]
	v.Choices = slices.Clone(v.Choices)
	for i := range v.Choices {
		if c := &v.Choices[i]; c.Triplet.Relation == stimuli.Taxonomic && c.Outcome() == match.Right {
			c.Related, c.Unrelated = c.Unrelated, c.Related
		}
	}
}
