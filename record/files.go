package record

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/internal/jsonfile"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/match"
)

// Write writes the run's record into dir: run.json, choices.csv, pictures.csv,
// ratings.csv (people's single judgements, where known), posteriors.csv and
// failures.json (only where there are any), summary.json, summary.csv,
// statistics.json with its tables as CSV (models, ties, pairs, cells, effects,
// people, curves, spaces), and what else is derived from the run, such as its page. The record
// takes the place of an earlier one in one step; what else the folder holds stays,
// but for what PaperFile lists, where the record has changed. A folder that holds
// other files and no run is refused. Of two writers at once one waits.
func (r *Run) Write(dir string, statistics Statistics, derived ...File) error {
	if err := r.fits(statistics); err != nil {
		return err
	}
	r.Files, r.Seal = map[string]string{}, ""
	return r.update(dir, slices.Concat(r.record(), r.derived(statistics), derived))
}

// Rebuild writes anew what follows from a record that was read back from dir:
// summary, statistics and what else is derived. What the record rests on is left untouched.
func (r *Run) Rebuild(dir string, statistics Statistics, derived ...File) error {
	if err := r.fits(statistics); err != nil {
		return err
	}
	return r.update(dir, slices.Concat(r.derived(statistics), derived))
}

// fits refuses statistics of another run.
func (r *Run) fits(s Statistics) error {
	if len(s.Comparison.Models) != len(r.Models) {
		return fmt.Errorf("the statistics are of %d models, the run has %d", len(s.Comparison.Models), len(r.Models))
	}
	for i, m := range s.Comparison.Models {
		if m.Model != r.Models[i].Name {
			return fmt.Errorf("the statistics name model %s where the run has %s", m.Model, r.Models[i].Name)
		}
	}
	return nil
}

// File is a file of a record and what writes it; nil where the run has nothing
// for it.
type File struct {
	Name  string
	Write func(io.Writer) error
}

// record are the files that the others follow from, but for run.json.
func (r *Run) record() []File {
	posteriors, failures := File{Name: posteriorsFile}, File{Name: failuresFile}
	if r.classified() {
		posteriors.Write = r.posteriorsCSV
	}
	if len(r.Failures) > 0 {
		failures.Write = asJSON(r.Failures)
	}
	return []File{{choicesFile, r.choicesCSV}, {picturesFile, r.picturesCSV}, {ratingsFile, r.ratingsCSV}, posteriors, failures, r.LayersAsFile(r.triplets())}
}

// triplets is the number of them; 0 without a set.
func (r *Run) triplets() int {
	if r.Stimuli == nil {
		return 0
	}
	return len(r.Stimuli.Triplets)
}

// derived are the files that follow from the others.
func (r *Run) derived(statistics Statistics) []File {
	summary := Summarise(r, statistics)
	files := []File{
		{statisticsFile, asJSON(statistics)},
		{summaryFile, asJSON(summary)},
		{summaryTable, asCSV(summary.rows())},
	}
	tables := statistics.csvFiles()
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		files = append(files, File{name, asCSV(tables[name])})
	}
	return files
}

// patience is how long a writer waits for another one of the same record.
const patience = time.Minute

// update puts files into the record in dir, and their hashes into run.json, all
// in one step.
func (r *Run) update(dir string, files []File) error {
	release, err := atomicfile.Lock(dir, patience)
	if err != nil {
		return err
	}
	defer release()
	if err := r.stillIn(dir); err != nil {
		return err
	}
	return atomicfile.UpdateFolder(dir, func(entries []os.DirEntry) error { return acceptable(dir, entries, files) }, func(f atomicfile.Folder) error {
		for _, file := range files {
			if err := r.put(f, file); err != nil {
				return err
			}
		}
		if err := r.removeStale(f); err != nil {
			return err
		}
		data, err := r.sealed()
		if err != nil {
			return err
		}
		return f.Put(RunFile, data)
	})
}

