package serve

import (
	"bytes"
	"embed"
	"net/http"

	"github.com/akin-vision/akin/page"
)

//go:embed index.html index.css
var indexFiles embed.FS

var indexView = page.MustView(indexFiles, "index", nil)

// index lists the pages; a single one is shown at once.
func (s *Site) index(w http.ResponseWriter, r *http.Request) {
	if len(s.pages) == 1 {
		http.Redirect(w, r, "1/", http.StatusFound)
		return
	}
	index := page.Page{View: indexView, Title: "Runs", Content: s.pages}
	var html bytes.Buffer
	if err := index.Write(&html); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Security-Policy", index.Header())
	send(w, r, "text/html; charset=utf-8", html.Bytes())
}
