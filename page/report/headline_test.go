package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/akin-vision/akin/internal/browser"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
)

func TestPageHeadline(t *testing.T) {
	const chance, worse, better = "not significantly different from chance", "higher than chance", "lower than chance"
	for _, c := range []struct {
		name                  string
		right, wrong, ties    int
		wantError, wantPhrase string
	}{
		{"better", 18, 2, 0, "10%", better},
		{"chance", 11, 9, 0, "45%", chance},
		{"worse", 2, 18, 0, "90%", worse},
		{"half points", 10, 9, 1, "48%", "1 triplet ended in a tie and counts half."},
		{"all ties", 0, 0, 20, "50%", "no test is possible (all triplets are ties)"},
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
			doc := browser.Parse(t, writePage(t, run, files))
			if got := text(doc.Find(".large")); got != c.wantError {
				t.Errorf("the large number is %s, want %s", got, c.wantError)
			}
			if got := text(doc.Find(".said")); !strings.Contains(got, c.wantPhrase) {
				t.Errorf("the conclusion %q lacks %q", got, c.wantPhrase)
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
	if got := text(doc.Find(".hero strong")); got != "good-net" {
		t.Errorf("headline names %q, want good-net", got)
	}
	if got := text(doc.Find(".said .quiet-text bdi")); got != "edges" {
		t.Errorf("reference is %q, want edges", got)
	}
}

// TestHeadlineDrawsOnePerson: where single people's judgements tell, their error stands
// beside the model's, in the headline and under the table.
func TestHeadlineDrawsOnePerson(t *testing.T) {
	run, files := syntheticRun(t, 20)
	s := analysed(t, run)
	s.People = []record.People{{Human: stats.Human{Ceiling: &stats.Ceiling{HeldOut: stats.HeldOut{Raters: 7, Label: .9}}}}}
	doc := browser.Parse(t, written(t, Input{Run: run, Summary: summarised(t, run), Statistics: s, Pictures: page.Pictures{Files: files}}))
	if got := doc.Find(".errors").AttrOr("aria-label", ""); !strings.Contains(got, "one rater 10;") {
		t.Errorf("the headline's figure says %q, want one rater's error of 10", got)
	}
	if got := text(doc.Find(".summary tfoot")); !strings.Contains(got, "mean of 7 raters10") {
		t.Errorf("under the table stands %q, want the error of 7 raters", got)
	}
	if browser.Parse(t, writePage(t, run, files)).Find(".summary tfoot").Length() > 0 {
		t.Error("a set without raters has a row for one")
	}
}
