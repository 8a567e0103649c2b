// Package failures shows what a classifier got wrong: the pictures with the
// classes that it named, and a page on which a person judges them.
package failures

import (
	"embed"
	"fmt"
	"html/template"
	"io/fs"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/page"
)

//go:embed failures.html failures.css judge.html judge.css judge.js
var files embed.FS

var functions = template.FuncMap{
	"percent": notation.Probability[float64], "ordinal": classify.Ordinal,
	"length": func(p float64) string { return fmt.Sprintf("%.2f", 100*p) },
	"amount": func(x float64) string { return notation.Amount(x, 2) },
}

var view = page.MustView(files, "failures", functions)

// card is a failure with its picture.
type card struct {
	classify.Failure
	Picture template.URL // data:
}

func cards(failures []classify.Failure, pictures fs.FS) ([]card, error) {
	list := make([]card, len(failures))
	for i, f := range failures {
		data, err := classify.Thumbnail(pictures, f.Path)
		if err != nil {
			return nil, err
		}
		list[i] = card{f, page.JPEG(data)}
	}
	return list, nil
}

// New makes the page of a table of failures: one offline HTML file with its pictures.
func New(t classify.FailureTable, pictures fs.FS) (page.Page, error) {
	list, err := cards(t.Failures, pictures)
	content := struct {
		classify.FailureTable
		Cards []card
	}{t, list}
	return page.Page{View: view, Title: "failures of " + t.Model, Content: content}, err
}
