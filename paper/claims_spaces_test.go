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
// thematic choices right, or of its right ones wrong.
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
	run.Models = slices.Insert(run.Models, 1, v)
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
