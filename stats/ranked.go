package stats

// ranked is how a model's related and unrelated scores stand against each
// other: placement values (DeLong et al. 1988) by triplet.
type ranked struct {
	auc       float64
	precision float64 // average, see AveragePrecision
	// positive is the share of the unrelated scores below each related one, ties
	// half; negative the share of the related scores above each unrelated one.
	positive, negative []float64
}

func rank(related, unrelated []float64) ranked {
	up, down := ordering(related), ordering(unrelated)
	below := halvesBelow(related, up, unrelated, down)
	above := halvesBelow(unrelated, down, related, up)
	r := ranked{positive: make([]float64, len(related)), negative: make([]float64, len(unrelated))}
	total := 0
	for i, halves := range below {
		total += halves
		r.positive[i] = float64(halves) / (2 * float64(len(unrelated)))
	}
	for i, halves := range above {
		r.negative[i] = 1 - float64(halves)/(2*float64(len(related)))
	}
	r.precision = averagePrecision(at(related, up), at(unrelated, down))
	r.auc = float64(total) / (2 * float64(len(related)) * float64(len(unrelated)))
	return r
}

// halvesBelow counts, for each score, the others below it twice and those equal
// to it once, both given with their ascending order.
func halvesBelow(score []float64, order []int, other []float64, others []int) []int {
	halves := make([]int, len(score))
	below, atMost := 0, 0
	for _, i := range order {
		for below < len(others) && other[others[below]] < score[i] {
			below++
		}
		for atMost < len(others) && other[others[atMost]] <= score[i] {
			atMost++
		}
		halves[i] = below + atMost
	}
	return halves
}

// influence is each triplet's pull on the AUC: the placements of its two scores
// less what is expected of them (Hoeffding's projection).
func (r ranked) influence() []float64 {
	pull := make([]float64, len(r.positive))
	for i, p := range r.positive {
		pull[i] = p - r.auc + r.negative[i] - r.auc
	}
	return pull
}

// independent is the variance of DeLong, DeLong and Clarke-Pearson (1988),
// which takes all scores as independent. As R pROC var(method = "delong").
func (r ranked) independent() float64 {
	squares := func(placements []float64) float64 {
		sum := 0.0
		for _, p := range placements {
			sum += (p - r.auc) * (p - r.auc)
		}
		n := float64(len(placements))
		return sum / (n - 1) / n
	}
	return squares(r.positive) + squares(r.negative)
}
