package stats

import (
	"cmp"
	"math"
	"slices"
)

// radixMinimum is the length from which a radix sort beats a comparison sort.
const radixMinimum = 2048

// sorted is an ascending copy of scores, or nil where there are none or one of
// them is NaN.
func sorted(scores []float64) []float64 {
	if len(scores) == 0 || slices.ContainsFunc(scores, math.IsNaN) {
		return nil
	}
	if len(scores) < radixMinimum {
		ascending := slices.Clone(scores)
		slices.Sort(ascending)
		return ascending
	}
	keys := make([]bareKey, len(scores))
	for i, score := range scores {
		keys[i] = bareKey(orderedBits(score))
	}
	ascending := make([]float64, len(scores))
	for i, key := range radixSorted(keys) {
		ascending[i] = fromOrderedBits(uint64(key))
	}
	return ascending
}

// ordering is the indices of x in ascending order of its values, equal values
// in the order in which they stand.
func ordering(x []float64) []int {
	keys := make([]indexedKey, len(x))
	for i, value := range x {
		keys[i] = indexedKey{orderedBits(value), i}
	}
	if len(x) < radixMinimum {
		slices.SortStableFunc(keys, func(a, b indexedKey) int { return cmp.Compare(a.key, b.key) })
	} else {
		keys = radixSorted(keys)
	}
	order := make([]int, len(x))
	for i, key := range keys {
		order[i] = key.index
	}
	return order
}

// bareKey and indexedKey are what radixSorted sorts.
type bareKey uint64

type indexedKey struct {
	key   uint64
	index int
}

func (k bareKey) bits() uint64    { return uint64(k) }
func (k indexedKey) bits() uint64 { return k.key }

// radixSorted sorts by the bits of the keys, stably, 11 at a time from the
// lowest up, leaving out digits that all keys share (the low ones of scores that
// were float32). The keys are overwritten.
func radixSorted[K interface{ bits() uint64 }](keys []K) []K {
	const digits, width, mask = 6, 11, 1<<11 - 1
	var counts [digits][mask + 1]uint32
	for _, key := range keys {
		bits := key.bits()
		for d := range digits {
			counts[d][bits>>(d*width)&mask]++
		}
	}
	other := make([]K, len(keys))
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
			position := &counts[d][key.bits()>>(d*width)&mask]
			other[*position] = key
			*position++
		}
		keys, other = other, keys
	}
	return keys
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
