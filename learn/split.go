package learn

import (
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/akin-vision/akin/lexicon"
	"github.com/akin-vision/akin/stimuli"
)

// splitter cuts a set's triplets into folds. A fold holds all triplets of some
// units; a unit is the related pairs that hang together by a picture or a
// concept. What trains for a fold shares no picture and no concept with its
// triplets, not even those of unrelated pictures, so that it is often smaller
// than all the rest.
type splitter struct {
	triplets     []stimuli.Triplet
	unit         []int // by triplet
	units, folds int
}

// fold holds places of triplets.
type fold struct{ train, test []int }

// concepts are what a triplet shows, as no other triplet on the other side of a
// split may: its pictures, and the names of what they show.
func concepts(t *stimuli.Triplet) []string {
	list := make([]string, 0, 6)
	names := t.Labels()
	for i, p := range t.Shown() {
		list = append(list, "picture "+p.Hash.String())
		if name := lexicon.Word(strings.ToLower(names[i])); name != "" {
			list = append(list, "concept "+name)
		}
	}
	return list
}

func newSplitter(triplets []stimuli.Triplet, folds int) *splitter {
	s := &splitter{triplets: triplets, unit: make([]int, len(triplets))}
	first := map[string]int{} // by concept, a triplet whose pair has it
	for i := range triplets {
		s.unit[i] = i
	}
	root := func(i int) int {
		for s.unit[i] != i {
			s.unit[i] = s.unit[s.unit[i]]
			i = s.unit[i]
		}
		return i
	}
	for i := range triplets {
		pair := triplets[i]
		pair.Unrelated, pair.UnrelatedLabel = pair.Related, pair.RelatedLabel
		for _, c := range concepts(&pair) {
			if other, known := first[c]; known {
				s.unit[root(i)] = root(other)
			}
			first[c] = i
		}
	}
	number := map[int]int{}
	for i := range triplets {
		if _, known := number[root(i)]; !known {
			number[root(i)] = len(number)
		}
	}
	unit := make([]int, len(triplets))
	for i := range triplets {
		unit[i] = number[root(i)]
	}
	s.unit, s.units, s.folds = unit, len(number), min(folds, len(number))
	return s
}

// split deals the units out to folds.
func (s *splitter) split(random *rand.Rand) []fold {
	deal := random.Perm(s.units)
	folds := make([]fold, s.folds)
	for i, unit := range s.unit {
		f := &folds[deal[unit]%s.folds]
		f.test = append(f.test, i)
	}
	for k := range folds {
		folds[k].train = s.apart(folds[k].test)
	}
	return folds
}

// apart are the triplets that share nothing with those of the places given.
func (s *splitter) apart(test []int) []int {
	shown := map[string]bool{}
	for _, i := range test {
		for _, c := range concepts(&s.triplets[i]) {
			shown[c] = true
		}
	}
	var list []int
	for i := range s.triplets {
		if !slices.ContainsFunc(concepts(&s.triplets[i]), func(c string) bool { return shown[c] }) {
			list = append(list, i)
		}
	}
	return list
}

func (s *splitter) pick(places []int) []stimuli.Triplet {
	list := make([]stimuli.Triplet, len(places))
	for k, i := range places {
		list[k] = s.triplets[i]
	}
	return list
}

// unnamed counts the pictures that stand without a label.
func unnamed(triplets []stimuli.Triplet) int {
	without := map[stimuli.Hash]bool{}
	for i := range triplets {
		names := triplets[i].Labels()
		for k, p := range triplets[i].Shown() {
			if lexicon.Word(strings.ToLower(names[k])) == "" {
				without[p.Hash] = true
			}
		}
	}
	return len(without)
}

// unnamedOf counts pictures without a label.
func unnamedOf(pictures []*stimuli.Picture) (n int) {
	for _, p := range pictures {
		if lexicon.Word(strings.ToLower(p.Label)) == "" {
			n++
		}
	}
	return n
}

// pictures are the different ones of triplets, in order.
func pictures(triplets []stimuli.Triplet) []*stimuli.Picture {
	var list []*stimuli.Picture
	seen := map[stimuli.Hash]bool{}
	for i := range triplets {
		for _, p := range triplets[i].Shown() {
			if !seen[p.Hash] {
				seen[p.Hash] = true
				list = append(list, p)
			}
		}
	}
	return list
}
