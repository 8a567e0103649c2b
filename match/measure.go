package match

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/akin-vision/akin/internal/english"
)

// Measure says how alike two vectors are: the larger, the more alike.
type Measure string

const (
	Cosine    Measure = "cosine"    // of the angle; 0 where a vector has no direction, as in scikit-learn
	Pearson   Measure = "pearson"   // correlation, the cosine of centred vectors; 0 for a constant vector
	Spearman  Measure = "spearman"  // correlation of ranks, equal values sharing their mean rank
	Dot       Measure = "dot"       // product, which grows with length
	Euclidean Measure = "euclidean" // the distance, negated: 0 for equal vectors, else below

	// Measures of items of which there are several pictures: squared distances without
	// what noise adds, so that they can be below 0; negated. Crossnobis counts a direction
	// the less, the more pictures of one item differ in it, as measured on other items.
	Crossvalidated Measure = "crossvalidated"
	Crossnobis     Measure = "crossnobis"
)

// measures are those of two vectors, the default first; ofRepeats those of items.
var (
	measures  = []Measure{Cosine, Pearson, Spearman, Dot, Euclidean}
	ofRepeats = []Measure{Crossvalidated, Crossnobis}
)

// OfRepeats reports whether the measure takes several pictures of each item.
func (m Measure) OfRepeats() bool { return slices.Contains(ofRepeats, m) }

// ParseMeasure reads a measure's name; empty is Cosine.
func ParseMeasure(name string) (Measure, error) {
	m := cmp.Or(Measure(name), Cosine)
	if !slices.Contains(measures, m) && !m.OfRepeats() {
		return "", fmt.Errorf("similarity %q is unknown%s", name, english.DidYouMean(name, strings.Split(MeasureNames(), ", ")))
	}
	return m, nil
}

// MeasureNames lists all measures for people.
func MeasureNames() string {
	var names []string
	for _, m := range slices.Concat(measures, ofRepeats) {
		names = append(names, string(m))
	}
	return strings.Join(names, ", ")
}

// finish turns the sum over a pair's dimensions into the measure, given the
// sums of squares of both vectors.
func (m Measure) finish(sum, aa, bb float64) float64 {
	switch {
	case m == Dot:
		return sum
	case m == Euclidean:
		return 0 - math.Sqrt(sum) // and no negative zero
	case aa == 0 || bb == 0:
		return 0
	}
	// The clamp keeps rounding from leaving -1..1.
	return max(-1, min(1, sum/(math.Sqrt(aa)*math.Sqrt(bb))))
}

// ranks are those of the values, from 1. Halves up to 2^23 are exact in float32.
func ranks(values []float32) []float32 {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(values[a], values[b]) })
	return MidRanks(values, order)
}

// MidRanks are the ranks of values from 1, equal values sharing their mean rank;
// order lists their indices in ascending order.
func MidRanks[F float32 | float64](values []F, order []int) []F {
	ranked := make([]F, len(values))
	for first := 0; first < len(order); {
		end := first + 1
		for end < len(order) && values[order[end]] == values[order[first]] {
			end++
		}
		for _, i := range order[first:end] {
			ranked[i] = F(first+1+end) / 2
		}
		first = end
	}
	return ranked
}

// mean is summed in float64.
func mean(values []float32) float64 {
	sum := 0.0
	for _, v := range values {
		sum += float64(v)
	}
	return sum / float64(len(values))
}
