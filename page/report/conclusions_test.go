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
	if got := doc.Find("table.conclusions tbody tr").Length(); got != len(run.Models) {
		t.Errorf("%d models are concluded on, want %d", got, len(run.Models))
	}
	s := analysed(t, run)
	if got := doc.Find("#h-conclusions ~ ul").Text(); !strings.Contains(got, words.NewFindings(s).Comparison) {
		t.Errorf("the conclusions lack %q", words.NewFindings(s).Comparison)
	}
	if got := doc.Find("details.notes li").Length(); got != len(words.Notes(s)) {
		t.Errorf("%d reservations, want %d", got, len(words.Notes(s)))
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
	if n := open.Find(".folded").Length(); n > 0 || !strings.Contains(open.Find("h2 ~ .conclusions-list").Text(), effect) {
		t.Errorf("the effects on five models are folded, or lack %q", effect)
	}
	for i := range 3 { // eight models
		m := run.Models[i]
		m.Name += "-again"
		run.Models = append(run.Models, m)
	}
	folded := browser.Parse(t, writePage(t, run, files)).Find(".folded").First()
	if n := folded.Find("li").Length(); n != 8 {
		t.Errorf("%d effects on eight models are folded", n)
	}
}
