package akin

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/imagenet"
	"github.com/akin-vision/akin/ingest"
	"github.com/akin-vision/akin/learn"
	"github.com/akin-vision/akin/lexicon"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/words"
	"github.com/akin-vision/akin/wordvec"
)

// spaceError is a space that cannot be made.
type spaceError struct {
	Space space.Spec
	Err   error
}

func (e *spaceError) Error() string { return fmt.Sprintf("space %s: %v", e.Space, e.Err) }
func (e *spaceError) Unwrap() error { return e.Err }

// transform is a matrix, and the hash of its file.
type transform struct {
	part *space.Part
	hash string
}

// reference is the pictures that a space is fitted to.
type reference struct {
	pictures []*stimuli.Picture
	files    fs.FS
}

// prepareSpaces opens what the run's spaces are made of: pictures and files.
func (e *evaluator) prepareSpaces() error {
	e.references = map[string]reference{"": {pictures: e.set.Pictures}}
	e.transforms, e.walks, e.norms = map[string]transform{}, map[string]*wordvec.Vectors{}, map[string][]lexicon.Norm{}
	for _, s := range e.Spaces {
		var err error
		place, has := s.Reference()
		if _, known := e.references[place]; has && !known {
			e.references[place], err = e.Home.readReference(place)
		}
		if s.Kind == space.Transform && err == nil {
			var t transform
			t.part, t.hash, err = space.ReadTransform(s.From)
			e.transforms[s.From] = t
		}
		switch {
		case err != nil:
		case s.Kind == space.Association:
			e.norms[s.From], e.walks[s.From], err = associations(s.From, classNames(e.rows))
		case s.ReadsWords() && e.words == nil:
			e.words, err = wordVectors(e.Words, classNames(e.rows)...)
		}
		if err != nil {
			return &spaceError{s, err}
		}
	}
	return nil
}

// associations are norms, and vectors of the words that name classes, by a walk over
// them.
func associations(file string, names []string) ([]lexicon.Norm, *wordvec.Vectors, error) {
	norms, _, err := lexicon.ReadNorms(file)
	if err != nil {
		return nil, nil, err
	}
	walk, err := wordvec.Walk(norms, filepath.Base(file), wordvec.Needed(names...))
	return norms, walk, err
}

// classNames are the names of the classes that rows know, or of ImageNet's where no
// row knows any.
func classNames(rows []row) []string {
	var names []string
	for _, r := range rows {
		if outputs, err := classify.OutputsOf(r.model); err == nil {
			for _, wnid := range outputs.WNIDs {
				names = append(names, outputs.Synonyms(wnid)...)
			}
		}
	}
	if len(names) == 0 {
		for _, c := range imagenet.Classes() {
			names = append(names, c.Names)
		}
	}
	return names
}

// wordVectors are those of a file for some names, or those inside akin where it is
// empty. Of a file no other words are kept in memory.
func wordVectors(file string, names ...string) (*wordvec.Vectors, error) {
	if file == "" {
		return wordvec.Embedded(), nil
	}
	return wordvec.Open(file, wordvec.Needed(names...))
}

// readReference reads the pictures of a set, or of a folder that is none.
func (h Home) readReference(place string) (reference, error) {
	folder, err := setFolder(place)
	if err != nil {
		return reference{}, err
	}
	if _, err := fs.Stat(folder, "set.toml"); err == nil {
		set, files, err := h.OpenSet(place, stimuli.Options{AnyTask: true})
		if err != nil {
			return reference{}, err
		}
		return reference{set.Pictures, files}, nil
	}
	pictures, err := ingest.FolderPictures(folder)
	return reference{pictures, folder}, err
}

// fillReferences computes what networks say of reference pictures that lie elsewhere.
func (e *evaluator) fillReferences(ctx context.Context) error {
	for _, place := range slices.Sorted(maps.Keys(e.references)) {
		if place == "" {
			continue // the set's own
		}
		r := e.references[place]
		if err := e.computer.Fill(ctx, extract.Pictures(r.pictures, r.files), jobs(e.rows)); err != nil {
			return fmt.Errorf("reference pictures of %s: %w", place, err)
		}
	}
	return nil
}

