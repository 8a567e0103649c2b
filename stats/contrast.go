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
	tied      bool      // in a group all that count are ties
	unseen    spread    // variance of groups in which none was seen, and its degrees of freedom
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
	varied := [2]bool{}
	for i, at := range c.units {
		if o.credit[at] != match.Uncounted {
			g := c.frame.group[i]
			d.influence[i] = (float64(d.halves[i])/2 - d.mean[g]) * c.frame.size[g] / float64(d.count[g])
			varied[g] = varied[g] || d.influence[i] != 0
		}
	}
	d.tied = d.mean[0] == 0.5 && !varied[0] || d.mean[1] == 0.5 && !varied[1]
	d.unseen = c.unseen(d.mean, varied)
	return d
}

// unseen is the variance of groups that are all right, all wrong or all ties: so
// many units could have shown some.
func (c contrast) unseen(mean [2]float64, varied [2]bool) spread {
	s := spread{degrees: math.Inf(1)}
	for g, p := range mean {
		if !varied[g] {
			k := c.frame.worth[g]
			likely := (p*k + 0.5) / (k + 1)
			s.variance += likely * (1 - likely) / k
			s.degrees = min(s.degrees, max(1, k-1))
		}
	}
	return s
}

// with adds variance that was not seen.
func (s spread) with(unseen spread, share float64) spread {
	s.variance += share * unseen.variance
	s.degrees = min(s.degrees, unseen.degrees)
	return s
}

// effect is how sure the difference is: the t test, and where labels belong to
// few whole units the exact relabelling of these as well, the larger p-value
// counting.
func (c contrast) effect(d contrasted) (difference float64, e Evidence) {
	difference = d.mean[1] - d.mean[0]
	if math.IsNaN(difference) {
		return difference, missing(NoUnits)
	}
	if d.tied {
		return difference, missing(AllTied)
	}
	s := c.frame.spread(d.influence).with(d.unseen, 1)
	e = c.frame.student(difference, 0, s, differenceBounds, c.level)
	if !e.P.Defined() || !d.full || !c.whole.possible {
		return difference, e
	}
	if p := c.whole.relabelling(d.halves); p > float64(e.P) {
		e = e.agreeing(p, difference, 0, c.level, Relabelled)
	}
	return difference, e
}

// changes are the p-values of each model's difference against the mean of all.
// Two models have one such test.
func (c contrast) changes(models []contrasted) []float64 {
	mean := contrasted{influence: make([]float64, len(c.units)), halves: make([]int, len(c.units)), full: true}
	share := 1 / float64(len(models))
	for _, d := range models {
		for g := range mean.mean {
			mean.mean[g] += d.mean[g] * share
		}
		for i, pull := range d.influence {
			mean.influence[i] += pull * share
			mean.halves[i] += d.halves[i]
		}
		mean.full = mean.full && d.full
	}
	tested := models
	if len(models) == 2 {
		tested = models[:1]
	}
	p := make([]float64, len(tested))
	parallel(len(tested), func() func(int) {
		return func(m int) {
			unseen := spread{degrees: math.Inf(1)}
			for other, d := range models {
				weight := share - indicator(other == m)
				unseen = unseen.with(d.unseen, weight*weight)
			}
			p[m] = c.change(models[m], mean, len(models), unseen)
		}
	})
	return p
}

// change is the p-value of one model's difference less that of the mean of so many
// models, of which the sum of halves is given; unseen is the variance of those in
// which none was seen. Relabelling decides with the t test, as for one model.
func (c contrast) change(one, mean contrasted, models int, unseen spread) float64 {
	change := one.mean[1] - one.mean[0] - mean.mean[1] + mean.mean[0]
	if math.IsNaN(change) {
		return math.NaN()
	}
	influence, halves := make([]float64, len(c.units)), make([]int, len(c.units))
	for i := range influence {
		influence[i] = one.influence[i] - mean.influence[i]
		halves[i] = models*one.halves[i] - mean.halves[i]
	}
	s := c.frame.spread(influence)
	s.variance *= s.factor // of many such tests the smallest p counts, far in the tail, where few units mislead most
	e := c.frame.student(change, 0, s.with(unseen, 1), Interval{-2, 2}, c.level)
	if !e.P.Defined() || !mean.full || !c.whole.possible {
		return float64(e.P)
	}
	return max(float64(e.P), c.whole.relabelling(halves))
}