// stillIn makes sure that the record which r was read from is the one that is
// about to be changed. One of an earlier version gets the hashes of its files.
func (r *Run) stillIn(dir string) error {
	switch {
	case r.Files == nil:
		r.Files = map[string]string{}
		for _, name := range sources {
			data, err := regular.ReadFile(filepath.Join(dir, name))
			if err == nil {
				r.Files[name] = digest(data)
			} else if !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	case r.Seal != "":
		file := filepath.Join(dir, RunFile)
		data, err := readRun(file)
		if err != nil {
			return err
		}
		if now, err := unseal(file, data); err != nil || now.Seal != r.Seal {
			return &ChangedError{file, replaced}
		}
	}
	return nil
}

// put writes a file and notes its hash; one that the run does not have must not
// be left by an earlier run.
func (r *Run) put(f atomicfile.Folder, file File) error {
	if file.Write == nil {
		delete(r.Files, file.Name)
		return f.Remove(file.Name)
	}
	h := sha256.New()
	err := f.PutFunc(file.Name, func(w io.Writer) error { return file.Write(hashing{w, h}) })
	r.Files[file.Name] = hex.EncodeToString(h.Sum(nil))
	return err
}

// The files that a run is read back from.
const (
	// RunFile is the one whose presence makes a folder a run.
	RunFile        = "run.json"
	choicesFile    = "choices.csv"
	picturesFile   = "pictures.csv"
	ratingsFile    = "ratings.csv"
	posteriorsFile = "posteriors.csv" // may be absent
	failuresFile   = "failures.json"  // may be absent

	statisticsFile = "statistics.json" // the analysis, see Run.Analysis
)

// Files that are only written.
const (
	// PageFile is the page, which the packages of pages write.
	PageFile     = "report.html"
	summaryFile  = "summary.json"
	summaryTable = "summary.csv"
)

// sources are the files, beside run.json, of which anything is read.
var sources = []string{choicesFile, picturesFile, ratingsFile, posteriorsFile, failuresFile, layersFile, statisticsFile}

// Writable says beforehand whether Write would refuse the folder dir; derived are the
// names of what else it will put there.
func Writable(dir string, derived ...string) error {
	files := (&Run{}).record()
	for _, name := range derived {
		files = append(files, File{Name: name})
	}
	for name := range (Statistics{}).csvFiles() {
		files = append(files, File{Name: name})
	}
	files = append(files, File{Name: statisticsFile}, File{Name: summaryFile}, File{Name: summaryTable})
	return atomicfile.Accept(dir, func(entries []os.DirEntry) error { return acceptable(dir, entries, files) })
}

// acceptable judges a folder that a record is to be written into: it is empty, or
// holds a run, or what an earlier version of akin left of one when it was killed.
func acceptable(dir string, entries []os.DirEntry, files []File) error {
	ours := func(e os.DirEntry) bool {
		name := strings.TrimSuffix(e.Name(), ".tmp")
		return name == RunFile || slices.ContainsFunc(files, func(f File) bool { return f.Name == name })
	}
	run := func(e os.DirEntry) bool { return e.Name() == RunFile }
	if slices.ContainsFunc(entries, run) || !slices.ContainsFunc(entries, func(e os.DirEntry) bool { return !ours(e) }) {
		return nil
	}
	return fmt.Errorf("the folder %s holds other files and no run; choose an empty or new folder", dir)
}

func asJSON(v any) func(io.Writer) error {
	return func(w io.Writer) error { return jsonfile.Write(w, v) }
}

func asCSV(rows [][]string) func(io.Writer) error {
	return func(w io.Writer) error { return csv.NewWriter(w).WriteAll(rows) }
}

// writeCSV writes a table too large to be made first, row by row.
func writeCSV(out io.Writer, header []string, rows func(add func(cells ...string))) error {
	w := csv.NewWriter(out)
	w.Write(header) // an error stays until Flush
	rows(func(cells ...string) { w.Write(cells) })
	w.Flush()
	return w.Error()
}

// choiceColumns are those of choices.csv, the similarities named by what they
// are; the set's own tags follow.
func (s Settings) choiceColumns() []string {
	return []string{
		"model", "triplet", "target", "related", "unrelated",
		"target_label", "related_label", "unrelated_label", "relation", "distractor",
		s.column("related"), s.column("unrelated"), "margin", "outcome", "rating_related", "rating_unrelated",
	}
}

// column names the column of a pair's similarity: cosine_related.
func (s Settings) column(pair string) string { return string(s.Similarity) + "_" + pair }

// choicesCSV has one row for each model and triplet.
func (r *Run) choicesCSV(out io.Writer) error {
	columns := r.Settings.choiceColumns()
	header := slices.Concat(columns, tagColumns(r.Stimuli.TagNames, columns))
	return writeCSV(out, header, func(add func(...string)) {
		for _, m := range r.Models {
			for _, c := range m.Choices {
				add(r.choiceRow(m.Name, c)...)
			}
		}
	})
}

func (r *Run) choiceRow(model string, c match.Choice) []string {
	t := c.Triplet
	row := []string{
		model, t.ID, t.Target.Path, t.Related.Path, t.Unrelated.Path,
		t.TargetLabel, t.RelatedLabel, t.UnrelatedLabel, t.Relation, t.Distractor,
		Exact(c.Related), Exact(c.Unrelated), Exact(c.Margin()), string(c.Outcome()),
		Exact(t.RatingRelated), Exact(t.RatingUnrelated),
	}
	for _, tag := range r.Stimuli.TagNames {
		row = append(row, t.Tags[tag])
	}
	return row
}

// tagColumns names the set's own columns; one named like ours gets a prefix.
func tagColumns(tags, ours []string) []string {
	names := slices.Clone(tags)
	for i, name := range names {
		if slices.Contains(ours, name) {
			names[i] = "set_" + name
		}
	}
	return names
}

// picturesCSV says which bytes each picture path stood for.
func (r *Run) picturesCSV(out io.Writer) error {
	return writeCSV(out, []string{"path", "label", "sha256"}, func(add func(...string)) {
		for _, p := range r.Stimuli.Pictures {
			add(p.Path, p.Label, p.Hash.String())
		}
	})
}

// ratingsCSV holds people's single judgements, as the set gives them.
func (r *Run) ratingsCSV(out io.Writer) error {
	return writeCSV(out, []string{"rater", "picture_a", "picture_b", "scale", "value"}, func(add func(...string)) {
		for _, j := range r.Stimuli.Judgements {
			add(j.Rater, j.A.Path, j.B.Path, j.Scale, Exact(j.Value))
		}
	})
}

// rows are those of summary.csv: one for each model and group of triplets.
func (s Summary) rows() [][]string {
	rows := [][]string{{
		"model", "kind", "axis", "value", "triplets", "ties",
		"matching_error", "matching_error_low", "matching_error_high", "p_chance", "auc",
	}}
	for _, m := range s.Models {
		add := func(axis, value string, f Figures) {
			rows = append(rows, []string{
				m.Name, m.Kind, axis, value, strconv.Itoa(f.Triplets), strconv.Itoa(f.Ties),
				Exact(f.MatchingError), Exact(f.MatchingErrorCI.Low), Exact(f.MatchingErrorCI.High),
				Exact(float64(f.PChance)), Exact(f.AUC),
			})
		}
		add("all", "", m.Figures)
		for _, value := range slices.Sorted(maps.Keys(m.ByRelation)) {
			add("relation", value, m.ByRelation[value])
		}
		for _, value := range slices.Sorted(maps.Keys(m.ByDistractor)) {
			add("distractor", value, m.ByDistractor[value])
		}
	}
	return rows
}

// Exact is the shortest decimal that reads back as v; empty for NaN, which R
// and pandas read as missing.
func Exact(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
