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
// items (rows) by raters (columns). NaN with fewer than two of either, or where
// nothing varies; no interval where raters agree up to a constant, for then the
// residual is zero. As R psych ICC(lmer = FALSE).
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
	return icc, Interval{low * k / (1 + low*(k-1)), high * k / (1 + high*(k-1))}
}

// meanSquares are those of a two-way analysis of variance with one observation
// in each cell.
func meanSquares(table [][]float64) (items, raters, residual float64) {
	n, k := float64(len(table)), float64(len(table[0]))
	rows, columns := make([]float64, len(table)), make([]float64, len(table[0]))
	grand := 0.0
	for i, row := range table {
		for j, value := range row {
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
	return items / (n - 1), raters / (k - 1), residual / ((n - 1) * (k - 1))
}
