package report

import (
	"math"

	"github.com/akin-vision/akin/stats"
)

// barFigure sets three errors of each model side by side (arXiv 1709.03806,
// Figure 6), all on one scale from zero.
type barFigure struct {
	Rows []barRow
	// Published tells whether any model has a published ImageNet error.
	Published bool
}

type barRow struct {
	Name, Kind                  string
	ImageNet, Matching, Ranking bar // Ranking is 1 - AUC
}

// bar is one share with its interval, where there is one.
type bar struct {
	Share    float64 // NaN where unknown
	Interval stats.Interval
	Length   px
	Low      px
	High     px
}

// barWidthPx is the length of a whole bar, 100 %.
const barWidthPx = 200

func newBarFigure(run *Run, s Summary, statistics Statistics) barFigure {
	published := map[string]float64{}
	if len(statistics.Comparison.Models) == len(run.Models) {
		for _, p := range run.published(statistics.Comparison) {
			published[p.Model] = p.ImageNetError
		}
	}
	x := scale{Low: 0, High: 1, From: 0, To: barWidthPx}
	f := barFigure{Published: len(published) > 0}
	for i, m := range s.Models {
		row := barRow{Name: m.Name, Kind: m.Kind, Matching: newBar(x, m.MatchingError, m.MatchingErrorCI)}
		auc := stats.Interval{Low: math.NaN(), High: math.NaN()}
		if i < len(statistics.Comparison.Models) {
			c := statistics.Comparison.Models[i].AUC.Clustered
			auc = stats.Interval{Low: 1 - c.High, High: 1 - c.Low}
		}
		row.Ranking = newBar(x, 1-m.AUC, auc)
		top1, known := published[m.Name]
		if !known {
			top1 = math.NaN()
		}
		row.ImageNet = newBar(x, top1, stats.Interval{Low: math.NaN(), High: math.NaN()})
		f.Rows = append(f.Rows, row)
	}
	return f
}

func newBar(x scale, share float64, interval stats.Interval) bar {
	b := bar{Share: share, Interval: interval}
	if b.Known() {
		b.Length = x.at(share)
	}
	if interval.Defined() {
		b.Low, b.High = x.at(max(0, interval.Low)), x.at(min(1, interval.High))
	}
	return b
}

// Known reports whether there is a share to draw.
func (b bar) Known() bool { return !math.IsNaN(b.Share) }
