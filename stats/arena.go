package stats

import "math"

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

var (
	proportions      = Interval{0, 1}
	differenceBounds = Interval{-1, 1}
)

// chance is how sure a model's error is and its test against guessing.
func (a arena) chance(o outcome) Evidence {
	if o.count == 0 {
		return missing(NoUnits)
	}
	e := a.mean.proportion(o.error, a.mean.spread(o.influence), a.level)
	if a.linked.whole {
		e = e.agreeing(SignFlip(a.linked.sums(o.beyondChance())), o.error, 0.5, a.level, SignFlips)
	}
	return e
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
func (a arena) area(r ranked, influence []float64) Evidence {
	return a.mean.logit(r.auc, a.mean.spread(influence), a.level)
}

// areas is how sure the difference of two AUCs is.
func (a arena) areas(difference float64, one, other []float64) Evidence {
	influence := make([]float64, len(one))
	for i := range one {
		influence[i] = one[i] - other[i]
	}
	s := a.mean.spread(influence)
	s.variance *= s.factor
	return a.mean.student(difference, 0, s, differenceBounds, a.level)
}
