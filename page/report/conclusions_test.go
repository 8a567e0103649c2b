package report

import (
	"strings"
	"testing"

	"github.com/akin-vision/akin/internal/browser"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/words"
)

func TestPageConcludes(t *testing.T) {
	run, files := syntheticRun(t, 60)
	doc := browser.Parse(t, writePage(t, run, files))
	if got := doc.Find("#h-conclusions + p + .scroll table.conclusions tbody tr").Length(); got != len(run.Models) {
		t.Errorf("%d models are concluded on, want %d", got, len(run.Models))
	}
	s := analysed(t, run)
	if got := doc.Find("#h-conclusions ~ ul").Text(); !strings.Contains(got, words.NewFindings(s).Comparison) {
		t.Errorf("the conclusions lack %q", words.NewFindings(s).Comparison)
	}
	if got := doc.Find("details.notes li").Length(); got != len(words.Notes(s)) {
		t.Errorf("%d reservations, want %d", got, len(words.Notes(s)))
	}
	independent := doc.Find("details.independent")
	if _, open := independent.Attr("open"); independent.Length() != 1 || open {
		t.Errorf("%d folds hold the figures for independent triplets, open: %v", independent.Length(), open)
	}
	for i, m := range s.Comparison.Models {
		cells := independent.Find("table").First().Find("tbody tr").Eq(i).Text()
		if want := words.Interval(m.Tally().Wilson, words.ShareOf(m.Triplets)); !strings.Contains(cells, want) {
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

func TestPageFoldsManyConclusions(t *testing.T) {
	run, files := syntheticRun(t, 60)
	open := browser.Parse(t, writePage(t, run, files))
	statistics := analysed(t, run)
	effect := words.NewFindings(statistics).Effects[0].Text
	if n := open.Find(".folded:not(.independent)").Length(); n > 0 || !strings.Contains(open.Find("h2 ~ .conclusions-list").Text(), effect) {
		t.Errorf("the effects on five models are folded, or lack %q", effect)
	}
	for i := range 3 { // eight models
		m := run.Models[i]
		m.Name += "-again"
		run.Models = append(run.Models, m)
	}
	folded := browser.Parse(t, writePage(t, run, files)).Find(".folded:not(.independent)").First()
	if n := folded.Find("li").Length(); n != 8 {
		t.Errorf("%d effects on eight models are folded", n)
	}
}
