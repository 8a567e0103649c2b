package failures

import (
	"bytes"
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/internal/browser"
	devtools "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
)

// TestReviewInABrowser judges three failures with keys and mouse, goes back to
// change one's mind, and reads the downloaded file as akin imagenet agreement does.
func TestReviewInABrowser(t *testing.T) {
	ctx := browser.Open(t)
	dir := t.TempDir()
	page, picture := filepath.Join(dir, "review.html"), drawn(t, 30, 50)
	folder := fstest.MapFS{}
	var failures []classify.Failure
	for _, name := range []string{"=a.png", `b,"2".png`, "c.png"} {
		folder[name] = &fstest.MapFile{Data: picture}
		failures = append(failures, palaceForCastle(t, name))
	}
	judge, err := NewJudge("m", failures, classify.Rule{WuPalmer: .6}, folder)
	if err := os.WriteFile(page, []byte(written(t, judge, err)), 0o666); err != nil {
		t.Fatal(err)
	}
	_, err = chromedp.CallBrowser(ctx, devtools.SetDownloadBehavior, devtools.SetDownloadBehaviorParams{Behavior: devtools.SetDownloadBehaviorBehaviorAllow, DownloadPath: dir})
	if err != nil {
		t.Fatal(err)
	}
	err = chromedp.Do(ctx,
		chromedp.Navigate((&url.URL{Scheme: "file", Path: filepath.ToSlash(page)}).String()),
		chromedp.KeyEvent("2"), // the first is similar, the page goes on
		chromedp.Click(`[data-verdict="label wrong"]`),
		chromedp.Click("#back"),
		chromedp.KeyEvent("3"), // the second is different after all
		chromedp.KeyEvent("9"), // no verdict
	)
	if err != nil {
		t.Fatal(err)
	}
	says(t, ctx, "#place", "picture 3 of 3, 1 to judge")
	shown, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`[...document.querySelectorAll(".sample")].filter(s => s.querySelector("img").offsetWidth > 0).map(s => s.dataset.path)`))
	if diff := cmp.Diff([]string{"c.png"}, shown); diff != "" || err != nil {
		t.Errorf("shown is, error %v (-want +got):\n%s", err, diff)
	}
	if err := chromedp.Do(ctx, chromedp.KeyEvent("1"), chromedp.Reload()); err != nil { // the page is closed and opened again
		t.Fatal(err)
	}
	says(t, ctx, "#place", "picture 1 of 3, all judged: download the CSV")
	says(t, ctx, "#kept", "kept in this browser")
	says(t, ctx, "#kept", "akin failures of m ")
	if err := chromedp.Do(ctx, chromedp.Click("#download")); err != nil {
		t.Fatal(err)
	}
	want := classify.Review{Rater: "anna", Verdicts: map[string]string{"=a.png": "similar", `b,"2".png`: "different", "c.png": "same"}, Rule: map[string]bool{"=a.png": true, `b,"2".png`: true, "c.png": true}}
	file := arrived(t, filepath.Join(dir, "review.csv"))
	if !bytes.Contains(file, []byte("\n'=a.png,")) {
		t.Errorf("a spreadsheet would run a path of %s", file)
	}
	got, err := classify.ReadReview(bytes.NewReader(file), "anna")
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("the review reads, error %v (-want +got):\n%s", err, diff)
	}
	if err := chromedp.Do(ctx, chromedp.Click("#forget"), chromedp.Reload()); err != nil {
		t.Fatal(err)
	}
	says(t, ctx, "#place", "picture 1 of 3, 3 to judge")
}

// says wants a text in an element of the page.
func says(t *testing.T, ctx context.Context, selector, want string) {
	t.Helper()
	if got, err := chromedp.Run(ctx, chromedp.Text(selector)); !strings.Contains(got, want) || err != nil {
		t.Errorf("%s says %q, want %q, error %v", selector, got, want, err)
	}
}

// arrived waits for a download, which gets its name when it is whole.
func arrived(t *testing.T, name string) []byte {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if data, err := os.ReadFile(name); err == nil && len(data) > 0 {
			return data
		}
	}
	t.Fatalf("%s did not arrive", name)
	return nil
}
