package stats

import "math"

// AUC is the probability that a random positive score exceeds a random
// negative one, ties counting half: the Mann-Whitney statistic over the number
// of pairs. NaN where a class is empty or a score is NaN. O(n) for large n. As
// scikit-learn roc_auc_score.
func AUC(positive, negative []float64) float64 {
	positive, negative = sorted(positive), sorted(negative)
	if positive == nil || negative == nil {
		return math.NaN()
	}
	var halves uint64 // 2 for each negative below a positive, 1 for each tie
	below, atMost := 0, 0
	for _, score := range positive {
		for below < len(negative) && negative[below] < score {
			below++
		}
		for atMost < len(negative) && negative[atMost] <= score {
			atMost++
		}
		halves += uint64(below + atMost)
	}
	return float64(halves) / (2 * float64(len(positive)) * float64(len(negative)))
}
