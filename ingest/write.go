package ingest

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/internal/npy"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/stimuli"
	"github.com/pelletier/go-toml/v2"
)

// Files of an imported set beside those of every set.
const (
	mappingFile = "import.toml"       // the mapping, to import again
	reportFile  = "import-report.csv" // what was left out
)

var (
	// ErrUnplaced is an import that would leave something out.
	ErrUnplaced = errors.New("not everything could be placed, so nothing was written")
	// ErrExists is an output folder that is there already.
	ErrExists = errors.New("is there already and is not empty; name another folder")
	// ErrNothing is an import of which no triplet or row is left.
	ErrNothing = errors.New("nothing that people judged could be placed, so nothing was written")
)

// Write writes the set into the new folder out, whole or not at all: set.toml,
// triplets.csv, pictures.csv, ratings.csv, the pictures below pictures/ and the
// mapping. Where something could not be placed it writes nothing, unless
// partial; then it lists that in import-report.csv.
func (p *Plan) Write(out string, partial bool) error {
	switch {
	case len(p.Problems) > 0 && !partial:
		return ErrUnplaced
	case len(p.Triplets)+len(p.Odd)+len(p.Votes) == 0 && (p.mapping.task() != stimuli.Matrix || len(p.Judgements) == 0):
		return ErrNothing
	}
	exists := func([]os.DirEntry) error { return fmt.Errorf("%s %w", out, ErrExists) }
	name := filepath.Base(filepath.Clean(out))
	return atomicfile.WriteFolder(out, exists, func(f atomicfile.Folder) error { return p.writeTo(f, name) })
}

func (p *Plan) writeTo(f atomicfile.Folder, name string) error {
	if err := p.writeTables(f, name); err != nil {
		return err
	}
	for _, picture := range p.Pictures {
		data, err := regular.Read(p.source, picture.Path, maxPicture)
		if err == nil {
			err = f.Put(p.setPath(picture.Path), data)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", picture.Path, err)
		}
	}
	// What akin cannot read back, or reads otherwise, must not be left behind.
	if _, err := stimuli.Read(f.FS(), nil, stimuli.Options{AnyTask: true}); err != nil {
		return fmt.Errorf("the set does not read back, so nothing was written:\n%w", err)
	}
	return nil
}

// setPath is where a picture of the source stands in the set.
func (p *Plan) setPath(source string) string { return path.Join(p.folder, source) }

// manifest is set.toml.
type manifest struct {
	Name        string   `toml:"name"`
	Task        string   `toml:"task,omitempty"`
	Values      string   `toml:"values,omitempty"`
	Version     string   `toml:"version"`
	Title       string   `toml:"title,omitempty"`
	Licence     string   `toml:"licence,omitempty"`
	Source      string   `toml:"source,omitempty"`
	Citation    string   `toml:"citation,omitempty"`
	Note        string   `toml:"note,omitempty"`
	RatingMin   *float64 `toml:"rating_min,omitempty"`
	RatingMax   *float64 `toml:"rating_max,omitempty"`
	Relations   []string `toml:"relations,omitempty"`
	Distractors []string `toml:"distractors,omitempty"`
}

// writeTables writes the set's tables, its description and the mapping.
func (p *Plan) writeTables(f atomicfile.Folder, name string) error {
	tables := map[string][][]string{"pictures.csv": p.pictureRows()}
	if p.mapping.task() == stimuli.Related {
		tables["triplets.csv"] = p.tripletRows()
	} else if err := p.putTrials(f); err != nil {
		return err
	}
	if len(p.Judgements) > 0 {
		tables["ratings.csv"] = p.judgementRows()
	}
	if len(p.Problems) > 0 {
		tables[reportFile] = p.problemRows()
	}
	if err := f.PutTables(tables); err != nil {
		return err
	}
	m := p.mapping
	made := manifest{
		cmp.Or(m.Name, name), m.Task, p.values(), cmp.Or(m.Version, "1"), m.Title, m.Licence, m.Source, m.Citation, m.Note, m.RatingMin, m.RatingMax,
		p.foreign("relation", func(t Triplet) string { return t.Relation }),
		p.foreign("distractor", func(t Triplet) string { return t.Distractor }),
	}
	return errors.Join(putTOML(f, "set.toml", made), putTOML(f, mappingFile, m))
}

func putTOML(f atomicfile.Folder, file string, v any) error {
	data, err := toml.Marshal(v)
	if err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	return f.Put(file, data)
}

