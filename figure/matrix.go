package figure

import (
	"slices"
	"strconv"

	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/stats"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Matrix is Figure 5a of the paper: the cosines of each model against those of
// each other, pair by pair of pictures.
type Matrix struct {
	Models []string
	Pairs  []MatrixPair
	// Correlations holds those of model i with model j < i, pooled over related
	// and unrelated pairs, in the order (1,0), (2,0), (2,1) ...
	Correlations []Correlation
}

// MatrixPair is one pair of pictures with its cosine under each model.
type MatrixPair struct {
	Triplet string
	Related bool
	Cosines []float64 // by model
}

// Correlation is of two models' cosines.
type Correlation struct {
	A, B              string
	Pearson, Spearman float64
}

// Size is the page's width; few models take less.
func (f Matrix) Size() (width, height vg.Length) {
	side := f.side()
	n := vg.Length(len(f.Models))
	return matrixNames + n*side + 2, n*side + 14
}

const matrixNames = 42 * vg.Millimeter

func (f Matrix) side() vg.Length {
	return min(30*vg.Millimeter, (Page-matrixNames-2)/vg.Length(max(1, len(f.Models))))
}

// Points has one row for each pair of pictures, one column for each model, and
// a second file for the correlations.
func (f Matrix) Points() map[string][][]string {
	points := [][]string{append([]string{"triplet", "pair"}, f.Models...)}
	for _, p := range f.Pairs {
		row := []string{p.Triplet, pairName(p.Related)}
		for _, v := range p.Cosines {
			row = append(row, number(v))
		}
		points = append(points, row)
	}
	correlations := [][]string{{"a", "b", "pearson", "spearman"}}
	for _, r := range f.Correlations {
		correlations = append(correlations, []string{r.A, r.B, number(r.Pearson), number(r.Spearman)})
	}
	return map[string][][]string{"": points, "-correlations": correlations}
}

// Draw puts points below the diagonal, correlations above it, and at the left
// each model's name and the range of its cosines.
func (f Matrix) Draw(c draw.Canvas) {
	side := f.side()
	ranges := make([]Range, len(f.Models))
	for i := range f.Models {
		ranges[i] = around(f.column(i))
	}
	for i, name := range f.Models {
		top := c.Max.Y - 2 - vg.Length(i)*side
		middle := top - side/2
		right := c.Min.X + matrixNames - 3
		write(c, aligned(style(normal, black), draw.XRight, draw.YBottom), vg.Point{X: right, Y: middle}, strconv.Itoa(i+1)+" "+name, matrixNames-5)
		c.FillText(aligned(style(small, grey), draw.XRight, draw.YTop), vg.Point{X: right, Y: middle - 1},
			notation.Interval(stats.Interval{Low: slices.Min(f.column(i)), High: slices.Max(f.column(i))}, notation.Decimal))
		for j := range f.Models {
			cell := vg.Rectangle{Min: vg.Point{X: c.Min.X + matrixNames + vg.Length(j)*side, Y: top - side}}
			cell.Max = vg.Point{X: cell.Min.X + side, Y: top}
			f.drawCell(c, cell, i, j, ranges)
		}
	}
	f.drawKey(c)
}

// drawKey explains the marks and the halves of the matrix.
func (f Matrix) drawKey(c draw.Canvas) {
	s := aligned(style(small, black), draw.XLeft, draw.YCenter)
	at := vg.Point{X: c.Min.X + 4, Y: c.Min.Y + 5}
	for _, related := range []bool{true, false} {
		strokeMarks(c, appendMark(nil, at, 2.2, related), 2.2, related)
		c.FillText(s, vg.Point{X: at.X + 5, Y: at.Y}, pairName(related))
		at.X += 14 + s.Width(pairName(related))
	}
	c.FillText(s, vg.Point{X: c.Min.X + matrixNames, Y: at.Y}, f.key())
}

func (f Matrix) key() string {
	if len(f.Models) < 4 {
		return "below: cosines; above: r, ρ"
	}
	return "below the diagonal: cosines, row against column; above: Pearson's r, Spearman's ρ"
}

func (f Matrix) column(i int) []float64 {
	values := make([]float64, len(f.Pairs))
	for k, p := range f.Pairs {
		values[k] = p.Cosines[i]
	}
	return values
}

func (f Matrix) drawCell(c draw.Canvas, cell vg.Rectangle, i, j int, ranges []Range) {
	c.SetLineStyle(line(0.4, grey))
	c.Stroke(cell.Path())
	middle := vg.Point{X: (cell.Min.X + cell.Max.X) / 2, Y: (cell.Min.Y + cell.Max.Y) / 2}
	switch {
	case i == j:
		c.FillText(aligned(style(large, black), draw.XCenter, draw.YCenter), middle, strconv.Itoa(i+1))
	case i < j:
		r := f.Correlations[j*(j-1)/2+i]
		s := style(small, black)
		c.FillText(aligned(s, draw.XCenter, draw.YBottom), middle, "r "+notation.Decimal(r.Pearson))
		c.FillText(aligned(s, draw.XCenter, draw.YTop), middle, "ρ "+notation.Decimal(r.Spearman))
	default:
		f.drawPoints(c, cell, i, j, ranges)
	}
}

// drawPoints draws related pairs as squares and unrelated ones as crosses, so that grey
// print tells them apart; all of one kind in one path: a matrix of fourteen models has
// 73,000 of them.
func (f Matrix) drawPoints(c draw.Canvas, cell vg.Rectangle, row, column int, ranges []Range) {
	const margin = 2
	dot := min(1.1, max(0.6, f.side()/60))
	place := func(v float64, r Range, from, to vg.Length) vg.Length {
		return from + margin + (to-from-2*margin)*vg.Length((v-r.Low)/(r.High-r.Low))
	}
	for _, related := range []bool{false, true} {
		var path vg.Path
		for _, p := range f.Pairs {
			if p.Related == related {
				at := vg.Point{X: place(p.Cosines[column], ranges[column], cell.Min.X, cell.Max.X), Y: place(p.Cosines[row], ranges[row], cell.Min.Y, cell.Max.Y)}
				path = appendMark(path, at, dot, related)
			}
		}
		strokeMarks(c, path, dot, related)
	}
}

// appendMark adds a square of side dot, or a cross a little wider.
func appendMark(path vg.Path, at vg.Point, dot vg.Length, related bool) vg.Path {
	half := dot / 2
	if !related {
		half = dot * 0.75
		path.Move(vg.Point{X: at.X, Y: at.Y - half})
		path.Line(vg.Point{X: at.X, Y: at.Y + half})
	}
	path.Move(vg.Point{X: at.X - half, Y: at.Y})
	path.Line(vg.Point{X: at.X + half, Y: at.Y})
	return path
}

func strokeMarks(c draw.Canvas, path vg.Path, dot vg.Length, related bool) {
	width := dot
	if !related {
		width = dot / 3
	}
	c.SetLineStyle(line(width, pairColour(related)))
	c.Stroke(path)
}
