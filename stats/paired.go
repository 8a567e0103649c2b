package stats

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

// CochranQ tests whether several models have the same error on the same
// triplets (Cochran 1950). Ties count as wrong, since Q needs two outcomes.
type CochranQ struct {
	Q       Number `json:"q"`
	Degrees int    `json:"degrees"`
	// P is the chi-square approximation, for independent triplets. As
	// statsmodels cochrans_q.
	P Number `json:"p"`
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
	return CochranQ{Q: Number(q), Degrees: models - 1, P: Number(chiSquareTail(q, k-1))}
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
