// Package report is the page of a run: one offline HTML file.
package report

import (
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/words"
)

// Charts that only a script can draw need a library, which stands in web/dist
// where "make" has built it (web/build.js).
var (
	//go:embed *.html *.css *.js
	files embed.FS
	//go:embed web/dist
	built embed.FS
)

// document is what report.html draws: texts and numbers of the run, and figures as
// geometry. Escaping is left to html/template throughout.
type document struct {
	Run        *record.Run
	Title      string
	Level      string // of the intervals, in per cent
	Command    string // a shell line that makes the run again; empty where unknown
	Resampling string // how the statistics were resampled; empty where there are none

	Contents      []part
	Headline      headline
	Example       *shownTriplet // the set's first
	Table         summaryTable
	Conclusions   *conclusions // nil without statistics
	Sizes         *sizesTable  // nil without statistics
	Distributions []distribution
	// MoreDistributions are those of other models than the first, and folded.
	MoreDistributions []distribution
	ROC               rocFigure
	Bars              barFigure
	Depth             *page.Depth     // nil without layers
	Spaces            []networkSpaces // nil without any
	Cases             []modelCases
	Failures          []failureTable
	Models            []modelFacts
	Measure           measure
	Data              pageData
	Pictures          *page.Thumbnails
}

// Input is what the page of a run is made of.
type Input struct {
	Run        *record.Run
	Summary    record.Summary
	Statistics record.Statistics // zero: the page concludes nothing
	Pictures   page.Pictures
}

// File is the page as a file of the record.
func File(in Input) record.File {
	return record.File{Name: record.PageFile, Write: func(w io.Writer) error {
		p, err := New(in)
		if err != nil {
			return err
		}
		return p.Write(w)
	}}
}

// New makes the page of a run: headline, summary table, what the statistics
// allow to conclude, distributions of the similarities, ROC curves, three errors
// of each model, every triplet in every model, and the record of what was run;
// of a large set, a part of the triplets ([Pictures] are theirs). Every picture
// is inlined once, as a thumbnail; one that is gone, changed or broken leaves a
// placeholder and a note. Equal inputs give equal bytes.
//
// Without its script the page is complete but for the charts that only a
// script can draw, and shows the clearest cases instead of every triplet.
//
// A run without models or triplets is an error.
func New(in Input) (page.Page, error) {
	if len(in.Run.Models) == 0 || len(in.Run.Models[0].Choices) == 0 {
		return page.Page{}, fmt.Errorf("page of set %s: the run holds no choices; evaluate at least one model on one triplet", in.Run.Set.Name)
	}
	t, err := template.New(record.PageFile).Funcs(pageFuncs).ParseFS(files, "*.html")
	if err != nil {
		return page.Page{}, err
	}
	style, err := joined(files, styles...)
	if err != nil {
		return page.Page{}, err
	}
	library, err := joined(built, "web/dist/*.js")
	if err != nil {
		return page.Page{}, err
	}
	script, err := page.NewScript(files, scriptParts...)
	if err != nil {
		return page.Page{}, err
	}
	d, err := newDocument(in)
	if err != nil {
		return page.Page{}, err
	}
	p := page.Page{
		View:  page.View{Body: t, Style: style, Script: script}.WithDepth().WithChanges(),
		Title: d.Title, Generator: "akin " + in.Run.Akin, Content: d, Pictures: d.Pictures.Static(), Library: library,
	}
	if in.Pictures.FullSize != "" {
		p.Images = page.Served
	}
	return p, nil
}

// styles are the parts of the style: first what all parts of the page share.
var styles = []string{
	"report.css", "contents.css", "headline.css", "table.css", "conclusions.css", "sizes.css", "distribution.css", "roc.css", "bars.css", "card.css",
	"filter.css", "charts.css", "list.css", "detail.css", "hover.css", "failures.css", "record.css", "keys.css",
}

// scriptParts stand in the order in which they use one another.
var scriptParts = []string{
	"dom", "numbers", "marks", "data", "criteria", "view", "selection", // what is shown, and what of it is chosen
	"card", "hover", "table", "roc", "contents", "correlation", "charts", "filter", "list", "detail", "keys", // parts of the page
	"start",
}

