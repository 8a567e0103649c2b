package report

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/internal/browser"
	"github.com/akin-vision/akin/record"
	"github.com/google/go-cmp/cmp"
)

func TestPageShowsFailures(t *testing.T) {
	run, files := richRun(t, 6)
	run.Failures[0].Thumbnails = map[string][]byte{"castle.jpg": {1, 2, 3}}
	doc := browser.Parse(t, writePage(t, run, files))
	cells := doc.Find(".failed tbody td").Map(func(_ int, s *goquery.Selection) string { return text(s) })
	want := []string{"castle.jpg", "palace 51.0 %monastery 20.0 %", "castle 0.19 %", "18"}
	if diff := cmp.Diff(want, cells); diff != "" {
		t.Errorf("failures (-want +got):\n%s", diff)
	}
	if got := doc.Find(".failed img").AttrOr("src", ""); got != "data:image/jpeg;base64,AQID" {
		t.Errorf("picture %q", got)
	}
	run.Failures = []record.FailureTable{{Model: "none", Pictures: 1, Failures: []classify.Failure{}}}
	if got := text(browser.Parse(t, writePage(t, run, files)).Find(".failures summary")); !strings.Contains(got, "0 failures shown, of 1 pictures") {
		t.Errorf("no failures: %q", got)
	}
}
