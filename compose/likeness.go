package compose

import "slices"

// Similarity measures how alike pictures a and b look (indices into
// Input.Concepts), symmetric, larger is more alike.
type Similarity func(a, b int) float64

// likeness is a similarity together with its distribution over all pairs of
// pictures that the table calls unrelated: what counts as alike is relative.
type likeness struct {
	of     Similarity
	sorted []float64
}

func newLikeness(of Similarity, concepts []Concept) likeness {
	l := likeness{of: of}
	for a := range concepts {
		for b := range a {
			if concepts[a].Unrelated(concepts[b]) {
				l.sorted = append(l.sorted, of(a, b))
			}
		}
	}
	slices.Sort(l.sorted)
	return l
}

// quantile returns the similarity of rank floor(p n) of the n sorted ones, p in
// 0..1: no interpolation.
func (l likeness) quantile(p float64) float64 {
	n := len(l.sorted)
	return l.sorted[min(int(p*float64(n)), n-1)]
}

// within reports whether pictures a and b are alike to a degree between the
// quantiles low and high of unrelated pictures.
func (l likeness) within(a, b int, low, high float64) bool {
	v := l.of(a, b)
	return v >= l.quantile(low) && v <= l.quantile(high)
}
