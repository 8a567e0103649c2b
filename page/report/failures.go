package report

import (
	"html/template"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
)

// failureTable is Table 1 of arXiv 1709.03806: what a classifier said of
// pictures whose label it missed.
type failureTable struct {
	Model    string
	Pictures int
	Rows     []failureRow
}

type failureRow struct {
	classify.Failure
	Picture template.URL // data:; empty where the record has none
}

func newFailureTables(tables []record.FailureTable) []failureTable {
	list := make([]failureTable, len(tables))
	for i, t := range tables {
		list[i] = failureTable{Model: t.Model, Pictures: t.Pictures}
		for _, f := range t.Failures {
			row := failureRow{Failure: f}
			if data, ok := t.Thumbnails[f.Path]; ok {
				row.Picture = page.JPEG(data)
			}
			list[i].Rows = append(list[i].Rows, row)
		}
	}
	return list
}
