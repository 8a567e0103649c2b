package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestOpen lets a page fetch from this machine and from elsewhere.
func TestOpen(t *testing.T) {
	ctx := Open(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "<title>page</title>")
	}))
	defer server.Close()
	if err := chromedp.Do(ctx, chromedp.Navigate(server.URL)); err != nil {
		t.Fatal(err)
	}
	if title, err := chromedp.Run(ctx, chromedp.Title()); err != nil || title != "page" {
		t.Errorf("this machine's page has the title %q, error %v", title, err)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate("http://192.0.2.1/")); err == nil || !strings.Contains(err.Error(), "PROXY") {
		t.Errorf("an address outside this machine gives %v, want no way out", err)
	}
}
