package stats

import (
	"math"

	"github.com/akin-vision/akin/match"
)

// arena is a set of triplets made ready for inference: what they share, and
// what that says of a mean over all of them.
type arena struct {
	shown  shown
	mean   *frame
	linked linked
	level  float64
}

func newArena(pictures shown, level float64) arena {
	a := arena{shown: pictures, mean: newFrame(pictures, nil), level: level}
	a.linked = pictures.linked(a.mean.units)
	return a
}

var differenceBounds = Interval{-1, 1}

// chance is how sure a model's error is and its test against guessing.
func (a arena) chance(o outcome) Evidence {
	if o.count == 0 {
		return missing(NoUnits)
	}
	e := a.mean.proportion(o.error, a.mean.spread(o.influence()), a.level)
	if a.linked.whole && e.Missing == "" {
		e = e.agreeing(SignFlip(a.linked.sums(o.beyondChance())), o.error, 0.5, a.level, SignFlips)
	}
	return e
}

// MatchingError is the error of a model and how sure it is, as [Compare] has them: for
// where nothing else of a comparison is wanted. Pictures are {target, related, unrelated}.
func MatchingError(pictures [][3]string, s Scores, rule match.Credit, level float64) (float64, Evidence) {
	if len(pictures) == 0 {
		return math.NaN(), missing(NoUnits)
	}
	a, o := newArena(number(pictures), level), newOutcome(s, rule)
	return o.error, a.chance(o)
}

// Share is the share of triplets {target, related, unrelated} that have a trait,
// and its interval. P is against one half, as everywhere.
func Share(pictures [][3]string, has []bool, level float64) (float64, Evidence) {
	if len(pictures) == 0 {
		return math.NaN(), missing(NoUnits)
	}
	credit := make([]int8, len(has))
	for i, yes := range has {
		credit[i] = 2 - 2*int8(indicator(yes)) // what errors are to a model
	}
	a, o := newArena(number(pictures), level), creditOutcome(credit)
	return o.error, a.chance(o)
}

// between is how sure the difference of two models' errors is.
func (a arena) between(one, other outcome) (difference float64, e Evidence) {
	difference, influence := one.difference(other)
	if math.IsNaN(difference) {
		return difference, missing(NoUnits)
	}
	e = a.unvaried(a.mean.student(difference, 0, a.mean.spread(influence), differenceBounds, a.level), difference)
	if a.linked.whole && a.mean.units >= fewestUnits {
		ahead, _ := one.against(other)
		e = e.agreeing(SignFlip(a.linked.sums(ahead)), difference, 0, a.level, SignFlips)
	}
	return difference, e
}

// unvaried gives a difference that no triplet contradicts the interval of an
// empty cell: what so many units could have missed.
func (a arena) unvaried(e Evidence, difference float64) Evidence {
	if e.Missing != NoVariation {
		return e
	}
	width := ClopperPearson(0, a.mean.units, a.level).High
	p := 1.0
	if difference != 0 {
		p = binomialEqualTails(0, a.mean.units)
	}
	return Evidence{
		Interval: Interval{max(-1, difference-width), min(1, difference+width)},
		P:        Number(p), SE: nan, Degrees: nan, Units: Number(a.mean.units), Test: Effective,
	}
}

// area is how sure a model's pooled AUC is.
func (a arena) area(auc float64, influence []float64) Evidence {
	return a.mean.logit(auc, a.mean.spread(influence), a.level)
}

// areas is how sure the difference of two AUCs is.
func (a arena) areas(difference float64, one, other []float64) Evidence {
	return a.mean.difference(difference, one, other, differenceBounds, a.level)
}

// detectable is the distance from 1/2 that the model's triplets show with power
// .8 at alpha .05: exact for independent triplets, else by the standard error
// that the error would have at 1/2.
func (a arena) detectable(e Evidence, o outcome) float64 {
	if a.mean.share.blocks() == 0 {
		return MinimumDetectable(o.count, 0.05, 0.8)
	}
	atHalf := float64(e.SE) * 0.5 / math.Sqrt(o.error*(1-o.error))
	return (studentCritical(0.05, float64(e.Degrees)) + studentCritical(0.4, float64(e.Degrees))) * atHalf
}

// smallest is the smallest difference that the exact test can find: with k
// linked triplets that favour one side by as little as any does, and none the
// other, it has p = 2 / 2^k. Nil where the tests are not exact.
func (a arena) smallest(subjects []subject) *Smallest {
	if !a.linked.whole || a.mean.units < fewestUnits {
		return nil
	}
	k := fewestFlips(1 - a.level)
	step := 2 // halves of a triplet
	for _, s := range subjects {
		for _, credit := range s.outcome.credit {
			if credit == 1 {
				step = 1
			}
		}
	}
	if k > a.linked.count {
		return nil // nothing can be found
	}
	return &Smallest{Number(float64(k*step) / float64(2*len(a.shown)))}
}

// fewestFlips is the number of units that must all point one way before exact
// sign flips are significant.
func fewestFlips(significance float64) int {
	return int(math.Ceil(1 - math.Log2(significance) - 1e-9))
}

// canFind reports whether any outcome could be significant.
func (a arena) canFind() bool {
	return !a.linked.whole || a.linked.count >= fewestFlips(1-a.level)
}
