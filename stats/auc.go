package stats

import (
	"math"
	"slices"
)

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

// radixMinimum is the length from which a radix sort beats a comparison sort.
const radixMinimum = 2048

// sorted is an ascending copy of scores, or nil where there are none or one of
// them is NaN.
func sorted(scores []float64) []float64 {
	if len(scores) == 0 || slices.ContainsFunc(scores, math.IsNaN) {
		return nil
	}
	if len(scores) >= radixMinimum {
		return radixSorted(scores)
	}
	ascending := slices.Clone(scores)
	slices.Sort(ascending)
	return ascending
}

// radixSorted sorts the bits of the scores, 11 at a time from the lowest up,
// leaving out digits that all scores share (the low ones of scores that were
// float32).
func radixSorted(scores []float64) []float64 {
	const digits, bits, mask = 6, 11, 1<<11 - 1
	keys := make([]uint64, len(scores))
	var counts [digits][mask + 1]uint32
	for i, score := range scores {
		keys[i] = orderedBits(score)
		for d := range digits {
			counts[d][keys[i]>>(d*bits)&mask]++
		}
	}
	other := make([]uint64, len(keys))
	for d := range digits {
		if slices.Contains(counts[d][:], uint32(len(keys))) {
			continue
		}
		next := uint32(0)
		for value, count := range counts[d] {
			counts[d][value] = next
			next += count
		}
		for _, key := range keys {
			position := &counts[d][key>>(d*bits)&mask]
			other[*position] = key
			*position++
		}
		keys, other = other, keys
	}
	ascending := make([]float64, len(keys))
	for i, key := range keys {
		ascending[i] = fromOrderedBits(key)
	}
	return ascending
}

// orderedBits maps a float64 to an integer of the same order; -0 becomes 0.
func orderedBits(x float64) uint64 {
	bits := math.Float64bits(x + 0)
	if bits>>63 == 1 {
		return ^bits
	}
	return bits | 1<<63
}

func fromOrderedBits(key uint64) float64 {
	if key>>63 == 1 {
		return math.Float64frombits(key &^ (1 << 63))
	}
	return math.Float64frombits(^key)
}