// foreign are the words of a column that are not akin's own.
func (p *Plan) foreign(column string, value func(Triplet) string) []string {
	var words []string
	for _, t := range p.Triplets {
		if w := value(t); w != "" && !slices.Contains(akinValues[column], w) {
			words = append(words, w)
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

func (p *Plan) tripletRows() [][]string {
	header := []string{"id", "target", "related", "unrelated"}
	type optional struct {
		name  string
		value func(Triplet) string
	}
	options := []optional{
		{"relation", func(t Triplet) string { return t.Relation }},
		{"distractor", func(t Triplet) string { return t.Distractor }},
		{"rating_related", func(t Triplet) string { return decimal(t.Ratings[0]) }},
		{"rating_unrelated", func(t Triplet) string { return decimal(t.Ratings[1]) }},
		{"target_label", func(t Triplet) string { return t.Labels[0] }},
		{"related_label", func(t Triplet) string { return t.Labels[1] }},
		{"unrelated_label", func(t Triplet) string { return t.Labels[2] }},
		{"cluster", func(t Triplet) string { return t.Cluster }},
	}
	for _, tag := range p.tags() {
		options = append(options, optional{tagName(tag), func(t Triplet) string { return t.Tags[tag] }})
	}
	options = slices.DeleteFunc(options, func(o optional) bool { // empty columns are left out
		return !slices.ContainsFunc(p.Triplets, func(t Triplet) bool { return o.value(t) != "" })
	})
	for _, o := range options {
		header = append(header, o.name)
	}
	rows := [][]string{header}
	for _, t := range p.Triplets {
		row := []string{t.ID}
		for _, picture := range t.Pictures {
			row = append(row, p.setPath(picture))
		}
		for _, o := range options {
			row = append(row, o.value(t))
		}
		rows = append(rows, row)
	}
	return rows
}

// tags are the names of the layout's further columns.
func (p *Plan) tags() []string {
	names := map[string]bool{}
	for _, t := range p.Triplets {
		for name := range t.Tags {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// tagName is what a further column is called in the set: as it was, unless a
// set's own column is called so or nearly so.
func tagName(name string) string {
	plain, own := stimuli.TripletColumn(name)
	if own || plain == "cluster" {
		return "given_" + plain
	}
	return name
}

func (p *Plan) pictureRows() [][]string {
	rows := [][]string{{"path", "label", "sha256"}}
	for _, picture := range p.Pictures {
		rows = append(rows, []string{p.setPath(picture.Path), picture.Label, picture.Hash.String()})
	}
	return rows
}

func (p *Plan) judgementRows() [][]string {
	rows := [][]string{{"rater", "picture_a", "picture_b", "scale", "value"}}
	for _, j := range p.Judgements {
		rows = append(rows, []string{j.Rater, p.setPath(j.Pair[0]), p.setPath(j.Pair[1]), j.Scale, decimal(j.Value)})
	}
	return rows
}

func (p *Plan) problemRows() [][]string {
	rows := [][]string{{"file", "line", "what"}}
	for _, problem := range p.Problems {
		line := ""
		if problem.Line > 0 {
			line = strconv.Itoa(problem.Line)
		}
		rows = append(rows, []string{problem.File, line, problem.What})
	}
	return rows
}

// decimal is the shortest text that reads back as v, empty for no answer.
func decimal(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// values is which way a matrix's values go.
func (p *Plan) values() string {
	if p.mapping.task() != stimuli.Matrix {
		return ""
	}
	return p.mapping.Judgements.Values
}

// putTrials writes odd-one-out rows, by path where raters are named, else by number;
// and votes. Matrices are ratings of pairs, which stand in ratings.csv.
func (p *Plan) putTrials(f atomicfile.Folder) error {
	raters := len(p.Odd) > 0 && p.Odd[0].Rater != "" || len(p.Votes) > 0 && p.Votes[0].Rater != ""
	header, rows := []string{"picture_1", "picture_2", "odd"}, func(yield func(row []string) bool) {
		for _, o := range p.Odd {
			if !yield(append(p.setPaths(o.Pictures), o.Rater)) {
				return
			}
		}
	}
	switch p.mapping.task() {
	case stimuli.Matrix:
		return nil
	case stimuli.Votes:
		header, rows = []string{"target", "left", "right", "left_votes", "right_votes"}, func(yield func(row []string) bool) {
			for _, v := range p.Votes {
				if !yield(append(p.setPaths(v.Pictures), strconv.Itoa(v.Votes[0]), strconv.Itoa(v.Votes[1]), v.Rater)) {
					return
				}
			}
		}
	case stimuli.OddOneOut:
		if !raters {
			return p.putOddNumbers(f)
		}
	}
	return f.PutFunc("judgements.csv", func(w io.Writer) error {
		out := csv.NewWriter(w)
		width := len(header)
		if raters {
			header = append(header, "rater")
			width++
		}
		out.Write(header) // an error stays until Flush
		for row := range rows {
			out.Write(row[:width])
		}
		out.Flush()
		return out.Error()
	})
}

func (p *Plan) setPaths(pictures [3]string) []string {
	return []string{p.setPath(pictures[0]), p.setPath(pictures[1]), p.setPath(pictures[2])}
}

// putOddNumbers writes odd-one-out rows as numbers of pictures: there may be millions.
func (p *Plan) putOddNumbers(f atomicfile.Folder) error {
	number := make(map[string]int32, len(p.Pictures))
	for i, picture := range p.Pictures {
		number[picture.Path] = int32(i)
	}
	return f.PutFunc("judgements.npy", func(w io.Writer) error {
		return npy.Write(w, len(p.Odd), 3, func(i int, row []int32) {
			for k, path := range p.Odd[i].Pictures {
				row[k] = number[path]
			}
		})
	})
}
