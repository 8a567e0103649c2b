package words

import (
	"fmt"
	"strings"

	"github.com/akin-vision/akin/board"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// HeatFigure says what the column of a heat map shows: accuracy, %; chance 33.3.
func HeatFigure(b board.Board, column int) string {
	s := b.Heat.Sets[column]
	write := heatWriter(b, column)
	switch s.Task {
	case stimuli.OddOneOut:
		return "accuracy, %; chance " + notation.PercentTo(1)(s.Chance)
	case stimuli.Votes:
		return "score, %; chance " + write(s.Chance)
	case stimuli.Matrix:
		return "Spearman; chance 0"
	}
	return "matching error, %; chance 50, less is better"
}

// heatWriter writes the figures of a column.
func heatWriter(b board.Board, column int) func(float64) string {
	if b.Heat.Sets[column].Task == stimuli.Matrix {
		return notation.Decimal[float64]
	}
	return notation.ShareOf(b.Sets[column].Triplets)
}

// HeatValue writes a figure of a column, and HeatInterval its interval.
func HeatValue(b board.Board, column int, v float64) string { return heatWriter(b, column)(v) }

// HeatInterval is empty where there is none.
func HeatInterval(b board.Board, column int, i stats.Interval) string {
	if !i.Defined() {
		return ""
	}
	return notation.Interval(i, heatWriter(b, column))
}

// shades are the eighths from chance to a model that always does as people do.
var shades = []rune("▁▂▃▄▅▆▇█")

// shade is the mark of a share; a model worse than chance has none.
func shade(share float64) string {
	if !(share > 0) {
		return " "
	}
	return string(shades[min(len(shades)-1, int(share*float64(len(shades))))])
}

// HeatNotes say what the shades of a heat map mean, and what they do not.
func HeatNotes(b board.Board) []string {
	notes := []string{"Shade: how far the figure lies from chance, on the way to a model that always does as people do; none where the interval holds chance. It takes no account of how far people agree."}
	if b.Heat.Mixed {
		notes = append(notes, "The sets are of different tasks: figures and shades of one column compare models; those of two columns are of different kinds and do not compare sets.")
	} else {
		notes = append(notes, "Figures and shades of one column compare models; two sets may differ in how hard they are.")
	}
	for _, note := range checkNotes(b) {
		notes = append(notes, note+".")
	}
	for _, n := range b.Notes {
		notes = append(notes, boardNote(n)+".")
	}
	return notes
}

// Heat is a board of several sets as a heat map, for a terminal of so many columns, 0
// for as many as it takes.
func Heat(b board.Board, width int) string {
	header := []string{"model"}
	for _, s := range b.Heat.Sets {
		header = append(header, s.Set)
	}
	table := newTable(2, header...)
	for _, r := range b.Heat.Rows {
		name := r.Model
		if r.Variant {
			name = "  " + name
		}
		cells := []string{name}
		for i, c := range r.Cells {
			text := notation.Dash
			if c.Value.Defined() {
				text = strings.TrimSpace(HeatValue(b, i, float64(c.Value)) + " " + HeatInterval(b, i, c.Interval))
			}
			mark := " "
			if c.Told {
				mark = shade(float64(c.Share))
			}
			cells = append(cells, text+" "+mark)
		}
		table.Row(cells...)
	}
	t := text{width: width}
	t.table(table)
	t.WriteByte('\n')
	for i, s := range b.Heat.Sets {
		t.paragraph(fmt.Sprintf("%s: %s.", s.Set, HeatFigure(b, i)))
	}
	for _, note := range HeatNotes(b) {
		t.paragraph(note)
	}
	return t.String()
}
