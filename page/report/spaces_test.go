package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/internal/browser"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stimuli"
)

// inSpaces adds variants of the first network that turn the first of its choices.
func inSpaces(run *record.Run, turned int, kinds ...space.Kind) {
	run.Models[0].Posteriors = map[stimuli.Hash][]classify.Guess{}
	for i, p := range run.Stimuli.Pictures {
		run.Models[0].Posteriors[p.Hash] = []classify.Guess{{Name: []string{"banana", "monkey", "<b>boat"}[i%3], Probability: .5}}
	}
	for _, kind := range kinds {
		m := run.Models[0]
		m.Space, m.Posteriors = &space.Info{Kind: kind, Network: m.Name}, nil
		m.Name += "+" + string(kind)
		m.Choices = slices.Clone(m.Choices)
		for i := range m.Choices[:turned] {
			m.Choices[i].Related, m.Choices[i].Unrelated = m.Choices[i].Unrelated, m.Choices[i].Related
		}
		run.Models = append(run.Models, m)
	}
}

// TestSpacesBeforeAndAfter: the figure has a table for each relation; cases stand beside
// one another with the words that did it, six of each kind, each picture shown.
func TestSpacesBeforeAndAfter(t *testing.T) {
	run, files := syntheticRun(t, 60)
	inSpaces(run, 60, space.Centred, space.ByWords, space.Blend)
	doc := browser.Parse(t, writePage(t, run, files))
	section := doc.Find("section[aria-labelledby=h-spaces]")
	if tables := section.Find(".changes table"); tables.Length() != 3 || tables.First().Find("tbody tr").Length() != 5 {
		t.Errorf("%d tables, the first of %d rows; want 3 of features and four changes", tables.Length(), tables.First().Find("tbody tr").Length())
	}
	if bars := section.Find(".changes path.reach"); bars.Length() != 12 {
		t.Errorf("%d intervals, want 12", bars.Length())
	}
	sides := section.Find(".changed > div")
	sides.Each(func(_ int, side *goquery.Selection) {
		if n := side.Find("li figure use").Length(); n != 18 {
			t.Errorf("%s: %d pictures, want 18", text(side.Find("h4")), n)
		}
	})
	words := text(section.Find(".changed figcaption"))
	if sides.Length() != 2 || !strings.Contains(words, "banana: monkey 0") && !strings.Contains(words, "banana: monkey .") {
		t.Errorf("%d sides with %s", sides.Length(), words)
	}
	if link := doc.Find("a[href='#h-spaces']"); link.Length() != 1 {
		t.Errorf("%d links to the spaces", link.Length())
	}
}

// TestSpacesWithoutWords: without the space words no similarity by words is invented, and
// without a space of words there are no cases; a run without spaces has no such part.
func TestSpacesWithoutWords(t *testing.T) {
	run, files := syntheticRun(t, 30)
	if doc := browser.Parse(t, writePage(t, run, files)); doc.Find("#h-spaces").Length() != 0 {
		t.Error("a run without spaces has the part")
	}
	inSpaces(run, 4, space.Centred)
	if doc := browser.Parse(t, writePage(t, run, files)); doc.Find("#h-spaces").Length() != 1 || doc.Find(".changed").Length() != 0 {
		t.Error("a run with centred features has no figure, or has cases")
	}
	inSpaces(run, 4, space.Blend)
	doc := browser.Parse(t, writePage(t, run, files))
	section := doc.Find("section[aria-labelledby=h-spaces]")
	if all := text(section); !strings.Contains(all, "is not known: the run does not have the space words") || strings.Contains(all, "banana: ") || strings.Contains(all, "NaN") {
		t.Errorf("similarities by words that nobody knows: %s", all)
	}
}

// TestChangedCasesOfALargeSetHavePictures: they are in the page's sample.
func TestChangedCasesOfALargeSetHavePictures(t *testing.T) {
	run, _ := syntheticRun(t, 90)
	inSpaces(run, 90, space.Blend)
	s := newSample(run, 3)
	shown := map[string]bool{}
	for _, place := range s.places {
		shown[run.Stimuli.Triplets[place].ID] = true
	}
	for id := range changedTriplets(run.SpaceCases()) {
		if !shown[id] {
			t.Errorf("the page shows the case %s without its pictures", id)
		}
	}
}
