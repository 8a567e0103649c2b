package paper

import (
	"regexp"
	"strings"
	"testing"

	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
)

// TestMethodsSayWhatTheRecordHolds: counts, hashes, rule for ties and seed are
// the run's; every citation has its reference, and equal sources are one.
func TestMethodsSayWhatTheRecordHolds(t *testing.T) {
	run := publishedRun(t)
	run.Set.Digest, run.Set.Citation = "0123abcd", "A. Author (2020), 100 % {sure}"
	run.Models[0].Citation, run.Models[1].Citation, run.Models[2].Citation = "B. Other (2021)", "B. Other (2021)", run.Set.Citation
	run.Models[3].Title = "a_b*c\\input{x}"
	statistics, err := record.Analyse(run, stats.Options{Seed: 41, Resamples: 99})
	if err != nil {
		t.Fatal(err)
	}
	m := newMethods(run, statistics)
	markdown, latex, bib := string(m.Markdown()), string(m.LaTeX()), string(m.BibTeX())
	for _, want := range []string{
		"The set poporo has 400 triplets of 1200 pictures, 200 taxonomic and 200 thematic ones (SHA-256 0123abcd", "Ties count half.",
		"seed 41, 99 resamples", `a\_b\*c\\input`, "against chance by exact sign flips over linked triplets", "errors of models were tested by exact sign flips over linked triplets",
		"between relations were tested by ", "published accuracy was not checked", "adjusted by Holm's method", "Intervals hold at 95 % and",
	} {
		if !strings.Contains(markdown, want) {
			t.Errorf("methods.md lacks %q:\n%s", want, markdown)
		}
	}
	for _, model := range run.Models[4:] {
		if !strings.Contains(markdown, model.Name+", trained: features of 512 values at the node features") {
			t.Errorf("methods.md does not describe %s", model.Name)
		}
	}
	if strings.Count(bib, "url = {https://arxiv.org/abs/1709.03806}") != 1 {
		t.Errorf("references.bib does not say where the paper is:\n%s", bib)
	}
	keys := map[string]bool{}
	for _, key := range regexp.MustCompile(`(?m)^@misc\{(\w+),`).FindAllStringSubmatch(bib, -1) {
		keys[key[1]] = true
	}
	if len(keys) != 3 {
		t.Errorf("three sources give the references %v", keys)
	}
	for _, cited := range regexp.MustCompile(`\[@(\w+)\]|\\cite\{(\w+)\}`).FindAllStringSubmatch(markdown+latex, -1) {
		if !keys[cited[1]+cited[2]] {
			t.Errorf("%s has no reference", cited[0])
		}
	}
	if strings.Contains(latex, `\input`) || !strings.Contains(bib, `100 \% \textbraceleft{}sure\textbraceright{}`) {
		t.Errorf("TeX would act on text of others:\n%s\n%s", latex, bib)
	}
}

// TestEveryTestHasWords: a test that a record can name is never left out of the section.
func TestEveryTestHasWords(t *testing.T) {
	for _, test := range []stats.Test{stats.SignFlips, stats.Effective, stats.Student, stats.Relabelled} {
		list := []stats.Evidence{{Test: test, P: .5}, {Test: test, P: .1}}
		if names := tests(list); len(names) != 1 {
			t.Errorf("%q is called %q", test, names)
		}
	}
}
