package main

import (
	"path/filepath"
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

// A set that cannot be judged ends the line, the last one too: shares of fewer
// sets than the table says would be wrong.
func TestFaultsAreReported(t *testing.T) {
	d := designs()[0]
	d.Relation = d.Relation[1:]
	if tally, err := simulate(d, worlds[0], 1, 1, 2); err == nil {
		t.Errorf("a design with a relation too few is judged: %+v", tally.all)
	}
}

// A line computed again takes the place of the old one; the others stay.
func TestResultsAreKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "results.csv")
	var list results
	for _, r := range []result{{world: worlds[0].title, design: designs()[0].name, sets: 10}, {world: worlds[1].title, design: designs()[0].name, sets: 20}} {
		list.put(r)
	}
	if err := list.write(file); err != nil {
		t.Fatal(err)
	}
	read, err := readResults(file)
	if err != nil || len(read) != 2 {
		t.Fatal(read, err)
	}
	read.put(result{world: worlds[0].title, design: designs()[0].name, sets: 30, share: [columns]float64{errorFound: 0.05}})
	var text strings.Builder
	if err := read.document(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"## " + worlds[0].title + "\n", "| " + designs()[0].name + " | 30 | .050 | .000 |", "| " + designs()[0].name + " | 20 |"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the document lacks %q:\n%s", want, text.String())
		}
	}
	if strings.Contains(text.String(), "| "+designs()[0].name+" | 10 |") {
		t.Error("the line of before is still there")
	}
}
