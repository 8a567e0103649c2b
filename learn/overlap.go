package learn

import (
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
}

// OverlapWith compares a set with norms that a space was made of; nil where they have
// nothing in common.
func OverlapWith(set *stimuli.Set, space string, norms []lexicon.Norm) *Overlap {
	o := &Overlap{Set: set.Name, Space: space, Triplets: len(set.Triplets)}
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
	for i := range set.Triplets {
		names := set.Triplets[i].Labels()
		for k, name := range names {
			names[k] = lexicon.Word(strings.ToLower(name))
		}
		for _, other := range names[1:] {
			if pairs[[2]string{names[0], other}] || pairs[[2]string{other, names[0]}] {
				o.Touched++
				break
			}
		}
	}
	if o.Touched == 0 && len(o.Files) == 0 {
		return nil
	}
	return o
}
