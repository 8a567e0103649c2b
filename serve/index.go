package serve

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"

	"github.com/akin-vision/akin/page"
)

var (
	//go:embed index.html
	indexText string
	//go:embed index.css
	indexStyle string

	indexBody = template.Must(template.New("index").Parse(indexText))
)

// index lists the pages; a single one is shown at once.
func (s *Site) index(w http.ResponseWriter, r *http.Request) {
	if len(s.pages) == 1 {
		http.Redirect(w, r, "1/", http.StatusFound)
		return
	}
	index := page.Page{Title: "Runs", Body: indexBody, Content: s.pages, Style: indexStyle}
	var html bytes.Buffer
	if err := index.Write(&html); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Security-Policy", index.Header())
	send(w, r, "text/html; charset=utf-8", html.Bytes())
}
