package report

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/akin-vision/akin/internal/browser"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/words"
	"github.com/google/go-cmp/cmp"
)

func TestPageConcludes(t *testing.T) {
	run, files := syntheticRun(t, 60)
	doc := browser.Parse(t, writePage(t, run, files))
	s := analysed(t, run)
	if got := doc.Find("#h-conclusions ~ ul").Text(); !strings.Contains(got, words.NewFindings(s).Comparison) {
		t.Errorf("the conclusions lack %q", words.NewFindings(s).Comparison)
	}
	if got := doc.Find("div.notes li").Length(); got != len(words.Notes(s)) {
		t.Errorf("%d reservations, want %d", got, len(words.Notes(s)))
	}
	independent := doc.Find("details.independent")
	if _, open := independent.Attr("open"); independent.Length() != 1 || open {
		t.Errorf("%d folds hold the figures for independent triplets, open: %v", independent.Length(), open)
	}
	for i, m := range s.Comparison.Models {
		cells := independent.Find("table").First().Find("tbody tr").Eq(i).Text()
		if want := notation.Interval(m.Tally().Wilson, notation.ShareOf(m.Triplets)); !strings.Contains(cells, want) {
			t.Errorf("%s: the independent figures %q lack Wilson's %s", m.Model, cells, want)
		}
		row := doc.Find("table.summary tbody tr").Eq(i)
		if got := row.Find(".ranks").Text(); got != words.Ranks(m.Ranks) {
			t.Errorf("%s: rank %q, want %s", m.Model, got, words.Ranks(m.Ranks))
		}
	}
	doc.Find("details").Remove()
	if text := doc.Find("main, body").Text(); strings.Contains(text, "McNemar") || strings.Contains(text, "Wilson") {
		t.Error("what stands open shows figures for independent triplets")
	}
	if browser.Parse(t, written(t, Input{Run: run, Summary: summarised(t, run), Pictures: page.Pictures{Files: files}})).Find("#h-conclusions").Length() != 0 {
		t.Error("a page without statistics concludes")
	}
}

// TestForests: each contrast of relation and distractor is a plot of all models,
// with the figures of the statistics.
func TestForests(t *testing.T) {
	run, files := syntheticRun(t, 60)
	doc := browser.Parse(t, writePage(t, run, files))
	statistics := analysed(t, run)
	var want []string
	for _, axis := range statistics.PresentAxes() {
		for _, e := range axis.Effects {
			points, interval := words.EffectPoints(axis, e)
			want = append(want, strings.Join([]string{e.Level + " less " + e.Reference, e.Model, points + interval, notation.P(e.Evidence.P)}, " | "))
		}
	}
	var got []string
	doc.Find("table.forest").Each(func(_ int, table *goquery.Selection) {
		table.Find("tbody tr").Each(func(_ int, row *goquery.Selection) {
			cells := row.Find("td")
			got = append(got, strings.Join([]string{text(table.Find("caption")), text(row.Find("th")), strings.ReplaceAll(text(cells.Eq(1)), " ", ""), text(cells.Eq(2))}, " | "))
		})
	})
	for i := range want {
		parts := strings.Split(want[i], " | ")
		parts[2] = strings.ReplaceAll(parts[2], " ", "")
		want[i] = strings.Join(parts, " | ")
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("effects (-want +got):\n%s", diff)
	}
	if n := doc.Find(".forest tbody .range").Length(); n != len(want) {
		t.Errorf("%d intervals are drawn, want %d", n, len(want))
	}
}

// TestFormsStandUnderTheirNetwork: layers and spaces follow it, by what they add.
func TestFormsStandUnderTheirNetwork(t *testing.T) {
	run, files := syntheticRun(t, 20)
	for _, form := range []string{"good-net@layer3", "good-net+centred"} {
		m := run.Models[0]
		m.Name = form
		run.Models = append(run.Models, m)
	}
	run.Models[len(run.Models)-1].Space = &space.Info{Network: "good-net"}
	doc := browser.Parse(t, writePage(t, run, files))
	var got []string
	doc.Find(".summary tbody tr").Each(func(_ int, row *goquery.Selection) {
		got = append(got, text(row.Find(".name"))+map[bool]string{true: " (form)"}[row.HasClass("variant")])
	})
	want := []string{"good-net", "@layer3 (form)", "+centred (form)", "weak-net", "untrained-net", "pixels", "edges"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// manyForms is a run of 5 models of which one is seen at 30 layers, the last with no error.
func manyForms(t *testing.T) (*record.Run, fs.FS) {
	run, files := syntheticRun(t, 60)
	for i := range 30 {
		m := run.Models[0]
		m.Name = fmt.Sprintf("good-net@layer%02d", i)
		m.Choices = slices.Clone(m.Choices)
		for k := range m.Choices {
			m.Choices[k].Unrelated -= .01 * float64(i)
		}
		run.Models = append(run.Models, m)
	}
	return run, files
}

// TestManyFormsAreFolded: forests and cases show the networks, and what holds for a
// network is not said again of its layers.
func TestManyFormsAreFolded(t *testing.T) {
	run, files := manyForms(t)
	doc := browser.Parse(t, writePage(t, run, files))
	doc.Find(".forest").Each(func(_ int, table *goquery.Selection) {
		want := 5
		if table.Closest("details").Length() > 0 {
			want = 35
		}
		if n := table.Find("tbody tr").Length(); n != want {
			t.Errorf("%s has %d rows, want %d", text(table.Find("caption")), n, want)
		}
	})
	if n := doc.Find("details .forest").Length(); n == 0 || n != doc.Find(".forest").Length()/2 {
		t.Errorf("%d forests are folded, want half of all", n)
	}
	if n := doc.Find(".static-cases details").Length(); n != 5 {
		t.Errorf("%d models have their clearest cases, want the 5 networks and baselines", n)
	}
	doc.Find(".notes li").Each(func(_ int, note *goquery.Selection) {
		if n := strings.Count(text(note), "good-net"); n > 5 {
			t.Errorf("a note names %d forms of a network: %s", n, text(note))
		}
	})
	if best := text(doc.Find(".hero strong")); best != "good-net" {
		t.Errorf("the page speaks first of %s: a layer was chosen by its error", best)
	}
}

// TestContentsStandInOrder of the sections to which they lead.
func TestContentsStandInOrder(t *testing.T) {
	run, files := richRun(t, 30)
	run.Layers = []record.Layer{{Network: "good-net", Node: "n1", Depth: 1, Values: choicesOf(run.Models[0])}, {Network: "good-net", Node: "n2", Depth: 2, Values: choicesOf(run.Models[1])}}
	html := writePage(t, run, files)
	before := 0
	links := browser.Parse(t, html).Find(".contents a")
	if links.Length() < 10 {
		t.Fatalf("%d links", links.Length())
	}
	links.Each(func(_ int, link *goquery.Selection) {
		place := strings.Index(html, `id="`+strings.TrimPrefix(link.AttrOr("href", ""), "#")+`"`)
		if place < before {
			t.Errorf("%s stands before the one above it, or nowhere", text(link))
		}
		before = place
	})
}

// choicesOf are a model's similarities as a layer has them.
func choicesOf(m record.Model) [][]float64 {
	values := make([][]float64, 2)
	for _, c := range m.Choices {
		values[0], values[1] = append(values[0], float64(c.Related)), append(values[1], float64(c.Unrelated))
	}
	return values
}
