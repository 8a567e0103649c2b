// Package paper makes every figure and table of arXiv 1709.03806 from the
// record of a run, and holds the paper's claims against it.
package paper

import (
	"fmt"
	"image"
	"io/fs"
	"slices"
	"strings"

	"github.com/akin-vision/akin/figure"
	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// Options say what the figures show; the zero value is useful.
type Options struct {
	Cases    int                 // triplets of each gallery and section; 0: 6
	Model    string              // of the figures about one model; empty: the best
	Pictures fs.FS               // where picture paths lead; nil: grey boxes stand for them
	Measured map[string]Measured // top-1 measured on this machine, by model
}

// Paper is what a run gives of the paper.
type Paper struct {
	Model  string   `json:"model"` // of the figures about one model
	Rows   []Row    `json:"rows"`
	Claims []Claim  `json:"claims"`
	Notes  []string `json:"notes,omitempty"`
	Files  []string `json:"files"` // that Write wrote beside paper.json, sorted; see record.PaperFile

	// NoPictures says that the run's pictures were not found.
	NoPictures bool `json:"-"`

	figures []named
	tables  []Table
	methods methods
}

// Row is one item of the paper: the files that hold it, or why there are none.
type Row struct {
	Row     int      `json:"row"` // in docs/paper.md; of other tasks than triplets, from 1
	Item    string   `json:"item"`
	Files   []string `json:"files,omitempty"`   // without their endings
	Missing string   `json:"missing,omitempty"` // the input that it would need
	Need    Need     `json:"need,omitempty"`    // the kind of it
}

type named struct {
	name, title string
	figure.Figure
}

// builder gathers a Paper.
type builder struct {
	run        *record.Run
	statistics record.Statistics
	options    Options
	model      *record.Model
	summary    record.Summary
	top1       []top1
	networks   []int                        // places of the models that count over models, see record.Run.Networks
	shown      map[stimuli.Hash]image.Image // nil where a picture cannot be shown
	notes      []string
	paper      *Paper
}

// New computes figures, tables and claims. statistics are record.Analyse of the run.
func New(run *record.Run, statistics record.Statistics, o Options) (*Paper, error) {
	if o.Cases == 0 {
		o.Cases = 6
	}
	b := &builder{run: run, statistics: statistics, options: o, shown: map[stimuli.Hash]image.Image{},
		summary: record.Summarise(run, statistics), networks: run.Networks(), paper: &Paper{NoPictures: o.Pictures == nil}}
	if len(run.Stimuli.Triplets) == 0 || len(run.Models) == 0 {
		return nil, fmt.Errorf("the run holds no choices of any model")
	}
	if run.Settings.Similarity != match.Cosine {
		return nil, &SimilarityError{run.Settings.Similarity}
	}
	var err error
	if b.model, err = b.chosen(); err != nil {
		return nil, err
	}
	b.top1 = make([]top1, len(run.Models))
	for _, i := range b.networks {
		b.top1[i] = newTop1(run.Models[i], o.Measured, run.Settings.Level)
	}
	b.paper.Model = b.model.Name
	b.build()
	b.paper.methods = newMethods(run, statistics)
	b.paper.Notes = append(b.summarisedNotes(), b.undrawn()...)
	return b.paper, nil
}

// chosen is the model asked for, or the trained network with the lowest matching
// error, AUC deciding between equal ones.
func (b *builder) chosen() (*record.Model, error) {
	var names []string
	better := func(i, j int) bool {
		x, y := b.summary.Models[i], b.summary.Models[j]
		if tx, ty := x.Kind == model.Trained, y.Kind == model.Trained; tx != ty {
			return tx
		}
		if x.MatchingError != y.MatchingError {
			return x.MatchingError < y.MatchingError
		}
		return x.AUC > y.AUC
	}
	for i := range b.run.Models {
		names = append(names, b.run.Models[i].Name)
	}
	if b.options.Model != "" {
		at := slices.Index(names, b.options.Model)
		if at < 0 {
			return nil, &ModelError{b.options.Model, names}
		}
		return &b.run.Models[at], nil
	}
	best := b.networks[0]
	for _, i := range b.networks[1:] {
		if better(i, best) {
			best = i
		}
	}
	return &b.run.Models[best], nil
}

// ModelError says that a run has no model of the name asked for.
type ModelError struct {
	Name string
	Has  []string
}

func (e *ModelError) Error() string {
	return fmt.Sprintf("%q is no model of this run%s", e.Name, english.DidYouMean(e.Name, e.Has))
}

// SimilarityError says that a run compared features by another measure than the
// cosine, which the paper is about.
type SimilarityError struct{ Similarity match.Measure }

func (e *SimilarityError) Error() string {
	return fmt.Sprintf("the paper's figures are of cosines, and this run compared features by %s", e.Similarity)
}

func (b *builder) row(i item, files ...string) {
	b.paper.Rows = append(b.paper.Rows, Row{Row: int(i), Item: titles[i], Files: files})
}

func (b *builder) missing(i item, need Need, what string) {
	b.paper.Rows = append(b.paper.Rows, Row{Row: int(i), Item: titles[i], Missing: what, Need: need})
}

func (b *builder) figure(name, title string, f figure.Figure) string {
	b.paper.figures = append(b.paper.figures, named{name, title, f})
	return "figures/" + name
}

func (b *builder) table(t Table) string {
	b.paper.tables = append(b.paper.tables, t)
	return "tables/" + t.Name
}

// build makes the rows of docs/paper.md in their order.
func (b *builder) build() {
	example := b.caseOf(b.example())
	b.row(concept, b.figure("figure-1-concept", "Which of two pictures belongs with the first?", figure.Concept{Case: example}))
	b.failures()
	b.row(oneTriplet, b.figure("figure-2-trace", "From three pictures to a match", b.trace(example)))
	b.row(exampleTriplets, b.figure("figure-3-examples", "Example triplets", b.examples()))
	b.row(features, b.table(b.features()))
	b.ratings()
	b.matrix()
	b.row(rocByFamily, b.roc()...)
	table := b.table(b.matching())
	b.row(aucs, table)
	b.row(matchingErrors, table)
	b.topOne(table)
	b.row(allErrors, b.figure("figure-6-errors", "Top-1 error, matching error and 1 - AUC", b.bars()))
	b.paper.Claims = b.claims()
	checklist := b.table(claimsTable(b.paper.Claims))
	for i := errorFalls; i <= learnAssociation; i++ {
		files := []string{checklist}
		for _, k := range kinds {
			if k.item == i {
				files = append([]string{b.figure(k.name, k.title, b.gallery(k))}, files...)
			}
		}
		b.row(i, files...)
	}
	b.depths()
}

// depths draws each network of which the run has layers.
func (b *builder) depths() {
	var files, taken []string
	for _, c := range b.statistics.Curves {
		name := fileName("figure-depth-"+c.Network, taken)
		taken = append(taken, name)
		files = append(files, b.figure(name, "Matching error over depth, "+c.Network, figure.Depth{Curve: c}))
	}
	if len(files) > 0 {
		b.row(overDepth, files...)
	}
}

// topOne names the table also where it lacks the top-1 error of some models.
func (b *builder) topOne(table string) {
	b.row(topOneErrors, table)
	unknown := 0
	for _, i := range b.networks {
		if b.top1[i].source == noSource && b.run.Models[i].Kind == model.Trained {
			unknown++
		}
	}
	if unknown > 0 {
		row := &b.paper.Rows[len(b.paper.Rows)-1]
		row.Need = NeedTopOne
		row.Missing = fmt.Sprintf("%d trained models have neither a published accuracy on %s in their card nor an evaluation", unknown, imageNet)
	}
}

// example is the right match with the largest margin, or the first triplet.
func (b *builder) example() match.Choice {
	if best := kinds[0].pick(b.model.Choices, "", 1); len(best) > 0 {
		return best[0]
	}
	return b.model.Choices[0]
}

// summarisedNotes says the same of many pictures once.
func (b *builder) summarisedNotes() []string {
	const most = 5
	if extra := len(b.notes) - most; extra > 0 {
		return append(slices.Clone(b.notes[:most]), fmt.Sprintf("%d more pictures are not shown", extra))
	}
	return b.notes
}

// undrawn warns of labels that figures can only write as code points.
func (b *builder) undrawn() []string {
	var labels []string
	for _, f := range b.paper.figures {
		for _, label := range figure.Undrawn(f.Figure) {
			if !slices.Contains(labels, label) {
				labels = append(labels, label)
			}
		}
	}
	if len(labels) == 0 {
		return nil
	}
	const most = 5
	text := strings.Join(labels[:min(most, len(labels))], ", ")
	if more := len(labels) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return []string{"the font of the figures lacks characters of these labels, which are given by code points such as [U+72AC]: " + text +
		"; give them labels in a Latin, Greek, Cyrillic or Hebrew alphabet"}
}

func (b *builder) resampling() stats.Options {
	return stats.Options{Seed: b.statistics.Seed, Resamples: b.statistics.Resamples, Level: b.run.Settings.Level, Credit: b.run.Settings.Credit}
}