// withVariants puts behind each network its variants, one for each space. A
// baseline has none: nothing was trained that a space could draw out. A network
// without known classes has none in spaces of words, which the run's warnings say.
func (e *evaluator) withVariants(run *record.Run) error {
	var all []record.Model
	for i, r := range e.rows {
		m := run.Models[i]
		all = append(all, m)
		if len(e.Spaces) == 0 || r.model.Kind == model.NoNetwork || r.isLayer() {
			continue
		}
		variants, doubts, err := e.variantsOf(r, m)
		if err != nil {
			return err
		}
		all = append(all, variants...)
		run.Warnings = append(run.Warnings, doubts...)
	}
	run.Models = all
	for _, s := range e.Spaces {
		if o := e.overlap(s); o != nil {
			run.Warnings = append(run.Warnings, words.Overlap(*o))
		}
	}
	return nil
}

// overlap is what a space of associations has seen of what the set asks for.
func (e *evaluator) overlap(s space.Spec) *learn.Overlap {
	return learn.OverlapWith(e.set, learn.Name(s), e.norms[s.From])
}

// variantsOf are those of a network.
func (e *evaluator) variantsOf(r row, m record.Model) (variants []record.Model, doubts []string, err error) {
	features, err := e.computer.View(r.features.Space)
	if err != nil {
		return nil, nil, err
	}
	defer features.Close()
	fit := space.Fit{Outputs: space.Outputs{Features: features}}
	if m.Posteriors != nil { // else the outputs are not the classes
		logits, err := e.computer.View(r.classes.logits.Space)
		if err != nil {
			return nil, nil, err
		}
		defer logits.Close()
		fit.Outputs.Logits = logits
		return e.variants(m, fit, &r.classes.Outputs)
	}
	return e.variants(m, fit, nil)
}

// classWords finds a vector for each class by its names.
func classWords(v *wordvec.Vectors, o classify.Outputs) space.Words {
	words := space.Words{Source: v.Source, Hash: v.Hash, Dim: v.Dim, Classes: make([][]float32, len(o.WNIDs)), Names: make([]string, len(o.WNIDs))}
	for i, wnid := range o.WNIDs {
		words.Names[i] = o.Name(wnid)
		words.Classes[i] = v.Find(o.Synonyms(wnid)...).Vector
	}
	return words
}

// variants are a model of the run seen in each space for which it has what is needed.
// classes are nil where they are not known.
func (e *evaluator) variants(m record.Model, fit space.Fit, classes *classify.Outputs) (list []record.Model, doubts []string, err error) {
	var unfit space.Unfit
	for _, s := range e.Spaces {
		if fit.Words = (space.Words{}); classes != nil && s.ReadsWords() {
			fit.Words = classWords(e.vectorsOf(s), *classes)
		}
		v, err := e.variant(m, s, fit)
		switch {
		case errors.As(err, &unfit):
			doubts = append(doubts, fmt.Sprintf("model %s is not shown in the space %s: %v", m.Name, s, err))
		case err != nil:
			return nil, nil, model.Named(m.Name, &spaceError{s, err})
		default:
			list = append(list, v)
		}
	}
	return list, doubts, nil
}

// vectorsOf are those that a space of words takes.
func (e *evaluator) vectorsOf(s space.Spec) *wordvec.Vectors {
	if s.Kind == space.Association {
		return e.walks[s.From]
	}
	return e.words
}

func (e *evaluator) variant(m record.Model, s space.Spec, fit space.Fit) (record.Model, error) {
	place, has := s.Reference()
	fit.Reference, fit.Weight = e.references[place].pictures, 1
	fit.Transform, fit.TransformHash = e.transforms[s.From].part, e.transforms[s.From].hash
	operator, pictures, err := s.Fit(fit)
	if err != nil {
		return m, err
	}
	m.Space = &space.Info{Kind: s.Kind, Network: m.Name, Reference: s.From, Transductive: has && place == "", Pictures: pictures}
	m.Space.Describe(s, fit)
	if o := e.overlap(s); o != nil {
		m.Space.Touched, m.Space.SameNorms = o.Touched, o.Files
	}
	m.Name, m.Title, m.Posteriors, m.Agreement = s.Variant(m.Name), m.Space.String(), nil, nil
	if e.set.Task == stimuli.Related {
		m.Choices, m.Dim, err = s.Choices(e.set.Triplets, e.Similarity, operator, fit)
	} else {
		m.Similarities, m.Dim, err = s.Similarities(e.set, e.pairs, e.Similarity, operator, fit)
	}
	return m, err
}
