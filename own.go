package akin

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/vectors"
)

// FeatureFile are features that another program computed, to be compared as a
// model's are. See [vectors.Open] for the formats.
type FeatureFile struct {
	Name  string // in tables and files
	File  string
	Names string // file that names the rows; empty: the file itself, or one beside it
}

// FeaturesError is a file of features that does not serve the set; Err is
// [vectors.Problems] where rows or pictures are at fault.
type FeaturesError struct {
	File string
	Err  error
}

func (e *FeaturesError) Error() string {
	var problems vectors.Problems
	if errors.As(e.Err, &problems) {
		return fmt.Sprintf("features %s: %d faults:\n%v", e.File, len(problems), problems)
	}
	return fmt.Sprintf("features %s: %v", e.File, e.Err)
}

func (e *FeaturesError) Unwrap() error { return e.Err }

// checkNames finds two models of one name, and names that no file can have.
func (c Config) checkNames(models []*model.Model) error {
	names := map[string]bool{}
	for _, m := range models {
		names[m.Name] = true
	}
	for _, f := range c.Features {
		if err := model.CheckName(f.Name); err != nil {
			return &FeaturesError{f.File, err}
		}
		if names[f.Name] {
			return &FeaturesError{f.File, fmt.Errorf("the name %q is taken by another model of this run", f.Name)}
		}
		names[f.Name] = true
	}
	return checkVariants(names, c.Spaces)
}

// checkVariants finds variants that bear the name of a model, or of one another.
func checkVariants(names map[string]bool, spaces []space.Spec) error {
	all := maps.Clone(names)
	for name := range names {
		for _, s := range spaces {
			variant := s.Variant(name)
			if all[variant] {
				return &spaceError{s, fmt.Errorf("two models of this run would be named %s; leave one of them out", variant)}
			}
			all[variant] = true
		}
	}
	return nil
}

// own are the models that the run's files of features stand for, with their
// variants; doubts say which of these there cannot be.
func (e *evaluator) own() (models []record.Model, doubts []string, err error) {
	for _, f := range e.Features {
		list, doubt, err := e.ownModel(f)
		if err != nil {
			return nil, nil, err
		}
		models, doubts = append(models, list...), append(doubts, doubt...)
	}
	return models, doubts, nil
}

// ownModel is what a file's features choose, as they are and in each space.
func (e *evaluator) ownModel(f FeatureFile) (models []record.Model, doubts []string, err error) {
	m := record.Model{Card: model.Card{Name: f.Name, Title: filepath.Base(f.File), Kind: model.Trained}}
	table, err := vectors.Open(f.File, f.Names)
	if err != nil {
		return nil, nil, &FeaturesError{f.File, err}
	}
	defer table.Close()
	paths := make([]string, len(e.set.Pictures))
	for i, p := range e.set.Pictures {
		paths[i] = p.Path
	}
	rows, surplus, err := table.Match(paths)
	if err != nil {
		return nil, nil, &FeaturesError{f.File, err}
	}
	m.Hash, m.Dim = table.Hash, table.Dim
	m.Own = &record.OwnFeatures{Rows: table.Len(), Surplus: surplus}
	features := newOwnVectors(table, e.set.Pictures, rows)
	var variants []record.Model
	if err = e.compare(&m, features); err == nil {
		variants, doubts, err = e.variants(m, space.Fit{Outputs: space.Outputs{Features: features}}, nil)
	}
	if changed := table.Unchanged(); changed != nil { // before err, of which it may be the cause
		return nil, nil, &FeaturesError{f.File, changed}
	}
	return append([]record.Model{m}, variants...), doubts, err
}

// compare takes from features what a model says of the set: its choices between
// triplets, or the similarities of pairs.
func (e *evaluator) compare(m *record.Model, features match.Features) (err error) {
	if e.set.Task == stimuli.Related {
		m.Choices, err = e.Similarity.Triplets(e.set.Triplets, features)
	} else {
		m.Similarities, err = e.Similarity.Among(e.set, e.pairs, features)
	}
	return err
}

// ownVectors are the rows of a table by picture.
type ownVectors struct {
	*vectors.Table
	rows map[stimuli.Hash]int
}

func newOwnVectors(t *vectors.Table, pictures []*stimuli.Picture, rows []int) ownVectors {
	v := ownVectors{t, make(map[stimuli.Hash]int, len(pictures))}
	for i, p := range slices.Backward(pictures) { // of two names for one picture, the first counts
		v.rows[p.Hash] = rows[i]
	}
	return v
}

// Dim is the length of the vectors.
func (v ownVectors) Dim() int { return v.Table.Dim }

// Read puts a picture's vector into dst.
func (v ownVectors) Read(picture stimuli.Hash, dst []float32) error {
	row, known := v.rows[picture]
	if !known {
		return fmt.Errorf("picture %s has no row", picture)
	}
	v.Row(row, dst)
	return nil
}

// readsPictures reports whether any model of the run looks at pictures. Without
// one, a set of labels and names serves.
func (c Config) readsPictures() bool { return len(c.Features) == 0 || len(c.Models) > 0 }

// models are those that the run asks for; the default ones where it asks for
// nothing at all.
func (c Config) models() (models []*model.Model, err error) {
	if c.readsPictures() {
		models, err = c.Home.FindModels(c.Models)
	}
	if err != nil {
		return nil, err
	}
	return models, c.checkNames(models)
}
