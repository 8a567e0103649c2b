package figure

import (
	"image/color"
	"math"
	"slices"

	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/stats"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Bars is Figure 6 of the paper: for each model top-1 error, matching error and
// 1 - AUC.
type Bars struct{ Rows []Bar }

// Bar is one model; NaN where a figure is not known. Errors are proportions.
type Bar struct {
	Model, Family string
	Kind          string // of the model, see model.Card
	Top1          Estimate
	Top1Source    string
	Top1Sampled   bool // measured on some pictures here, not published of the whole validation set
	Top1Pictures  int  // of which Top1 is a share
	Triplets      int  // of which Matching is a share
	Matching      Estimate
	OneMinusAUC   Estimate
}

// Estimate is a figure with its interval, which may be undefined.
type Estimate struct {
	Value    float64
	Interval stats.Interval
}

// Unknown is the figure of a model of which it was never measured.
func Unknown() Estimate {
	return Estimate{math.NaN(), stats.Interval{Low: math.NaN(), High: math.NaN()}}
}

const barLine = 11 // points of height for each model

// Size is the page's width.
func (f Bars) Size() (width, height vg.Length) {
	return Page, vg.Length(len(f.Rows))*barLine + 56
}

// Points has one row for each model.
func (f Bars) Points() map[string][][]string {
	rows := [][]string{{
		"model", "family", "top1_error", "top1_error_low", "top1_error_high", "top1_source",
		"matching_error", "matching_error_low", "matching_error_high", "one_minus_auc", "one_minus_auc_low", "one_minus_auc_high",
	}}
	for _, r := range f.Rows {
		row := append([]string{r.Model, r.Family}, r.Top1.cells()...)
		row = append(append(row, r.Top1Source), r.Matching.cells()...)
		rows = append(rows, append(row, r.OneMinusAUC.cells()...))
	}
	return map[string][][]string{"": rows}
}

func (e Estimate) cells() []string {
	return []string{number(e.Value), number(e.Interval.Low), number(e.Interval.High)}
}

// Draw puts the figures in panels that share the models' names; without any top-1
// error there are two. Numbers stand in a column of their own, where no bar or whisker
// can reach.
func (f Bars) Draw(c draw.Canvas) {
	const names, gap, numbers = 118, 14, 26
	panels := f.panels()
	width := (c.Max.X - c.Min.X - names - 3*gap) / vg.Length(len(panels))
	for i, r := range f.Rows {
		write(c, aligned(style(normal, black), draw.XRight, draw.YCenter), vg.Point{X: c.Min.X + names, Y: f.middle(c, i)}, r.Model, names-4)
	}
	bottom := c.Max.Y - 16 - vg.Length(len(f.Rows))*barLine
	for k, panel := range panels {
		left := c.Min.X + names + gap + vg.Length(k)*(width+gap) - 6
		p := barPanel{c, left, width - numbers, panel.factor, f.highest(panel.pick)}
		c.FillText(style(normal, black), vg.Point{X: left, Y: c.Max.Y - 11}, panel.title)
		for i, r := range f.Rows {
			p.bar(f.middle(c, i), panel.pick(r), barLook(r.Kind, panel.ours))
			if !math.IsNaN(panel.pick(r).Value) {
				c.FillText(aligned(style(small, black), draw.XRight, draw.YCenter), vg.Point{X: left + width - 2, Y: f.middle(c, i)}, panel.write(r))
			}
		}
		p.axis(c.Max.Y-16, bottom, panel.chance)
	}
	f.drawLegend(c)
}

func (f Bars) middle(c draw.Canvas, row int) vg.Length {
	return c.Max.Y - 16 - (vg.Length(row)+0.5)*barLine
}

// errorPanel is one figure of all models.
type errorPanel struct {
	title  string
	ours   bool // measured on the set, not on ImageNet
	chance bool
	factor float64
	pick   func(Bar) Estimate
	write  func(Bar) string
}

func (f Bars) panels() []errorPanel {
	panels := []errorPanel{
		{"matching error, %", true, true, 100, func(b Bar) Estimate { return b.Matching },
			func(b Bar) string { return notation.ShareOf(b.Triplets)(b.Matching.Value) }},
		{"1 − AUC", true, true, 1, func(b Bar) Estimate { return b.OneMinusAUC },
			func(b Bar) string { return notation.Decimal(b.OneMinusAUC.Value) }},
	}
	if !slices.ContainsFunc(f.Rows, func(r Bar) bool { return !math.IsNaN(r.Top1.Value) }) {
		return panels
	}
	mixed := f.Mixed()
	top1 := errorPanel{"ImageNet top-1 error, %", false, false, 100, func(b Bar) Estimate { return b.Top1 }, func(b Bar) string {
		text := notation.ShareOf(b.Top1Pictures)(b.Top1.Value)
		if mixed && b.Top1Sampled {
			text += "*"
		}
		return text
	}}
	return append([]errorPanel{top1}, panels...)
}

// Mixed reports whether some top-1 errors are published ones and some of a sample,
// which must not be compared.
func (f Bars) Mixed() bool {
	of := func(sampled bool) bool {
		return slices.ContainsFunc(f.Rows, func(r Bar) bool { return !math.IsNaN(r.Top1.Value) && r.Top1Sampled == sampled })
	}
	return of(true) && of(false)
}

// drawLegend explains the fills of the kinds that are there, and the mark of samples.
func (f Bars) drawLegend(c draw.Canvas) {
	at := drawKinds(c, vg.Point{X: c.Min.X + 118, Y: c.Min.Y + 5}, func(kind string) bool {
		return slices.ContainsFunc(f.Rows, func(r Bar) bool { return r.Kind == kind })
	}, func(kind string, at vg.Point) { barLook(kind, true).draw(c, at.X, at.X+12, at.Y, 3.2) })
	if f.Mixed() {
		s := aligned(style(small, black), draw.XLeft, draw.YCenter)
		c.FillText(s, at, "* of a sample of pictures; not comparable with the published errors of the whole validation set")
	}
}

// drawKinds names the kinds of models that a figure has, each after a mark of 12 points,
// and returns where the line goes on.
func drawKinds(c draw.Canvas, at vg.Point, has func(kind string) bool, mark func(kind string, at vg.Point)) vg.Point {
	s := aligned(style(small, black), draw.XLeft, draw.YCenter)
	for _, kind := range []string{model.Trained, model.Untrained, model.NoNetwork} {
		if has(kind) {
			mark(kind, at)
			c.FillText(s, vg.Point{X: at.X + 15, Y: at.Y}, kind)
			at.X += 15 + s.Width(kind) + 12
		}
	}
	return at
}

// look is the fill of a bar: its kind shows without colour too, as full, hatched or empty.
type look struct {
	fill   color.Color // nil: empty
	stroke color.Color
	hatch  bool
}

func barLook(kind string, ours bool) look {
	ink := page.ModelColour(kind).Print
	switch {
	case !ours:
		return look{fill: pale, stroke: grey}
	case kind == model.Trained:
		return look{fill: tint(ink), stroke: ink}
	case kind == model.Untrained:
		return look{stroke: ink, hatch: true}
	}
	return look{stroke: ink}
}

func (l look) draw(c draw.Canvas, left, right, y, half vg.Length) {
	corners := []vg.Point{{X: left, Y: y - half}, {X: right, Y: y - half}, {X: right, Y: y + half}, {X: left, Y: y + half}}
	if l.fill != nil {
		c.FillPolygon(l.fill, corners)
	}
	for x := left; l.hatch && x < right; x += half {
		end := min(x+half, right)
		c.StrokeLine2(line(0.4, l.stroke), x, y-half, end, y-half+2*(end-x))
	}
	c.StrokeLines(line(0.5, l.stroke), append(corners, corners[0]))
}

// highest is where a panel's scale ends.
func (f Bars) highest(pick func(Bar) Estimate) float64 {
	high := 0.5
	for _, r := range f.Rows {
		e := pick(r)
		for _, v := range []float64{e.Value, e.Interval.High} {
			if !math.IsNaN(v) {
				high = max(high, v)
			}
		}
	}
	return min(1, high*1.04)
}

// barPanel maps a proportion onto positions from left on.
type barPanel struct {
	c           draw.Canvas
	left, width vg.Length
	factor      float64 // of the scale's numbers
	high        float64
}

func (p barPanel) at(v float64) vg.Length { return p.left + vg.Length(v/p.high)*p.width }

// tint is a colour light enough for black text on it.
func tint(c color.RGBA) color.Color {
	const share = 0.4
	pale := func(v uint8) uint8 { return uint8(math.Round(255 - share*float64(255-v))) }
	return color.RGBA{pale(c.R), pale(c.G), pale(c.B), 255}
}

func (p barPanel) bar(y vg.Length, e Estimate, l look) {
	if math.IsNaN(e.Value) {
		p.c.FillText(aligned(style(small, grey), draw.XLeft, draw.YCenter), vg.Point{X: p.left + 3, Y: y}, "not known")
		return
	}
	l.draw(p.c, p.left, p.at(e.Value), y, 3.2)
	if e.Interval.Defined() {
		low, high := p.at(e.Interval.Low), p.at(e.Interval.High)
		p.c.StrokeLine2(line(0.7, black), low, y, high, y)
		for _, end := range []vg.Length{low, high} {
			p.c.StrokeLine2(line(0.7, black), end, y-1.6, end, y+1.6)
		}
	}
}

func (p barPanel) axis(top, bottom vg.Length, chance bool) {
	if chance {
		p.c.StrokeLine2(line(0.6, grey, 3, 2), p.at(0.5), top, p.at(0.5), bottom)
	}
	p.c.StrokeLine2(line(0.5, black), p.left, bottom, p.left+p.width, bottom)
	p.c.StrokeLine2(line(0.5, black), p.left, top, p.left, bottom)
	s := aligned(style(small, black), draw.XCenter, draw.YTop)
	for _, t := range (nice{}).Ticks(0, p.high*p.factor) {
		x := p.at(t.Value / p.factor)
		p.c.StrokeLine2(line(0.5, black), x, bottom, x, bottom-2.5)
		p.c.FillText(s, vg.Point{X: x, Y: bottom - 4}, t.Label)
	}
	if chance {
		p.c.FillText(aligned(style(small, grey), draw.XCenter, draw.YTop), vg.Point{X: p.at(0.5), Y: bottom - 12}, "chance")
	}
}
