package report

import (
	"github.com/akin-vision/akin/board"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/words"
)

// sizesTable sets what each model reaches beside what it takes, as a board of this
// one run.
type sizesTable struct {
	Rows   []words.BoardRow
	Marked bool // whether any row is marked as not told from the best
}

// newSizesTable returns nil without statistics.
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
	return &sizesTable{Rows: words.BoardRows(b, nil), Marked: b.Marked()}, nil
}
