package gallery

import (
	"cmp"
	"embed"
	"slices"
	"strings"

	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/stimuli"
)

//go:embed gallery.html gallery.css gallery.js
var files embed.FS

var view = page.MustView(files, "gallery", nil, "dom", "gallery")

// document is what gallery.html draws; escaping is left to html/template throughout.
type document struct {
	Set         *stimuli.Set
	Title       string
	Pictures    int
	Cards       []card
	Relations   []string
	Distractors []string
}

type card struct {
	*stimuli.Triplet
	Shown [3]shownPicture
	Words string // what the search looks at, in lower case
}

type shownPicture struct {
	Role, Label string
	Number      int // of the thumbnail
}

// New makes the page of a set: one offline HTML file that filters by relation,
// distractor and words; without its script it shows every triplet. Each picture
// is inlined once, as a thumbnail. Equal inputs give equal bytes. A picture
// that cannot be read is an error.
func New(s *stimuli.Set, from page.Pictures) (page.Page, error) {
	triplets := make([]*stimuli.Triplet, len(s.Triplets))
	for i := range s.Triplets {
		triplets[i] = &s.Triplets[i]
	}
	pictures := page.NewThumbnails(page.PicturesOf(triplets), from)
	if fault := pictures.Fault(); fault != nil {
		return page.Page{}, fault
	}
	d := document{Set: s, Title: cmp.Or(s.Title, s.Name)}
	for _, t := range triplets {
		d.Cards = append(d.Cards, newCard(t, pictures))
		d.Relations, d.Distractors = append(d.Relations, t.Relation), append(d.Distractors, t.Distractor)
	}
	d.Relations, d.Distractors = distinct(d.Relations), distinct(d.Distractors)
	static := pictures.Static()
	d.Pictures = len(static)
	return page.Page{View: view, Title: d.Title, Content: d, Pictures: static}, nil
}

func newCard(t *stimuli.Triplet, pictures *page.Thumbnails) card {
	c := card{Triplet: t}
	labels := t.Labels()
	for k, p := range t.Shown() {
		number, _ := pictures.Show(p)
		c.Shown[k] = shownPicture{roles[k], cmp.Or(labels[k], p.Path), number}
	}
	c.Words = strings.ToLower(strings.Join(append(labels[:], t.ID), " "))
	return c
}

// distinct are the values that differ, in order, without the empty one.
func distinct(values []string) []string {
	slices.Sort(values)
	return slices.DeleteFunc(slices.Compact(values), func(v string) bool { return v == "" })
}
