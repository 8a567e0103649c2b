package report

import (
	"cmp"
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
	Curves []rocCurve // quiet ones first, so that networks are drawn above them
	Legend []rocCurve // by falling AUC
}

type rocCurve struct {
	Name, Kind string
	AUC        float64
	Path       string
	Line       lineStyle
}

// lineStyle tells curves apart: networks by colour, everything by its dashes.
type lineStyle struct {
	Class string // in roc.css, the name of its colour in the palette
	Dash  string // of stroke-dasharray; empty for a solid line
}

// plotFrame is where a plot stands in its drawing.
type plotFrame struct {
	Left   page.Px `json:"left"`
	Right  page.Px `json:"right"`
	Top    page.Px `json:"top"`
	Bottom page.Px `json:"bottom"`
}

// rocFrame leaves room for the names of the axes.
var rocFrame = plotFrame{Left: 46, Right: 410, Top: 10, Bottom: 374}

func newROCFigure(run *record.Run, s record.Summary) rocFigure {
	x := page.Scale{Low: 0, High: 1, From: rocFrame.Left, To: rocFrame.Right}
	y := page.Scale{Low: 0, High: 1, From: rocFrame.Bottom, To: rocFrame.Top}
	f := rocFigure{Frame: rocFrame, X: x.Ticks(5), Y: y.Ticks(5)}
	styles := lineStyles(run.Models)
	for i, m := range run.Models {
		var line page.Polyline
		for _, p := range stats.ROC(match.Similarities(m.Choices)) {
			line.To(x.At(p.FalsePositiveRate), y.At(p.TruePositiveRate))
		}
		f.Legend = append(f.Legend, rocCurve{m.Name, m.Kind, s.Models[i].AUC, line.String(), styles[i]})
	}
	f.Curves = slices.Clone(f.Legend)
	slices.SortStableFunc(f.Curves, func(a, b rocCurve) int { return cmp.Compare(emphasis(a.Kind), emphasis(b.Kind)) })
	slices.SortStableFunc(f.Legend, func(a, b rocCurve) int { return cmp.Compare(b.AUC, a.AUC) })
	return f
}

func emphasis(kind string) int {
	if kind == model.Trained {
		return 1
	}
	return 0
}

// lineStyles gives trained models solid lines in six colours, then the same
// colours dashed; all others grey dashes.
func lineStyles(models []record.Model) []lineStyle {
	colours := []string{"c1", "c2", "c3", "c4", "c5", "c6"}
	trainedDashes := []string{"", "14 4", "14 4 4 4", "4 4"}
	quietDashes := []string{"7 3", "1.5 2.5", "9 3 1.5 3", "4 2", "12 3", "9 3 1.5 3 1.5 3"}
	styles := make([]lineStyle, len(models))
	var trained, quiet int
	for i, m := range models {
		if m.Kind == model.Trained {
			styles[i] = lineStyle{colours[trained%len(colours)], trainedDashes[trained/len(colours)%len(trainedDashes)]}
			trained++
			continue
		}
		styles[i] = lineStyle{"quiet", quietDashes[quiet%len(quietDashes)]}
		quiet++
	}
	return styles
}
