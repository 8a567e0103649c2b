package stats

// ranked is how a model's related and unrelated scores stand against each
// other: placement values (DeLong et al. 1988) by triplet.
type ranked struct {
	auc float64
	// positive is the share of the unrelated scores below each related one, ties
	// half; negative the share of the related scores above each unrelated one.
	positive, negative []float64
}

func rank(related, unrelated []float64) ranked {
	r := ranked{positive: make([]float64, len(related)), negative: make([]float64, len(unrelated))}
	up, down := ordering(related), ordering(unrelated)
	place := func(into []float64, order []int, score []float64, others []int, other []float64, above bool) {
		below, atMost := 0, 0
		for _, i := range order {
			for below < len(others) && other[others[below]] < score[i] {
				below++
			}
			for atMost < len(others) && other[others[atMost]] <= score[i] {
				atMost++
			}
			halves := below + atMost
			if above {
				halves = 2*len(others) - halves
			}
			into[i] = float64(halves) / (2 * float64(len(others)))
		}
	}
	place(r.positive, up, related, down, unrelated, false)
	place(r.negative, down, unrelated, up, related, true)
	r.auc = AUC(related, unrelated)
	return r
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
