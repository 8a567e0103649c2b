// Package classify measures how well networks classify labelled pictures, how
// they fail, and whether their accuracy agrees with what was published: a network
// that was read or preprocessed wrongly is found here before its matching error is
// believed.
package classify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/akin-vision/akin/compute"
	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/imagenet"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/onnx"
)

// Home is what a classification needs of this machine; akin.Home is one.
type Home interface {
	FindModels(namesOrFiles []string) ([]*model.Model, error)
	Graph(nameOrFile string) (*onnx.Graph, error) // of a model, its weights included
	Machine() compute.Machine
	Archive() Archive
}

// Config says which classifiers to run, and on which labelled pictures.
type Config struct {
	Home      Home
	Models    []string // names or .onnx files; at least one
	Images    string   // folder: labels.csv, folders by WordNet id, or flat with Truth
	Truth     string   // file: ground truth of the flat validation folder; empty: none
	Numbering string   // of Truth: see imagenet.FromZero and the others
	Synsets   string   // file: the development kit's order, a WordNet id a line
	ReaL      string   // file: reassessed labels; empty: none
	Labels    LabelSet // what the outputs stand for
	compute.Options
}

// classifier is a model of a classification with its classes.
type classifier struct {
	*model.Model
	Outputs Outputs
}

// classifiers finds the models and what their outputs stand for.
func (c Config) classifiers() ([]classifier, error) {
	models, err := c.Home.FindModels(c.Models)
	if err != nil {
		return nil, err
	}
	labels, err := c.Labels.read()
	if err != nil {
		return nil, err
	}
	list := make([]classifier, len(models))
	for i, m := range models {
		outputs, err := labels.outputs(m)
		if err != nil {
			return nil, err
		}
		list[i] = classifier{m, outputs}
	}
	return list, nil
}

// labels finds the labelled pictures, with the folder that their paths lead into.
func (c Config) labels(classifiers []classifier) (fs.FS, []imagenet.Labelled, error) {
	root, err := regular.OpenFolder(c.Images)
	if err != nil {
		return nil, nil, err
	}
	folder := root
	if c.Truth == "" {
		var ids []string
		for _, m := range classifiers {
			ids = append(ids, m.Outputs.WNIDs...)
		}
		labels, err := imagenet.ReadLabels(folder, ids...)
		if err != nil {
			err = fmt.Errorf("%s: %w", c.Images, err)
		}
		return folder, labels, err
	}
	list, err := regular.Open(c.Truth)
	if err != nil {
		return nil, nil, err
	}
	defer list.Close()
	synsets, err := c.synsets()
	if err != nil {
		return nil, nil, err
	}
	labels, err := imagenet.ReadGroundTruth(folder, list, c.Numbering, synsets)
	if err != nil {
		err = fmt.Errorf("%s: %w", c.Truth, err)
	}
	return folder, labels, err
}

// ErrNoSynsets says that numbers of the development kit came without its order.
var ErrNoSynsets = errors.New("the development kit's class numbers have an order of their own, which was not given")

func (c Config) synsets() ([]string, error) {
	if c.Numbering != imagenet.DevKit {
		return nil, nil
	}
	if c.Synsets == "" {
		return nil, ErrNoSynsets
	}
	data, err := regular.ReadFile(c.Synsets)
	if err != nil {
		return nil, err
	}
	var ids []string
	for line := range strings.Lines(string(data)) {
		if words := strings.Fields(line); len(words) > 0 {
			ids = append(ids, words[0])
		}
	}
	if sorted := slices.Sorted(slices.Values(ids)); !slices.Equal(sorted, imagenet.WNIDs()) {
		return nil, fmt.Errorf("%s: its %d lines do not begin with the 1,000 WordNet ids, each once", c.Synsets, len(ids))
	}
	return ids, nil
}

// stream runs the classifiers over the pictures, each decoded once, in memory
// that does not grow with the logits: these go through the feature store, and
// an interrupted run goes on where it stopped.
func (c Config) stream(ctx context.Context, classifiers []classifier, folder fs.FS, labels []imagenet.Labelled, each func(int, imagenet.Labelled, []float32) error) error {
	models := make([]*model.Model, len(classifiers))
	for i := range classifiers {
		models[i] = classifiers[i].Model
	}
	computer, err := c.Home.Machine().Open(c.Options, models...)
	if err != nil {
		return err
	}
	defer computer.Close()
	jobs := make([]extract.Job, len(models))
	for i, m := range models {
		jobs[i] = computer.Job(m, model.Output{Node: m.Outputs.Logits})
	}
	sources := make([]extract.Picture, len(labels))
	for i, label := range labels {
		sources[i] = extract.Picture{Name: label.Path, Read: func() ([]byte, error) { return fs.ReadFile(folder, label.Path) }}
	}
	return computer.Stream(ctx, sources, jobs, func(source int, vectors [][]float32) error {
		for k, logits := range vectors {
			if err := each(k, labels[source], logits); err != nil {
				return model.Named(models[k].Name, err)
			}
		}
		return nil
	})
}

// Evaluate measures how well the classifiers do, and keeps the figures
// in the cache. predictions, which may be nil, gets a row for each picture as it
// comes.
func Evaluate(ctx context.Context, c Config, predictions io.Writer) ([]Evaluation, error) {
	classifiers, err := c.classifiers()
	if err != nil {
		return nil, err
	}
	list, err := c.evaluate(ctx, classifiers, predictions)
	if err != nil {
		return nil, err
	}
	for i, e := range list {
		if err := c.Home.Archive().keepEvaluation(e, classifiers[i].Card); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (c Config) evaluate(ctx context.Context, classifiers []classifier, predictions io.Writer) ([]Evaluation, error) {
	folder, labels, err := c.labels(classifiers)
	if err != nil {
		return nil, err
	}
	real, err := c.real()
	if err != nil {
		return nil, err
	}
	evaluators := make([]*Evaluator, len(classifiers))
	for i, m := range classifiers {
		if evaluators[i], err = NewEvaluator(m.Outputs, real); err != nil {
			return nil, model.Named(m.Name, err)
		}
	}
	if predictions == nil {
		predictions = io.Discard
	}
	rows := newPredictionWriter(predictions)
	err = c.stream(ctx, classifiers, folder, labels, func(k int, label imagenet.Labelled, logits []float32) error {
		p, err := evaluators[k].Add(label, logits)
		if p == nil {
			return err
		}
		return rows.Write(classifiers[k].Name, p)
	})
	if err := errors.Join(err, rows.Flush()); err != nil {
		return nil, err
	}
	list := make([]Evaluation, len(classifiers))
	for i, m := range classifiers {
		if list[i], err = evaluators[i].Result(); err != nil {
			return nil, model.Named(m.Name, err)
		}
		list[i].Model, list[i].Hash, list[i].RecipeDigest, list[i].Images = m.Name, m.Hash, m.Recipe.Digest(), digest(labels)
	}
	return list, nil
}

func (c Config) real() ([][]int, error) { return fromFile(c.ReaL, imagenet.ReadReaL) }

// digest is the SHA-256 of paths and labels, so that two evaluations can be
// told to be of the same pictures.
func digest(labels []imagenet.Labelled) string {
	h := sha256.New()
	for _, l := range labels {
		fmt.Fprintf(h, "%s\x00%s\n", l.Path, l.WNID)
	}
	return hex.EncodeToString(h.Sum(nil))
}
