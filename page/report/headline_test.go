package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/akin-vision/akin/internal/browser"
)

func TestPageHeadline(t *testing.T) {
	const chance, worse, better = "that cannot be told from chance, which is 50", "that is worse than chance, which is 50", "); chance is 50"
	for _, c := range []struct {
		name                    string
		right, wrong, ties      int
		wantMatched, wantPhrase string
	}{
		{"better", 18, 2, 0, "matches 18 of 20 related", better},
		{"chance", 11, 9, 0, "matches 11 of 20 related", chance},
		{"worse", 2, 18, 0, "matches 2 of 20 related", worse},
		{"half points", 10, 9, 1, "matches 10.5 of 20 related", "Ties count half."},
		{"all ties", 0, 0, 20, "matches 10 of 20 related", chance},
	} {
		t.Run(c.name, func(t *testing.T) {
			run, files := syntheticRun(t, 20)
			run.Models = run.Models[:1]
			for i := range run.Models[0].Choices {
				choice := &run.Models[0].Choices[i]
				choice.Related, choice.Unrelated = 0.5, 0.5
				if i < c.right {
					choice.Unrelated = 0.4
				} else if i < c.right+c.wrong {
					choice.Unrelated = 0.6
				}
			}
			got := text(browser.Parse(t, writePage(t, run, files)).Find("#headline"))
			for _, want := range []string{c.wantMatched, c.wantPhrase} {
				if !strings.Contains(got, want) {
					t.Errorf("headline %q lacks %q", got, want)
				}
			}
		})
	}
}

func TestPageNamesTheTrainedModelThatErrsLeast(t *testing.T) {
	run, files := syntheticRun(t, 60)
	run.Models[0], run.Models[1] = run.Models[1], run.Models[0]
	run.Models[4].Choices = slices.Clone(run.Models[4].Choices)
	for i := range run.Models[4].Choices { // a baseline without an error is not a trained model
		run.Models[4].Choices[i].Related, run.Models[4].Choices[i].Unrelated = 0.9, 0.1
	}
	doc := browser.Parse(t, writePage(t, run, files))
	if got := text(doc.Find("#headline bdi")); got != "good-net" {
		t.Errorf("headline names %q, want good-net", got)
	}
	if got := text(doc.Find(".top .quiet-text bdi")); got != "edges" {
		t.Errorf("reference is %q, want edges", got)
	}
}
