package stats

import "math"

// spearman is Spearman's correlation of some units with each unit's influence on
// it: the derivative in the unit's weight, ranks following.
type spearman struct {
	rho       float64
	influence []float64
}

// newSpearman differentiates the correlation of weighted mid-ranks. A unit
// counts by its own ranks and by moving the ranks of all above it. O(n log n).
func newSpearman(x, y []float64) spearman {
	s := spearman{rho: Spearman(x, y), influence: make([]float64, len(x))}
	a, b := deviations(x), deviations(y)
	xx, yy, xy := meanProduct(a, a), meanProduct(b, b), meanProduct(a, b)
	aOverX, bOverX := above(x, a), above(x, b)
	aOverY, bOverY := above(y, a), above(y, b)
	scale := math.Sqrt(xx * yy)
	for i := range s.influence {
		both := a[i]*b[i] - 3*xy + bOverX[i] + aOverY[i]
		left := a[i]*a[i] - 3*xx + 2*aOverX[i]
		right := b[i]*b[i] - 3*yy + 2*bOverY[i]
		s.influence[i] = both/scale - s.rho/2*(left/xx+right/yy)
	}
	return s
}

// deviations are mid-ranks as shares of the units, less a half.
func deviations(x []float64) []float64 {
	r, n := ranks(x), float64(len(x))
	for i := range r {
		r[i] = (r[i]-0.5)/n - 0.5
	}
	return r
}

func meanProduct(x, y []float64) float64 {
	sum := 0.0
	for i := range x {
		sum += x[i] * y[i]
	}
	return sum / float64(len(x))
}

// above is, for each unit, the mean over all of value times 1 where x is larger
// than the unit's, 1/2 where it is equal, 0 else.
func above(x, value []float64) []float64 {
	order, n := ordering(x), float64(len(x))
	sums := make([]float64, len(x))
	rest := total(value)
	for i := 0; i < len(order); {
		j, run := i, 0.0
		for j < len(order) && x[order[j]] == x[order[i]] {
			run += value[order[j]]
			j++
		}
		rest -= run
		for _, at := range order[i:j] {
			sums[at] = (rest + run/2) / n
		}
		i = j
	}
	return sums
}

// correlation is the t interval of a rank correlation on Fisher's scale and the
// test against none, its influences given.
func (f *frame) correlation(rho float64, influence []float64, level float64) Evidence {
	switch {
	case math.IsNaN(rho):
		return missing(NoVariation)
	case f.units < fewestUnits:
		return missing(OneUnit)
	}
	s := f.spread(influence)
	slope := 1 - rho*rho
	if !(s.variance > 0) || slope <= 0 {
		return missing(NoVariation)
	}
	se := math.Sqrt(s.variance * s.factor)
	centre, half := math.Atanh(rho), studentCritical(1-level, s.degrees)*se/slope
	return Evidence{
		Interval: Interval{math.Tanh(centre - half), math.Tanh(centre + half)},
		P:        Number(studentTwoSided(centre*slope/se, s.degrees)),
		SE:       Number(se), Degrees: Number(s.degrees), Units: Number(f.units), Test: Student,
	}
}
