package paper

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/figure"
	"github.com/akin-vision/akin/stats"
)

// failures are Table 1 and the share of failures between similar classes.
func (b *builder) failures() {
	const table1, similar = "Table 1, failures of classification", "failures between classes that mean nearly the same"
	const how = "the record holds no failures on labelled pictures; akin imagenet failures MODEL --images DIR --into RUN keeps them"
	t := Table{
		Name: "table-1-failures", Caption: "Failures of classification: the classes guessed first, and the rank of the true one.",
		Header: []string{"model", "picture", "first guesses", "true class", "probability, %", "rank"},
	}
	shares := Table{
		Name: "similar-classes", Caption: "Failures whose first guess means nearly the same as the true class.",
		Header: []string{"model", "failures", "similar", "share, %", "95 % CI"},
	}
	rule := ""
	for _, list := range b.run.Failures {
		for _, f := range list.Failures[:min(b.options.Cases, len(list.Failures))] {
			t.Rows = append(t.Rows, []string{list.Model, f.Path, guesses(f.Top), f.Truth.Name, percent(f.Truth.Probability, 2), strconv.Itoa(f.Rank)})
		}
		if len(list.Failures) < list.Failed {
			shares.Notes = append(shares.Notes, fmt.Sprintf("Of %s the record holds a selection, %d of %d failures: no share is given.", list.Model, len(list.Failures), list.Failed))
			continue
		}
		if s, err := classify.NewSimilar(list.Model, list.Failures, similarRule); err == nil {
			shares.Rows = append(shares.Rows, []string{list.Model, strconv.Itoa(s.Failures), strconv.Itoa(s.Share.Correct),
				fixed(s.Share.Percent, 1), fmt.Sprintf("%s–%s", fixed(s.Share.CI.Low, 1), fixed(s.Share.CI.High, 1))})
			rule = "Nearly the same: " + s.Rule + ". The paper gives about 15 % of 400."
		}
	}
	if len(t.Rows) == 0 {
		b.missing(2, table1, how)
		b.missing(3, similar, how)
		return
	}
	b.row(2, table1, b.table(t))
	if rule == "" {
		b.missing(3, similar, "the record holds a selection of failures; akin imagenet failures MODEL --images DIR --limit 0 --into RUN keeps all")
		return
	}
	shares.Notes = append(shares.Notes, rule)
	b.row(3, similar, b.table(shares))
}

// similarRule is the rule of akin imagenet similar.
var similarRule = classify.Rule{WuPalmer: 0.9}

func guesses(top []classify.Guess) string {
	list := make([]string, len(top))
	for i, g := range top {
		list[i] = fmt.Sprintf("%s %s", g.Name, percent(g.Probability, 1))
	}
	return strings.Join(list, ", ")
}

// features says what was compared.
func (b *builder) features() Table {
	t := Table{
		Name: "features", Caption: fmt.Sprintf("Features of %d models on the %d pictures of %s.", len(b.run.Models), len(b.run.Stimuli.Pictures), b.run.Set.Name),
		Header: []string{"model", "kind", "family", "output", "features", "recipe", "graph SHA-256"},
	}
	for _, m := range b.run.Models {
		t.Rows = append(t.Rows, []string{m.Name, m.Kind, m.Family, m.Node, strconv.Itoa(m.Dim), strings.Join(m.Recipe.Steps(), ", "), m.Hash[:min(12, len(m.Hash))]})
	}
	return t
}

// matching is Table 2, with the paper's figures where model and set are its own.
func (b *builder) matching() Table {
	ownSet, ownModel, ties := onPaperSet(b.run.Set), false, 0
	t := Table{Name: "table-2-matching", Caption: fmt.Sprintf(
		"ImageNet top-1 error, matching error and AUC on the %d triplets of %s, with 95 %% intervals.", len(b.run.Stimuli.Triplets), b.run.Set.Name)}
	for i, m := range b.run.Models {
		s := b.summary.Models[i]
		auc := b.statistics.Comparison.Models[i].AUC
		row := []string{
			m.Name, percent(b.top1[i].Value, 2), b.top1[i].source,
			percent(s.MatchingError, 2), span(s.MatchingErrorCI, 100, 2), fixed(float64(auc.AUC), 3), span(auc.Clustered, 1, 3),
		}
		p, known := table2()[m.Name]
		ownModel = ownModel || known
		if !ownSet {
			p.matching, p.auc = "", ""
		}
		t.Rows = append(t.Rows, append(row, p.imageNet, p.matching, p.auc))
		ties = max(ties, s.Ties)
	}
	t.Header = []string{"model", "top-1 error, %", "source", "matching error, %", "95 % CI", "AUC", "95 % CI",
		"paper: top-1 error, %", "paper: matching error, %", "paper: AUC"}
	columns := 7
	switch {
	case ownModel && ownSet:
		columns = 10
		t.Notes = append(t.Notes, "paper: arXiv 1709.03806, Table 2.")
	case ownModel:
		columns = 8
		t.Notes = append(t.Notes, "paper: arXiv 1709.03806, Table 2; its matching errors and AUCs are about another set.")
	}
	t.Header = t.Header[:columns]
	for i := range t.Rows {
		t.Rows[i] = t.Rows[i][:columns]
	}
	t.Notes = append(t.Notes, fmt.Sprintf("Matching error: Wilson interval, triplets as independent; equal cosines count half (at most %d in one model). AUC: interval clustered over triplets that share a picture.", ties))
	return t
}

func claimsTable(claims []Claim) Table {
	t := Table{Name: "claims", Caption: "The paper's claims against this run.",
		Header: []string{"row", "claim", "our figures", "95 % interval", "figures point", "verdict", "rule of the verdict"}}
	for _, c := range claims {
		t.Rows = append(t.Rows, []string{strconv.Itoa(c.Row), c.Claim, c.Figures, c.Interval, c.Points, string(c.Verdict), c.Rule})
	}
	t.Notes = []string{"supported: the interval lies on the claim's side; not supported: it lies on the other; cannot tell: it holds both, or an input is missing."}
	return t
}

// fixed is a number with so many decimals; a dash where there is none.
func fixed(v float64, decimals int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "–"
	}
	return strconv.FormatFloat(v, 'f', decimals, 64)
}

// chanceText is a p-value after the letter p.
func chanceText(p float64) string {
	if p < 0.001 {
		return "< 0.001"
	}
	return "= " + fixed(p, 3)
}

func percent(v float64, decimals int) string { return fixed(100*v, decimals) }

func span(i stats.Interval, factor float64, decimals int) string {
	if !i.Defined() {
		return "–"
	}
	return fixed(factor*i.Low, decimals) + " to " + fixed(factor*i.High, decimals)
}

// Tables returns the tables, in the paper's order.
func (p *Paper) Tables() []Table { return slices.Clone(p.tables) }

// Figure returns a figure by its name, nil where there is none.
func (p *Paper) Figure(name string) figure.Figure {
	for _, f := range p.figures {
		if f.name == name {
			return f.Figure
		}
	}
	return nil
}
