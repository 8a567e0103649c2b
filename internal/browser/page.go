package browser

import (
	"io"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// Text is the whole of a page, as its file would have it.
func Text(t testing.TB, page interface{ Write(io.Writer) error }) string {
	t.Helper()
	var out strings.Builder
	if err := page.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// Parse reads the text of a page for its elements, as a browser without scripts does.
func Parse(t testing.TB, text string) *goquery.Document {
	t.Helper()
	root, err := html.ParseWithOptions(strings.NewReader(text), html.ParseOptionEnableScripting(false))
	if err != nil {
		t.Fatal(err)
	}
	return goquery.NewDocumentFromNode(root)
}
