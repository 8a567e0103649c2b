package figure

import (
	"image/color"
	"math"

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
	return Page, vg.Length(len(f.Rows))*barLine + 44
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

// Draw puts the three figures in panels that share the models' names.
func (f Bars) Draw(c draw.Canvas) {
	const names, gap = 118, 14
	width := (c.Max.X - c.Min.X - names - 3*gap) / 3
	for i, r := range f.Rows {
		y := c.Max.Y - 16 - (vg.Length(i)+0.5)*barLine
		write(c, aligned(style(normal, black), draw.XRight, draw.YCenter), vg.Point{X: c.Min.X + names, Y: y}, r.Model, names-4)
	}
	for k, panel := range []struct {
		title  string
		ours   bool // measured on the set, not published
		chance bool
		pick   func(Bar) Estimate
		factor float64
	}{
		{"ImageNet top-1 error, %", false, false, func(b Bar) Estimate { return b.Top1 }, 100},
		{"matching error, %", true, true, func(b Bar) Estimate { return b.Matching }, 100},
		{"1 − AUC", true, true, func(b Bar) Estimate { return b.OneMinusAUC }, 1},
	} {
		left := c.Min.X + names + gap + vg.Length(k)*(width+gap) - 6
		p := barPanel{c, left, width, panel.factor, f.highest(panel.pick)}
		c.FillText(style(normal, black), vg.Point{X: left, Y: c.Max.Y - 11}, panel.title)
		for i, r := range f.Rows {
			var fill color.Color = pale
			if panel.ours {
				fill = tint(page.ModelColour(r.Kind).Print)
			}
			p.bar(c.Max.Y-16-(vg.Length(i)+0.5)*barLine, panel.pick(r), fill)
		}
		p.axis(c.Max.Y-16, c.Max.Y-16-vg.Length(len(f.Rows))*barLine, panel.chance)
	}
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

func (p barPanel) bar(y vg.Length, e Estimate, fill color.Color) {
	if math.IsNaN(e.Value) {
		p.c.FillText(aligned(style(small, grey), draw.XLeft, draw.YCenter), vg.Point{X: p.left + 3, Y: y}, "not known")
		return
	}
	const half = 3.2
	right := p.at(e.Value)
	p.c.FillPolygon(fill, []vg.Point{{X: p.left, Y: y - half}, {X: right, Y: y - half}, {X: right, Y: y + half}, {X: p.left, Y: y + half}})
	write := notation.PercentTo(2)
	if p.factor == 1 {
		write = notation.Decimal
	}
	p.c.FillText(aligned(style(small, black), draw.XLeft, draw.YCenter), vg.Point{X: p.left + 2, Y: y}, write(e.Value))
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
