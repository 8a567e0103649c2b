package figure

import (
	"image/color"
	"math"
	"slices"

	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/page"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Intervals draws one figure of each model with its interval beside chance, and where
// there are any, the lines that no model is expected to exceed.
type Intervals struct {
	Label  string // of the axis
	Factor float64
	Chance float64
	Lines  []Line
	Rows   []Interval
}

// Line is a figure that all models share, such as a ceiling.
type Line struct {
	Name  string
	Value float64
}

// Interval is one model.
type Interval struct {
	Model, Kind string // Kind as of model.Card
	Estimate
}

const intervalLine = 11 // points of height for each model

// Size is one column's width.
func (f Intervals) Size() (width, height vg.Length) {
	return Column, vg.Length(len(f.Rows))*intervalLine + 70
}

// Points has one row for each model and each line.
func (f Intervals) Points() map[string][][]string {
	rows := [][]string{{"model", "value", "low", "high"}}
	for _, r := range f.Rows {
		rows = append(rows, append([]string{r.Model}, r.cells()...))
	}
	for _, l := range append([]Line{{"chance", f.Chance}}, f.Lines...) {
		rows = append(rows, []string{l.Name, number(l.Value), "", ""})
	}
	return map[string][][]string{"": rows}
}

// Draw puts the models below one another.
func (f Intervals) Draw(c draw.Canvas) {
	const names, right = 92, 8
	p := intervalPanel{c, c.Min.X + names, c.Max.X - c.Min.X - names - right, f.span()}
	top, bottom := c.Max.Y-26, c.Max.Y-26-vg.Length(len(f.Rows))*intervalLine
	p.mark(f.Chance, "chance", grey, top, bottom, c.Max.Y-16)
	for i, l := range f.Lines {
		p.mark(l.Value, l.Name, black, top, bottom, c.Max.Y-8-vg.Length(i%2)*8)
	}
	for i, r := range f.Rows {
		y := top - (vg.Length(i)+0.5)*intervalLine
		write(c, aligned(style(normal, black), draw.XRight, draw.YCenter), vg.Point{X: c.Min.X + names - 4, Y: y}, r.Model, names-6)
		p.estimate(y, r.Estimate, r.Kind)
	}
	c.StrokeLine2(line(0.5, black), p.left, bottom, p.left+p.width, bottom)
	s := aligned(style(small, black), draw.XCenter, draw.YTop)
	for _, t := range (nice{}).Ticks(p.span.Low*f.Factor, p.span.High*f.Factor) {
		x := p.at(t.Value / f.Factor)
		c.StrokeLine2(line(0.5, black), x, bottom, x, bottom-2.5)
		c.FillText(s, vg.Point{X: x, Y: bottom - 4}, t.Label)
	}
	p.centred(style(normal, black), vg.Point{X: p.left + p.width/2, Y: bottom - 13}, f.Label)
	drawKinds(c, vg.Point{X: p.left, Y: c.Min.Y + 5}, func(kind string) bool {
		return slices.ContainsFunc(f.Rows, func(r Interval) bool { return r.Kind == kind })
	}, func(kind string, at vg.Point) { drawMarker(c, vg.Point{X: at.X + 6, Y: at.Y}, kind) })
}

// span holds all that is drawn.
func (f Intervals) span() Range {
	values := []float64{f.Chance}
	for _, l := range f.Lines {
		values = append(values, l.Value)
	}
	for _, r := range f.Rows {
		values = append(values, r.Value, r.Interval.Low, r.Interval.High)
	}
	return around(values)
}

type intervalPanel struct {
	c           draw.Canvas
	left, width vg.Length
	span        Range
}

func (p intervalPanel) at(v float64) vg.Length {
	return p.left + vg.Length((v-p.span.Low)/(p.span.High-p.span.Low))*p.width
}

// mark draws a line through all models with its name above.
func (p intervalPanel) mark(v float64, name string, ink color.Color, top, bottom, above vg.Length) {
	if math.IsNaN(v) {
		return
	}
	p.c.StrokeLine2(line(0.6, ink, 3, 2), p.at(v), top, p.at(v), bottom)
	p.centred(style(small, ink), vg.Point{X: p.at(v), Y: above}, name)
}

// centred writes text around a point, or as near to it as the canvas has room.
func (p intervalPanel) centred(s text.Style, at vg.Point, line string) {
	room := p.c.Max.X - p.c.Min.X - 2
	line = fit(s, line, room)
	half := min(s.Width(line), room)/2 + 1
	at.X = min(max(at.X, p.c.Min.X+half), p.c.Max.X-half)
	p.c.FillText(aligned(s, draw.XCenter, draw.YTop), at, line)
}

func (p intervalPanel) estimate(y vg.Length, e Estimate, kind string) {
	if math.IsNaN(e.Value) {
		return
	}
	if ends := e.Interval; ends.Defined() {
		ink := line(0.8, page.ModelColour(kind).Print)
		p.c.StrokeLine2(ink, p.at(ends.Low), y, p.at(ends.High), y)
		for _, end := range []float64{ends.Low, ends.High} {
			p.c.StrokeLine2(ink, p.at(end), y-1.6, p.at(end), y+1.6)
		}
	}
	drawMarker(p.c, vg.Point{X: p.at(e.Value), Y: y}, kind)
}

// drawMarker marks a model's estimate as web pages do: trained networks filled, untrained
// ones hollow, baselines square.
func drawMarker(c draw.Canvas, at vg.Point, kind string) {
	const half = 2
	ink := page.ModelColour(kind).Print
	var path vg.Path
	if kind == model.NoNetwork {
		path = vg.Rectangle{Min: vg.Point{X: at.X - half, Y: at.Y - half}, Max: vg.Point{X: at.X + half, Y: at.Y + half}}.Path()
	} else {
		path.Move(vg.Point{X: at.X + half, Y: at.Y})
		path.Arc(at, half, 0, 2*math.Pi)
		path.Close()
	}
	c.SetColor(color.White)
	if kind == model.Trained {
		c.SetColor(ink)
	}
	c.Fill(path)
	c.SetLineStyle(line(0.9, ink))
	c.Stroke(path)
}
