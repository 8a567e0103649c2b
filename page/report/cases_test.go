package report

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/akin-vision/akin/internal/browser"
	"github.com/google/go-cmp/cmp"
)

func TestPageCases(t *testing.T) {
	run, files := syntheticRun(t, 60)
	doc := browser.Parse(t, writePage(t, run, files))
	if open := doc.Find("details[open]"); open.Length() != 1 || open.AttrOr("id", "") != "cases-1" {
		t.Errorf("%d models are open, want the first trained one", open.Length())
	}
	var margins []float64
	doc.Find("#cases-1 .case").Each(func(i int, s *goquery.Selection) {
		wantMark := "right"
		if i >= casesShown {
			wantMark = "wrong"
		}
		if got := text(s.Find(".mark")); got != wantMark {
			t.Errorf("case %d is marked %q, want %q", i, got, wantMark)
		}
		text := strings.NewReplacer("margin ", "", "−", "-").Replace(text(s.Find(".triplet > div:first-child .number")))
		margin, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		margins = append(margins, margin)
	})
	var all []float64
	for _, c := range run.Models[0].Choices {
		all = append(all, math.Round(1000*c.Margin())/1000)
	}
	slices.Sort(all)
	want := slices.Concat(all[len(all)-casesShown:], all[:casesShown])
	slices.Reverse(want[:casesShown])
	if diff := cmp.Diff(want, margins); diff != "" {
		t.Errorf("margins (-want +got):\n%s", diff)
	}
}