func newDocument(in Input) (*document, error) {
	run, statistics, networks := in.Run, in.Statistics, in.Run.NetworkOf()
	sample := newSample(run, pageTriplets)
	shown := page.NewThumbnails(sample.pictures, in.Pictures)
	d := &document{
		Run:           run,
		Title:         cmp.Or(run.Set.Title, run.Set.Name),
		Level:         notation.PercentExact(run.Settings.Level),
		Command:       shellLine(run.Command),
		Resampling:    resamplingText(statistics),
		Headline:      newHeadline(in.Summary, statistics),
		Example:       newShownTriplet(run.Models[0].Choices[0].Triplet, shown.Show),
		Table:         newSummaryTable(in.Summary),
		Distributions: newDistributions(run, in.Summary),
		ROC:           newROCFigure(run, in.Summary, networks),
		Bars:          newBarFigure(run, in.Summary, statistics),
		Depth:         page.NewDepth("matching error, %", 100, 0.5, statistics.Curves, words.CurveSentences),
		Spaces:        newSpaces(run, statistics.Spaces, run.SpaceCases(), shown),
		Cases:         newModelCases(run, run.Networks(), shown),
		Failures:      newFailureTables(run.Failures),
		Measure:       measureOf(run.Settings),
		Pictures:      shown,
	}
	second := secondOf(in.Summary, networks)
	d.Data = newPageData(run, sample, [2]string{d.Headline.Best.Name, second}, shown, in.Pictures.FullSize)
	d.Table.compare(statistics.Comparison)
	d.Table.group(networks)
	if d.Headline.Rater != nil {
		d.Table.Rater = errorScale(in.Summary.Models).At(100 * d.Headline.Rater.Error)
	}
	if d.Conclusions = newConclusions(statistics, d.Table.Rows); d.Conclusions != nil {
		d.Conclusions.Level = d.Level
	}
	if len(d.Distributions) > openPanels {
		d.Distributions, d.MoreDistributions = d.Distributions[:openPanels], d.Distributions[openPanels:]
	}
	var err error
	if d.Sizes, err = newSizesTable(run, statistics); err != nil {
		return nil, err
	}
	if d.Models, err = newModelFacts(run.Models, networks); err != nil {
		return nil, err
	}
	d.Contents = newContents(d)
	return d, nil
}

func resamplingText(s record.Statistics) string {
	if s.Resamples == 0 {
		return ""
	}
	return fmt.Sprintf("%d resamples, seed %d", s.Resamples, s.Seed)
}

// joined is the files that match the patterns, one after the other.
func joined(files fs.FS, patterns ...string) (string, error) {
	var all strings.Builder
	for _, pattern := range patterns {
		names, err := fs.Glob(files, pattern)
		if err != nil {
			return "", err
		}
		for _, name := range names {
			data, err := fs.ReadFile(files, name)
			if err != nil {
				return "", err
			}
			all.Write(data)
		}
	}
	return all.String(), nil
}

// tight keeps numbers together with what belongs to them.
var tight = strings.NewReplacer("p = ", "p\u00a0=\u00a0", "p < ", "p\u00a0<\u00a0", " %", "\u00a0%")

var pageFuncs = template.FuncMap{
	"tight":     tight.Replace,
	"capital":   english.Capital,
	"share":     func(n int, v float64) string { return notation.ShareOf(n)(v) },
	"interval":  func(n int, i stats.Interval) string { return notation.Interval(i, notation.ShareOf(n)) },
	"decimal":   notation.Decimal[float64],
	"margin":    notation.Signed[float64],
	"bandwidth": func(x float64) string { return notation.Significant(x, 2) },
	"pvalue":    notation.P[stats.Number],
	"exact":     record.Exact,
	"number":    func(n stats.Number) float64 { return float64(n) },
	"guess":     func(p float64) string { return notation.Probability(p) + " %" },
	"trained":   func(kind string) bool { return kind == model.Trained },
}

// plainWord needs no quotes in any shell.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9_@%+=:,./-]+$`)

func shellLine(command []string) string {
	words := slices.Clone(command)
	for i, word := range words {
		if !plainWord.MatchString(word) {
			words[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
	}
	return strings.Join(words, " ")
}
