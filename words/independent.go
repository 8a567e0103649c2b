package words

import (
	"fmt"

	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/record"
)

// Grid is a table as text.
type Grid struct {
	Title  string
	Header []string
	Rows   [][]string
}

// Independent are the figures that take triplets as independent, under their
// names: for comparison with other software and earlier reports, and apart from
// the evidence, so that no error has two p-values side by side.
func Independent(figures record.Statistics) []Grid {
	s := statistics{figures}
	models := Grid{"Each model, triplets as independent", []string{"", "error", "Wilson", "Clopper-Pearson", "binomial"}, nil}
	for _, m := range s.Comparison.Models {
		t, share := m.Tally(), notation.ShareOf(m.Triplets)
		models.Rows = append(models.Rows, []string{m.Model, share(float64(t.Error)), notation.Interval(t.Wilson, share), notation.Interval(t.ClopperPearson, share), notation.P(t.Binomial)})
	}
	if len(s.Comparison.Pairs) == 0 {
		return []Grid{models}
	}
	title := "Every two models, triplets as independent"
	if len(s.shownPairs()) < len(s.Comparison.Pairs) {
		title = "Two models, triplets as independent; pairs.csv holds more"
	}
	pairs := Grid{title, []string{"A", "B", "only A", "only B", "McNemar", "mid-p"}, nil}
	for _, p := range s.shownPairs() {
		pairs.Rows = append(pairs.Rows, []string{p.A, p.B, fmt.Sprint(p.OnlyA), fmt.Sprint(p.OnlyB), notation.P(p.McNemar), notation.P(p.McNemarMidP)})
	}
	return []Grid{models, pairs}
}

// IndependentNote says what the figures of [Independent] are not for.
func IndependentNote(figures record.Statistics) string {
	note := "These intervals and tests hold only where no picture is in two triplets."
	if q := figures.Comparison.CochranQ; q != nil {
		note += fmt.Sprintf(" Any difference between the models: Cochran's Q %s on %d degrees of freedom, %s.", notation.Amount(float64(q.Q), 1), q.Degrees, notation.PEquals(q.P))
	}
	return note
}

// IndependentText is [Independent] for a terminal.
func IndependentText(figures record.Statistics, width int) string {
	t := text{width: width}
	for _, grid := range Independent(figures) {
		t.heading(grid.Title)
		table := newTable(1, grid.Header...)
		for _, row := range grid.Rows {
			table.Row(row...)
		}
		t.table(table)
	}
	t.paragraph(IndependentNote(figures))
	return t.String()
}
