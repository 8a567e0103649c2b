package stats

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// normalQuantile is the inverse of the standard normal distribution function.
func normalQuantile(p float64) float64 { return -math.Sqrt2 * math.Erfcinv(2*p) }

func normalCDF(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

// critical is the standard normal quantile that leaves (1-level)/2 above it.
func critical(level float64) float64 { return normalQuantile((1 + level) / 2) }

// chiSquareTail is P(X >= x) for X chi-square distributed.
func chiSquareTail(x, degrees float64) float64 {
	if math.IsNaN(x) || degrees <= 0 {
		return math.NaN()
	}
	return mathext.GammaIncRegComp(degrees/2, math.Max(x, 0)/2)
}

// studentTwoSided is the probability of a Student t at least as far from zero
// as t.
func studentTwoSided(t, degrees float64) float64 {
	if math.IsNaN(t) || degrees <= 0 {
		return math.NaN()
	}
	return mathext.RegIncBeta(degrees/2, 0.5, degrees/(degrees+t*t))
}

// fQuantile is the inverse of the F distribution function.
func fQuantile(p, numerator, denominator float64) float64 {
	x := betaQuantile(p, numerator/2, denominator/2)
	return x * denominator / ((1 - x) * numerator)
}

// betaQuantile is the inverse of the Beta(a, b) distribution function.
func betaQuantile(p, a, b float64) float64 {
	low, high := 0.0, 1.0
	x := a / (a + b)
	logBeta := mathext.Lbeta(a, b)
	for range 200 {
		excess := mathext.RegIncBeta(a, b, x) - p
		if excess > 0 {
			high = x
		} else {
			low = x
		}
		density := math.Exp((a-1)*math.Log(x) + (b-1)*math.Log1p(-x) - logBeta)
		next := x - excess/density
		if !(next > low && next < high) {
			next = (low + high) / 2 // Newton left the bracket
		}
		if math.Abs(next-x) <= 1e-16*next || next == low || next == high {
			return next
		}
		x = next
	}
	return x
}

// binomialMass is P(X = k) for X ~ Binomial(n, p), by Loader's saddle-point
// expansion (2000), which R's dbinom uses too: unlike differences of
// log-gammas it keeps full relative precision for large n.
func binomialMass(k, n int, p float64) float64 {
	x, m := float64(k), float64(n)
	switch {
	case k < 0 || k > n:
		return 0
	case p == 0 || p == 1:
		if x == m*p {
			return 1
		}
		return 0
	case k == 0:
		return math.Exp(m * math.Log1p(-p))
	case k == n:
		return math.Exp(m * math.Log(p))
	}
	exponent := stirlingError(m) - stirlingError(x) - stirlingError(m-x) -
		deviance(x, m*p) - deviance(m-x, m*(1-p))
	return math.Exp(exponent) * math.Sqrt(m/(2*math.Pi*x*(m-x)))
}

// stirlingError is log(n!) minus Stirling's approximation of it.
func stirlingError(n float64) float64 {
	if n < 16 {
		logFactorial, _ := math.Lgamma(n + 1)
		return logFactorial - (n+0.5)*math.Log(n) + n - math.Log(2*math.Pi)/2
	}
	s := n * n
	return (1.0/12 - (1.0/360-(1.0/1260-(1.0/1680-1.0/1188/s)/s)/s)/s) / n
}

// deviance is x log(x/mean) + mean - x, without cancellation where x is near
// the mean.
func deviance(x, mean float64) float64 {
	if math.Abs(x-mean) >= 0.1*(x+mean) {
		return x*math.Log(x/mean) + mean - x
	}
	v := (x - mean) / (x + mean)
	sum, term := (x-mean)*v, 2*x*v
	for j := 1; ; j++ {
		term *= v * v
		next := sum + term/float64(2*j+1)
		if next == sum {
			return next
		}
		sum = next
	}
}

// binomialTail adds P(X = k), P(X = k+step), ... for X ~ Binomial(n, p), away
// from the mode, until the terms no longer count.
func binomialTail(k, step, n int, p float64) float64 {
	sum := 0.0
	for ; k >= 0 && k <= n; k += step {
		mass := binomialMass(k, n, p)
		sum += mass
		if mass <= sum*1e-17 {
			break
		}
	}
	return sum
}

// studentCritical is the Student t that is exceeded on both sides together with
// the given probability.
func studentCritical(significance, degrees float64) float64 {
	if degrees > 1e7 {
		return -normalQuantile(significance / 2)
	}
	if !(significance < 1) {
		return 0
	}
	// Newton's method for log P by log t, from the expansion about the normal
	// quantile (Abramowitz and Stegun, 26.7.5).
	z := -normalQuantile(significance / 2)
	t := z + (z*z*z+z)/(4*degrees)
	scale := math.Exp(-mathext.Lbeta(degrees/2, 0.5)) / math.Sqrt(degrees)
	for range 20 {
		p := studentTwoSided(t, degrees)
		density := scale * math.Exp(-(degrees+1)/2*math.Log1p(t*t/degrees))
		step := p / (2 * density * t) * math.Log(p/significance)
		if t *= math.Exp(step); !(math.Abs(step) < 50) {
			break
		}
		if math.Abs(step) < 1e-12 {
			return t
		}
	}
	x := betaQuantile(significance, degrees/2, 0.5)
	return math.Sqrt(degrees * (1 - x) / x)
}

// regularBeta is the regularised incomplete beta function, with its limits at
// a or b of zero.
func regularBeta(a, b, x float64) float64 {
	switch {
	case a <= 0:
		return 1
	case b <= 0:
		return 0
	}
	return mathext.RegIncBeta(a, b, x)
}

func logisticCDF(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
