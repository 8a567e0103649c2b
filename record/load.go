package record

import (
	"bytes"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/stimuli"
)

// NoRunError is a folder that holds no run.
type NoRunError struct{ Dir string }

func (e *NoRunError) Error() string {
	return fmt.Sprintf("%s holds no run: it has no %s", e.Dir, RunFile)
}

// Load reads a run's record back, without models or pictures. Faults name
// file and line: a record is evidence, and is not mended by guessing.
func Load(dir string) (*Run, error) {
	file := filepath.Join(dir, RunFile)
	if err := atomicfile.Recover(dir); err != nil {
		return nil, err
	}
	data, err := readRun(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &NoRunError{dir}
	}
	if err != nil {
		return nil, err
	}
	r, err := unseal(file, data)
	if err != nil {
		return nil, err
	}
	if r.Set.Task != "" {
		return nil, &stimuli.TaskError{Set: r.Set.Name, Task: r.Set.Task, Want: stimuli.Related}
	}
	if err := r.verify(dir); err != nil {
		return nil, err
	}
	if err := r.load(dir, func(name string) ([]byte, error) { return r.read(dir, name) }); err != nil {
		return nil, err
	}
	return r, nil
}

// load reads the files of a record, of which run.json was read.
func (r *Run) load(dir string, read func(name string) ([]byte, error)) (err error) {
	if r.Settings.Similarity, err = match.ParseMeasure(string(r.Settings.Similarity)); err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(dir, RunFile), err)
	}
	if r.Settings.Credit, err = match.ParseCredit(string(r.Settings.Credit)); err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(dir, RunFile), err)
	}
	l := &loader{dir: dir, read: read, run: r, pictures: map[string]*stimuli.Picture{}}
	r.Stimuli = &stimuli.Set{Name: r.Set.Name, Version: r.Set.Version, Title: r.Set.Title, Digest: r.Set.Digest}
	return errors.Join(l.readPictures(), l.readChoices(), l.readRatings(), l.readPosteriors(), l.readFailures(),
		r.ReadLayers(dir, read, 2, len(r.Stimuli.Triplets)))
}

// loader rebuilds the set and the choices of a record.
type loader struct {
	dir      string
	read     func(name string) ([]byte, error)
	run      *Run
	pictures map[string]*stimuli.Picture
}

// rows calls each for every row of a file, with its cells by column name.
func (l *loader) rows(name string, columns []string, each func(cell map[string]string) error) error {
	file := filepath.Join(l.dir, name)
	data, err := l.read(name)
	if err != nil {
		return err
	}
	r := csv.NewReader(bytes.NewReader(data))
	header, err := r.Read()
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	for _, column := range columns {
		if !slices.Contains(header, column) {
			return fmt.Errorf("%s:1: column %q is missing", file, column)
		}
	}
	for {
		cells, err := r.Read()
		if cells == nil {
			break
		}
		line, _ := r.FieldPos(0)
		if err != nil {
			return fmt.Errorf("%s:%d: %w", file, line, err)
		}
		cell := make(map[string]string, len(header))
		for i, column := range header {
			cell[column] = cells[i]
		}
		if err := each(cell); err != nil {
			return fmt.Errorf("%s:%d: %w", file, line, err)
		}
	}
	return nil
}

func (l *loader) readPictures() error {
	return l.rows(picturesFile, []string{"path", "label", "sha256"}, func(cell map[string]string) error {
		hash, err := hex.DecodeString(cell["sha256"])
		if err != nil || len(hash) != len(stimuli.Hash{}) {
			return fmt.Errorf("%q is no SHA-256", cell["sha256"])
		}
		p := &stimuli.Picture{Path: cell["path"], Label: cell["label"], Hash: stimuli.Hash(hash)}
		l.pictures[p.Path] = p
		l.run.Stimuli.Pictures = append(l.run.Stimuli.Pictures, p)
		return nil
	})
}

func (l *loader) picture(path string) (*stimuli.Picture, error) {
	if p := l.pictures[path]; p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("picture %q does not stand in %s", path, picturesFile)
}

// readChoices takes the triplets from the first model's rows and the
// similarities from all.
func (l *loader) readChoices() error {
	byName := map[string]*Model{}
	for i := range l.run.Models {
		byName[l.run.Models[i].Name] = &l.run.Models[i]
	}
	type similarities struct{ related, unrelated float64 }
	found := map[string][]similarities{}
	ids := map[string]int{}
	set, settings := l.run.Stimuli, l.run.Settings
	err := l.rows(choicesFile, settings.choiceColumns(), func(cell map[string]string) error {
		name := cell["model"]
		if byName[name] == nil {
			return fmt.Errorf("model %q does not stand in %s", name, RunFile)
		}
		if name == l.run.Models[0].Name {
			t, err := l.triplet(cell)
			if err != nil {
				return err
			}
			ids[t.ID] = len(set.Triplets)
			set.Triplets = append(set.Triplets, t)
		}
		if at, known := ids[cell["triplet"]]; !known || at != len(found[name]) {
			return fmt.Errorf("triplet %q of model %q is out of the first model's order", cell["triplet"], name)
		}
		related, err1 := parseNumber(cell[settings.column("related")])
		unrelated, err2 := parseNumber(cell[settings.column("unrelated")])
		found[name] = append(found[name], similarities{related, unrelated})
		return errors.Join(err1, err2)
	})
	if err != nil {
		return err
	}
	for i := range l.run.Models {
		m := &l.run.Models[i]
		if len(found[m.Name]) != len(set.Triplets) {
			return fmt.Errorf("%s: model %q has %d of the %d triplets", filepath.Join(l.dir, choicesFile), m.Name, len(found[m.Name]), len(set.Triplets))
		}
		for k, s := range found[m.Name] {
			m.Choices = append(m.Choices, match.Choice{Triplet: &set.Triplets[k], Related: s.related, Unrelated: s.unrelated})
		}
	}
	return nil
}

func (l *loader) triplet(cell map[string]string) (stimuli.Triplet, error) {
	t := stimuli.Triplet{
		ID: cell["triplet"], TargetLabel: cell["target_label"], RelatedLabel: cell["related_label"],
		UnrelatedLabel: cell["unrelated_label"], Relation: cell["relation"], Distractor: cell["distractor"],
	}
	var errs [5]error
	t.Target, errs[0] = l.picture(cell["target"])
	t.Related, errs[1] = l.picture(cell["related"])
	t.Unrelated, errs[2] = l.picture(cell["unrelated"])
	t.RatingRelated, errs[3] = parseNumber(cell["rating_related"])
	t.RatingUnrelated, errs[4] = parseNumber(cell["rating_unrelated"])
	return t, errors.Join(errs[:]...)
}

func (l *loader) readRatings() error {
	return l.rows(ratingsFile, []string{"rater", "picture_a", "picture_b", "scale", "value"}, func(cell map[string]string) error {
		a, err1 := l.picture(cell["picture_a"])
		b, err2 := l.picture(cell["picture_b"])
		value, err3 := parseNumber(cell["value"])
		l.run.Stimuli.Judgements = append(l.run.Stimuli.Judgements,
			stimuli.Judgement{Rater: cell["rater"], A: a, B: b, Scale: cell["scale"], Value: value})
		return errors.Join(err1, err2, err3)
	})
}

// parseNumber reads what Exact wrote.
func parseNumber(text string) (float64, error) {
	if text == "" {
		return math.NaN(), nil
	}
	return strconv.ParseFloat(text, 64)
}
