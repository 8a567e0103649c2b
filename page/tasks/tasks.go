// Package tasks is the page of a run on odd-one-out rows, votes or matrices: one
// offline HTML file.
package tasks

import (
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"io"
	"slices"

	"github.com/akin-vision/akin/judged"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/words"
)

//go:embed tasks.html tasks.css tasks.js
var files embed.FS

var view = page.MustView(files, "tasks", template.FuncMap{
	"percent": notation.Percent[float64], "exact": record.Exact,
}, "dom", "numbers", "tasks").WithDepth()

// document is what tasks.html draws; escaping is left to html/template throughout.
type document struct {
	Run      *judged.Run
	Title    string
	Task     string
	Command  []string
	Table    table
	Notes    []string
	Parts    []parts
	Curves   []curve
	Depth    *page.Depth
	Matrices *matrices
	Cases    *cases
	Pictures *page.Thumbnails
	Fault    *page.MissingPictures
}

// table is one row a model, its interval drawn on one scale.
type table struct {
	Figure  string // what the interval is of
	Columns []string
	Ticks   []page.Tick
	Chance  page.Px
	Rows    []row
	forms   map[string]string // the network of each row that is a form of one
}

type row struct {
	Model, Kind string
	estimate    float64
	Value       string
	Interval    string
	P           string
	Bar         *bar
	Cells       []string
	Notes       []string
}

// bar is an estimate with its interval, as positions.
type bar struct{ Low, High, Estimate page.Px }

// File is the page as a file of the record. Equal inputs give equal bytes.
func File(run *judged.Run, s judged.Statistics, from page.Pictures) record.File {
	return record.File{Name: record.PageFile, Write: func(w io.Writer) error { return New(run, s, from).Write(w) }}
}

// New makes the page of a run: a table of models, how far people agree, parts of the
// set, and single cases or matrices to look at.
func New(run *judged.Run, s judged.Statistics, from page.Pictures) page.Page {
	d := &document{Run: run, Title: cmp.Or(run.Set.Title, run.Set.Name), Task: words.TaskName(run.Stimuli.Task), Command: run.Command}
	switch {
	case s.OddOneOut != nil:
		d.Table, d.Notes = oddTable(run, *s.OddOneOut).withoutEmpty(), words.OddSentences(*s.OddOneOut)
		d.Parts, d.Curves = oddParts(*s.OddOneOut), oddCurves(*s.OddOneOut)
	case s.Votes != nil:
		d.Table, d.Notes = voteTable(run, *s.Votes).withoutEmpty(), words.VoteSentences(*s.Votes)
	case s.Matrices != nil:
		d.Table, d.Notes = matrixTable(run, *s.Matrices).withoutEmpty(), words.MatrixSentences(*s.Matrices)
	}
	d.Table.forms = run.Forms()
	d.Notes = append(d.Notes, words.SpaceSentences(run.Models)...)
	if s.Matrices != nil {
		shown := sampleOfPictures(run)
		d.Pictures = page.NewThumbnails(picturesAt(run, shown), from)
		d.Matrices = newMatrices(run, shown, d.Pictures)
	} else {
		sample := sampleOfTrials(run)
		d.Pictures = page.NewThumbnails(picturesAt(run, picturesOf(run, sample)), from)
		d.Cases = newCases(run, sample, d.Pictures)
	}
	d.Depth = depths(s)
	d.Fault = d.Pictures.Fault()
	return page.Page{
		View: view, Title: d.Title, Generator: "akin " + run.Akin, Content: d, Pictures: d.Pictures.Static(),
	}
}

// depths draws the figure of the task over the depth of networks.
func depths(s judged.Statistics) *page.Depth {
	switch {
	case s.Votes != nil:
		return page.NewDepth("score, %", 100, 0.5, s.Curves, words.JudgedCurve(s))
	case s.Matrices != nil:
		return page.NewDepth("Spearman correlation with people", 1, 0, s.Curves, words.JudgedCurve(s))
	}
	return page.NewDepth("accuracy, %", 100, 1./3, s.Curves, words.JudgedCurve(s))
}

