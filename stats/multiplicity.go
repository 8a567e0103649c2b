package stats

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// Holm adjusts p-values so that the chance of any false rejection among them
// stays below the level (Holm 1979). NaNs stay NaN and do not count. As
// statsmodels multipletests(method="holm").
func Holm(p []float64) []float64 {
	order := ascendingDefined(p)
	adjusted, largest := allNaN(len(p)), 0.0
	for rank, i := range order {
		largest = max(largest, float64(len(order)-rank)*p[i])
		adjusted[i] = min(1, largest)
	}
	return adjusted
}

// benjaminiHochberg adjusts p-values so that the expected share of false
// rejections stays below the level (Benjamini and Hochberg 1995). NaNs stay NaN
// and do not count. As statsmodels multipletests(method="fdr_bh").
func benjaminiHochberg(p []float64) []float64 {
	order := ascendingDefined(p)
	adjusted, smallest := allNaN(len(p)), 1.0
	for rank, i := range slices.Backward(order) {
		smallest = min(smallest, p[i]*(float64(len(order))/float64(rank+1)))
		adjusted[i] = smallest
	}
	return adjusted
}

func ascendingDefined(p []float64) []int {
	var order []int
	for i, value := range p {
		if !math.IsNaN(value) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	return order
}

func allNaN(n int) []float64 {
	return slices.Repeat([]float64{math.NaN()}, n)
}

// cliques lists the maximal sets of models in which no two differ (Bron and
// Kerbosch 1973, with a pivot), given for each model the bit set of the others
// it does not differ from; at most 64 models.
func cliques(alike []uint64) [][]int {
	var found [][]int
	var extend func(chosen, open, closed uint64)
	extend = func(chosen, open, closed uint64) {
		if open|closed == 0 {
			found = append(found, members(chosen))
			return
		}
		pivot := slices.MaxFunc(members(open|closed), func(a, b int) int {
			return cmp.Compare(bits.OnesCount64(alike[a]&open), bits.OnesCount64(alike[b]&open))
		})
		for _, m := range members(open &^ alike[pivot]) {
			extend(chosen|1<<m, open&alike[m], closed&alike[m])
			open &^= 1 << m
			closed |= 1 << m
		}
	}
	extend(0, 1<<len(alike)-1, 0)
	slices.SortFunc(found, slices.Compare)
	return found
}

func members(set uint64) []int {
	var list []int
	for ; set != 0; set &= set - 1 {
		list = append(list, bits.TrailingZeros64(set))
	}
	return list
}
