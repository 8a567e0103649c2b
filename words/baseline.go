package words

import (
	"fmt"

	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
)

// Baseline is a table of models set against one, and what a margin says.
func Baseline(name string, models []stats.Relative, margin float64, figures record.Statistics, width int) string {
	t := text{width: width}
	t.heading("Error of each model less that of " + name + ", in points")
	header := []string{"", "points", notation.Percent(figures.Level) + " % CI", "p", "Holm"}
	if margin > 0 {
		header = append(header, "at most "+notation.PercentExact(margin)+" worse")
	}
	table := newTable(1, header...)
	share := statistics{figures}.share()
	for _, m := range models {
		row := []string{m.Model, share(float64(m.ErrorDifference)), notation.Interval(m.Interval, share), notation.P(m.P), notation.P(m.Holm)}
		if margin > 0 {
			row = append(row, notInferior(m))
		}
		table.Row(row...)
	}
	t.table(table)
	t.paragraph("Holm: adjusted for these comparisons. What is not significant is not shown to be equal.")
	if margin > 0 {
		t.paragraph(fmt.Sprintf("At most %s points worse: the upper end of the interval lies below the margin.", notation.PercentExact(margin)))
	}
	return t.String()
}

func notInferior(m stats.Relative) string {
	switch {
	case m.NotInferior == nil:
		return notation.Dash
	case *m.NotInferior:
		return "yes"
	}
	return "not shown"
}
