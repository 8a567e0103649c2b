package report

import (
	"math"
	"testing"

	"github.com/akin-vision/akin/internal/browser"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/stats"
)

func TestBarsHoldThreeErrors(t *testing.T) {
	run, files := syntheticRun(t, 60)
	run.Models[0].Accuracy = []model.Accuracy{{On: "ImageNet 2012 validation", Top1: 70}}
	statistics := analysed(t, run)
	summary := summarised(t, run)
	f := newBarFigure(run, summary, statistics)
	for i, row := range f.Rows {
		if row.Matching.Share != summary.Models[i].MatchingError || row.Ranking.Share != 1-summary.Models[i].AUC {
			t.Errorf("%s has the bars %v and %v", row.Name, row.Matching.Share, row.Ranking.Share)
		}
		want := statistics.Comparison.Models[i].AUC.Evidence.Interval
		if got := row.Ranking.Interval; got != (stats.Interval{Low: 1 - want.High, High: 1 - want.Low}) {
			t.Errorf("%s: 1 - AUC has the interval %v, AUC %v", row.Name, got, want)
		}
		if row.ImageNet.Known() != (i == 0) {
			t.Errorf("%s: a published error is known: %v", row.Name, row.ImageNet.Known())
		}
		if longest := max(row.Matching.Length, row.Matching.High, row.Ranking.Length, row.Ranking.High); longest > barWidthPx {
			t.Errorf("%s has a bar of %v", row.Name, longest)
		}
	}
	if got := f.Rows[0].ImageNet.Share; math.Abs(got-.3) > 1e-12 {
		t.Errorf("a top-1 of 70 %% is an error of %v", got)
	}
	doc := browser.Parse(t, writePage(t, run, files))
	if got := text(doc.Find(".bars tbody tr").First().Find("td").First()); got != "30.0" {
		t.Errorf("the first bar says %q", got)
	}
}
