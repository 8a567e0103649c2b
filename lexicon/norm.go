package lexicon

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Kind is what people were asked to judge, or to do.
type Kind string

const (
	Relatedness  Kind = "relatedness"  // of two words, by whatever tie
	Similarity   Kind = "similarity"   // of two words, likeness of kind alone
	Association  Kind = "association"  // the share of people who answer B to the cue A
	Concreteness Kind = "concreteness" // of one word
)

var kinds = []Kind{Relatedness, Similarity, Association, Concreteness}

// Norm is one published figure.
type Norm struct {
	A, B     string  // words in lower case, parts joined by spaces; B is empty for Concreteness
	Value    float64 // as the source gives it
	Min, Max float64 // of the source's scale
	Kind     Kind
	Source   string
	Directed bool // from A, the cue, to B, the response
	File     string
	Line     int
}

// Share is the value on the scale 0..1.
func (n Norm) Share() float64 { return (n.Value - n.Min) / (n.Max - n.Min) }

// String gives the figure as its source does, such as "MEN 43 of 0..50".
func (n Norm) String() string {
	direction := ""
	if n.Directed {
		direction = fmt.Sprintf(" (%s to %s)", n.A, n.B)
	}
	return fmt.Sprintf("%s %g of %g..%g%s", n.Source, n.Value, n.Min, n.Max, direction)
}

// Word is the form under which norms and labels meet.
func Word(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(strings.ReplaceAll(s, "_", " "))), " ")
}

// Norms finds figures by word. Figures of several sources stand side by side;
// none is averaged.
type Norms struct {
	pairs map[[2]string][]Norm
	words map[string][]Norm
}

// NewNorms sorts figures by their words. A figure that one source gives the
// same pair twice with the same value, as WordSim-353 does in its parts,
// counts once.
func NewNorms(all []Norm) *Norms {
	n := &Norms{map[[2]string][]Norm{}, map[string][]Norm{}}
	for _, norm := range all {
		if norm.Kind == Concreteness {
			n.words[norm.A] = append(n.words[norm.A], norm)
			continue
		}
		key := wordPair(norm.A, norm.B)
		if !slices.ContainsFunc(n.pairs[key], func(other Norm) bool { return same(norm, other) }) {
			n.pairs[key] = append(n.pairs[key], norm)
		}
	}
	return n
}

func same(a, b Norm) bool {
	return a.Source == b.Source && a.Kind == b.Kind && a.Value == b.Value && (!a.Directed || a.A == b.A)
}

func wordPair(a, b string) [2]string { return [2]string{min(a, b), max(a, b)} }

// Pair returns the figures for exactly these two words, in either order.
func (n *Norms) Pair(a, b string) []Norm { return n.pairs[wordPair(Word(a), Word(b))] }

// Concreteness returns the figures for one word.
func (n *Norms) Concreteness(word string) []Norm { return n.words[Word(word)] }

// Pairs lists all pairs of words that have a figure, in the order of the words.
func (n *Norms) Pairs() [][2]string {
	var all [][2]string
	for words := range n.pairs {
		all = append(all, words)
	}
	slices.SortFunc(all, func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	return all
}

// Conflict is the widest gap, on the scale 0..1, between figures of one kind;
// 0 where there are fewer than two of a kind. Associations are left out: a
// rare answer in one direction does not contradict a frequent one in the other.
func Conflict(norms []Norm) float64 {
	gap := 0.0
	for i, a := range norms {
		for _, b := range norms[:i] {
			if a.Kind == b.Kind && a.Kind != Association {
				gap = max(gap, a.Share()-b.Share(), b.Share()-a.Share())
			}
		}
	}
	return gap
}
