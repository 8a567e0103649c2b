package figure

import (
	"slices"

	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/stats"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// ROC is Figure 5b or 5c of the paper: the curves of one family's models.
type ROC struct {
	Family string
	Curves []Curve
}

// Curve is one model's receiver operating characteristic: related pairs are
// positive, unrelated ones negative, the threshold is a cosine.
type Curve struct {
	Model    string
	AUC      float64
	Interval stats.Interval // shared pictures counted
	Points   []stats.ROCPoint
}

const legendLine = 8.5 // points of height for each curve

// Size is one column: a square and the legend beneath it, with a line for chance.
func (f ROC) Size() (width, height vg.Length) {
	return Column, 82*vg.Millimeter + vg.Length(len(f.Curves)+1)*legendLine
}

// Points are the corners of the curves, and what the legend says.
func (f ROC) Points() map[string][][]string {
	points := [][]string{{"model", "false_positive_rate", "true_positive_rate", "threshold"}}
	legend := [][]string{{"model", "auc", "auc_low", "auc_high"}}
	for _, c := range f.Curves {
		legend = append(legend, []string{c.Model, number(c.AUC), number(c.Interval.Low), number(c.Interval.High)})
		for _, p := range c.Points {
			points = append(points, []string{c.Model, number(p.FalsePositiveRate), number(p.TruePositiveRate), number(p.Threshold)})
		}
	}
	return map[string][][]string{"": points, "-auc": legend}
}

// Draw puts the legend, best model first, under the curves.
func (f ROC) Draw(c draw.Canvas) {
	legend := vg.Length(len(f.Curves)+1) * legendLine
	p := newPlot("false positive rate (unrelated pairs)", "true positive rate (related pairs)", Range{0, 1}, Range{0, 1})
	p.Add(chanceLine{})
	byAUC := f.ranked()
	for i := range byAUC {
		at := len(byAUC) - 1 - i // the best one last, above the others
		p.Add(rocLine{byAUC[at].Points, lineOf(at)})
	}
	p.Draw(draw.Crop(c, 1, -4, legend+6, -4))
	s := aligned(style(small, black), draw.XLeft, draw.YCenter)
	for i, curve := range byAUC {
		y := c.Min.Y + legend - vg.Length(i)*legendLine
		c.StrokeLine2(lineOf(i), c.Min.X+26, y, c.Min.X+52, y)
		write(c, s, vg.Point{X: c.Min.X + 56, Y: y}, curve.Model, 95)
		c.FillText(s, vg.Point{X: c.Min.X + 155, Y: y}, curve.legend())
	}
	c.StrokeLine2(chanceStyle, c.Min.X+26, c.Min.Y+legendLine, c.Min.X+52, c.Min.Y+legendLine)
	c.FillText(s, vg.Point{X: c.Min.X + 56, Y: c.Min.Y + legendLine}, "chance")
}

func (f ROC) ranked() []Curve {
	list := slices.Clone(f.Curves)
	slices.SortStableFunc(list, func(a, b Curve) int {
		switch {
		case a.AUC > b.AUC:
			return -1
		case a.AUC < b.AUC:
			return 1
		}
		return 0
	})
	return list
}

func (c Curve) legend() string {
	if !c.Interval.Defined() {
		return "AUC " + notation.Decimal(c.AUC)
	}
	return "AUC " + notation.Estimate(c.AUC, c.Interval, notation.Decimal)
}

// lineOf gives curve i a colour and, for print in grey, dashes.
func lineOf(i int) draw.LineStyle {
	dashes := [][]vg.Length{nil, {4, 1.5}, {1.2, 1.2}, {5, 1.5, 1.2, 1.5}, {2.5, 1.5}, {7, 2}, {5, 1.5, 1.2, 1.5, 1.2, 1.5}}
	n := len(page.Series)
	return line(0.9, page.Series[i%n].Print, dashes[(i+i/n)%len(dashes)]...)
}

var chanceStyle = line(0.5, grey)

type chanceLine struct{}

// Plot is plot.Plotter.
func (chanceLine) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	c.StrokeLine2(chanceStyle, x(0), y(0), x(1), y(1))
}

type rocLine struct {
	points []stats.ROCPoint
	style  draw.LineStyle
}

// Plot is plot.Plotter.
func (l rocLine) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	path := make([]vg.Point, len(l.points))
	for i, q := range l.points {
		path[i] = vg.Point{X: x(q.FalsePositiveRate), Y: y(q.TruePositiveRate)}
	}
	if len(path) > 0 {
		c.StrokeLines(l.style, path)
	}
}
