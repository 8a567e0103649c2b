package stats

import "math"

// fewestCompared is the number of values that two people must share to be compared.
const fewestCompared = 3

// peopleCeiling bounds how well any model can do (Nili et al. 2014): the mean agreement
// of people with the mean of the others, and with the mean of all, each person's values
// brought to one scale first as the measure wants it. Values are of the same pairs for
// everybody, NaN where a person gave none. Both bounds are of the people who can be
// compared with others.
func peopleCeiling(values [][]float64, scaled func([]float64) []float64, measure func(a, b []float64) float64) (lower, upper float64) {
	if len(values) == 0 {
		return math.NaN(), math.NaN()
	}
	alike := make([][]float64, len(values))
	for p := range values {
		alike[p] = whereDefined(values[p], scaled)
	}
	all, others := sumOver(alike, len(values[0])).means(), sumsOfOthers(alike)
	compared := 0.0
	for p := range values {
		low, up := agreement(measure, values[p], others[p].means()), agreement(measure, values[p], all)
		if !math.IsNaN(low) && !math.IsNaN(up) {
			lower, upper, compared = lower+low, upper+up, compared+1
		}
	}
	return lower / compared, upper / compared
}

// agreement is a measure of the entries that both samples have; NaN of too few.
func agreement(measure func(a, b []float64) float64, a, b []float64) float64 {
	a, b = bothDefined(a, b)
	if len(a) < fewestCompared {
		return math.NaN()
	}
	return measure(a, b)
}

func bothDefined(x, y []float64) (keptX, keptY []float64) {
	for i := range x {
		if !math.IsNaN(x[i]) && !math.IsNaN(y[i]) {
			keptX, keptY = append(keptX, x[i]), append(keptY, y[i])
		}
	}
	return keptX, keptY
}

// whereDefined is f of the values that are numbers, at their places.
func whereDefined(values []float64, f func([]float64) []float64) []float64 {
	var places []int
	for i, v := range values {
		if !math.IsNaN(v) {
			places = append(places, i)
		}
	}
	out := allNaN(len(values))
	for i, v := range f(at(values, places)) {
		out[places[i]] = v
	}
	return out
}

// UnitRanks are the mid-ranks of the values that are numbers, between 0 and 1, so that
// people who judged different numbers of pairs can be averaged; NaN stays NaN.
func UnitRanks(values []float64) []float64 { return whereDefined(values, unitRanks) }

func unitRanks(values []float64) []float64 {
	r, n := ranks(values), float64(len(values))
	for i := range r {
		r[i] = (r[i] - 0.5) / n
	}
	return r
}

// pairSum adds up people's values of each pair.
type pairSum struct{ sum, times []float64 }

func sumOver(people [][]float64, pairs int) pairSum {
	s := pairSum{make([]float64, pairs), make([]float64, pairs)}
	for _, values := range people {
		s.add(values)
	}
	return s
}

func (s pairSum) add(values []float64) {
	for k, value := range values {
		if !math.IsNaN(value) {
			s.sum[k] += value
			s.times[k]++
		}
	}
}

// means are the mean values, NaN for pairs that nobody judged.
func (s pairSum) means() []float64 {
	means := make([]float64, len(s.sum))
	for k := range means {
		means[k] = tidy(s.sum[k] / s.times[k])
	}
	return means
}

// tidy rounds a mean to 12 significant digits, so that means of equal answers are
// equal: three answers of 33.3 have not quite the mean of two.
func tidy(x float64) float64 {
	scale := math.Pow(10, 11-math.Floor(math.Log10(math.Abs(x))))
	if rounded := math.Round(x*scale) / scale; finite(rounded) {
		return rounded
	}
	return x
}

// sumsOfOthers are, for each person, the sums of all others. They are added up, not
// subtracted: what is left of a difference would rank pairs by rounding.
func sumsOfOthers(people [][]float64) []pairSum {
	pairs := len(people[0])
	rest := make([]pairSum, len(people))
	before, after := sumOver(nil, pairs), sumOver(nil, pairs)
	for p, values := range people {
		rest[p] = sumOver(nil, pairs)
		rest[p].join(before)
		before.add(values)
	}
	for p := len(people) - 1; p >= 0; p-- {
		rest[p].join(after)
		after.add(people[p])
	}
	return rest
}

func (s pairSum) join(other pairSum) {
	for k := range s.sum {
		s.sum[k] += other.sum[k]
		s.times[k] += other.times[k]
	}
}
