package figure

import (
	"image/color"
	"math"
	"strconv"

	"github.com/akin-vision/akin/page"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Range is a span of values.
type Range struct{ Low, High float64 }

// newPlot is an empty plot in the house's type and line widths.
func newPlot(xLabel, yLabel string, x, y Range) *plot.Plot {
	p := plot.New()
	p.TextHandler = handler
	p.BackgroundColor = nil
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Label.TextStyle.Handler, axis.Label.TextStyle.Font = handler, style(normal, black).Font
		axis.Label.TextStyle.Font.Size = normal
		axis.Tick.Label.Handler, axis.Tick.Label.Font = handler, style(small, black).Font
		axis.LineStyle.Width, axis.Tick.LineStyle.Width = font.Length(0.5), font.Length(0.5)
		axis.Tick.Length = 2.5
		axis.Padding = 2
		axis.Tick.Marker = nice{}
	}
	p.X.Label.Text, p.Y.Label.Text = xLabel, yLabel
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = x.Low, x.High, y.Low, y.High
	return p
}

// nice marks about five multiples of 1, 2 or 5 times a power of ten.
type nice struct{}

// Ticks is plot.Ticker.
func (nice) Ticks(low, high float64) []plot.Tick {
	step := page.NiceStep((high - low) / 5)
	decimals := max(0, int(-math.Floor(math.Log10(step)+1e-9)))
	var ticks []plot.Tick
	for i := math.Ceil(low/step - 1e-9); i*step <= high+step*1e-9; i++ {
		value := i*step + 0 // turns a negative zero positive
		ticks = append(ticks, plot.Tick{Value: value, Label: strconv.FormatFloat(value, 'f', decimals, 64)})
	}
	return ticks
}

// around spans all finite values with a little air; a single value gets room
// on both sides.
func around(values ...[]float64) Range {
	r := Range{math.Inf(1), math.Inf(-1)}
	for _, list := range values {
		for _, v := range list {
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				r.Low, r.High = min(r.Low, v), max(r.High, v)
			}
		}
	}
	if r.Low > r.High {
		return Range{0, 1}
	}
	air := max(0.04*(r.High-r.Low), 1e-3)
	return Range{r.Low - air, r.High + air}
}

func line(width vg.Length, ink color.Color, dashes ...vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: ink, Width: width, Dashes: dashes}
}

// number is the shortest decimal that reads back as v; empty for what is missing.
func number(v float64) string {
	switch {
	case math.IsNaN(v):
		return ""
	case math.IsInf(v, 1):
		return "Inf" // with a plus, a spreadsheet would take it for a formula
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
