package serve

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net/http"
)

var (
	//go:embed index.html
	indexText string
	//go:embed index.css
	indexStyle string
)

var indexPage = template.Must(template.New("index.html").Parse(indexText))

// index lists the pages; a single one is shown at once.
func (s *Site) index(w http.ResponseWriter, r *http.Request) {
	if len(s.pages) == 1 {
		http.Redirect(w, r, "1/", http.StatusFound)
		return
	}
	var html bytes.Buffer
	content := struct {
		Style template.CSS
		Pages []document
	}{template.CSS(indexStyle), s.pages}
	if err := indexPage.Execute(&html, content); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	sum := sha256.Sum256([]byte(indexStyle))
	w.Header().Set("Content-Security-Policy", "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src 'sha256-"+
		base64.StdEncoding.EncodeToString(sum[:])+"'")
	send(w, r, "text/html; charset=utf-8", html.Bytes())
}