// newTable draws intervals on a scale that holds chance, and counts it in units: 100
// where figures are per cent.
func newTable(figure string, chance, unit float64, rows []row, estimates []estimate, write func(float64) string, columns ...string) table {
	low, high := chance, chance
	for _, e := range estimates {
		low, high = min(low, e.value, finiteOr(e.of.Interval.Low, e.value)), max(high, e.value, finiteOr(e.of.Interval.High, e.value))
	}
	margin := max(0.02, (high-low)/20)
	scale := page.Scale{Low: low - margin, High: high + margin, From: 8, To: 232}
	t := table{Figure: figure, Columns: columns, Chance: scale.At(chance), Rows: rows}
	t.Ticks = page.Scale{Low: unit * scale.Low, High: unit * scale.High, From: scale.From, To: scale.To}.Ticks(4)
	for i, e := range estimates {
		r := &t.Rows[i]
		r.estimate = e.value
		r.Value, r.Interval, r.P = write(e.value), notation.Interval(e.of.Interval, write), notation.P(e.of.P)
		if e.of.Interval.Defined() {
			r.Bar = &bar{scale.At(e.of.Interval.Low), scale.At(e.of.Interval.High), scale.At(e.value)}
		}
	}
	return t
}

// Reservations are the notes of all rows, each once, with the models that it concerns.
func (t table) Reservations() []string {
	var order []string
	concerned := map[string][]string{}
	for _, r := range t.Rows {
		for _, note := range r.Notes {
			if concerned[note] == nil {
				order = append(order, note)
			}
			concerned[note] = append(concerned[note], r.Model)
		}
	}
	for i, note := range order {
		order[i] = words.About(concerned[note], t.forms, note)
	}
	return order
}

// Best is the trained network that agrees best with people, which describes the run
// and is no test; nil without one. No layer or other form is chosen by its figure.
func (t table) Best() *row {
	var best *row
	for i := range t.Rows {
		if r := &t.Rows[i]; r.Kind == model.Trained && t.forms[r.Model] == "" && (best == nil || r.estimate > best.estimate) {
			best = r
		}
	}
	return best
}

type estimate struct {
	value float64
	of    stats.Evidence
}

func finiteOr(v, other float64) float64 {
	if v != v {
		return other
	}
	return v
}

func newRow(run *judged.Run, m int, warnings []stats.Warning, cells ...string) row {
	model := run.Models[m]
	r := row{Model: model.Name, Kind: model.Kind, Cells: cells}
	for _, w := range warnings {
		r.Notes = append(r.Notes, words.Warning(w))
	}
	return r
}

func oddTable(run *judged.Run, o stats.OddOneOut) table {
	var rows []row
	var estimates []estimate
	for i, m := range o.Models {
		rows = append(rows, newRow(run, i, m.Warnings, notation.Decimal(m.Normalised), notation.Decimal(m.NormalisedLeaveOut), notation.Decimal(m.NormalisedPublished),
			notation.Significant(m.Softmax.Temperature, 3), notation.Decimal(m.Softmax.Likelihood), fmt.Sprint(m.Tied)))
		estimates = append(estimates, estimate{float64(m.Accuracy), m.Evidence})
	}
	return newTable("accuracy, %", 1.0/3, 100, rows, estimates, notation.ShareOf(o.Rows),
		"of ceiling (majority)", "of ceiling (one left out)", "of ceiling (published)", "temperature", "log likelihood", "ties")
}

func voteTable(run *judged.Run, v stats.Vote) table {
	var rows []row
	var estimates []estimate
	for i, m := range v.Models {
		rows = append(rows, newRow(run, i, m.Warnings, notation.Percent(m.Majority), notation.Decimal(m.Normalised), notation.Significant(m.Likelihood.Temperature, 3),
			notation.Decimal(m.Likelihood.Likelihood), fmt.Sprint(m.Tied)))
		estimates = append(estimates, estimate{float64(m.Score), m.Evidence})
	}
	return newTable("score, %", 0.5, 100, rows, estimates, notation.ShareOf(v.Rows), "majority, %", "of the best score", "temperature", "log likelihood", "ties")
}

