package report

import (
	"slices"

	"github.com/akin-vision/akin/board"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/words"
)

// sizesTable says what each model takes.
type sizesTable struct {
	Header []string
	Rows   []sizesRow
}

type sizesRow struct {
	Name    string
	Variant bool
	Cells   []string
}

// newSizesTable returns nil without statistics. Columns in which no model has a value
// are left out.
func newSizesTable(run *record.Run, s record.Statistics) (*sizesTable, error) {
	if len(s.Comparison.Models) == 0 {
		return nil, nil
	}
	cards, err := board.Cards(run, s)
	if err != nil {
		return nil, err
	}
	b, err := board.New(cards)
	if err != nil {
		return nil, err
	}
	rows := words.BoardRows(b, nil)
	t := &sizesTable{Rows: make([]sizesRow, len(rows))}
	for i, r := range rows {
		t.Rows[i] = sizesRow{Name: r.Name, Variant: r.Variant}
	}
	for _, column := range []struct {
		header string
		cell   func(words.BoardRow) string
	}{
		{"parameters, 10⁶", func(r words.BoardRow) string { return r.Parameters }},
		{"dimensions", func(r words.BoardRow) string { return r.Dim }},
		{"GMAC", func(r words.BoardRow) string { return r.GMAC }},
		{"size, MB", func(r words.BoardRow) string { return r.Size }},
	} {
		empty := column.cell(words.BoardRow{GMAC: notation.Dash, Parameters: notation.Dash, Size: notation.Dash})
		if !slices.ContainsFunc(rows, func(r words.BoardRow) bool { return column.cell(r) != empty }) {
			continue
		}
		t.Header = append(t.Header, column.header)
		for i, r := range rows {
			t.Rows[i].Cells = append(t.Rows[i].Cells, column.cell(r))
		}
	}
	return t, nil
}
