package stats

import (
	"math"
	"slices"
)

// doubleCentred is the matrix -1/2 HDH of a matrix of distances, H centring, as a
// vector: the diagonal, and the upper half times the root of 2. Products of such
// vectors are those of distances after whitening.
func doubleCentred(values []float64, n int) []float64 {
	row, all := make([]float64, n), 0.0
	eachPair(n, func(at, i, j int) {
		row[i] += values[at] / float64(n)
		row[j] += values[at] / float64(n)
		all += 2 * values[at] / float64(n*n)
	})
	centred := make([]float64, len(values), len(values)+n)
	eachPair(n, func(at, i, j int) { centred[at] = -math.Sqrt2 / 2 * (values[at] - row[i] - row[j] + all) })
	for i := range n {
		centred = append(centred, -0.5*(all-2*row[i]))
	}
	return centred
}

// lessMean is values less their mean: zeros where they are equal, whatever their sum is
// rounded to.
func lessMean(values []float64) []float64 {
	if slices.Min(values) == slices.Max(values) {
		return make([]float64, len(values))
	}
	_, rest := centred(values)
	return rest
}
