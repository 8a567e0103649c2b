package report

import (
	"cmp"
	"math"
	"slices"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
)

// rocFigure is a square plot of every model's ROC curve: related pairs are
// positive, unrelated ones negative, the threshold is a cosine.
type rocFigure struct {
	Frame  plotFrame
	X, Y   []page.Tick
	Curves []rocCurve // grey ones first, so that those in colour are drawn above them
	Legend []rocCurve // by falling AUC
}

type rocCurve struct {
	Name, Kind string
	AUC        float64
	Path       string
	Line       lineStyle
}

// lineStyle tells curves apart: two by colour, the kinds of the others by dashes.
type lineStyle struct {
	Class string // in roc.css: first, second or quiet
	Dash  string // of stroke-dasharray; empty for a solid line
}

// Coloured reports whether the curve is one of the two that the page compares.
func (l lineStyle) Coloured() bool { return l.Class != "quiet" }

// plotFrame is where a plot stands in its drawing.
type plotFrame struct {
	Left   page.Px `json:"left"`
	Right  page.Px `json:"right"`
	Top    page.Px `json:"top"`
	Bottom page.Px `json:"bottom"`
}

// rocFrame leaves room for the names of the axes.
var rocFrame = plotFrame{Left: 46, Right: 410, Top: 10, Bottom: 374}

func newROCFigure(run *record.Run, s record.Summary, networks []int) rocFigure {
	x := page.Scale{Low: 0, High: 1, From: rocFrame.Left, To: rocFrame.Right}
	y := page.Scale{Low: 0, High: 1, From: rocFrame.Bottom, To: rocFrame.Top}
	f := rocFigure{Frame: rocFrame, X: x.Ticks(5), Y: y.Ticks(5)}
	styles := lineStyles(run.Models, s.Leading().Name, secondOf(s, networks))
	for i, m := range run.Models {
		var line page.Polyline
		for _, p := range stats.ROC(match.Similarities(m.Choices)) {
			line.To(x.At(p.FalsePositiveRate), y.At(p.TruePositiveRate))
		}
		f.Legend = append(f.Legend, rocCurve{m.Name, m.Kind, s.Models[i].AUC, line.String(), styles[i]})
	}
	f.Curves = slices.Clone(f.Legend)
	slices.SortStableFunc(f.Curves, func(a, b rocCurve) int { return side(a.Line.Coloured()) - side(b.Line.Coloured()) })
	slices.SortStableFunc(f.Legend, func(a, b rocCurve) int { return cmp.Compare(b.AUC, a.AUC) })
	return f
}

// lineStyles gives colour to the two models that the page sets side by side at first;
// the others are grey, those that are no trained network in dashes of their kind.
func lineStyles(models []record.Model, first, second string) []lineStyle {
	dashes := map[string]string{model.Untrained: "7 3", model.NoNetwork: "2 3"}
	styles := make([]lineStyle, len(models))
	for i, m := range models {
		styles[i] = lineStyle{"quiet", dashes[m.Kind]}
		switch m.Name {
		case first:
			styles[i].Class = "first"
		case second:
			styles[i].Class = "second"
		}
	}
	return styles
}

// secondOf names the model that stands beside the leading one at first: the best of the
// other networks, trained ones before the rest and forms of a network last; empty
// where there is no other.
func secondOf(s record.Summary, networks []int) string {
	leading, name, least := s.Leading(), "", math.Inf(1)
	for i := range s.Models {
		m := &s.Models[i]
		rank := m.MatchingError + 2*float64(side(m.Kind != model.Trained)) + 4*float64(side(networks[i] != i))
		if m != leading && m.Name != leading.Name && rank < least {
			name, least = m.Name, rank
		}
	}
	return name
}
