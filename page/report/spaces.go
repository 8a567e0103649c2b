package report

import (
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/words"
)

// changedShown is how many mended and how many broken triplets are shown of a network:
// fewer than on the page of a trial, since their pictures load with the page.
const changedShown = 6

// networkSpaces is a network before and after, in the other spaces of the run.
type networkSpaces struct {
	Name     string
	Open     bool
	Sentence string
	Changes  *page.Changes
	Changed  []page.Changed // by words; nil without a space of words, or without a change
	By       string         // the space that changed them
	ByWords  bool           // whether it is known how alike pictures are by words
}

// newSpaces draws the networks that were seen in other spaces; nil without any.
func newSpaces(run *record.Run, changes []record.SpaceChanges, cases []record.SpaceCases, shown *page.Thumbnails) []networkSpaces {
	triplets := map[string]*stimuli.Triplet{}
	if len(cases) > 0 {
		for i := range run.Stimuli.Triplets {
			triplets[run.Stimuli.Triplets[i].ID] = &run.Stimuli.Triplets[i]
		}
	}
	var list []networkSpaces
	for i, c := range changes {
		n := networkSpaces{Name: c.Network, Open: i == 0, Sentence: words.SpaceSentence(c), Changes: page.NewChanges(c.Network, c.Groups)}
		for _, k := range cases {
			if k.Network == c.Network {
				n.Changed, n.By, n.ByWords = page.NewChanged(k.Cases, changedShown, triplets, shown), k.Space, k.ByWords
			}
		}
		list = append(list, n)
	}
	return list
}

// changedTriplets are those that newSpaces shows, by their ids.
func changedTriplets(cases []record.SpaceCases) map[string]bool {
	ids := map[string]bool{}
	for _, k := range cases {
		for _, c := range page.ShownCases(k.Cases, changedShown) {
			ids[c.ID] = true
		}
	}
	return ids
}
