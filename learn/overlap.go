package learn

import (
	"slices"
	"strings"

	"github.com/akin-vision/akin/lexicon"
	"github.com/akin-vision/akin/stimuli"
)

// Overlap is what a space has seen of what made a set: its result there is no test of
// what it knows of other pairs.
type Overlap struct {
	Set   string `json:"set"`
	Space string `json:"space"`
	// Files are norms, by their source, that both were made of.
	Files []string `json:"same_norms,omitempty"`
	// Touched is the number of triplets, of all, whose pictures' names stand as a pair in
	// what the space has seen: target and related, or target and unrelated.
	Touched  int `json:"touched_triplets"`
	Triplets int `json:"triplets"`
	// Task is that of a set whose judgements are counted in place of triplets: rows of
	// three pictures, or pairs of matrices.
	Task stimuli.Task `json:"task,omitempty"`
}

// asked are the names of the pictures that each triplet compares: target and related,
// target and unrelated. Rows of three pictures compare all of them, votes two with one;
// a pair of matrices is one judgement.
func asked(set *stimuli.Set) (list [][][2]string) {
	word := func(label string) string { return lexicon.Word(strings.ToLower(label)) }
	for i := range set.Triplets {
		names := set.Triplets[i].Labels()
		target := word(names[0])
		list = append(list, [][2]string{{target, word(names[1])}, {target, word(names[2])}})
	}
	if len(list) > 0 {
		return list
	}
	var names []string
	for _, p := range set.Shown() {
		names = append(names, word(p.Label))
	}
	if set.Trials == nil {
		for i, one := range names {
			for _, other := range names[:i] {
				list = append(list, [][2]string{{one, other}})
			}
		}
		return list
	}
	for _, shown := range set.Trials.Shown {
		a, b, c := names[shown[0]], names[shown[1]], names[shown[2]]
		pairs := [][2]string{{a, b}, {a, c}}
		if set.Task == stimuli.OddOneOut {
			pairs = append(pairs, [2]string{b, c})
		}
		list = append(list, pairs)
	}
	return list
}

// OverlapWith compares a set with norms that a space was made of; nil where they have
// nothing in common.
func OverlapWith(set *stimuli.Set, space string, norms []lexicon.Norm) *Overlap {
	o := &Overlap{Set: set.Name, Space: space}
	if len(set.Triplets) == 0 {
		o.Task = set.Task
	}
	for _, seen := range lexicon.Sources(norms) {
		for _, made := range set.Norms {
			if made.SHA256 == seen.SHA256 {
				o.Files = append(o.Files, seen.Name)
			}
		}
	}
	pairs := map[[2]string]bool{}
	for _, n := range norms {
		pairs[[2]string{n.A, n.B}] = true
	}
	for _, names := range asked(set) {
		o.Triplets++
		if slices.ContainsFunc(names, func(n [2]string) bool { return pairs[n] || pairs[[2]string{n[1], n[0]}] }) {
			o.Touched++
		}
	}
	if o.Touched == 0 && len(o.Files) == 0 {
		return nil
	}
	return o
}
