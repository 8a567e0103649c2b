package judged

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/akin-vision/akin/internal/jsonfile"
	"github.com/akin-vision/akin/internal/npy"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// Files of a record, beside run.json.
const (
	picturesFile     = "pictures.csv"
	judgementsFile   = "judgements.npy" // of trials: pictures by number, votes, rater
	ratersFile       = "raters.csv"     // of trials with raters, in the order of their numbers
	peopleFile       = "people.npy"     // of matrices: people x pairs
	pairsFile        = "pairs.npy"      // pictures by number
	similaritiesFile = "similarities.npy"
	statisticsFile   = "statistics.json"
	choicesFile      = "choices"
)

// Columns of pictures.csv; that of items is there where the set has items.
var pictureColumns = []string{"path", "label", "category", "sha256"}

const itemColumn = "item"

// mostCSV is the number of rows of choices up to which they are written as CSV; more
// are Parquet.
const mostCSV = 200_000

// Write writes the run's record into dir, in one step: run.json, pictures.csv, what
// people said and the models' similarities as NumPy arrays, choices, summary.csv,
// statistics.json, and what else is derived, such as its page. csvToo writes
// choices as CSV however many there are.
func (r *Run) Write(dir string, s Statistics, csvToo bool, derived ...record.File) error {
	files := append(r.sources(), r.choices(csvToo)...)
	return r.WriteAs(dir, append(append(files, s.files()...), derived...))
}

// Rebuild writes anew what follows from a record that was read back from dir.
func (r *Run) Rebuild(dir string, s Statistics, derived ...record.File) error {
	return r.RebuildAs(dir, append(s.files(), derived...))
}

func (s Statistics) files() []record.File {
	curves := record.File{Name: "curves.csv"}
	if len(s.Curves) > 0 {
		curves.Write = func(w io.Writer) error { return csv.NewWriter(w).WriteAll(record.CurveRows(s.Curves)) }
	}
	return []record.File{
		{Name: statisticsFile, Write: func(w io.Writer) error { return jsonfile.Write(w, s) }},
		{Name: "summary.csv", Write: func(w io.Writer) error { return csv.NewWriter(w).WriteAll(s.rows()) }},
		curves,
	}
}

// sources are the files that the others follow from, but for run.json.
func (r *Run) sources() []record.File {
	files := []record.File{
		{Name: picturesFile, Write: r.writePictures},
		{Name: pairsFile, Write: func(w io.Writer) error {
			return npy.Write(w, len(r.Pairs.List), 2, func(i int, row []int32) { copy(row, r.Pairs.List[i][:]) })
		}},
		{Name: similaritiesFile, Write: func(w io.Writer) error {
			return npy.Write(w, len(r.Models), len(r.Pairs.List), func(i int, row []float64) { copy(row, r.Models[i].Similarities) })
		}},
	}
	files = append(files, r.LayersAsFile(len(r.Pairs.List)))
	set := r.Stimuli
	if set.Matrices != nil {
		return append(files, record.File{Name: peopleFile, Write: func(w io.Writer) error {
			return npy.Write(w, len(set.Matrices.People), len(r.Pairs.List), func(i int, row []float64) { copy(row, set.Matrices.Values[i]) })
		}}, namesFile(set.Matrices.People))
	}
	files = append(files, record.File{Name: judgementsFile, Write: r.writeJudgements})
	if set.Trials.Rater != nil {
		files = append(files, namesFile(set.Trials.Raters))
	}
	return files
}

func namesFile(names []string) record.File {
	return record.File{Name: ratersFile, Write: func(w io.Writer) error {
		rows := [][]string{{"rater"}}
		for _, name := range names {
			rows = append(rows, []string{name})
		}
		return csv.NewWriter(w).WriteAll(rows)
	}}
}

func (r *Run) writePictures(w io.Writer) error {
	rows := [][]string{slices.Clone(pictureColumns)}
	for _, p := range r.Stimuli.Pictures {
		rows = append(rows, []string{p.Path, p.Label, p.Category, p.Hash.String()})
	}
	if r.Stimuli.Items != nil {
		rows[0] = append(rows[0], itemColumn)
		for _, item := range r.Stimuli.Items {
			for _, at := range item.Pictures {
				rows[1+at] = append(rows[1+at], item.Name)
			}
		}
	}
	return csv.NewWriter(w).WriteAll(rows)
}

func (r *Run) writeJudgements(w io.Writer) error {
	t := r.Stimuli.Trials
	return npy.Write(w, t.Len(), trialColumns(r.Stimuli.Task, t.Rater != nil), func(i int, row []int32) {
		rest := row[copy(row, t.Shown[i][:]):]
		if t.Counts != nil {
			rest = rest[copy(rest, t.Counts[i][:]):]
		}
		if t.Rater != nil {
			rest[0] = t.Rater[i]
		}
	})
}

func trialColumns(task stimuli.Task, raters bool) int {
	columns := 3
	if task == stimuli.Votes {
		columns = 5
	}
	if raters {
		columns++
	}
	return columns
}

// rows are those of summary.csv: one for each model and figure.
func (s Statistics) rows() [][]string {
	rows := [][]string{{"model", "figure", "part", "n", "value", "low", "high", "p"}}
	add := func(model, figure, part string, n int, value stats.Number, e stats.Evidence) {
		rows = append(rows, []string{model, figure, part, fmt.Sprint(n), record.Exact(float64(value)),
			record.Exact(e.Interval.Low), record.Exact(e.Interval.High), record.Exact(float64(e.P))})
	}
	none := stats.Evidence{Interval: stats.Interval{Low: math.NaN(), High: math.NaN()}, P: stats.Number(math.NaN())}
	switch {
	case s.OddOneOut != nil:
		for _, m := range s.OddOneOut.Models {
			add(m.Model, "accuracy", "", s.OddOneOut.Rows, m.Accuracy, m.Evidence)
			for _, c := range m.Categories {
				add(m.Model, "accuracy", "odd: "+c.Category, c.Rows, c.Accuracy, c.Evidence)
			}
			for _, c := range m.Kinds {
				add(m.Model, "accuracy", c.Category, c.Rows, c.Accuracy, c.Evidence)
			}
			add(m.Model, "ceiling_normalised", "", s.OddOneOut.Rows, m.Normalised, none)
		}
	case s.Votes != nil:
		for _, m := range s.Votes.Models {
			add(m.Model, "score", "", s.Votes.Rows, m.Score, m.Evidence)
			add(m.Model, "majority_accuracy", "", s.Votes.Rows-s.Votes.Tied, m.Majority, m.MajorityEvidence)
		}
	case s.Matrices != nil:
		for _, m := range s.Matrices.Models {
			add(m.Model, string(stats.SpearmanMeasure), "", s.Matrices.Pairs, m.Figures[stats.SpearmanMeasure], m.Evidence)
			for _, c := range stats.MatrixMeasures()[1:] {
				if v, there := m.Figures[c]; there {
					add(m.Model, string(c), "", s.Matrices.Pairs, v, none)
				}
			}
		}
	}
	return rows
}

// place is a model's choice in a table: the place of the picture left over, from 1;
// 0 where several are.
func place(l match.LeftOver) int32 {
	chosen := int32(0)
	for k, set := range l {
		switch {
		case set && chosen > 0:
			return 0
		case set:
			chosen = int32(k + 1)
		}
	}
	return chosen
}
