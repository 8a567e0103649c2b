package stats

import (
	"math"
	"sort"
)

// McNemar is the exact two-sided p-value for two models judged on the same
// items (McNemar 1947), from the items that only one of them got right: the
// binomial test of onlyA against onlyB. 1 where there are none. As statsmodels
// mcnemar(exact=True).
func McNemar(onlyA, onlyB int) float64 {
	if onlyA == onlyB {
		return 1
	}
	return min(1, 2*binomialTail(min(onlyA, onlyB), -1, onlyA+onlyB, 0.5))
}

// McNemarMidP is the mid-p variant, which is less conservative: the exact
// p-value less the probability of the table seen, or less half of it where the
// counts are equal (Fagerland, Lydersen and Laake 2013).
func McNemarMidP(onlyA, onlyB int) float64 {
	n := onlyA + onlyB
	switch {
	case n == 0:
		return 1
	case onlyA == onlyB:
		return 1 - binomialMass(onlyA, n, 0.5)/2
	}
	return McNemar(onlyA, onlyB) - binomialMass(onlyA, n, 0.5)
}

// smallestSignificant is the smallest |onlyA - onlyB| that exact McNemar finds
// among the given number of discordant triplets; NaN where none would be.
func smallestSignificant(discordant int, significance float64) float64 {
	fewest := discordant/2 + 1 // of the model with fewer, counted down from the middle
	steps := sort.Search(fewest, func(i int) bool {
		few := discordant/2 - i
		return McNemar(few, discordant-few) <= significance
	})
	if steps == fewest {
		return math.NaN()
	}
	return float64(discordant - 2*(discordant/2-steps))
}

// CochranQ tests whether several models have the same error on the same
// triplets (Cochran 1950). Ties count as wrong, since Q needs two outcomes.
type CochranQ struct {
	Q       Number `json:"q"`
	Degrees int    `json:"degrees"`
	// P is the chi-square approximation, for independent triplets. As
	// statsmodels cochrans_q.
	P Number `json:"p"`
	// Permutation is the p-value from permuting the models within each
	// cluster, ties by the chosen policy, which allows for dependent triplets.
	Permutation  Number `json:"permutation_p"`
	Permutations int    `json:"permutations"`
}

// cochran is Q and its chi-square p-value for right[m][i], model m on item i.
func cochran(right [][]bool) CochranQ {
	models := len(right)
	columns, rows := make([]float64, models), make([]float64, len(right[0]))
	total, columnSquares, rowSquares := 0.0, 0.0, 0.0
	for m := range right {
		for i, ok := range right[m] {
			columns[m] += indicator(ok)
			rows[i] += indicator(ok)
		}
		total += columns[m]
		columnSquares += columns[m] * columns[m]
	}
	for _, row := range rows {
		rowSquares += row * row
	}
	k := float64(models)
	q := (k - 1) * (k*columnSquares - total*total) / (k*total - rowSquares)
	return CochranQ{Q: Number(q), Degrees: models - 1, P: Number(chiSquareTail(q, k-1)), Permutation: nan}
}

// permuteModels is the p-value of the spread of the models' totals when the
// models of each cluster are permuted; missed[m][c] are halves.
func (o Options) permuteModels(missed [][]int32) (p float64, permutations int) {
	// Clusters on which all models agree move every total alike: they need no
	// permuting.
	var varied [][]int32
	totals := make([]int64, len(missed))
	for c := range missed[0] {
		row := make([]int32, len(missed))
		same := true
		for m := range missed {
			row[m] = missed[m][c]
			same = same && row[m] == row[0]
			totals[m] += int64(row[m])
		}
		if !same {
			varied = append(varied, row)
		}
	}
	permutations = o.affordable(len(varied) * len(missed))
	seen := squares(totals)
	extreme := make([]bool, permutations)
	parallel(permutations, func() func(int) {
		row, sums := make([]int32, len(missed)), make([]int64, len(missed))
		return func(r int) {
			source := o.source(permutationStream, r)
			clear(sums)
			for _, cluster := range varied {
				copy(row, cluster)
				shuffle(row, source)
				for m, value := range row {
					sums[m] += int64(value)
				}
			}
			extreme[r] = squares(sums) >= seen
		}
	})
	return permutationP(extreme), permutations
}

// squares is the sum of squares about the mean, times the number of values, so
// that it stays a whole number.
func squares(sums []int64) int64 {
	var total, square int64
	for _, sum := range sums {
		total += sum
		square += sum * sum
	}
	return int64(len(sums))*square - total*total
}

// permutationP is the share of permutations at least as extreme as the data,
// which counts as one of them (Phipson and Smyth 2010).
func permutationP(extreme []bool) float64 {
	reached := 1.0
	for _, hit := range extreme {
		reached += indicator(hit)
	}
	return reached / float64(len(extreme)+1)
}
