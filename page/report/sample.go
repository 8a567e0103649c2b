package report

import (
	"math/rand/v2"

	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stimuli"
)

// pageTriplets is how many triplets a page holds of a larger set: with three
// thumbnails each, more would be too much for a browser and for memory.
const pageTriplets = 2000

// Bounds that keep a page below 15 MB: of its pictures, whose thumbnails take 4 to 9 kB
// each in the page, and of choices, which are triplets times models, 30 bytes each.
const (
	pagePictures = 1500
	pageChoices  = 60_000
)

// sample is what a page shows of the triplets, as places in the set, and of
// their pictures, by number.
type sample struct {
	places   []int
	pictures []*stimuli.Picture
}

// newSample takes all triplets or, of a larger set, as many as the bounds allow,
// spread over it, one of each stretch, drawn so that no order of kinds in the
// set can favour one, and the clearest of each model.
func newSample(run *record.Run, most int) sample {
	parts := min(most, len(run.Stimuli.Triplets), max(1, pageChoices/max(1, len(run.Models))))
	s := sampleOf(run, parts)
	for len(s.pictures) > pagePictures && parts > 1 {
		parts = max(1, min(parts-1, parts*pagePictures/len(s.pictures)))
		s = sampleOf(run, parts)
	}
	return s
}

// sampleOf takes one triplet of each of so many stretches of the set.
func sampleOf(run *record.Run, parts int) sample {
	triplets := run.Stimuli.Triplets
	taken := make([]bool, len(triplets))
	random := rand.New(rand.NewPCG(1, 0))
	for k := range parts {
		place, next := k*len(triplets)/parts, (k+1)*len(triplets)/parts
		if k > 0 { // the page begins with the set's first
			place += random.IntN(next - place)
		}
		taken[place] = true
	}
	for _, m := range run.Models {
		right, wrong := clearest(m.Choices)
		for _, place := range append(right, wrong...) {
			taken[place] = true
		}
	}
	changed := changedTriplets(run.SpaceCases())
	for place := range triplets {
		taken[place] = taken[place] || changed[triplets[place].ID]
	}
	var s sample
	var shown []*stimuli.Triplet
	for place, ok := range taken {
		if ok {
			s.places, shown = append(s.places, place), append(shown, &triplets[place])
		}
	}
	s.pictures = page.PicturesOf(shown)
	return s
}

// ShowsAll reports whether the page of a set of so many triplets holds them all.
func ShowsAll(triplets int) bool { return triplets <= pageTriplets }

// Pictures are the pictures of the triplets that a page shows, each once
// whatever it is named, in the order in which the page numbers them from 0.
func Pictures(r *record.Run) []*stimuli.Picture { return newSample(r, pageTriplets).pictures }
