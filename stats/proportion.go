package stats

import (
	"math"
	"sort"
)

// Wilson is the score interval of a proportion (Wilson 1927). Successes may be
// fractional, as half-credit ties make them: the formula is used unchanged.
// Not defined for n = 0. As statsmodels proportion_confint(method="wilson").
func Wilson(successes, n, level float64) Interval {
	if !(n > 0) {
		return undefined
	}
	z := critical(level)
	p := successes / n
	centre := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	interval := Interval{centre - half, centre + half}
	if successes == 0 {
		interval.Low = 0 // zero but for rounding
	}
	if successes == n {
		interval.High = 1
	}
	return interval
}

// ClopperPearson is the interval that inverts the exact binomial test (Clopper
// and Pearson 1934), from quantiles of the Beta distribution. Fractional
// successes x use Beta(x, n-x+1) and Beta(x+1, n-x) with x as it is: the
// continuous extension, exact for whole numbers only. Not defined for n = 0.
// As statsmodels proportion_confint(method="beta").
func ClopperPearson(successes, n, level float64) Interval {
	if !(n > 0) {
		return undefined
	}
	tail := (1 - level) / 2
	interval := Interval{0, 1}
	if successes > 0 {
		interval.Low = betaQuantile(tail, successes, n-successes+1)
	}
	if successes < n {
		interval.High = betaQuantile(1-tail, successes+1, n-successes)
	}
	return interval
}

// tieTolerance is the relative slack within which R's binom.test and SciPy's
// binomtest call two probabilities equal.
const tieTolerance = 1 + 1e-7

// BinomialTwoSided is the exact p-value of successes out of n against the
// probability p: the total probability of all counts that are no more likely
// than the one seen (minimum likelihood). NaN for n = 0. As SciPy binomtest
// and R binom.test, with their relative tolerance of 1e-7.
func BinomialTwoSided(successes, n int, p float64) float64 {
	if n == 0 {
		return math.NaN()
	}
	seen := binomialMass(successes, n, p) * tieTolerance
	mode := int(float64(n+1) * p)
	if binomialMass(mode, n, p) <= seen {
		return 1
	}
	// The probabilities fall monotonically on both sides of the mode, so the
	// counts that qualify are the two outer tails.
	lower := outermost(mode, -1, -1, n, p, seen)
	upper := outermost(mode, n+1, 1, n, p, seen)
	return math.Min(1, binomialTail(lower, -1, n, p)+binomialTail(upper, 1, n, p))
}

// outermost is the count nearest to the mode, on the side of end, whose
// probability is at most limit; end itself (outside 0..n) has probability 0.
func outermost(mode, end, step, n int, p, limit float64) int {
	inside, outside := mode, end
	for inside+step != outside {
		middle := (inside + outside) / 2
		if binomialMass(middle, n, p) <= limit {
			outside = middle
		} else {
			inside = middle
		}
	}
	return outside
}

// MinimumDetectable is the smallest distance from chance (.5), in proportion
// points, that the exact two-sided binomial test at the given significance
// finds with the given power among n independent triplets: the critical count
// is found exactly, then the true proportion above .5 at which the two
// rejection tails together hold that power, by bisection. NaN where n is too
// small for the test ever to reject.
func MinimumDetectable(n int, significance, power float64) float64 {
	above := n / 2 // the p-value falls with the distance of a count from n/2
	reject := above + sort.Search(n+1-above, func(i int) bool {
		return above+i > n || BinomialTwoSided(above+i, n, 0.5) <= significance
	})
	if reject > n {
		return math.NaN()
	}
	low, high := 0.5, 1.0
	for high-low > 1e-13 {
		p := (low + high) / 2
		if tailPower(reject, n, p) < power {
			low = p
		} else {
			high = p
		}
	}
	return (low+high)/2 - 0.5
}

// tailPower is P(X >= reject or X <= n-reject) for X ~ Binomial(n, p).
func tailPower(reject, n int, p float64) float64 {
	power := 0.0
	if float64(reject) > float64(n)*p {
		power = binomialTail(reject, 1, n, p)
	} else {
		power = 1 - binomialTail(reject-1, -1, n, p)
	}
	return power + binomialTail(n-reject, -1, n, p)
}
