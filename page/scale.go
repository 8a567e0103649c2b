package page

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Px is a length or position in the user units of an SVG, written with at most
// one decimal.
type Px float64

func (p Px) String() string {
	text := strconv.FormatFloat(float64(p), 'f', 1, 64)
	text = strings.TrimSuffix(text, ".0")
	if text == "-0" {
		return "0"
	}
	return text
}

// Scale maps the values Low..High linearly onto the positions From..To.
type Scale struct {
	Low, High float64
	From, To  Px
}

func (s Scale) At(value float64) Px {
	return s.From + (s.To-s.From)*Px((value-s.Low)/(s.High-s.Low))
}

// Tick is a labelled position on a Scale.
type Tick struct {
	At   Px
	Text string
}

// Ticks returns about n marks at multiples of 1, 2 or 5 times a power of ten.
func (s Scale) Ticks(n int) []Tick {
	step := NiceStep((s.High - s.Low) / float64(n))
	decimals := max(0, int(-math.Floor(math.Log10(step)+1e-9)))
	var marks []Tick
	for i := math.Ceil(s.Low/step - 1e-9); i*step <= s.High+step*1e-9; i++ {
		value := i*step + 0 // turns a negative zero positive
		marks = append(marks, Tick{s.At(value), tickText(value, decimals)})
	}
	return marks
}

// tickText writes a number with a true minus sign.
func tickText(value float64, decimals int) string {
	return strings.Replace(strconv.FormatFloat(value, 'f', decimals, 64), "-", "\u2212", 1)
}

// NiceStep is the least of 1, 2 or 5 times a power of ten that is not below least.
func NiceStep(least float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(least)))
	for _, factor := range []float64{1, 2, 5} {
		if factor*power >= least*(1-1e-9) {
			return factor * power
		}
	}
	return 10 * power
}

// Polyline gathers the points of one line for an SVG's d attribute and leaves out
// those that continue the last stroke along the same direction.
type Polyline struct {
	points [][2]Px
}

func (p *Polyline) To(x, y Px) {
	q := [2]Px{round(x), round(y)}
	n := len(p.points)
	if n > 0 && p.points[n-1] == q {
		return
	}
	if n > 1 {
		a, b := p.points[n-2], p.points[n-1]
		if a[0] == b[0] && b[0] == q[0] || a[1] == b[1] && b[1] == q[1] {
			p.points[n-1] = q
			return
		}
	}
	p.points = append(p.points, q)
}

func round(x Px) Px { return Px(math.Round(float64(x)*10) / 10) }

func (p *Polyline) String() string {
	var b strings.Builder
	for i, q := range p.points {
		if i == 0 {
			fmt.Fprintf(&b, "M%v %v", q[0], q[1])
			continue
		}
		fmt.Fprintf(&b, "L%v %v", q[0], q[1])
	}
	return b.String()
}
