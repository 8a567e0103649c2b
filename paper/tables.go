package paper

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/figure"
	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/notation"
)

// failures are Table 1 and the share of failures between similar classes.
func (b *builder) failures() {
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
			t.Rows = append(t.Rows, []string{list.Model, f.Path, guesses(f.Top), f.Truth.Name, notation.PercentTo(2)(f.Truth.Probability), strconv.Itoa(f.Rank)})
		}
		if len(list.Failures) < list.Failed {
			shares.Notes = append(shares.Notes, fmt.Sprintf("Of %s the record holds a selection, %d of %d failures: no share is given.", list.Model, len(list.Failures), list.Failed))
			continue
		}
		if s, err := classify.NewSimilar(list.Model, list.Failures, similarRule); err == nil {
			shares.Rows = append(shares.Rows, []string{list.Model, strconv.Itoa(s.Failures), strconv.Itoa(s.Share.Correct),
				notation.Tenths(s.Share.Percent), notation.Interval(s.Share.CI, notation.Tenths)})
			rule = "Nearly the same: " + s.Rule + ". The paper gives about 15 % of 400."
		}
	}
	if len(t.Rows) == 0 {
		for _, i := range []item{failedPictures, similarClasses} {
			b.missing(i, NeedFailures, "the record holds no failures on labelled pictures")
		}
		return
	}
	b.row(failedPictures, b.table(t))
	if rule == "" {
		b.missing(similarClasses, NeedAllFailures, "the record holds a selection of the failures")
		return
	}
	shares.Notes = append(shares.Notes, rule)
	b.row(similarClasses, b.table(shares))
}

// similarRule says when two classes mean nearly the same.
var similarRule = classify.Rule{WuPalmer: 0.9}

func guesses(top []classify.Guess) string {
	list := make([]string, len(top))
	for i, g := range top {
		list[i] = fmt.Sprintf("%s %s", g.Name, notation.Percent(g.Probability))
	}
	return strings.Join(list, ", ")
}

// features says what was compared.
func (b *builder) features() Table {
	t := Table{
		Name: "features", Caption: fmt.Sprintf("Features of %s on the %s of %s.", english.Count(len(b.run.Models), "model"), english.Count(len(b.run.Stimuli.Pictures), "picture"), b.run.Set.Name),
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
		"ImageNet top-1 error, matching error and AUC on the %s of %s, with 95 %% intervals.", english.Count(len(b.run.Stimuli.Triplets), "triplet"), b.run.Set.Name)}
	for _, i := range b.networks {
		m, s := b.run.Models[i], b.summary.Models[i]
		auc := b.statistics.Comparison.Models[i].AUC
		row := []string{
			m.Name, b.top1[i].percent(), b.top1[i].text,
			b.share()(s.MatchingError), notation.Interval(s.MatchingErrorCI, b.share()), notation.Decimal(auc.AUC), notation.Interval(auc.Evidence.Interval, notation.Decimal),
		}
		p, known := table2()[m.Name]
		ownModel = ownModel || known
		if !ownSet {
			p.matching, p.auc = "", ""
		}
		t.Rows = append(t.Rows, append(row, p.imageNet, p.matching, strings.TrimPrefix(p.auc, "0")))
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
	if forms := b.forms(); len(forms) > 0 {
		t.Notes = append(t.Notes, "Other forms of these networks are no rows: "+strings.Join(forms, ", ")+". The record's models.csv holds their figures.")
	}
	t.Notes = append(t.Notes, fmt.Sprintf("Intervals of matching error and AUC count every shared picture; at most %d ties in one model, by the rule %s.", ties, b.statistics.Comparison.Models[0].Credit))
	return t
}

// forms are the models that are layers or other forms of a network of the run.
func (b *builder) forms() []string {
	var names []string
	for i, m := range b.run.Models {
		if !slices.Contains(b.networks, i) {
			names = append(names, m.Name)
		}
	}
	return names
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

// share writes shares of the set's triplets.
func (b *builder) share() func(float64) string { return notation.ShareOf(len(b.run.Stimuli.Triplets)) }

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
