package classify

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"io/fs"

	"github.com/akin-vision/akin/imaging"
)

//go:embed page.css
var pageStyle string

//go:embed failures.html
var failuresPage string

// thumbnailSide is the longer side of a picture in a page, in pixels.
const thumbnailSide = 240

// failureCard is a failure with its picture.
type failureCard struct {
	Failure
	Picture template.URL // data:
}

func newFailureCards(failures []Failure, pictures fs.FS) ([]failureCard, error) {
	cards := make([]failureCard, len(failures))
	for i, f := range failures {
		data, err := Thumbnail(pictures, f.Path)
		if err != nil {
			return nil, err
		}
		cards[i] = failureCard{f, template.URL("data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(data))}
	}
	return cards, nil
}

// WritePage writes the table as one offline HTML file with its pictures.
func (t FailureTable) WritePage(w io.Writer, pictures fs.FS) error {
	cards, err := newFailureCards(t.Failures, pictures)
	if err != nil {
		return err
	}
	return writePage(w, failuresPage, "", struct {
		FailureTable
		Cards []failureCard
	}{t, cards})
}

// writePage draws a page that loads nothing and runs no script but its own.
func writePage(w io.Writer, text, script string, data any) error {
	t, err := template.New("page").Funcs(template.FuncMap{
		"percent": percent, "ordinal": ordinal,
		"width":  func(p float64) string { return fmt.Sprintf("%.2f", 100*p) },
		"number": func(x float64) string { return fmt.Sprintf("%.2f", x) },
		"style":  func() template.CSS { return template.CSS(pageStyle) },
		"script": func() template.JS { return template.JS(script) },
		"policy": func() string {
			return "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; style-src " + hashSource(pageStyle) + "; script-src " + hashSource(script)
		},
	}).Parse(text)
	if err != nil {
		return err
	}
	return t.Execute(w, data)
}

func hashSource(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// Thumbnail returns the picture as a JPEG of at most 240 pixels a side.
func Thumbnail(pictures fs.FS, path string) ([]byte, error) {
	data, err := fs.ReadFile(pictures, path)
	if err != nil {
		return nil, err
	}
	decoded, err := imaging.Decode(data, 0)
	if err != nil {
		return nil, fmt.Errorf("picture %s: %w", path, err)
	}
	return decoded.Thumbnail(thumbnailSide)
}
