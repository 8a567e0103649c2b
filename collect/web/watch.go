package web

import (
	"embed"
	"html/template"

	"github.com/akin-vision/akin/page"
)

//go:embed watch.html watch.css
var watchFiles embed.FS

var watchView = page.MustView(watchFiles, "watch", nil)

// WatchContent is what the page of a study under way shows.
type WatchContent struct {
	Title                                      string
	Raters                                     int
	Entered, Finished, Present, Away, Excluded int
	Answers, Fewest, Most, Settled, Items      int
	Agreement                                  [][]string // a name, then the measures or why there are none
	Disputed                                   []WatchItem
	Persons                                    []WatchPerson
}

// WatchItem is an item on which people disagree.
type WatchItem struct {
	Name                   string
	Judged                 int
	Mean, SD, Disagreement string
	Pictures               []WatchPicture
}

// WatchPicture is a picture by its number among the page's.
type WatchPicture struct {
	Number int
	Shown  bool
	Label  string
}

// WatchPerson is a row of signs.
type WatchPerson struct {
	Cells    []string
	Excluded string // by which rules
}

// PersonColumns name the cells of a WatchPerson.
var PersonColumns = []string{"person", "trials", "median ms", "same answer %", "longest run", "checks passed", "change at repeats", "late %", "focus lost", "missing", "device"}

// Watch makes the page.
func Watch(c WatchContent, pictures map[int]template.URL) page.Page {
	content := struct {
		WatchContent
		Columns []string
	}{c, PersonColumns}
	return page.Page{View: watchView, Title: c.Title, Content: content, Pictures: pictures}
}
