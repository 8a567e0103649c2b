package report

import (
	"math"

	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
)

// barFigure sets three errors of each model side by side (arXiv 1709.03806,
// Figure 6), all on one scale from zero.
type barFigure struct {
	Rows  []barRow
	Scale string // its end, in per cent
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
	Triplets int     // that it is a share of; of ImageNet's pictures, many
	Interval stats.Interval
	Length   page.Px
	Low      page.Px
	High     page.Px
	Chance   page.Px // 0 where there is no chance to compare with
}

// imageNetPictures are those of ImageNet's validation set.
const imageNetPictures = 50_000

// barWidthPx is the length of the scale.
const barWidthPx = 200

func newBarFigure(run *record.Run, s record.Summary, statistics record.Statistics) barFigure {
	published := map[string]float64{}
	if len(statistics.Comparison.Models) == len(run.Models) {
		for _, p := range run.Published(statistics.Comparison) {
			published[p.Model] = p.ImageNetError
		}
	}
	x := page.Scale{Low: 0, High: barEnd(s, published), From: 0, To: barWidthPx}
	f := barFigure{Scale: notation.PercentTo(0)(x.High), Published: len(published) > 0}
	networks := run.NetworkOf()
	for i, m := range s.Models {
		if networks[i] != i { // a form of a network has no published error
			continue
		}
		row := barRow{Name: m.Name, Kind: m.Kind, Matching: newBar(x, m.Triplets, m.MatchingError, m.MatchingErrorCI)}
		auc := stats.Interval{Low: math.NaN(), High: math.NaN()}
		if i < len(statistics.Comparison.Models) {
			c := statistics.Comparison.Models[i].AUC.Evidence.Interval
			auc = stats.Interval{Low: 1 - c.High, High: 1 - c.Low}
		}
		row.Ranking = newBar(x, m.Triplets, 1-m.AUC, auc)
		top1, known := published[m.Name]
		if !known {
			top1 = math.NaN()
		}
		row.Matching.Chance, row.Ranking.Chance = x.At(0.5), x.At(0.5)
		row.ImageNet = newBar(x, imageNetPictures, top1, stats.Interval{Low: math.NaN(), High: math.NaN()})
		f.Rows = append(f.Rows, row)
	}
	return f
}

// barEnd is the next whole ten per cent above every share and interval.
func barEnd(s record.Summary, published map[string]float64) float64 {
	end := 0.6
	for _, m := range s.Models {
		end = max(end, 1-m.AUC+0.1) // room for most intervals; longer ones are cut
		if m.MatchingErrorCI.Defined() {
			end = max(end, m.MatchingErrorCI.High)
		}
		end = max(end, published[m.Name])
	}
	return min(1, math.Ceil(10*end)/10)
}

func newBar(x page.Scale, triplets int, share float64, interval stats.Interval) bar {
	b := bar{Share: share, Triplets: triplets, Interval: interval}
	if b.Known() {
		b.Length = x.At(share)
	}
	if interval.Defined() {
		b.Low, b.High = x.At(max(0, interval.Low)), x.At(min(x.High, interval.High))
	}
	return b
}

// Known reports whether there is a share to draw.
func (b bar) Known() bool { return !math.IsNaN(b.Share) }
