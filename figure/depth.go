package figure

import (
	"image/color"
	"slices"
	"strconv"

	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/stats"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Depth is a network's matching error over its depth, for all triplets and by
// relation, with the intervals of single layers.
type Depth struct{ Curve stats.Curve }

// Size is one column.
func (f Depth) Size() (width, height vg.Length) { return Column, 64*vg.Millimeter + legendLine }

// Points are the figures of each layer; "-differences" holds those of two relations,
// with the simultaneous intervals from which it follows where they part.
func (f Depth) Points() map[string][][]string {
	points := [][]string{{"depth", "layer", "relation", "error", "error_low", "error_high"}}
	differences := [][]string{{"depth", "layer", "relation", "reference", "difference", "low", "high"}}
	for _, p := range f.Curve.Points {
		depth := strconv.Itoa(p.Depth)
		for _, e := range append([]stats.CurveFigure{p.CurveFigure}, p.ByRelation...) {
			points = append(points, []string{depth, p.Node, e.Relation, number(float64(e.Value)), number(e.Interval.Low), number(e.Interval.High)})
		}
		for _, d := range p.Differences {
			differences = append(differences, []string{depth, p.Node, d.Relation, d.Reference, number(float64(d.Value)), number(d.Simultaneous.Low), number(d.Simultaneous.High)})
		}
	}
	return map[string][][]string{"": points, "-differences": differences}
}

// depthLine is one line of the figure with its band.
type depthLine struct {
	name   string
	style  draw.LineStyle
	fill   color.Color // nil: no band
	depth  []int
	values []stats.CurveFigure
}

func (f Depth) lines() []depthLine {
	all := depthLine{name: "all", style: line(1, black)}
	var list []depthLine
	for i, p := range f.Curve.Points {
		all.depth, all.values = append(all.depth, p.Depth), append(all.values, p.CurveFigure)
		for k, e := range p.ByRelation {
			if i == 0 {
				ink, dashes := relationInk(e.Relation, k)
				list = append(list, depthLine{name: e.Relation, style: line(1, ink, dashes...), fill: faded(ink)})
			}
			list[k].depth, list[k].values = append(list[k].depth, p.Depth), append(list[k].values, e)
		}
	}
	return append(list, all)
}

// relationInk is the colour of a relation and, for print in grey, its dashes.
func relationInk(relation string, place int) (color.RGBA, []vg.Length) {
	switch relation {
	case page.Taxonomic.Name:
		return page.Taxonomic.Print, nil
	case page.Thematic.Name:
		return page.Thematic.Print, []vg.Length{4, 2}
	}
	return page.Series[place%len(page.Series)].Print, []vg.Length{vg.Length(2 + place), 1.5}
}

// faded is a colour through which others show.
func faded(c color.RGBA) color.Color { return color.NRGBA{c.R, c.G, c.B, 36} }

// Draw puts the names under the curves.
func (f Depth) Draw(c draw.Canvas) {
	lines := f.lines()
	most := 1
	for _, p := range f.Curve.Points {
		most = max(most, p.Depth)
	}
	p := newPlot("depth: operations with weights on the longest way", "matching error, %", Range{0, float64(most)}, Range{0, 100})
	p.Add(halfLine{})
	for _, l := range lines {
		p.Add(depthBand(l))
	}
	for _, l := range lines {
		p.Add(l)
	}
	for _, parting := range f.Curve.Partings {
		if parting.Layers > 0 {
			p.Add(partingLine(parting.Depth))
		}
	}
	p.Draw(draw.Crop(c, 1, -6, 2*legendLine+6, -12))
	write(c, aligned(style(normal, black), draw.XLeft, draw.YTop), vg.Point{X: c.Min.X + 26, Y: c.Max.Y - 1}, f.Curve.Network, Column-30)
	f.drawLegend(c, lines)
}

// drawLegend names the curves, and below them what crosses them.
func (f Depth) drawLegend(c draw.Canvas, lines []depthLine) {
	const width = 68
	entry := func(row, column int, s draw.LineStyle, name string, room vg.Length) {
		at := vg.Point{X: c.Min.X + 26 + vg.Length(column)*width, Y: c.Min.Y + vg.Length(2-row)*legendLine}
		c.StrokeLine2(s, at.X, at.Y, at.X+16, at.Y)
		write(c, aligned(style(small, black), draw.XLeft, draw.YCenter), vg.Point{X: at.X + 19, Y: at.Y}, name, room-22)
	}
	for i, l := range lines {
		entry(0, i, l.style, l.name, width)
	}
	entry(1, 0, halfStyle, "chance", width)
	if slices.ContainsFunc(f.Curve.Partings, func(p stats.Parting) bool { return p.Layers > 0 }) {
		entry(1, 1, partingStyle, "depth from which relations differ", 2*width)
	}
}

// Plot is plot.Plotter. What is not defined leaves a gap.
func (l depthLine) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	var path []vg.Point
	for i, e := range l.values {
		if e.Value.Defined() {
			path = append(path, vg.Point{X: x(float64(l.depth[i])), Y: y(100 * float64(e.Value))})
		}
		if len(path) > 0 && (i+1 == len(l.values) || !e.Value.Defined()) {
			c.StrokeLines(l.style, path)
			path = nil
		}
	}
}

// depthBand is the intervals of a line.
type depthBand depthLine

// Plot is plot.Plotter.
func (l depthBand) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	var upper, lower []vg.Point
	for i, e := range l.values {
		if e.Interval.Defined() {
			at := x(float64(l.depth[i]))
			upper, lower = append(upper, vg.Point{X: at, Y: y(100 * e.Interval.High)}), append(lower, vg.Point{X: at, Y: y(100 * e.Interval.Low)})
		}
		if l.fill != nil && len(upper) > 0 && (i+1 == len(l.values) || !e.Interval.Defined()) {
			slices.Reverse(lower)
			c.FillPolygon(l.fill, append(upper, lower...))
			upper, lower = nil, nil
		}
	}
}

var (
	halfStyle    = line(0.5, grey, 3, 2)
	partingStyle = line(0.6, black, 1, 2)
)

// halfLine is chance.
type halfLine struct{}

// Plot is plot.Plotter.
func (halfLine) Plot(c draw.Canvas, p *plot.Plot) {
	_, y := p.Transforms(&c)
	c.StrokeLine2(halfStyle, c.Min.X, y(50), c.Max.X, y(50))
}

// partingLine is the depth from which two relations differ.
type partingLine int

// Plot is plot.Plotter.
func (l partingLine) Plot(c draw.Canvas, p *plot.Plot) {
	x, _ := p.Transforms(&c)
	c.StrokeLine2(partingStyle, x(float64(l)), c.Min.Y, x(float64(l)), c.Max.Y)
}
