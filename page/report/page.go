// Package report is the page of a run: one offline HTML file.
package report

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
)

// web/dist holds the charting library where "make" has built it (web/build.js).
//
//go:embed page.html page.css explore.css web/page web/dist
var pageFiles embed.FS

// document is what page.html draws: texts and numbers of the run, and figures as
// geometry. Escaping is left to html/template throughout.
type document struct {
	Run        *record.Run
	Title      string
	Style      template.CSS
	Script     template.JS
	Library    template.JS // the charting library with its licences; empty: no interactive charts
	Policy     string      // content security policy: nothing from outside, no script but ours
	Level      string      // of the intervals, in per cent
	Command    string      // one shell line, empty where unknown
	Resampling string      // how the statistics were resampled; empty where there are none

	Headline      headline
	Example       *trial // the set's first triplet
	Table         summaryTable
	Conclusions   *conclusions // nil without statistics
	Distributions []distribution
	ROC           rocFigure
	Bars          barFigure
	Cases         []modelCases
	Failures      []failureTable
	Measure       measure
	Data          pageData
	Pictures      *page.Gallery
}

// PageFile is the name of a record's page.
const PageFile = "report.html"

// File is the page as a file of the record.
func File(run *record.Run, statistics record.Statistics, pictures page.Pictures) record.File {
	return record.File{Name: PageFile, Write: func(w io.Writer) error {
		return WritePage(w, run, record.Summarise(run), statistics, pictures)
	}}
}

// WritePage writes the run as one offline HTML file: headline, summary table,
// what the statistics allow to conclude, distributions of the similarities, ROC
// curves, three errors of each model, every triplet in every model, and the
// record of what was run; of a large set, a part of the triplets ([Pictures]
// are theirs). summary and statistics are those of [Summarise] and
// [Analyse] for the same run; with zero statistics their section is left out.
// Every picture is inlined once, as a thumbnail; one that is gone, changed or
// broken leaves a placeholder and a note. Equal inputs give equal bytes.
//
// Without its script the page is complete but for the charts that only a
// script can draw, and shows the clearest cases instead of every triplet.
//
// A run without models or triplets is an error.
func WritePage(w io.Writer, run *record.Run, summary record.Summary, statistics record.Statistics, pictures page.Pictures) error {
	if len(run.Models) == 0 || len(run.Models[0].Choices) == 0 {
		return fmt.Errorf("page of set %s: the run holds no choices; evaluate at least one model on one triplet", run.Set.Name)
	}
	p, err := newDocument(run, summary, statistics, pictures)
	if err != nil {
		return fmt.Errorf("page of set %s: %w", run.Set.Name, err)
	}
	return executePage(w, p)
}

func executePage(w io.Writer, p *document) error {
	t, err := template.New("page.html").Funcs(pageFuncs).ParseFS(pageFiles, "page.html")
	if err != nil {
		return err
	}
	return t.Execute(w, p)
}

func newDocument(run *record.Run, summary record.Summary, statistics record.Statistics, pictures page.Pictures) (*document, error) {
	style, err := joined("page.css", "explore.css")
	if err != nil {
		return nil, err
	}
	script, err := joined("web/page/*.js")
	if err != nil {
		return nil, err
	}
	library, err := joined("web/dist/*.js")
	if err != nil {
		return nil, err
	}
	sample := newSample(run, pageTriplets)
	shown := page.NewGallery(sample.pictures, pictures)
	p := &document{
		Run:           run,
		Title:         cmp.Or(run.Set.Title, run.Set.Name),
		Style:         template.CSS(style),
		Script:        template.JS(script),
		Library:       template.JS(library),
		Policy:        page.ContentPolicy(pictures.FullSize != "", style, script, library),
		Level:         strconv.FormatFloat(100*run.Settings.Level, 'g', 4, 64),
		Command:       shellLine(run.Command),
		Resampling:    resamplingText(statistics),
		Headline:      newHeadline(summary),
		Example:       newTrial(run.Models[0].Choices[0].Triplet, shown),
		Table:         newSummaryTable(summary),
		Conclusions:   newConclusions(statistics),
		Distributions: newDistributions(run, summary),
		ROC:           newROCFigure(run, summary),
		Bars:          newBarFigure(run, summary, statistics),
		Cases:         newModelCases(run, shown),
		Failures:      newFailureTables(run.Failures),
		Measure:       measureOf(run.Settings),
		Pictures:      shown,
	}
	p.Data = newPageData(run, sample, p.Headline.Best.Name, shown, pictures.FullSize)
	p.Table.letters(statistics.Comparison.Groups)
	return p, nil
}

func resamplingText(s record.Statistics) string {
	if s.Resamples == 0 {
		return ""
	}
	return fmt.Sprintf("%d resamples, seed %d", s.Resamples, s.Seed)
}

// joined is the embedded files that match the patterns, one after the other.
func joined(patterns ...string) ([]byte, error) {
	var all []byte
	for _, pattern := range patterns {
		names, err := fs.Glob(pageFiles, pattern)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			data, err := pageFiles.ReadFile(name)
			if err != nil {
				return nil, err
			}
			all = append(all, data...)
		}
	}
	return all, nil
}

var pageFuncs = template.FuncMap{
	"percent":     percentText,
	"cosine":      func(x float64) string { return page.DecimalText("%.3f", x) },
	"margin":      func(x float64) string { return page.DecimalText("%+.3f", x) },
	"bandwidth":   func(x float64) string { return fmt.Sprintf("%.2g", x) },
	"pvalue":      pValueText,
	"exact":       record.Exact,
	"recipe":      recipeText,
	"probability": func(p float64) string { return fmt.Sprintf("%.3g %%", 100*p) },
	"trained":     func(kind string) bool { return kind == model.Trained },
}

// percentText gives a share in per cent with one decimal, without the sign.
func percentText(share float64) string { return page.DecimalText("%.1f", 100*share) }

func pValueText(p float64) string {
	switch {
	case p < 0.001:
		return "< 0.001"
	default:
		return page.DecimalText("%.3f", p)
	}
}

func recipeText(r imaging.Recipe) (string, error) {
	text, err := json.Marshal(r)
	return string(text), err
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
