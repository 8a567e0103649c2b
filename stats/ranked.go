package stats

// ranked is how a model's related and unrelated scores stand against each other,
// by triplet, in whole numbers.
type ranked struct {
	auc       float64
	precision float64 // average, see AveragePrecision
	// under counts for each related score the unrelated ones below it twice and those
	// equal to it once; over does for each unrelated score with the related ones.
	under, over []int32
}

func rank(related, unrelated []float64) ranked {
	up, down := ordering(related), ordering(unrelated)
	r := ranked{under: halvesBelow(related, up, unrelated, down), over: halvesBelow(unrelated, down, related, up)}
	total := 0
	for _, halves := range r.under {
		total += int(halves)
	}
	r.precision = averagePrecision(at(related, up), at(unrelated, down))
	r.auc = float64(total) / (2 * float64(len(related)) * float64(len(unrelated)))
	return r
}

// halvesBelow counts, for each score, the others below it twice and those equal
// to it once, both given with their ascending order.
func halvesBelow(score []float64, order []int, other []float64, others []int) []int32 {
	halves := make([]int32, len(score))
	below, atMost := 0, 0
	for _, i := range order {
		for below < len(others) && other[others[below]] < score[i] {
			below++
		}
		for atMost < len(others) && other[others[atMost]] <= score[i] {
			atMost++
		}
		halves[i] = int32(below + atMost)
	}
	return halves
}

// positive and negative are placement values (DeLong et al. 1988): the share of
// the unrelated scores below a related one, ties half, and the share of the
// related scores above an unrelated one.
func (r ranked) positive(i int) float64 { return float64(r.under[i]) / (2 * float64(len(r.over))) }
func (r ranked) negative(i int) float64 {
	most := 2 * len(r.under)
	return float64(most-int(r.over[i])) / float64(most)
}

// pull is each triplet's weight in the AUC in whole numbers, see [influence].
func (r ranked) pull() []int32 {
	pull := make([]int32, len(r.under))
	for i, halves := range r.under {
		pull[i] = halves - r.over[i]
	}
	return pull
}

// influence is each triplet's pull on an AUC: the placements of its two scores
// less what is expected of them (Hoeffding's projection), 1 - 2 AUC. In whole numbers
// until the last step: what does not vary is 0, and not a remainder of rounding.
func influence(pull []int32) []float64 {
	n, sum := int64(len(pull)), int64(0)
	for _, halves := range pull {
		sum += int64(halves)
	}
	list, scale := make([]float64, n), 2*float64(n)*float64(n)
	for i, halves := range pull {
		list[i] = float64(n*int64(halves)-sum) / scale
	}
	return list
}

// independent is the variance of DeLong, DeLong and Clarke-Pearson (1988),
// which takes all scores as independent. As R pROC var(method = "delong").
func (r ranked) independent() float64 {
	squares := func(placement func(int) float64, n int) float64 {
		sum := 0.0
		for i := range n {
			sum += (placement(i) - r.auc) * (placement(i) - r.auc)
		}
		return sum / float64(n-1) / float64(n)
	}
	return squares(r.positive, len(r.under)) + squares(r.negative, len(r.over))
}
