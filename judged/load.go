package judged

import (
	"bytes"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/akin-vision/akin/internal/jsonfile"
	"github.com/akin-vision/akin/internal/npy"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// Load reads a run's record back, without models or pictures, and how its statistics
// were resampled. A file that was changed since is an error.
func Load(dir string) (*Run, stats.Options, error) {
	kept, read, err := record.OpenAs(dir)
	if err != nil {
		return nil, stats.Options{}, err
	}
	l := &loader{dir: dir, read: read, run: &Run{Run: kept}}
	set := kept.Set
	kept.Stimuli = &stimuli.Set{Name: set.Name, Version: set.Version, Title: set.Title, Digest: set.Digest, Task: set.Task, Ceiling: set.Ceiling}
	l.pictures()
	l.people()
	l.similarities()
	if l.err == nil {
		l.err = kept.ReadLayers(dir, read, 1, len(l.run.Pairs.List))
	}
	var resampling struct {
		Seed      uint64 `json:"seed"`
		Resamples int    `json:"resamples"`
	}
	if data := l.file(statisticsFile); l.err == nil {
		l.err = json.Unmarshal(data, &resampling)
	}
	return l.run, stats.Options{Seed: resampling.Seed, Resamples: resampling.Resamples}, l.err
}

// Recorded reads run.json and the statistics of a record of Run.Write, and nothing else.
func Recorded(dir string) (*record.Run, Statistics, error) {
	var s Statistics
	run, read, err := record.OpenAs(dir)
	if err != nil {
		return nil, s, err
	}
	data, err := read(statisticsFile)
	if err != nil {
		return nil, s, err
	}
	file := filepath.Join(dir, statisticsFile)
	exact, err := jsonfile.Read(data, &s)
	if err != nil {
		return nil, s, fmt.Errorf("%s: %w", file, err)
	}
	models := 0
	switch {
	case s.OddOneOut != nil:
		models = len(s.OddOneOut.Models)
	case s.Votes != nil:
		models = len(s.Votes.Models)
	case s.Matrices != nil:
		models = len(s.Matrices.Models)
	}
	if models != len(run.Models) {
		return nil, s, fmt.Errorf("%s: is of %d models, the run of %d", file, models, len(run.Models))
	}
	if !exact {
		return nil, s, &record.OutdatedError{Dir: dir}
	}
	return run, s, nil
}

// Analysis gives the statistics of the run that was read from dir: those that its
// record holds. Where it holds none of this version, or none with this seed and
// number of resamples, they are computed.
func (r *Run) Analysis(dir string, o stats.Options) (Statistics, error) {
	_, s, err := Recorded(dir)
	var outdated *record.OutdatedError
	if err != nil && !errors.As(err, &outdated) {
		return s, err
	}
	if err != nil || s.Seed != o.Seed || s.Resamples != o.Resamples {
		return Analyse(r, o)
	}
	return s, nil
}

// loader reads the files of a record; after an error it does nothing.
type loader struct {
	dir  string
	read func(name string) ([]byte, error)
	run  *Run
	err  error
}

func (l *loader) file(name string) []byte {
	if l.err != nil {
		return nil
	}
	data, err := l.read(name)
	l.err = err
	return data
}

// fault is an error of a file.
func (l *loader) fault(name, format string, args ...any) {
	if l.err == nil {
		l.err = fmt.Errorf("%s: %s", filepath.Join(l.dir, name), fmt.Sprintf(format, args...))
	}
}

func (l *loader) rows(name string, columns int) [][]string {
	data := l.file(name)
	if l.err != nil {
		return nil
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || len(rows) == 0 || len(rows[0]) != columns {
		l.fault(name, "is no table of %d columns: %v", columns, err)
		return nil
	}
	return rows[1:]
}

func (l *loader) array(name string) *npy.Array {
	data := l.file(name)
	if l.err != nil {
		return nil
	}
	a, err := npy.Parse(data)
	if err != nil || len(a.Shape) != 2 || a.Text() {
		l.fault(name, "is no table of numbers: %v", err)
		return nil
	}
	return a
}

func (l *loader) pictures() {
	columns := len(pictureColumns)
	if l.run.Set.Items {
		columns++
	}
	place := map[string]int{}
	for i, cells := range l.rows(picturesFile, columns) {
		hash, err := hex.DecodeString(cells[3])
		if err != nil || len(hash) != len(stimuli.Hash{}) {
			l.fault(picturesFile, "%q is no SHA-256", cells[3])
			return
		}
		l.run.Stimuli.Pictures = append(l.run.Stimuli.Pictures, &stimuli.Picture{Path: cells[0], Label: cells[1], Category: cells[2], Hash: stimuli.Hash(hash)})
		if l.run.Set.Items {
			l.item(place, cells[4], int32(i))
		}
	}
}

// item adds a picture to its item; place holds those known.
func (l *loader) item(place map[string]int, name string, picture int32) {
	items := &l.run.Stimuli.Items
	at, known := place[name]
	if !known {
		at, place[name] = len(*items), len(*items)
		*items = append(*items, stimuli.Item{Name: name})
	}
	(*items)[at].Pictures = append((*items)[at].Pictures, picture)
}

// people reads what people said.
func (l *loader) people() {
	set := l.run.Stimuli
	if set.Task == stimuli.Matrix {
		l.matrices()
		return
	}
	a := l.array(judgementsFile)
	if l.err != nil {
		return
	}
	columns := trialColumns(set.Task, false)
	raters := a.Shape[1] == columns+1
	if a.Shape[1] != columns && !raters {
		l.fault(judgementsFile, "has %d columns, the task %q takes %d or %d", a.Shape[1], set.Task, columns, columns+1)
		return
	}
	t, value := &stimuli.Trials{Shown: make([][3]int32, a.Shape[0])}, a.At()
	for i := range t.Shown {
		for k := range 3 {
			t.Shown[i][k] = int32(value(i, k))
			if n := int(t.Shown[i][k]); n < 0 || n >= len(set.Pictures) {
				l.fault(judgementsFile, "row %d: %d is the number of no picture", i+1, n)
				return
			}
		}
		if set.Task == stimuli.Votes {
			t.Counts = append(t.Counts, [2]int32{int32(value(i, 3)), int32(value(i, 4))})
		}
		if raters {
			t.Rater = append(t.Rater, int32(value(i, columns)))
		}
	}
	if raters {
		t.Raters = l.names()
	}
	set.Trials = t
}

func (l *loader) names() (names []string) {
	for _, cells := range l.rows(ratersFile, 1) {
		names = append(names, cells[0])
	}
	return names
}

func (l *loader) matrices() {
	a, names := l.array(peopleFile), l.names()
	n := len(l.run.Stimuli.Rows())
	if l.err == nil && (a.Shape[0] != len(names) || a.Shape[1] != n*(n-1)/2) {
		l.fault(peopleFile, "has the shape %v for %d people and %d pictures", a.Shape, len(names), n)
	}
	if l.err != nil {
		return
	}
	l.run.Stimuli.Matrices = &stimuli.Matrices{People: names, Values: valuesOf(a), Similar: l.run.Set.Similar}
}

func valuesOf(a *npy.Array) [][]float64 {
	value := a.At()
	rows := make([][]float64, a.Shape[0])
	for i := range rows {
		rows[i] = make([]float64, a.Shape[1])
		for k := range rows[i] {
			rows[i][k] = value(i, k)
		}
	}
	return rows
}

func (l *loader) similarities() {
	pairs, a := l.array(pairsFile), l.array(similaritiesFile)
	if l.err != nil {
		return
	}
	l.run.Pairs = NewPairs(l.run.Stimuli)
	if len(l.run.Pairs.List) != pairs.Shape[0] || a.Shape[0] != len(l.run.Models) || a.Shape[1] != pairs.Shape[0] {
		l.fault(similaritiesFile, "has the shape %v for %d models and %d pairs", a.Shape, len(l.run.Models), len(l.run.Pairs.List))
		return
	}
	for i, values := range valuesOf(a) {
		l.run.Models[i].Similarities = values
	}
}
