package browser

import (
	"io"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
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

// Parse reads the text of a page for its elements.
func Parse(t testing.TB, text string) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
