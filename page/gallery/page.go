package gallery

import (
	"cmp"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"runtime"
	"slices"
	"strings"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/stimuli"
	"golang.org/x/sync/errgroup"
)

var (
	//go:embed page.html
	pageText string
	//go:embed page.css
	pageStyle string
	//go:embed page.js
	pageScript string
)

// thumbnailSide is the longer side in pixels, about that of a card on a fine screen.
const thumbnailSide = 160

// document is what page.html draws; escaping is left to html/template throughout.
type document struct {
	Set         *stimuli.Set
	Title       string
	Style       template.CSS
	Script      template.JS
	Policy      string
	Thumbnails  []template.URL // data:, each picture once
	Cards       []card
	Relations   []string
	Distractors []string
}

type card struct {
	*stimuli.Triplet
	Plates [3]plate
	Words  string // what the search looks at, in lower case
}

type plate struct {
	Role, Label string
	Number      int // of the thumbnail
}

// WritePage writes the set as one offline HTML file that filters by relation,
// distractor and words; without its script it shows every triplet. Each picture
// is inlined once, as a thumbnail. Equal inputs give equal bytes. A picture
// that cannot be read is an error.
func WritePage(w io.Writer, s *stimuli.Set, files fs.FS) error {
	numbers, thumbnails, err := thumbnails(s, files)
	if err != nil {
		return err
	}
	p := document{
		Set: s, Title: cmp.Or(s.Title, s.Name), Style: template.CSS(pageStyle), Script: template.JS(pageScript),
		Policy: page.ContentPolicy(false, []byte(pageStyle), []byte(pageScript)), Thumbnails: thumbnails,
	}
	for i := range s.Triplets {
		t := &s.Triplets[i]
		p.Cards = append(p.Cards, newCard(t, numbers))
		p.Relations, p.Distractors = append(p.Relations, t.Relation), append(p.Distractors, t.Distractor)
	}
	p.Relations, p.Distractors = values(p.Relations), values(p.Distractors)
	t, err := template.New("page").Parse(pageText)
	if err != nil {
		return err
	}
	return t.Execute(w, p)
}

func newCard(t *stimuli.Triplet, numbers map[stimuli.Hash]int) card {
	c := card{Triplet: t}
	labels := t.Labels()
	for k, p := range t.Shown() {
		c.Plates[k] = plate{roles[k], cmp.Or(labels[k], p.Path), numbers[p.Hash]}
	}
	c.Words = strings.ToLower(strings.Join(append(labels[:], t.ID), " "))
	return c
}

// values are the distinct ones, in order, without the empty one.
func values(all []string) []string {
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(v string) bool { return v == "" })
}

// thumbnails numbers the pictures of the triplets by content, each once.
func thumbnails(s *stimuli.Set, files fs.FS) (map[stimuli.Hash]int, []template.URL, error) {
	numbers := map[stimuli.Hash]int{}
	var pictures []*stimuli.Picture
	for i := range s.Triplets {
		for _, p := range s.Triplets[i].Shown() {
			if _, seen := numbers[p.Hash]; !seen {
				numbers[p.Hash] = len(pictures)
				pictures = append(pictures, p)
			}
		}
	}
	urls := make([]template.URL, len(pictures))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, p := range pictures {
		g.Go(func() (err error) {
			urls[i], err = thumbnail(files, p)
			return err
		})
	}
	return numbers, urls, g.Wait()
}

func thumbnail(files fs.FS, p *stimuli.Picture) (template.URL, error) {
	data, err := page.ReadPicture(files, p)
	if err != nil {
		return "", err
	}
	decoded, err := imaging.Decode(data, 0)
	if err != nil {
		return "", fmt.Errorf("picture %s: %w", p.Path, err)
	}
	small, err := decoded.Thumbnail(thumbnailSide)
	return template.URL("data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(small)), err
}
