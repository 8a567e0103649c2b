package main

import (
	"strings"
	"testing"
)

// A few sets of a design that used to be judged far too leniently.
func TestSharedPicturesFindNothingByChance(t *testing.T) {
	for _, name := range []string{"12 pairs x 10", "10 pairs x 8", "8 clusters"} {
		for _, d := range designs() {
			if !strings.HasPrefix(d.name, name) {
				continue
			}
			tally, err := simulate(d, worlds[0], 150, 1, 2)
			if err != nil {
				t.Fatal(err)
			}
			for c := errorFound; c < errorCovered; c++ { // 150 sets: .12 is three standard errors above .06
				if share := float64(tally.hits[c]) / float64(tally.all[c]); share > 0.12 {
					t.Errorf("%s: column %d finds something in %.3f", d.name, c, share)
				}
			}
			for c := errorCovered; c < null; c++ {
				if share := float64(tally.hits[c]) / float64(tally.all[c]); share < 0.88 {
					t.Errorf("%s: column %d covers %.3f", d.name, c, share)
				}
			}
		}
	}
}

func TestSeesWhatIsThere(t *testing.T) {
	for _, d := range designs() {
		if d.name != "100 independent triplets" {
			continue
		}
		tally, err := simulate(d, world{boost: 0.35}, 20, 1, 2)
		if err != nil {
			t.Fatal(err)
		}
		if tally.hits[errorFound] != tally.all[errorFound] || tally.hits[aucFound] != tally.all[aucFound] {
			t.Errorf("networks that match well are found in %d of %d", tally.hits[errorFound], tally.all[errorFound])
		}
	}
}
