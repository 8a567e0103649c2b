package compose

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Similarity measures how alike pictures a and b look (indices into
// Input.Pictures), symmetric, larger is more alike.
type Similarity func(a, b int) float64

// maxLikeness is the number of pairs of pictures over which a distribution of
// likeness is taken; of more pairs a sample of this size.
const maxLikeness = 100_000

// likeness is a similarity together with its distribution over the pairs of
// pictures that nothing ties: what counts as alike is relative.
type likeness struct {
	similarity Similarity
	sorted     []float64
}

func newLikeness(similarity Similarity, pairs [][2]int) likeness {
	l := likeness{similarity: similarity, sorted: make([]float64, len(pairs))}
	for i, p := range pairs {
		l.sorted[i] = similarity(p[0], p[1])
	}
	slices.Sort(l.sorted)
	return l
}

// untied returns pairs among n pictures that nothing ties: all, or where
// there are more than maxLikeness pairs, a sample.
func untied(n int, tied func(a, b int) bool, seed uint64) (pairs [][2]int) {
	if n*(n-1)/2 > maxLikeness {
		r := rand.New(rand.NewPCG(seed, 1))
		for range maxLikeness {
			if a, b := r.IntN(n), r.IntN(n); a != b && !tied(a, b) {
				pairs = append(pairs, [2]int{a, b})
			}
		}
		return pairs
	}
	for a := range n {
		for b := range a {
			if !tied(a, b) {
				pairs = append(pairs, [2]int{a, b})
			}
		}
	}
	return pairs
}

// quantile returns the similarity of rank floor(p n) of the n sorted ones, p in
// 0..1: no interpolation. Without any it is NaN, which is
// neither larger nor smaller than a number.
func (l likeness) quantile(p float64) float64 {
	n := len(l.sorted)
	if n == 0 {
		return math.NaN()
	}
	return l.sorted[min(int(p*float64(n)), n-1)]
}

// within reports whether a similarity lies between the quantiles low and high
// of pictures that nothing ties.
func (l likeness) within(v, low, high float64) bool {
	return v >= l.quantile(low) && v <= l.quantile(high)
}
