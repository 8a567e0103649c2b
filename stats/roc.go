package stats

import (
	"encoding/json"
	"iter"
	"math"
)

// ROCPoint is the pair of rates that results from calling every score at or
// above Threshold positive.
type ROCPoint struct {
	FalsePositiveRate, TruePositiveRate, Threshold float64
}

// MarshalJSON writes the infinite threshold of the first point as null.
func (p ROCPoint) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		FalsePositiveRate float64 `json:"false_positive_rate"`
		TruePositiveRate  float64 `json:"true_positive_rate"`
		Threshold         Number  `json:"threshold"`
	}{p.FalsePositiveRate, p.TruePositiveRate, Number(p.Threshold)})
}

// ROC is the curve from (0,0), whose threshold is +Inf, to (1,1), one further
// point for each distinct score, highest first. Nil where AUC is NaN. As
// scikit-learn roc_curve(drop_intermediate=False).
func ROC(positive, negative []float64) []ROCPoint {
	positive, negative = sorted(positive), sorted(negative)
	if positive == nil || negative == nil {
		return nil
	}
	points := []ROCPoint{{0, 0, math.Inf(1)}}
	for threshold, counts := range thresholds(positive, negative) {
		points = append(points, ROCPoint{
			FalsePositiveRate: float64(counts.negative) / float64(len(negative)),
			TruePositiveRate:  float64(counts.positive) / float64(len(positive)),
			Threshold:         threshold,
		})
	}
	return points
}

// AveragePrecision is the sum over distinct thresholds, highest first, of
// precision times the rise in recall. NaN where AUC is. As scikit-learn
// average_precision_score.
func AveragePrecision(positive, negative []float64) float64 {
	positive, negative = sorted(positive), sorted(negative)
	if positive == nil || negative == nil {
		return math.NaN()
	}
	return averagePrecision(positive, negative)
}

// averagePrecision is AveragePrecision of ascending scores.
func averagePrecision(positive, negative []float64) float64 {
	sum, recalled := 0.0, 0
	for _, counts := range thresholds(positive, negative) {
		precision := float64(counts.positive) / float64(counts.positive+counts.negative)
		sum += precision * float64(counts.positive-recalled) / float64(len(positive))
		recalled = counts.positive
	}
	return sum
}

// called counts the scores at or above a threshold.
type called struct{ positive, negative int }

// thresholds yields the distinct values of ascending scores, highest first, with
// the number of positive and negative scores at or above each.
func thresholds(positive, negative []float64) iter.Seq2[float64, called] {
	return func(yield func(float64, called) bool) {
		p, n := len(positive), len(negative) // scores not yet called
		for p > 0 || n > 0 {
			threshold := math.Inf(-1)
			if p > 0 {
				threshold = positive[p-1]
			}
			if n > 0 {
				threshold = max(threshold, negative[n-1])
			}
			for p > 0 && positive[p-1] == threshold {
				p--
			}
			for n > 0 && negative[n-1] == threshold {
				n--
			}
			if !yield(threshold, called{len(positive) - p, len(negative) - n}) {
				return
			}
		}
	}
}
