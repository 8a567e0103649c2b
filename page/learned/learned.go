// Package learned is the page of a trial of spaces: one offline HTML file.
package learned

import (
	"embed"
	"fmt"
	"io"

	"github.com/akin-vision/akin/learn"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/words"
)

//go:embed learned.html learned.css
var files embed.FS

var view = page.MustView(files, "learned", nil)

// document is what learned.html draws; escaping is left to html/template throughout.
type document struct {
	*learn.Record
	Title    string
	Warnings []string // that belong beside the title
	Networks []network
	Fault    *page.MissingPictures
}

// network is one network with all spaces in which it was seen.
type network struct {
	Name      string
	Facts     []string
	Trials    []trial
	Agreement *agreement // of matrices, in place of trials
	Notes     []string
	Cases     []cases
}

// agreement is a table of spaces on matrices.
type agreement struct {
	Title, Sentence string
	Columns         []string
	Rows            [][]string
}

// trial is a set on which all spaces were tried, by relation.
type trial struct {
	Title  string
	Groups []group
}

type group struct {
	Title  string
	Ticks  []page.Tick
	Rows   []row
	Raw    page.Px // the error of the features
	Chance page.Px // where 50 % lies
}

// row is one space: its error, and what it is set against.
type row struct {
	Name, Role string
	Error      string
	Change     string
	Interval   string
	P, Holm    string
	Against    string
	Mark       *mark
}

// mark is an error before and after, with the interval of the change, as positions.
type mark struct{ Before, After, Low, High page.Px }

// cases are triplets that the blend mended, or broke.
type cases struct {
	Title string
	All   int
	Shown []shownCase
}

type shownCase struct {
	ID, Relation string
	Pictures     [3]shownPicture
	Related      string // similarities by words
	Unrelated    string
}

type shownPicture struct {
	Role, Seen string
	Number     int
	Shown      bool
	Words      string // similarity with the target, by words
}

// File is the page as a file of the record. Equal inputs give equal bytes.
func File(r *learn.Record, set *stimuli.Set, from page.Pictures) record.File {
	return record.File{Name: record.PageFile, Write: func(w io.Writer) error { return New(r, set, from).Write(w) }}
}

// New makes the page of a trial: for each network a figure of the error in each space by
// relation, before and after, and the triplets that changed.
func New(r *learn.Record, set *stimuli.Set, from page.Pictures) page.Page {
	title := r.Set.Title
	if title == "" {
		title = r.Set.Name
	}
	d := &document{Record: r, Title: title}
	for _, o := range r.Overlaps {
		d.Warnings = append(d.Warnings, words.Overlap(o))
	}
	triplets := map[string]*stimuli.Triplet{}
	for i := range set.Triplets {
		triplets[set.Triplets[i].ID] = &set.Triplets[i]
	}
	pictures := page.NewThumbnails(page.PicturesOf(shownTriplets(r, triplets)), from)
	for _, result := range r.Results {
		d.Networks = append(d.Networks, newNetwork(result, triplets, pictures))
	}
	d.Fault = pictures.Fault()
	return page.Page{View: view, Title: "spaces, " + title, Generator: "akin " + r.Akin, Content: d, Pictures: pictures.Static()}
}

func newNetwork(r *learn.Result, triplets map[string]*stimuli.Triplet, pictures *page.Thumbnails) network {
	n := network{Name: r.Model, Facts: words.LearnFacts(r), Notes: r.Missing}
	if r.Agreement != nil {
		rows := words.AgreementTable(r.Agreement)
		n.Agreement = &agreement{words.Validated(r), words.AgreementSentence(r.Agreement), rows[0], rows[1:]}
		return n
	}
	n.Trials = append(n.Trials, newTrial(words.Validated(r), r.Validated))
	if r.Test != "" {
		n.Trials = append(n.Trials, newTrial(words.CarriedOver(r), r.Transfer))
	}
	for _, mended := range []bool{true, false} {
		n.Cases = append(n.Cases, newCases(r, mended, triplets, pictures))
	}
	if len(r.Cases) == 0 {
		n.Cases = nil
	}
	return n
}

