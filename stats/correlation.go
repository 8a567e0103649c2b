package stats

import (
	"math"
	"slices"

	"github.com/akin-vision/akin/match"
)

// Pearson is the product-moment correlation of two equally long samples; NaN
// where either is constant or shorter than two.
func Pearson(x, y []float64) float64 {
	if len(x) < 2 || constant(x) || constant(y) {
		return math.NaN()
	}
	mx, my := mean(x), mean(y)
	var xx, yy, xy float64
	for i := range x {
		dx, dy := x[i]-mx, y[i]-my
		xx, yy, xy = xx+dx*dx, yy+dy*dy, xy+dx*dy
	}
	return max(-1, min(1, xy/math.Sqrt(xx*yy)))
}

func constant(x []float64) bool {
	return !slices.ContainsFunc(x, func(value float64) bool { return value != x[0] })
}

// Spearman is Pearson of the mid-ranks (Spearman 1904). As SciPy spearmanr.
func Spearman(x, y []float64) float64 { return Pearson(ranks(x), ranks(y)) }

func ranks(x []float64) []float64 { return match.MidRanks(x, ordering(x)) }

// partialSpearman is the rank correlation of x and y with the ranks of z held
// constant. As R psych partial.r(method = "spearman").
func partialSpearman(x, y, z []float64) float64 {
	xy, xz, yz := Spearman(x, y), Spearman(x, z), Spearman(y, z)
	return partial(xy, xz, yz)
}

func partial(xy, xz, yz float64) float64 {
	return (xy - xz*yz) / math.Sqrt((1-xz*xz)*(1-yz*yz))
}

// Kendall is tau-b (Kendall 1945); NaN where either sample is constant or
// shorter than two. O(n log n). As SciPy kendalltau.
func Kendall(x, y []float64) float64 { return newConcordance(x, y).tau() }

// concordance holds what tau-b is made of.
type concordance struct {
	net          []float64 // each point's concordant less discordant partners
	tiedX, tiedY []float64 // each point's partners of equal x, of equal y
}

func newConcordance(x, y []float64) concordance {
	n := len(x)
	c := concordance{make([]float64, n), tieCounts(x), tieCounts(y)}
	level := denseRanks(y)
	c.sweep(ordering(x), x, level, 1)
	descending := ordering(x)
	slices.Reverse(descending)
	c.sweep(descending, x, level, -1)
	return c
}

// sweep adds, for each point, the partners already passed (of smaller x when
// sign is 1, of larger when -1) with smaller y less those with larger y.
func (c concordance) sweep(order []int, x []float64, level []int, sign float64) {
	passed := newCumulative(len(order))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && x[order[j]] == x[order[i]] {
			j++
		}
		for _, at := range order[i:j] {
			smaller := passed.through(level[at] - 1)
			larger := i - passed.through(level[at])
			c.net[at] += sign * float64(smaller-larger)
		}
		for _, at := range order[i:j] {
			passed.add(level[at])
		}
		i = j
	}
}

func (c concordance) tau() float64 {
	n := float64(len(c.net))
	net, x, y := total(c.net), n*(n-1)-total(c.tiedX), n*(n-1)-total(c.tiedY)
	if !(x > 0 && y > 0) {
		return math.NaN()
	}
	return max(-1, min(1, net/math.Sqrt(x*y)))
}

// influence is each point's first-order part in the deviation of tau-b: the
// derivative of its ratio of sums over pairs.
func (c concordance) influence() []float64 {
	n, tau := float64(len(c.net)), c.tau()
	net, x, y := total(c.net), n*(n-1)-total(c.tiedX), n*(n-1)-total(c.tiedY)
	values := make([]float64, len(c.net))
	for i := range values {
		values[i] = tau * (2*c.net[i]/net - (n-1-c.tiedX[i])/x - (n-1-c.tiedY[i])/y)
		if net == 0 {
			values[i] = 2 * c.net[i] / math.Sqrt(x*y)
		}
	}
	return values
}

func total(values []float64) float64 {
	sum := 0.0
	for _, value := range values {
		sum += value
	}
	return sum
}

// tieCounts is, for each value, the number of others equal to it.
func tieCounts(x []float64) []float64 {
	times := make(map[float64]int, len(x))
	for _, value := range x {
		times[value]++
	}
	ties := make([]float64, len(x))
	for i, value := range x {
		ties[i] = float64(times[value] - 1)
	}
	return ties
}

// denseRanks number the distinct values from 1 up.
func denseRanks(x []float64) []int {
	rank := make([]int, len(x))
	level, last := 0, math.NaN()
	for _, at := range ordering(x) {
		if x[at] != last {
			level, last = level+1, x[at]
		}
		rank[at] = level
	}
	return rank
}

// cumulative counts levels 1..n and sums them from the bottom (Fenwick 1994).
type cumulative []int

func newCumulative(n int) cumulative { return make(cumulative, n+1) }

func (c cumulative) add(level int) {
	for ; level < len(c); level += level & -level {
		c[level]++
	}
}

func (c cumulative) through(level int) int {
	sum := 0
	for ; level > 0; level -= level & -level {
		sum += c[level]
	}
	return sum
}

// Williams tests whether two measures, correlated with the same third one at
// r13 and r23 over n items and with each other at r12, correlate with it
// differently (Williams 1959; Steiger 1980): t with n-3 degrees of freedom and
// its two-sided p-value. Exact for Pearson correlations of normal data,
// approximate for Spearman's. As R psych r.test, whose shared variable is the
// first: r.test(n, r12 = r13, r23 = r12, r13 = r23).
func Williams(n int, r12, r13, r23 float64) (t, p float64) {
	m := float64(n)
	determinant := 1 - r12*r12 - r13*r13 - r23*r23 + 2*r12*r13*r23
	average := (r13 + r23) / 2
	cube := (1 - r12) * (1 - r12) * (1 - r12)
	t = (r13 - r23) * math.Sqrt((m-1)*(1+r12)/
		(2*((m-1)/(m-3))*determinant+average*average*cube))
	return t, studentTwoSided(t, m-3)
}
