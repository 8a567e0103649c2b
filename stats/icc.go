package stats

import "math"

// icc is the intraclass correlation of the raters and pairs that its rule
// keeps; NaN with fewer than two of either.
func (p panel) icc(level float64) ICC {
	table := p.completeTable()
	icc, interval := ICC2k(table, level)
	result := ICC{ICC2k: Number(icc), Interval: interval, Pairs: len(table)}
	if len(table) > 0 {
		result.Raters = len(table[0])
	}
	return result
}

// completeTable keeps the raters who judged at least half of the pairs, and the
// pairs that all of these judged: one row for each pair.
func (p panel) completeTable() [][]float64 {
	var raters [][]float64
	for _, rater := range p.value {
		if 2*len(definedOnly(rater)) >= len(rater) {
			raters = append(raters, rater)
		}
	}
	var table [][]float64
	for k := range p.key {
		var row []float64
		for _, rater := range raters {
			if !math.IsNaN(rater[k]) {
				row = append(row, rater[k])
			}
		}
		if len(row) > 0 && len(row) == len(raters) {
			table = append(table, row)
		}
	}
	return table
}

// ICC2k is the reliability of the mean of k raters, ICC(2,k) of Shrout and
// Fleiss (1979), with their approximate interval, for a complete table of
// items (rows) by raters (columns). NaN with fewer than two of either, where
// nothing varies but by rounding, and where raters oppose each other so much that
// the estimate leaves the range of a correlation. No interval where raters agree
// up to a constant, for then the residual is zero, and where an end leaves that
// range: the interval of a single rater's reliability then reaches the pole of
// the step to k raters. As R psych ICC(lmer = FALSE) elsewhere.
func ICC2k(table [][]float64, level float64) (float64, Interval) {
	n := float64(len(table))
	if n < 2 || len(table[0]) < 2 {
		return math.NaN(), undefined
	}
	k := float64(len(table[0]))
	between, raters, residual := meanSquares(table)
	if between == 0 && residual == 0 {
		return math.NaN(), undefined
	}
	icc := (between - residual) / (between + (raters-residual)/n)
	if !correlates(icc) {
		return math.NaN(), undefined
	}
	single := (between - residual) / (between + (k-1)*residual + k*(raters-residual)/n)
	f := raters / residual
	a, b := k*single*f, n*(1+(k-1)*single)-k*single
	degrees := (k - 1) * (n - 1) * (a + b) * (a + b) / ((n-1)*a*a + b*b)
	if math.IsNaN(degrees) || math.IsInf(degrees, 0) || degrees <= 0 {
		return icc, undefined
	}
	upper, lower := fQuantile((1+level)/2, n-1, degrees), fQuantile((1+level)/2, degrees, n-1)
	spread := k*raters + (k*n-k-n)*residual
	low := n * (between - upper*residual) / (upper*spread + n*between)
	high := n * (lower*between - residual) / (spread + n*lower*between)
	interval := Interval{low * k / (1 + low*(k-1)), high * k / (1 + high*(k-1))}
	if !correlates(interval.Low) || !correlates(interval.High) || interval.Low > icc || interval.High < icc {
		return icc, undefined
	}
	return icc, interval
}

// correlates reports whether x lies where correlations do.
func correlates(x float64) bool { return x >= -1 && x <= 1 }

// rounding is the relative size below which squares of differences are none.
const rounding = 1e-26

// meanSquares are those of a two-way analysis of variance with one observation
// in each cell.
func meanSquares(table [][]float64) (items, raters, residual float64) {
	n, k := float64(len(table)), float64(len(table[0]))
	rows, columns := make([]float64, len(table)), make([]float64, len(table[0]))
	grand, largest := 0.0, 0.0
	for i, row := range table {
		for j, value := range row {
			largest = max(largest, math.Abs(value))
			rows[i] += value / k
			columns[j] += value / n
			grand += value / (n * k)
		}
	}
	for i, row := range table {
		items += k * (rows[i] - grand) * (rows[i] - grand)
		for j, value := range row {
			e := value - rows[i] - columns[j] + grand
			residual += e * e
		}
	}
	for _, column := range columns {
		raters += n * (column - grand) * (column - grand)
	}
	// Answers that do not vary differ from their mean by rounding.
	rounded := func(square float64) float64 {
		if square <= rounding*n*k*largest*largest {
			return 0
		}
		return square
	}
	return rounded(items) / (n - 1), rounded(raters) / (k - 1), rounded(residual) / ((n - 1) * (k - 1))
}