// newTrial draws all groups on one scale.
func newTrial(title string, groups []learn.Group) trial {
	high := 0.5 // chance is on every scale
	for _, g := range groups {
		high = max(high, float64(g.Features))
		errs := map[string]float64{"features": float64(g.Features)}
		for _, r := range g.Rows {
			errs[r.Space] = float64(r.Error)
		}
		for _, r := range g.Rows {
			high = max(high, float64(r.Error))
			if r.Change.Interval.Defined() {
				high = max(high, errs[r.Against]+float64(r.Change.Interval.High))
			}
		}
	}
	scale := page.Scale{Low: 0, High: min(1, high+0.03), From: 8, To: 292}
	t := trial{Title: title}
	for _, g := range groups {
		share := notation.ShareOf(g.Triplets)
		drawn := group{Title: words.GroupName(g), Raw: scale.At(float64(g.Features)), Chance: scale.At(0.5)}
		drawn.Ticks = page.Scale{Low: 0, High: 100 * scale.High, From: scale.From, To: scale.To}.Ticks(5)
		drawn.Rows = append(drawn.Rows, row{Name: "features", Role: "before", Error: share(float64(g.Features))})
		errs := map[string]float64{"features": float64(g.Features)}
		for _, r := range g.Rows {
			errs[r.Space] = float64(r.Error)
		}
		for _, r := range g.Rows {
			drawn.Rows = append(drawn.Rows, newRow(r, errs[r.Against], scale, share))
		}
		t.Groups = append(t.Groups, drawn)
	}
	return t
}

func newRow(r learn.Row, before float64, scale page.Scale, share func(float64) string) row {
	c := r.Change
	drawn := row{
		Name: r.Space, Role: string(r.Role), Error: share(float64(r.Error)), Change: share(float64(c.ErrorDifference)),
		Interval: notation.Interval(c.Interval, share), P: notation.P(c.P), Holm: notation.P(c.Holm), Against: r.Against,
		Mark: &mark{Before: scale.At(before), After: scale.At(float64(r.Error))},
	}
	inside := func(v float64) page.Px { return scale.At(max(scale.Low, min(scale.High, v))) }
	drawn.Mark.Low, drawn.Mark.High = drawn.Mark.After, drawn.Mark.After
	if c.Interval.Defined() {
		drawn.Mark.Low, drawn.Mark.High = inside(before+c.Interval.Low), inside(before+c.Interval.High)
	}
	return drawn
}

// mostCases is how many mended and how many broken triplets are shown of a network.
const mostCases = 12

// shownTriplets are those of all networks' cases.
func shownTriplets(r *learn.Record, triplets map[string]*stimuli.Triplet) []*stimuli.Triplet {
	var list []*stimuli.Triplet
	for _, result := range r.Results {
		for _, mended := range []bool{true, false} {
			for _, c := range some(result.Cases, mended) {
				if t := triplets[c.ID]; t != nil {
					list = append(list, t)
				}
			}
		}
	}
	return list
}

// some are the first cases that were mended, or broken.
func some(all []learn.Case, mended bool) []learn.Case {
	var list []learn.Case
	for _, c := range all {
		if c.Mended == mended && len(list) < mostCases {
			list = append(list, c)
		}
	}
	return list
}

func newCases(r *learn.Result, mended bool, triplets map[string]*stimuli.Triplet, pictures *page.Thumbnails) cases {
	made := cases{Title: "Broken"}
	if mended {
		made.Title = "Mended"
	}
	for _, c := range r.Cases {
		if c.Mended == mended {
			made.All++
		}
	}
	for _, c := range some(r.Cases, mended) {
		t := triplets[c.ID]
		if t == nil {
			continue
		}
		shown := shownCase{ID: c.ID, Relation: c.Relation, Related: notation.Decimal(c.Words[0]), Unrelated: notation.Decimal(c.Words[1])}
		for k, p := range t.Shown() {
			s := shownPicture{Role: []string{"target", "related", "unrelated"}[k], Seen: c.Seen[k]}
			s.Number, s.Shown = pictures.Show(p)
			if k > 0 {
				s.Words = fmt.Sprintf("%s: %s %s", c.Seen[0], c.Seen[k], notation.Decimal(c.Words[k-1]))
			}
			shown.Pictures[k] = s
		}
		made.Shown = append(made.Shown, shown)
	}
	return made
}
