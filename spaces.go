package akin

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/ingest"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stimuli"
)

// SpaceError is a space that cannot be made.
type SpaceError struct {
	Space space.Spec
	Err   error
}

func (e *SpaceError) Error() string { return fmt.Sprintf("space %s: %v", e.Space, e.Err) }
func (e *SpaceError) Unwrap() error { return e.Err }

// reference is the pictures that a space is fitted to.
type reference struct {
	pictures []*stimuli.Picture
	files    fs.FS
}

// readReferences opens what the run's spaces are fitted to.
func (e *evaluator) readReferences() error {
	e.references = map[string]reference{"": {pictures: e.set.Pictures}}
	for _, s := range e.Spaces {
		if _, known := e.references[s.From]; known {
			continue
		}
		r, err := e.Home.readReference(s.From)
		if err != nil {
			return &SpaceError{s, err}
		}
		e.references[s.From] = r
	}
	return nil
}

// readReference reads the pictures of a set, or of a folder that is none.
func (h Home) readReference(place string) (reference, error) {
	folder, err := setFolder(place)
	if err != nil {
		return reference{}, err
	}
	if _, err := fs.Stat(folder, "set.toml"); err == nil {
		set, files, err := h.OpenSet(place, stimuli.Options{})
		if err != nil {
			return reference{}, err
		}
		return reference{set.Pictures, files}, nil
	}
	pictures, err := ingest.FolderPictures(folder)
	return reference{pictures, folder}, err
}

// fillReferences computes the features of the reference pictures that lie elsewhere.
func (e *evaluator) fillReferences(ctx context.Context) error {
	for _, place := range slices.Sorted(maps.Keys(e.references)) {
		if place == "" {
			continue // the set's own
		}
		r := e.references[place]
		if err := e.computer.Fill(ctx, extract.Pictures(r.pictures, r.files), jobs(e.rows)); err != nil {
			return &SpaceError{space.Spec{Kind: space.Centred, From: place}, err}
		}
	}
	return nil
}

// withVariants puts behind each network its variants, one for each space. A
// baseline has none: nothing was trained that a space could draw out.
func (e *evaluator) withVariants(models []record.Model) ([]record.Model, error) {
	var all []record.Model
	for i, r := range e.rows {
		all = append(all, models[i])
		if len(e.Spaces) == 0 || !r.hasSpaces() {
			continue
		}
		features, err := e.computer.View(r.features.Space)
		if err != nil {
			return nil, err
		}
		variants, err := e.variants(models[i], features)
		if err := errors.Join(err, features.Close()); err != nil {
			return nil, err
		}
		all = append(all, variants...)
	}
	return all, nil
}

// hasSpaces tells the features of a network from layers and baselines.
func (r row) hasSpaces() bool { return r.model.Kind != model.NoNetwork && !r.isLayer() }

// variants are a model of the run seen in each space; features are the model's.
func (e *evaluator) variants(m record.Model, features match.Features) ([]record.Model, error) {
	var list []record.Model
	for _, s := range e.Spaces {
		v, err := e.variant(m, s, features)
		if err != nil {
			return nil, fmt.Errorf("model %s: %w", m.Name, &SpaceError{s, err})
		}
		list = append(list, v)
	}
	return list, nil
}

func (e *evaluator) variant(m record.Model, s space.Spec, features match.Features) (record.Model, error) {
	operator, pictures, err := space.Centre(features, e.references[s.From].pictures)
	if err != nil {
		return m, err
	}
	m.Space = &space.Info{Kind: s.Kind, Network: m.Name, Reference: s.From, Transductive: s.From == "", Pictures: pictures}
	m.Name, m.Title, m.Posteriors, m.Agreement = s.Variant(m.Name), m.Space.String(), nil, nil
	m.Choices, err = e.Similarity.Triplets(e.set.Triplets, operator.Over(features))
	return m, err
}
