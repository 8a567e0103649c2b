package report

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/akin-vision/akin/internal/browser"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
)

func TestPageShowsWhatModelsTake(t *testing.T) {
	run, files := syntheticRun(t, 60)
	run.Models[1].Cost = &record.Cost{MACs: 1_814_000_000, Bytes: 46_800_000}
	run.Models[1].Parameters, run.Models[1].Dim, run.Models[1].Outputs.Features = 11_700_000, 512, run.Models[1].Node
	s := analysed(t, run)
	doc := browser.Parse(t, written(t, Input{Run: run, Summary: summarised(t, run), Statistics: s, Pictures: page.Pictures{Files: files}}))
	rows := doc.Find("table.sizes tbody tr")
	if rows.Length() != len(run.Models) {
		t.Fatalf("%d rows, want one for each of %d models", rows.Length(), len(run.Models))
	}
	rows.Each(func(_ int, row *goquery.Selection) {
		name := row.Find("th").Text()
		for i, m := range s.Comparison.Models {
			if m.Model != name {
				continue
			}
			if i == 1 && !strings.HasSuffix(row.Text(), "11.75121.8146.8") {
				t.Errorf("%s: parameters, dimensions, work and size are not in %q", name, row.Text())
			}
		}
	})
	if got := text(doc.Find(".sizes thead")); got != "modelparameters, 10⁶dimensionsGMACsize, MB" {
		t.Errorf("columns %q", got)
	}
	run.Models[1].Cost, run.Models[1].Parameters = nil, 0
	if got := text(browser.Parse(t, writePage(t, run, files)).Find(".sizes thead")); got != "modeldimensions" {
		t.Errorf("columns without any value are shown: %q", got)
	}
	if doc := browser.Parse(t, written(t, Input{Run: run, Summary: summarised(t, run), Pictures: page.Pictures{Files: files}})); doc.Find("#h-sizes").Length() > 0 {
		t.Error("a page without statistics has sizes")
	}
}
