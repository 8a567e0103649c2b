package stats

import (
	"math"
	"slices"
)

// Reason says why a figure has no interval or no test.
type Reason string

const (
	// OneUnit: by shared pictures all units hang together so closely that they
	// are worth less than two independent ones.
	OneUnit Reason = "one independent unit"
	// NoVariation: nothing varies that a standard error could come from.
	NoVariation Reason = "no variation"
	// AllTied: every triplet has equal similarities.
	AllTied Reason = "all tied"
	// NoUnits: there is nothing to count.
	NoUnits Reason = "nothing counted"
	// FewPairs: fewer than FewestRated pairs of pictures are rated.
	FewPairs Reason = "too few rated pairs"
)

// Test names what a p-value rests on.
type Test string

const (
	SignFlips  Test = "exact sign flips over linked triplets" // for independent triplets: the exact binomial test, or McNemar's
	Effective  Test = "binomial at the effective number of triplets"
	Student    Test = "t, all shared pictures counted"
	Relabelled Test = "exact relabelling of whole units"
)

// Evidence is how sure a figure is.
type Evidence struct {
	Interval Interval `json:"interval"`
	P        Number   `json:"p"` // two-sided, against chance or no difference
	SE       Number   `json:"se"`
	Degrees  Number   `json:"degrees"`         // of freedom of SE
	Units    Number   `json:"effective_units"` // independent units worth as much
	Test     Test     `json:"test,omitempty"`
	Missing  Reason   `json:"missing,omitempty"` // why Interval or P is null
}

func missing(reason Reason) Evidence {
	return Evidence{Interval: undefined, P: nan, SE: nan, Degrees: nan, Units: nan, Missing: reason}
}

// fewestUnits is the effective number of independent units below which nothing
// can be inferred from a set to other pictures.
const fewestUnits = 2

// spread is the variance of a figure.
type spread struct {
	variance float64
	factor   float64 // what centring took from it, allowed for
	degrees  float64
}

// leastUnit is above what rounding leaves of a centred unit: units are shares, ranks as
// shares or differences of these, and what varies among n of them varies by 1/n or more.
const leastUnit = 1e-12

// spread is the variance of the figure whose centred units are given: the sum
// of the products of weighted units over all pairs that share a picture, times
// the factor that makes it unbiased under the working model, with the degrees of
// freedom of that model (Satterthwaite 1946). It is never below the variance of
// independent units, which also keeps it from being negative. Units that only rounding
// keeps from 0 do not vary: the variance is 0, and not what rounding left.
func (f *frame) spread(centred []float64) spread {
	if !slices.ContainsFunc(centred, func(e float64) bool { return math.Abs(e) > leastUnit }) {
		centred = make([]float64, len(centred))
	}
	weighted := make([]float64, len(centred))
	independent := 0.0
	for i, e := range centred {
		weighted[i] = e * f.weight[f.of(i)]
		independent += weighted[i] * weighted[i]
	}
	s := spread{factor: f.truth[0] / f.seen[0], degrees: f.seen[0] * f.seen[0] / f.variation[0][0]}
	if len(f.effect) > 0 {
		s = f.adapt(s, f.effects(centred))
	}
	s.variance = s.factor * max(f.share.square(weighted), independent)
	return s
}

// adapt is the factor and degrees of freedom where the working model's
// variances are as given.
func (f *frame) adapt(s spread, variances []float64) spread {
	var truth, seen, variation float64
	for k, v := range variances {
		truth += f.truth[k] * v
		seen += f.seen[k] * v
		for l, w := range variances {
			variation += v * w * f.variation[k][l]
		}
	}
	if truth > 0 && seen > 0 && variation > 0 {
		s.factor, s.degrees = max(1, truth/seen), 2/(1/s.degrees+variation/(seen*seen))
	}
	return s
}

// effects are the working model's variances by the method of moments: sums of
// squares over the levels of each effect against what they would be. Negative
// ones are left out, the most negative first.
func (f *frame) effects(centred []float64) []float64 {
	places, observed := []int{}, make([]float64, 1+len(f.effect))
	for k := range observed {
		observed[k] = f.sumOfSquares(k, centred)
		places = append(places, k)
	}
	variances := make([]float64, len(observed))
	for len(places) > 0 {
		right := make([]float64, len(places))
		for i, k := range places {
			right[i] = observed[k]
		}
		solution, ok := solve(f.squares, places, right)
		if !ok {
			return variances
		}
		worst := 0
		for i, k := range places {
			if solution[i]*math.Sqrt(f.squares[k][k]) < solution[worst]*math.Sqrt(f.squares[places[worst]][places[worst]]) {
				worst = i
			}
		}
		if solution[worst] >= 0 {
			for i, k := range places {
				variances[k] = solution[i]
			}
			return variances
		}
		places = append(places[:worst], places[worst+1:]...)
	}
	return variances
}

