package record

import (
	"math"
	"slices"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stimuli"
)

// Case is a triplet that a space mended or broke, with what the network saw.
type Case struct {
	ID       string     `json:"id"`
	Relation string     `json:"relation,omitempty"`
	Mended   bool       `json:"mended"`
	Pictures [3]string  `json:"pictures"` // target, related, unrelated
	Seen     [3]string  `json:"seen"`     // the likeliest class of each
	Before   [2]float64 `json:"before"`   // similarities of the related and the unrelated pair
	After    [2]float64 `json:"after"`
	Words    [2]float64 `json:"words"` // those of words alone
}

// Cases are the triplets of choices before and after that changed for the better or the
// worse, a tie standing between right and wrong. words are the choices by words alone;
// likeliest names the class that the network takes a picture for.
func Cases(before, after, words []match.Choice, likeliest func(*stimuli.Picture) (string, error)) ([]Case, error) {
	var list []Case
	for i, b := range before {
		a, w, t := after[i], words[i], b.Triplet
		gain := match.HalfCredit.Halves(a.Outcome()) - match.HalfCredit.Halves(b.Outcome())
		if gain == 0 {
			continue
		}
		c := Case{ID: t.ID, Relation: t.Relation, Mended: gain > 0, Before: [2]float64{b.Related, b.Unrelated},
			After: [2]float64{a.Related, a.Unrelated}, Words: [2]float64{w.Related, w.Unrelated}}
		for k, p := range t.Shown() {
			c.Pictures[k] = p.Path
			var err error
			if c.Seen[k], err = likeliest(p); err != nil {
				return nil, err
			}
		}
		list = append(list, c)
	}
	return list, nil
}

// SpaceCases are what words changed of a network's choices: by its blend or, without
// one, by the first other space of words.
type SpaceCases struct {
	Network, Space string
	// ByWords tells that the run knows how alike the pictures are by words alone; else
	// those of Cases are NaN.
	ByWords bool
	Cases   []Case
}

// SpaceCases finds them for each network of a run that was seen in such a space.
func (r *Run) SpaceCases() []SpaceCases {
	var list []SpaceCases
	for _, m := range r.Models {
		var shown, words *Model
		for _, v := range r.spacesOf(m.Name) {
			switch kind := v.Space.Kind; {
			case kind == space.ByWords:
				words = v
			case shown == nil && kind == space.Association, kind == space.Blend && (shown == nil || shown.Space.Kind != space.Blend):
				shown = v
			}
		}
		if shown == nil {
			shown = words
		}
		if shown == nil {
			continue
		}
		if shown.Space.Kind == space.Association {
			words = shown // the words that did it are its own
		}
		list = append(list, newSpaceCases(&m, shown, words))
	}
	return list
}

// newSpaceCases sets a network's choices beside those of its form; words may be nil.
func newSpaceCases(network, shown, words *Model) SpaceCases {
	c := SpaceCases{Network: network.Name, Space: shown.spaceName(), ByWords: words != nil}
	byWords := slices.Repeat([]match.Choice{{Related: math.NaN(), Unrelated: math.NaN()}}, len(network.Choices))
	if words != nil {
		byWords = words.Choices
	}
	c.Cases, _ = Cases(network.Choices, shown.Choices, byWords, func(p *stimuli.Picture) (string, error) {
		if guesses := network.Posteriors[p.Hash]; len(guesses) > 0 {
			return guesses[0].Name, nil
		}
		return "", nil
	})
	return c
}
