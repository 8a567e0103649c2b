package collect_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/akin-vision/akin/collect"
	"github.com/akin-vision/akin/collect/study"
	"github.com/akin-vision/akin/internal/browser"
	"github.com/akin-vision/akin/serve"
)

// TestWatching shows the study's maker how far it is, and nobody else.
func TestWatching(t *testing.T) {
	f := open(t, "title = \"<b>Things</b>\"\n[sample]\npractice = 1\nrepeats = 2\nchecks = 2\n[exclude]\nmax_same = 0.9\n", 8, "")
	f.Set.Pictures[0].Label = "<script>document.title='taken'</script>"
	f.fill(t, 6, func(person int, trial study.Trial) (float64, float64) {
		switch {
		case person == 0:
			return 50, 900 // always the same
		case trial.Item == 0 && person%2 == 0:
			return 100, 900 // people are split on the first item
		case trial.Item == 0:
			return 0, 900
		}
		return float64(20 + 3*max(trial.Item, 0) + person), 900
	})
	w, err := f.NewWatcher(t.Context(), collect.Options{Pictures: f.files, Accepts: serve.LocalHost, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.Handler().ServeHTTP(still{rw}, r) }))
	defer server.Close()
	f.base = server.URL + w.Path()
	for _, path := range []string{"../", "../" + strings.Repeat("A", 22) + "/", "../../"} {
		if code, _ := f.call(t, "GET", path, "", nil); code != 404 {
			t.Errorf("%s answers %d", path, code)
		}
	}
	code, html := f.call(t, "GET", "", "", nil)
	if code != 200 {
		t.Fatalf("%d: %s", code, html)
	}
	doc := browser.Parse(t, html)
	for selector, want := range map[string]string{
		".figures div:nth-child(1) dd:nth-of-type(1)": "6",
		".figures div:nth-child(4) dd:nth-of-type(1)": "1",
		".disputed li:first-child p:last-child":       "<script>document.title='taken'</script> + thing 1",
		".out td:last-child":                          "same answer",
		"h1":                                          "<b>Things</b>",
	} {
		if got := doc.Find(selector).First().Text(); got != want {
			t.Errorf("%s is %q, want %q", selector, got, want)
		}
	}
	if n := doc.Find(".disputed svg").Length(); n == 0 {
		t.Error("the items on which people disagree are shown without pictures")
	}
	v := visit(t, f.base, "mouse")
	if axe, err := os.ReadFile("web/node_modules/axe-core/axe.min.js"); err == nil {
		v.inspect("watch", string(axe))
	}
	v.quiet()
}

// still takes from a page that it loads itself anew, which would happen while a
// test looks at it.
type still struct{ http.ResponseWriter }

func (s still) WriteHeader(status int) {
	s.Header().Del("Refresh")
	s.ResponseWriter.WriteHeader(status)
}
