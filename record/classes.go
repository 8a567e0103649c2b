package record

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/stimuli"
)

// FailureTable is one model's failures on labelled pictures, the most
// surprising first (arXiv 1709.03806, Table 1).
type FailureTable struct {
	Model      string             `json:"model"`
	Hash       string             `json:"hash"`     // SHA-256 of its graph
	Pictures   int                `json:"pictures"` // classified
	Failed     int                `json:"failed"`   // of these; Failures may be some of them
	Failures   []classify.Failure `json:"failures"`
	Thumbnails map[string][]byte  `json:"thumbnails"` // JPEG, by path of the picture
}

// NewFailureTable is shown, which are some of the failures found, with their pictures:
// the record needs neither the model nor the labelled pictures again.
func NewFailureTable(found *classify.Failures, shown []classify.Failure) (FailureTable, error) {
	t := FailureTable{
		Model: found.Model, Hash: found.Hash, Pictures: found.Pictures, Failed: len(found.Failures),
		Failures: shown, Thumbnails: map[string][]byte{},
	}
	for _, f := range shown {
		var err error
		if t.Thumbnails[f.Path], err = classify.Thumbnail(found.Folder, f.Path); err != nil {
			return t, err
		}
	}
	return t, nil
}

// KeepFailures puts a table into the record in dir, in the place of an earlier
// one of its model. The model must be one of the run's, down to its graph.
func KeepFailures(dir string, table FailureTable) error {
	r, err := Load(dir)
	if err != nil {
		return err
	}
	place := func(name string) int {
		return slices.IndexFunc(r.Models, func(m Model) bool { return m.Name == name })
	}
	at := place(table.Model)
	if at < 0 {
		return &NoModelError{table.Model, dir}
	}
	if r.Models[at].Hash != table.Hash {
		return fmt.Errorf("model %s of the run in %s is another network of that name: its graph has the SHA-256 %.12s, not %.12s", table.Model, dir, r.Models[at].Hash, table.Hash)
	}
	r.Failures = append(slices.DeleteFunc(r.Failures, func(t FailureTable) bool { return t.Model == table.Model }), table)
	slices.SortFunc(r.Failures, func(a, b FailureTable) int { return cmp.Compare(place(a.Model), place(b.Model)) })
	return r.update(dir, []File{{failuresFile, asJSON(r.Failures)}})
}

// NoModelError says that a record has no model of that name.
type NoModelError struct{ Model, Dir string }

func (e *NoModelError) Error() string {
	return fmt.Sprintf("the run in %s has no model %s", e.Dir, e.Model)
}

func (l *loader) readFailures() error {
	file := filepath.Join(l.dir, failuresFile)
	data, err := l.read(failuresFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, &l.run.Failures); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	for _, t := range l.run.Failures {
		if l.model(t.Model) == nil {
			return fmt.Errorf("%s: model %q does not stand in %s", file, t.Model, RunFile)
		}
	}
	return nil
}

var posteriorColumns = []string{"model", "picture", "rank", "class", "wnid", "name", "probability"}

// classified reports whether any model has classes.
func (r *Run) classified() bool {
	return slices.ContainsFunc(r.Models, func(m Model) bool { return len(m.Posteriors) > 0 })
}

// posteriorsCSV has one row for each model, picture and class.
func (r *Run) posteriorsCSV(out io.Writer) error {
	return writeCSV(out, posteriorColumns, func(add func(...string)) {
		for _, m := range r.Models {
			for _, p := range r.Stimuli.Pictures {
				for i, g := range m.Posteriors[p.Hash] {
					add(m.Name, p.Path, strconv.Itoa(i+1), strconv.Itoa(g.Class), g.WNID, g.Name, Exact(g.Probability))
				}
			}
		}
	})
}

// readPosteriors also reads records that have none.
func (l *loader) readPosteriors() error {
	err := l.rows(posteriorsFile, posteriorColumns, func(cell map[string]string) error {
		m := l.model(cell["model"])
		if m == nil {
			return fmt.Errorf("model %q does not stand in %s", cell["model"], RunFile)
		}
		picture, err := l.picture(cell["picture"])
		if err != nil {
			return err
		}
		rank, err1 := strconv.Atoi(cell["rank"])
		class, err2 := strconv.Atoi(cell["class"])
		probability, err3 := parseNumber(cell["probability"])
		if err := errors.Join(err1, err2, err3); err != nil {
			return err
		}
		if m.Posteriors == nil {
			m.Posteriors = map[stimuli.Hash][]classify.Guess{}
		}
		list := m.Posteriors[picture.Hash]
		if rank == 1 { // two paths may lead to one picture
			list = nil
		}
		if rank != len(list)+1 {
			return fmt.Errorf("rank %d of picture %q is out of order", rank, picture.Path)
		}
		m.Posteriors[picture.Hash] = append(list, classify.Guess{Class: class, WNID: cell["wnid"], Name: cell["name"], Probability: probability})
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// model is the run's model of that name, nil where there is none.
func (l *loader) model(name string) *Model {
	for i := range l.run.Models {
		if l.run.Models[i].Name == name {
			return &l.run.Models[i]
		}
	}
	return nil
}