// student is the t interval and test of a figure against a null value, within
// bounds.
func (f *frame) student(value, null float64, s spread, bounds Interval, level float64) Evidence {
	return studentShared(value, null, s, f.units, bounds, level)
}

// proportion is the interval of a proportion and its test against 1/2 at the
// effective number of units (Korn and Graubard 1998): as many independent units
// as would make it vary as much, fewer where the variance itself is uncertain,
// put into the exact binomial interval and test. For independent units it is
// Clopper and Pearson's interval and the exact binomial test.
func (f *frame) proportion(p float64, s spread, level float64) Evidence {
	return share(p, 0.5, f.size[0], f, s, level)
}

// binomialEqualTails is that of binomialTwoTails against 1/2, as Clopper and
// Pearson's interval inverts it.
func binomialEqualTails(x, n float64) float64 { return binomialTwoTails(x, n, 0.5) }

// fixedPoint is the p-value whose test depends on the significance: where
// at(p) = p. at falls as the significance rises, so the root of the excess on the
// logarithmic scale is bracketed, and false position with halving finds it
// (Dowell and Jarratt 1971).
func fixedPoint(at func(significance float64) float64) float64 {
	const most = 0.9 // beyond, the quantiles vanish and their ratio settles
	excess := func(x float64) float64 { return math.Log(at(min(math.Exp(x), most))) - x }
	first := math.Log(at(0.05))
	if first < math.Log(1e-300) {
		return math.Exp(first)
	}
	low, atLow := first, excess(first)
	if atLow == 0 {
		return math.Exp(low)
	}
	high := low + atLow // since at falls, the root lies between x and log at(x)
	atHigh := excess(high)
	for range 60 {
		if math.Abs(atHigh) <= 1e-13 || math.Abs(high-low) <= 1e-13 {
			break
		}
		x := (low*atHigh - high*atLow) / (atHigh - atLow)
		f := excess(x)
		if (f < 0) == (atHigh < 0) {
			atLow /= 2
		} else {
			low, atLow = high, atHigh
		}
		high, atHigh = x, f
	}
	return math.Exp(high)
}

// logit is the t interval and test of a pooled AUC on the logit scale, where
// the interval of few units keeps its level and stays between 0 and 1. The
// factor counts twice, as in the jackknife (Bell and McCaffrey 2002, CR3): the
// AUC pairs every unit with every other.
func (f *frame) logit(auc float64, s spread, level float64) Evidence {
	if f.units < fewestUnits {
		return missing(OneUnit)
	}
	if auc <= 0 || auc >= 1 { // all agree: what so many units could have missed
		return Evidence{
			Interval: ClopperPearson(auc*f.units, f.units, level), P: Number(binomialEqualTails(0, f.units)),
			SE: nan, Degrees: nan, Units: Number(f.units), Test: Effective,
		}
	}
	if !(s.variance > 0) {
		return missing(NoVariation)
	}
	slope := auc * (1 - auc)
	se := math.Sqrt(s.variance * s.factor)
	centre, half := math.Log(auc/(1-auc)), studentCritical(1-level, s.degrees)*se/slope
	return Evidence{
		Interval: Interval{logisticCDF(centre - half), logisticCDF(centre + half)},
		P:        Number(studentTwoSided(centre*slope/se, s.degrees)),
		SE:       Number(se), Degrees: Number(s.degrees), Units: Number(f.units), Test: Student,
	}
}

// agreeing puts an exact p-value in the place of the approximate one and makes
// the interval say the same of the null value: the confidence set is what the
// tests leave, and at that value the exact test decides.
func (e Evidence) agreeing(p, value, null, level float64, test Test) Evidence {
	e.P, e.Test = Number(p), test
	if !e.Interval.Defined() {
		return e
	}
	switch rejected := p <= 1-level; {
	case !rejected:
		e.Interval = Interval{min(e.Interval.Low, null), max(e.Interval.High, null)}
	case e.Interval.Contains(null) && value < null:
		e.Interval.High = math.Nextafter(null, value)
	case e.Interval.Contains(null):
		e.Interval.Low = math.Nextafter(null, value)
	}
	return e
}
