// Package heat is the page of a board of several sets: models and sets as a heat map.
package heat

import (
	"embed"
	"errors"
	"fmt"
	"math"

	"github.com/akin-vision/akin/board"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/words"
)

//go:embed heat.html heat.css
var files embed.FS

var view = page.MustView(files, "heat", nil)

// document is what heat.html draws; escaping is left to html/template throughout.
type document struct {
	Columns []column
	Rows    []row
	Notes   []string
}

type column struct{ Set, Figure string }

type row struct {
	Model   string
	Variant bool
	Cells   []cell
}

// cell is a figure as text; Class says how far from chance it is, in tenths.
type cell struct{ Value, Interval, Class string }

// New makes the page of a board of several sets. Equal boards give equal bytes.
func New(b board.Board) (page.Page, error) {
	if b.Heat == nil {
		return page.Page{}, errors.New("a heat map of triplets takes two sets or more")
	}
	d := document{Notes: words.HeatNotes(b)}
	for i, s := range b.Heat.Sets {
		d.Columns = append(d.Columns, column{s.Set, words.HeatFigure(b, i)})
	}
	for _, r := range b.Heat.Rows {
		line := row{Model: r.Model, Variant: r.Variant}
		for i, c := range r.Cells {
			text := cell{Class: "none"}
			if c.Value.Defined() {
				text = cell{words.HeatValue(b, i, float64(c.Value)), words.HeatInterval(b, i, c.Interval), class(c)}
			}
			line.Cells = append(line.Cells, text)
		}
		d.Rows = append(d.Rows, line)
	}
	return page.Page{View: view, Title: "Models and sets", Generator: "akin " + b.Cards[0].Run.Akin, Content: d}, nil
}

// class names the shade of a figure in heat.css: tenths from chance on.
func class(c board.HeatCell) string {
	switch share := float64(c.Share); {
	case !c.Told:
		return "untold"
	case share < 0:
		return "below"
	default:
		return fmt.Sprintf("h%d", int(math.Round(10*min(1, share))))
	}
}
