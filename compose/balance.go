package compose

import "math"

// maxLean is how far the count of a cell may lean to one side: after n
// triplets the share in which the related picture is the more alike lies
// within maxLean/2n of a half.
const maxLean = 2

// cell is a relation and a kind of distractor.
type cell struct{ relation, kind string }

// balance counts, for each cell and measure, the triplets whose related
// picture looks more like the target than the distractor does, less those in
// which it is the other way round. A measure that decides by likeness alone is
// right as often as wrong where its count is near zero.
type balance struct {
	measures []likeness
	lean     map[cell][]int
	scale    []float64 // the middle half of each measure: margins become comparable
}

func newBalance(measures []Similarity, pairs [][2]int) *balance {
	b := &balance{lean: map[cell][]int{}}
	for _, measure := range measures {
		l := newLikeness(measure, pairs)
		b.measures = append(b.measures, l)
		b.scale = append(b.scale, max(l.quantile(.75)-l.quantile(.25), 1e-9))
	}
	return b
}

// counts are those of a cell, by measure.
func (b *balance) counts(c cell) []int {
	if b.lean[c] == nil {
		b.lean[c] = make([]int, len(b.measures))
	}
	return b.lean[c]
}

// margins are how much more alike, by each measure, the related picture is.
func (b *balance) margins(t Triplet) []float64 {
	margins := make([]float64, len(b.measures))
	for i, l := range b.measures {
		margins[i] = (l.similarity(t.Target, t.Related) - l.similarity(t.Target, t.Unrelated)) / b.scale[i]
	}
	return margins
}

func (b *balance) add(t Triplet) {
	lean := b.counts(cell{t.Relation, t.Distractor})
	for i, m := range b.margins(t) {
		lean[i] += sign(m)
	}
}

// cost ranks a triplet: first by how far the counts would lean with it, then
// by how unequal the two pictures are in likeness. It is infinite where a
// count would lean further than maxLean and further than it does.
func (b *balance) cost(t Triplet) float64 {
	lean, unequal := 0, 0.0
	counts := b.counts(cell{t.Relation, t.Distractor})
	for i, m := range b.margins(t) {
		now, then := abs(counts[i]), abs(counts[i]+sign(m))
		if then > maxLean && then > now {
			return math.Inf(1)
		}
		lean += then
		unequal += math.Abs(m)
	}
	// The arctangent keeps the second rank from outweighing the first.
	return float64(lean) + math.Atan(unequal)/math.Pi
}

// levelled keeps of the candidates those with which the counts of the relation
// lean least.
func (b *balance) levelled(pair [2]int, relation string, candidates []int) (best []int) {
	counts, least := b.counts(cell{relation, ""}), math.MaxInt
	for _, u := range candidates {
		lean := 0
		for i, m := range b.margins(Triplet{Target: pair[0], Related: pair[1], Unrelated: u}) {
			lean += abs(counts[i] + sign(m))
		}
		if lean < least {
			best, least = nil, lean
		}
		if lean == least {
			best = append(best, u)
		}
	}
	return best
}

func sign(v float64) int {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

func abs(n int) int { return max(n, -n) }
