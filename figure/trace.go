package figure

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/page"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Trace is Figure 2 of the paper: one triplet's way from pictures to a match,
// with its numbers.
type Trace struct {
	Model  string
	Case   Case
	Recipe []string // how the pictures are prepared, step by step
	Input  string   // shape of the prepared picture
	Node   string
	Dim    int // length of a feature vector
}

// Size is the page's width.
func (f Trace) Size() (width, height vg.Length) { return Page, 3*traceRow + 10 }

const traceRow = 21 * vg.Millimeter

// Points is the triplet and what it went through.
func (f Trace) Points() map[string][][]string {
	return map[string][][]string{
		"":       {caseColumns, f.Case.cells(f.Model, "trace", 1)},
		"-steps": {{"model", "recipe", "input", "node", "features"}, {f.Model, strings.Join(f.Recipe, ", "), f.Input, f.Node, strconv.Itoa(f.Dim)}},
	}
}

// Draw lets each picture run along a row of its own until the cosines join
// them: picture, preparation, network, features, cosine, match.
func (f Trace) Draw(c draw.Canvas) {
	const side = 17 * vg.Millimeter
	pictures := []Picture{f.Case.Related, f.Case.Target, f.Case.Unrelated}
	roles := []string{"related", "target", "unrelated"}
	columns := [4]vg.Length{c.Min.X + 24, c.Min.X + 98, c.Min.X + 218, c.Min.X + 340} // left edges of the steps
	rows := [3]vg.Length{}
	for i, p := range pictures {
		y := c.Max.Y - 8 - (vg.Length(i)+0.5)*traceRow
		rows[i] = y
		box := vg.Rectangle{Min: vg.Point{X: columns[0], Y: y - side/2 + 5}, Max: vg.Point{X: columns[0] + side, Y: y + side/2 + 5}}
		drawPicture(c, box, p)
		c.SetLineStyle(line(0.5, grey))
		c.Stroke(box.Path())
		write(c, aligned(style(small, black), draw.XCenter, draw.YTop), vg.Point{X: columns[0] + side/2, Y: box.Min.Y - 1}, p.Label, side+30)
		arrow(c, columns[0]+side+4, y+5, columns[1]-4, y+5)
		f.step(c, columns[1], y+5, append(append([]string{"prepare"}, f.Recipe[:min(2, len(f.Recipe))]...), f.Input)...)
		arrow(c, columns[1]+stepWidth+4, y+5, columns[2]-4, y+5)
		f.step(c, columns[2], y+5, f.Model, "output: "+f.Node, fmt.Sprintf("%d features", f.Dim))
		c.FillText(aligned(rotated(style(normal, grey)), draw.XCenter, draw.YTop), vg.Point{X: c.Min.X + 8, Y: y + 5}, roles[i])
	}
	f.match(c, columns, rows)
}

// match draws the two cosines and what follows from them.
func (f Trace) match(c draw.Canvas, columns [4]vg.Length, rows [3]vg.Length) {
	for k, pair := range []struct {
		name   string
		cosine float64
		ends   [2]vg.Length
		ink    draw.LineStyle
	}{
		{"related", f.Case.CosineRelated, [2]vg.Length{rows[0], rows[1]}, line(1, page.Related.Print)},
		{"unrelated", f.Case.CosineUnrelated, [2]vg.Length{rows[1], rows[2]}, line(1, page.Unrelated.Print, 3, 2)},
	} {
		y := (pair.ends[0]+pair.ends[1])/2 + 5
		x := columns[2] + stepWidth + 6
		for _, end := range pair.ends {
			shift := vg.Length(0)
			if end == rows[1] { // where the lines of both cosines begin
				shift = vg.Length(3 - 6*k)
			}
			c.StrokeLine2(pair.ink, x, end+5+shift, columns[3]-4, y)
		}
		s := style(normal, black)
		c.FillText(aligned(s, draw.XLeft, draw.YBottom), vg.Point{X: columns[3], Y: y}, "cosine of target, "+pair.name)
		c.FillText(aligned(style(large, black), draw.XLeft, draw.YTop), vg.Point{X: columns[3], Y: y - 1}, notation.Decimal(pair.cosine))
	}
	x := columns[3] + 108
	y := rows[1] + 5
	arrow(c, x-16, y, x, y)
	for i, text := range []string{f.decision(), "margin " + notation.Decimal(f.Case.Margin())} {
		c.FillText(aligned(style(large, black), draw.XLeft, draw.YCenter), vg.Point{X: x + 4, Y: y + 5 - vg.Length(i)*10}, text)
	}
}

func (f Trace) decision() string {
	switch m := f.Case.Margin(); {
	case math.IsNaN(m):
		return "no match"
	case m > 0:
		return "right match"
	case m < 0:
		return "wrong match"
	default:
		return "tie"
	}
}

const stepWidth = 98

// step is a box of lines.
func (f Trace) step(c draw.Canvas, left, y vg.Length, lines ...string) {
	const height = 8.5
	half := vg.Length(len(lines))*height/2 + 2
	box := vg.Rectangle{Min: vg.Point{X: left, Y: y - half}, Max: vg.Point{X: left + stepWidth, Y: y + half}}
	c.SetLineStyle(line(0.5, black))
	c.Stroke(box.Path())
	for i, text := range lines {
		s := style(small, grey)
		if i == 0 {
			s = style(normal, black)
		}
		write(c, aligned(s, draw.XLeft, draw.YCenter), vg.Point{X: left + 3, Y: y + half - 2 - (vg.Length(i)+0.5)*height}, text, stepWidth-6)
	}
}

func arrow(c draw.Canvas, x0, y0, x1, y1 vg.Length) {
	c.StrokeLine2(line(0.7, grey), x0, y0, x1, y1)
	c.FillPolygon(grey, []vg.Point{{X: x1, Y: y1}, {X: x1 - 4, Y: y1 + 2}, {X: x1 - 4, Y: y1 - 2}})
}

func rotated(s text.Style) text.Style {
	s.Rotation = math.Pi / 2
	return s
}
