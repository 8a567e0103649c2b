// Package learned is the page of a trial of spaces: one offline HTML file.
package learned

import (
	"embed"
	"io"

	"github.com/akin-vision/akin/learn"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/words"
)

//go:embed learned.html learned.css
var files embed.FS

var view = page.MustView(files, "learned", nil).WithChanges()

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
	Cases     []page.Changed
}

// trial is a set on which all spaces were tried.
type trial struct {
	Title   string
	Changes *page.Changes
}

// agreement is a table of spaces on matrices.
type agreement struct {
	Title, Sentence string
	Columns         []string
	Rows            [][]string
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
	n.Trials = append(n.Trials, trial{words.Validated(r), page.NewChanges(r.Model, r.Validated)})
	if r.Test != "" {
		n.Trials = append(n.Trials, trial{words.CarriedOver(r), page.NewChanges(r.Model+", "+r.Test, r.Transfer)})
	}
	n.Cases = page.NewChanged(r.Cases, mostCases, triplets, pictures)
	return n
}

// mostCases is how many mended and how many broken triplets are shown of a network.
const mostCases = 12

// shownTriplets are those of all networks' cases.
func shownTriplets(r *learn.Record, triplets map[string]*stimuli.Triplet) []*stimuli.Triplet {
	var list []*stimuli.Triplet
	for _, result := range r.Results {
		for _, c := range page.ShownCases(result.Cases, mostCases) {
			if t := triplets[c.ID]; t != nil {
				list = append(list, t)
			}
		}
	}
	return list
}
