package stats

import "math"

// Fisher is the exact two-sided p-value of the 2 x 2 table a b / c d under
// fixed margins (Fisher 1935): the total probability of all tables that are no
// more likely than this one. As R fisher.test and SciPy fisher_exact, with
// R's relative tolerance of 1e-7. Counts must not be negative; an empty margin gives 1.
func Fisher(a, b, c, d int) float64 {
	row, column, n := a+b, a+c, a+b+c+d
	mass := func(x int) float64 {
		return math.Exp(logChoose(column, x) + logChoose(n-column, row-x) - logChoose(n, row))
	}
	seen, p := mass(a)*tieTolerance, 0.0
	for x := max(0, row+column-n); x <= min(row, column); x++ {
		if m := mass(x); m <= seen {
			p += m
		}
	}
	return min(1, p)
}

// logChoose is the logarithm of n over k.
func logChoose(n, k int) float64 {
	whole, _ := math.Lgamma(float64(n + 1))
	chosen, _ := math.Lgamma(float64(k + 1))
	rest, _ := math.Lgamma(float64(n - k + 1))
	return whole - chosen - rest
}
