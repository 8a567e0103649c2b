package stats

import (
	"math"

	"github.com/akin-vision/akin/match"
)

// contrast is two groups of triplets made ready for the difference of their
// errors.
type contrast struct {
	units []int // the triplets of either group
	frame *frame
	whole exchangeable
	level float64
}

// newContrast sets the triplets at one level against those at a reference level.
func newContrast(pictures shown, levels []int, reference, other int, level float64) contrast {
	c := contrast{level: level}
	var group []uint8
	for i, at := range levels {
		if at == reference || at == other {
			c.units = append(c.units, i)
			group = append(group, uint8(indicator(at == other)))
		}
	}
	some := pictures.subset(c.units)
	c.frame, c.whole = newFrame(some, group), some.exchangeable(group)
	return c
}

// contrasted is the difference of a model's errors between two groups.
type contrasted struct {
	mean      [2]float64
	count     [2]int
	influence []float64 // of each triplet on its group's mean
	halves    []int     // missed
	full      bool      // every triplet counts
}

func (c contrast) of(o outcome) contrasted {
	d := contrasted{influence: make([]float64, len(c.units)), halves: make([]int, len(c.units))}
	var missed [2]int
	for i, at := range c.units {
		if credit := o.credit[at]; credit != match.Uncounted {
			g := c.frame.group[i]
			d.halves[i] = int(2 - credit)
			missed[g] += d.halves[i]
			d.count[g]++
		}
	}
	d.full = d.count[0]+d.count[1] == len(c.units)
	for g := range missed {
		d.mean[g] = float64(missed[g]) / (2 * float64(d.count[g]))
	}
	for i, at := range c.units {
		if o.credit[at] != match.Uncounted {
			g := c.frame.group[i]
			d.influence[i] = (float64(d.halves[i])/2 - d.mean[g]) * c.frame.size[g] / float64(d.count[g])
		}
	}
	return d
}

// effect is how sure the difference is: the t test, and where labels belong to
// few whole units the exact relabelling of these as well, the larger p-value
// counting.
func (c contrast) effect(d contrasted) (difference float64, e Evidence) {
	difference = d.mean[1] - d.mean[0]
	if math.IsNaN(difference) {
		return difference, missing(NoUnits)
	}
	s := c.frame.spread(d.influence)
	for g, p := range d.mean {
		if p == 0 || p == 1 { // no variation was seen, but so many units could have missed some
			k := c.frame.worth[g]
			likely := (p*k + 0.5) / (k + 1)
			s.variance += likely * (1 - likely) / k
			s.degrees = min(s.degrees, max(1, k-1))
		}
	}
	e = c.frame.student(difference, 0, s, differenceBounds, c.level)
	if !e.P.Defined() || !d.full || !c.whole.possible {
		return difference, e
	}
	if p := c.whole.relabelling(d.halves); p > float64(e.P) {
		e = e.agreeing(p, difference, 0, c.level, Relabelled)
	}
	return difference, e
}

// change is how sure the difference of two such differences is, of one model
// and a mean of models for example.
func (c contrast) change(one, other contrasted) (change float64, e Evidence) {
	change = one.mean[1] - one.mean[0] - other.mean[1] + other.mean[0]
	if math.IsNaN(change) {
		return change, missing(NoUnits)
	}
	influence := make([]float64, len(one.influence))
	for i := range influence {
		influence[i] = one.influence[i] - other.influence[i]
	}
	s := c.frame.spread(influence)
	s.variance *= s.factor // of many such tests the smallest p counts, far in the tail, where few units mislead most
	return change, c.frame.student(change, 0, s, Interval{-2, 2}, c.level)
}
