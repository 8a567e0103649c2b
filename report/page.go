package report

import (
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/model"
)

//go:embed page.html page.css page.js
var pageFiles embed.FS

// page is what page.html draws: texts and numbers of the run, and figures as
// geometry. Escaping is left to html/template throughout.
type page struct {
	Run     *Run
	Title   string
	Style   template.CSS
	Script  template.JS
	Policy  string // content security policy: nothing from outside, no script but ours
	Level   string // of the intervals, in per cent
	Command string // one shell line, empty where unknown

	Headline      headline
	Example       *trial // the set's first triplet
	Table         summaryTable
	Conclusions   *conclusions // nil without statistics
	Distributions []distribution
	ROC           rocFigure
	Cases         []modelCases
	Thumbnails    []thumbnail
}

// WritePage writes the run as one offline HTML file: headline, summary table,
// what the statistics allow to conclude, distributions of the cosines, ROC
// curves, the clearest cases of each model, and the record of what was run.
// summary and statistics are those of [Summarise] and [Analyse] for the same
// run; with zero statistics their section is left out. pictures is where the set's picture paths lead. Every picture that the
// page shows is inlined once, as a thumbnail. Equal inputs give equal bytes.
//
// A run without models or triplets, and a picture that cannot be read or
// decoded, are errors; something may then have been written to w already.
func WritePage(w io.Writer, run *Run, summary Summary, statistics Statistics, pictures fs.FS) error {
	if len(run.Models) == 0 || len(run.Models[0].Choices) == 0 {
		return fmt.Errorf("page of set %s: the run holds no choices; evaluate at least one model on one triplet", run.Set.Name)
	}
	p, err := newPage(run, summary, statistics, pictures)
	if err != nil {
		return fmt.Errorf("page of set %s: %w", run.Set.Name, err)
	}
	t, err := template.New("page.html").Funcs(pageFuncs).ParseFS(pageFiles, "page.html")
	if err != nil {
		return err
	}
	return t.Execute(w, p)
}

func newPage(run *Run, summary Summary, statistics Statistics, pictures fs.FS) (*page, error) {
	style, err := pageFiles.ReadFile("page.css")
	if err != nil {
		return nil, err
	}
	script, err := pageFiles.ReadFile("page.js")
	if err != nil {
		return nil, err
	}
	var shown gallery
	p := &page{
		Run:           run,
		Title:         cmp.Or(run.Set.Title, run.Set.Name),
		Style:         template.CSS(style),
		Script:        template.JS(script),
		Policy:        contentPolicy(style, script),
		Level:         strconv.FormatFloat(100*run.Settings.Level, 'g', 4, 64),
		Command:       shellLine(run.Command),
		Headline:      newHeadline(summary),
		Example:       newTrial(run.Models[0].Choices[0].Triplet, &shown),
		Table:         newSummaryTable(summary),
		Conclusions:   newConclusions(statistics),
		Distributions: newDistributions(run, summary),
		ROC:           newROCFigure(run, summary),
		Cases:         newModelCases(run, &shown),
	}
	p.Thumbnails, err = shown.thumbnails(pictures)
	return p, err
}

// contentPolicy allows the page its own style and script, by hash, and inlined
// pictures. A label that slipped through the escaping could still not run.
func contentPolicy(style, script []byte) string {
	source := func(text []byte) string {
		sum := sha256.Sum256(text)
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; style-src " + source(style) + "; script-src " + source(script)
}

var pageFuncs = template.FuncMap{
	"percent":   percentText,
	"cosine":    func(x float64) string { return decimalText("%.3f", x) },
	"margin":    func(x float64) string { return decimalText("%+.3f", x) },
	"bandwidth": func(x float64) string { return fmt.Sprintf("%.2g", x) },
	"pvalue":    pValueText,
	"exact":     number,
	"recipe":    recipeText,
	"trained":   func(kind string) bool { return kind == model.Trained },
}

// percentText gives a share in per cent with one decimal, without the sign.
func percentText(share float64) string { return decimalText("%.1f", 100*share) }

func decimalText(format string, x float64) string {
	if math.IsNaN(x) {
		return "–"
	}
	return strings.Replace(fmt.Sprintf(format, x), "-", "\u2212", 1)
}

func pValueText(p float64) string {
	switch {
	case p < 0.001:
		return "< 0.001"
	default:
		return decimalText("%.3f", p)
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
