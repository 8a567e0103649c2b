package failures

import (
	"bytes"
	"image"
	"image/png"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/PuerkitoBio/goquery"
	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/imagenet"
	"github.com/akin-vision/akin/internal/browser"
	"github.com/akin-vision/akin/page"
)

// palaceForCastle is a failure like the paper's: castle comes late.
func palaceForCastle(t *testing.T, path string) classify.Failure {
	t.Helper()
	logits := make([]float32, 1000)
	for i := range 17 {
		logits[i] = 2
	}
	logits[698] = 9 // palace
	logits[483] = 1 // castle
	outputs := classify.NewOutputs(imagenet.WNIDs(), 0)
	e, err := classify.NewEvaluator(outputs, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := e.Add(imagenet.Labelled{Path: path, WNID: "n02980441"}, logits)
	if err != nil {
		t.Fatal(err)
	}
	return *classify.NewFailure(p, outputs)
}

func drawn(t *testing.T, width, height int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func written(t *testing.T, p page.Page, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return browser.Text(t, p)
}

func TestPageShowsFailures(t *testing.T) {
	const path = `50%_a|b<script>&.png`
	table := classify.FailureTable{Model: "m_1", Pictures: 2, Failed: 1, Failures: []classify.Failure{palaceForCastle(t, path)}}
	p, err := New(table, fstest.MapFS{path: {Data: drawn(t, 300, 10)}})
	doc := browser.Parse(t, written(t, p, err))
	for selector, want := range map[string]string{
		".card code": path, ".headline strong": "1 of 2", ".truth bdi": table.Failures[0].Truth.Name, ".top li:first-child bdi": "palace", "h1": "m_1",
	} {
		if got := doc.Find(selector).Text(); got != want {
			t.Errorf("%s is %q, want %q", selector, got, want)
		}
	}
	if n := doc.Find("script").Length(); n > 0 {
		t.Errorf("%d scripts, want none", n)
	}
	if _, err := New(table, fstest.MapFS{}); err == nil {
		t.Error("a page without its picture was made")
	}
}

// TestJudgeHoldsWhatTheFileNeeds also keeps verdicts and their meanings together.
func TestJudgeHoldsWhatTheFileNeeds(t *testing.T) {
	const path = `a"b.png`
	p, err := NewJudge("<m>", []classify.Failure{palaceForCastle(t, path)}, classify.Rule{WuPalmer: .6}, fstest.MapFS{path: {Data: drawn(t, 3, 5)}})
	doc := browser.Parse(t, written(t, p, err))
	sample := doc.Find(".sample")
	if sample.AttrOr("data-path", "") != path || sample.AttrOr("data-rule", "") != "true" || sample.AttrOr("hidden", "no") != "" {
		t.Errorf("the sample is %q", sample.Nodes[0].Attr)
	}
	if got := doc.Find("title").Text(); got != "review of <m> · akin" {
		t.Errorf("the title is %q", got)
	}
	verdicts := doc.Find("[data-verdict]").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("data-verdict", "") })
	if !slices.Equal(verdicts, classify.Verdicts) {
		t.Errorf("verdicts %q, want %q", verdicts, classify.Verdicts)
	}
	doc.Find("[data-verdict] small").Each(func(_ int, s *goquery.Selection) {
		if s.Text() == "" {
			t.Error("a verdict has no meaning")
		}
	})
}
