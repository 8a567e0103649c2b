package lexicon

import (
	"cmp"
	"math"
	"slices"
)

// ancestors returns s and all that stand above it, with the fewest edges to each.
func (s *Synset) ancestors() map[*Synset]int {
	edges := map[*Synset]int{s: 0}
	for queue := []*Synset{s}; len(queue) > 0; queue = queue[1:] {
		for _, h := range queue[0].Hypernyms {
			if _, seen := edges[h]; !seen {
				edges[h] = edges[queue[0]] + 1
				queue = append(queue, h)
			}
		}
	}
	return edges
}

// IsA reports whether kind is s or stands above it.
func (s *Synset) IsA(kind *Synset) bool {
	return s == kind || slices.ContainsFunc(s.Hypernyms, func(h *Synset) bool { return h.IsA(kind) })
}

// Relation is how two synsets hang together in the graph of hypernyms. Its
// zero value stands for two that no synset subsumes.
type Relation struct {
	// Subsumer is the lowest common one: of the synsets above both (or being
	// one of them) that whose shortest way to a root is longest; of equals, a
	// if it is among them, else the first by name.
	Subsumer *Synset
	// Path similarity is 1/(1+d), d the edges of the shortest way from a to b
	// through a common subsumer: 0..1.
	Path float64
	// WuPalmer similarity (Wu & Palmer 1994) is 2D/(L1+L2): D is the longest
	// depth of the subsumer, in nodes; L1 and L2 are D and the edges of the
	// shortest way, through whatever common subsumer, from a and from b to it:
	// 0..1.
	WuPalmer float64
}

// Relate compares two synsets as NLTK 3.8 does (path_similarity,
// wup_similarity and lowest_common_hypernyms with use_min_depth), whose
// conventions Relation documents.
func Relate(a, b *Synset) Relation { return relate(a, a.ancestors(), b.ancestors()) }

func relate(a *Synset, fromA, fromB map[*Synset]int) Relation {
	var lowest *Synset
	for s := range fromA {
		if _, common := fromB[s]; common && (lowest == nil || lower(a, s, lowest)) {
			lowest = s
		}
	}
	if lowest == nil {
		return Relation{}
	}
	fromLowest := lowest.ancestors()
	depth := float64(lowest.MaxDepth() + 1)
	return Relation{
		Subsumer: lowest,
		Path:     1 / float64(1+distance(fromA, fromB)),
		WuPalmer: 2 * depth / (2*depth + float64(distance(fromA, fromLowest)+distance(fromB, fromLowest))),
	}
}

// distance is the number of edges of the shortest way between two synsets
// that have a common one among their ancestors.
func distance(from, to map[*Synset]int) int {
	shortest := math.MaxInt
	for s, up := range from {
		if down, common := to[s]; common {
			shortest = min(shortest, up+down)
		}
	}
	return shortest
}

// lower reports whether s is a lower subsumer than t.
func lower(a, s, t *Synset) bool {
	if c := cmp.Compare(s.MinDepth(), t.MinDepth()); c != 0 {
		return c > 0
	}
	return t != a && (s == a || s.Name < t.Name)
}

// Matrix compares the synsets of a list, whose ancestors it holds ready.
type Matrix struct {
	synsets   []*Synset
	ancestors []map[*Synset]int
}

// NewMatrix prepares synsets for comparison; nil ones stand alone.
func NewMatrix(synsets []*Synset) *Matrix {
	m := &Matrix{synsets, make([]map[*Synset]int, len(synsets))}
	for i, s := range synsets {
		if s != nil {
			m.ancestors[i] = s.ancestors()
		}
	}
	return m
}

// Relate compares the synsets with the indices a and b, see the function Relate.
func (m *Matrix) Relate(a, b int) Relation {
	return relate(m.synsets[a], m.ancestors[a], m.ancestors[b])
}
