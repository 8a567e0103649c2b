package words

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/board"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/record"
)

// bestMark stands after the error of models that cannot be told from the best.
const bestMark = "*"

// BoardRow is a row of a board as text.
type BoardRow struct {
	Name       string
	Variant    bool
	Results    []BoardResult
	Parameters string // in millions
	Dim        string
	GMAC       string // 10^9 multiply-accumulates of a picture
	Size       string // MB
	Speed      string // pictures a second, where it was measured
	Note       string // of the gate
}

// BoardResult is a cell of a board as text; empty where the model was not run.
type BoardResult struct {
	Error, Interval, Ranks string
	Best                   bool // not told from the best
}

// BoardRows writes the rows of a board. speed gives, by graph, the pictures a
// second that were measured; it may be nil.
func BoardRows(b board.Board, speed map[string]float64) []BoardRow {
	rows := make([]BoardRow, len(b.Rows))
	for i, r := range b.Rows {
		row := BoardRow{Name: r.Name, Variant: r.Variant, Parameters: millions(r.Parameters), Dim: strconv.Itoa(r.Dim),
			GMAC: notation.Dash, Size: notation.Dash, Speed: notation.Dash, Note: boardNotes[r.Check]}
		if r.MACs > 0 {
			row.GMAC = notation.Significant(float64(r.MACs)/1e9, 3)
		}
		if r.Bytes > 0 {
			row.Size = notation.Significant(float64(r.Bytes)/1e6, 3)
		}
		if rate := speed[r.Hash]; rate > 0 && !r.Variant && r.Precision == "" {
			row.Speed = notation.Significant(rate, 3)
		}
		for k, result := range r.Results {
			row.Results = append(row.Results, boardResult(result, b.Sets[k].Triplets))
		}

		rows[i] = row
	}
	return rows
}

var boardNotes = map[record.CheckState]string{
	record.Failed: "published accuracy missed: figures are wrong", record.Unchecked: "accuracy not checked", record.Unknown: "own features: preparation unknown",
}

func boardResult(r *board.Result, triplets int) BoardResult {
	if r == nil {
		return BoardResult{}
	}
	share := notation.ShareOf(triplets)
	return BoardResult{
		Error: share(float64(r.Error)), Interval: notation.Interval(r.Interval, share), Ranks: Ranks(r.Ranks), Best: r.Best != nil && *r.Best,
	}
}

// millions writes a number of parameters.
func millions(n int64) string {
	if n == 0 {
		return notation.Dash
	}
	return notation.Significant(float64(n)/1e6, 3)
}

// Board is the table for a terminal.
func Board(b board.Board, speed map[string]float64, level float64, width int) string {
	rows := BoardRows(b, speed)
	header := []string{"model"}
	for _, s := range b.Sets {
		header = append(header, s.Name, notation.PercentExact(level)+" % CI", "rank")
	}
	measured := len(speed) > 0
	header = append(header, "params M", "dim", "GMAC", "MB")
	if measured {
		header = append(header, "pictures/s")
	}
	t := newTable(2, header...)
	for _, r := range rows {
		name := r.Name
		if r.Variant {
			name = "  " + name
		}
		cells := []string{name}
		for _, c := range r.Results {
			mark := " "
			if c.Best {
				mark = bestMark
			}
			cells = append(cells, strings.TrimSpace(c.Error)+mark, c.Interval, c.Ranks)
		}
		cells = append(cells, r.Parameters, r.Dim, r.GMAC, r.Size)
		if measured {
			cells = append(cells, r.Speed)
		}
		t.Row(cells...)
	}
	return t.fit(width) + "\n\n" + boardLegend(b, measured)
}

func boardLegend(b board.Board, measured bool) string {
	lines := []string{" Error: per cent matched otherwise than people do; chance is 50. Rank: by tests of", " all pairs (Holm), 1 the best. MB: of the .onnx. GMAC: of one picture."}
	if b.Marked() {
		lines = append(lines, " "+bestMark+" not significantly different from the best, which does not show that they are equal")
	}
	if measured {
		lines = append(lines, " pictures/s: measured now on this machine, on all cores, without reading pictures")
	}
	for _, note := range checkNotes(b) {
		lines = append(lines, " "+note)
	}
	for _, n := range b.Notes {
		lines = append(lines, " "+boardNote(n))
	}
	return strings.Join(lines, "\n") + "\n"
}

// checkNotes name the models whose preparation or accuracy is in doubt.
func checkNotes(b board.Board) (list []string) {
	models := map[string][]string{}
	for _, r := range b.Rows {
		if note := boardNotes[r.Check]; note != "" {
			models[note] = append(models[note], r.Name)
		}
	}
	for _, note := range slices.Sorted(maps.Keys(models)) {
		list = append(list, fmt.Sprintf("%s: %s", strings.ToUpper(note[:1])+note[1:], strings.Join(models[note], ", ")))
	}
	return list
}

// boardNote says what a board's reader should know.
func boardNote(n board.Note) string {
	list := strings.Join(n.Values, ", ")
	switch n.Kind {
	case board.Versions:
		return "The runs were made by different versions of akin: " + list
	case board.Decoders:
		return "The runs read pictures by different decoders: " + list
	case board.Apart:
		return "No ranks where models stand in several runs; one run of all has them: " + list
	}
	return string(n.Kind) + ": " + list
}