func matrixTable(run *judged.Run, m stats.Matrices) table {
	var rows []row
	var estimates []estimate
	measures := stats.MatrixMeasures()[1:]
	for i, model := range m.Models {
		var cells []string
		for _, measure := range measures {
			cells = append(cells, figureOr(model.Figures, measure))
		}
		rows = append(rows, newRow(run, i, model.Warnings, cells...))
		estimates = append(estimates, estimate{float64(model.Figures[stats.SpearmanMeasure]), model.Evidence})
	}
	t := newTable("Spearman", 0, 1, rows, estimates, notation.Decimal[float64], "tau-a", "rho-a", "cosine", "whitened cosine", "whitened correlation")
	for _, bound := range []struct {
		name string
		of   func(stats.MatrixRange) stats.Number
	}{
		{"ceiling, lower", func(c stats.MatrixRange) stats.Number { return c.Lower }},
		{"ceiling, upper", func(c stats.MatrixRange) stats.Number { return c.Upper }},
	} {
		figures := map[stats.MatrixMeasure]stats.Number{}
		for _, c := range m.Ceilings {
			figures[c.Measure] = bound.of(c)
		}
		if len(figures) == 0 {
			continue
		}
		r := row{Model: bound.name, Kind: "people", Value: figureOr(figures, stats.SpearmanMeasure)}
		for _, measure := range measures {
			r.Cells = append(r.Cells, figureOr(figures, measure))
		}
		t.Rows = append(t.Rows, r)
	}
	return t
}

func figureOr(figures map[stats.MatrixMeasure]stats.Number, measure stats.MatrixMeasure) string {
	if v, there := figures[measure]; there {
		return notation.Decimal(v)
	}
	return "–"
}

// withoutEmpty leaves out the columns that say nothing of any model.
func (t table) withoutEmpty() table {
	for k := len(t.Columns) - 1; k >= 0; k-- {
		if slices.ContainsFunc(t.Rows, func(r row) bool { return r.Cells[k] != "–" && r.Cells[k] != "" }) {
			continue
		}
		t.Columns = slices.Delete(t.Columns, k, k+1)
		for i := range t.Rows {
			t.Rows[i].Cells = slices.Delete(t.Rows[i].Cells, k, k+1)
		}
	}
	return t
}

// parts is a table of accuracies by part of the set.
type parts struct {
	Title  string
	Models []string
	Rows   []partRow
}

type partRow struct {
	Name   string
	Rows   string
	Values []string
}

func oddParts(o stats.OddOneOut) []parts {
	var list []parts
	for _, of := range []struct {
		title string
		parts func(stats.OddModel) []stats.OddCategory
	}{
		{"By the category of the odd picture", func(m stats.OddModel) []stats.OddCategory { return m.Categories }},
		{"By the categories that a row shows", func(m stats.OddModel) []stats.OddCategory { return m.Kinds }},
	} {
		p := parts{Title: of.title}
		for _, m := range o.Models {
			p.Models = append(p.Models, m.Model)
			for i, c := range of.parts(m) {
				if len(p.Rows) <= i {
					p.Rows = append(p.Rows, partRow{Name: c.Category, Rows: notation.Count(c.Rows)})
				}
				p.Rows[i].Values = append(p.Rows[i].Values, notation.Estimate(c.Accuracy, c.Evidence.Interval, notation.ShareOf(c.Rows)))
			}
		}
		if len(p.Rows) > 0 {
			list = append(list, p)
		}
	}
	return list
}

// curve is a model's calibration: the share chosen by the probability given.
type curve struct {
	Model  string
	Error  string
	Path   string
	Points [][2]page.Px
}

// curveSide is the side of a drawn curve.
const curveSide = 160

func oddCurves(o stats.OddOneOut) []curve {
	var list []curve
	scale := page.Scale{Low: 0, High: 1, From: 4, To: curveSide - 4}
	for _, m := range o.Models {
		if len(m.Softmax.Calibration) == 0 {
			continue
		}
		c := curve{Model: m.Model, Error: notation.Decimal(m.Softmax.CalibrationError)}
		var line page.Polyline
		for _, b := range m.Softmax.Calibration {
			x, y := scale.At(float64(b.Mean)), curveSide-scale.At(float64(b.Share))
			line.To(x, y)
			c.Points = append(c.Points, [2]page.Px{x, y})
		}
		c.Path = line.String()
		list = append(list, c)
	}
	return list
}

// distinctInts are numbers in ascending order, each once.
func distinctInts(numbers []int32) []int32 {
	slices.Sort(numbers)
	return slices.Compact(numbers)
}
