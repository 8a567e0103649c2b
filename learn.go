package akin

import (
	"context"
	"errors"
	"fmt"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/compute"
	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/learn"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/wordvec"
)

// LearnConfig says which spaces are tried on which set.
type LearnConfig struct {
	Home   Home
	Set    string   // name of an embedded set, or a folder
	Test   string   // another set, to which all is carried over; empty: none
	Models []string // names or .onnx files; empty: zoo.Default
	Words  string   // file of word vectors; empty: those inside akin
	learn.Options
	Compute compute.Options
}

// Learn asks of each network whether it knows better what belongs together when it
// is seen in another space: on triplets left out of all fitting, and on another set.
// Baselines are left out.
func (c LearnConfig) Learn(ctx context.Context) ([]*learn.Result, error) {
	o, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	defer o.computer.Close()
	c.Vectors = o.words
	var results []*learn.Result
	for _, r := range o.rows {
		if r.model.Kind == model.NoNetwork {
			continue
		}
		m, err := o.model(r)
		if err != nil {
			return nil, fmt.Errorf("model %s: %w", r.name, err)
		}
		var test *stimuli.Set
		if len(o.sets) > 1 {
			test = o.sets[1]
		}
		result, err := learn.Try(m, o.sets[0], test, c.Options)
		if err != nil {
			return nil, fmt.Errorf("model %s: %w", r.name, err)
		}
		results = append(results, result)
	}
	return results, nil
}

// opened is what spaces are fitted to: sets, and what networks say of their pictures.
type opened struct {
	sets     []*stimuli.Set // the set and, where there is one, the one to carry over to
	rows     []row
	words    *wordvec.Vectors
	computer *compute.Computer // to be closed
}

// open reads the sets and fills the store with what the networks say of them.
func (c LearnConfig) open(ctx context.Context) (o opened, err error) {
	models, err := c.Home.FindModels(c.Models)
	if err != nil {
		return o, err
	}
	if o.words, err = c.Home.WordVectors(c.Words); err != nil {
		return o, err
	}
	if o.rows, err = newRows(models, nil, ""); err != nil {
		return o, err
	}
	var pictures []extract.Picture
	for _, name := range []string{c.Set, c.Test} {
		if name == "" {
			continue
		}
		set, files, err := c.Home.OpenSet(name, stimuli.Options{})
		if err != nil {
			return o, err
		}
		o.sets, pictures = append(o.sets, set), append(pictures, extract.Pictures(set.Pictures, files)...)
	}
	if o.computer, err = c.Home.Machine().Open(c.Compute, models...); err != nil {
		return o, err
	}
	for i := range o.rows {
		o.rows[i].plan(o.computer)
	}
	if err := o.computer.Fill(ctx, pictures, jobs(o.rows)); err != nil {
		return o, errors.Join(err, o.computer.Close())
	}
	return o, nil
}

// model reads all that a network says of the sets' pictures.
func (o opened) model(r row) (learn.Model, error) {
	m := learn.Model{Name: r.name}
	var err error
	if m.Outputs.Features, err = o.read(r.features.Space); err != nil || r.classes == nil {
		return m, err
	}
	logits, err := o.read(r.classes.logits.Space)
	if err != nil {
		return m, err
	}
	var unlike *classify.OutputsError
	if _, err := r.classes.Top(make([]float32, logits.Dim()), 1); errors.As(err, &unlike) {
		return m, nil // the outputs are not the classes: as if these were not known
	}
	m.Outputs.Logits, m.Words = logits, classWords(o.words, r.classes.Outputs)
	return m, nil
}

// read reads the vectors of all sets' pictures into memory, where folds find them.
func (o opened) read(of feature.Space) (*space.Table, error) {
	view, err := o.computer.View(of)
	if err != nil {
		return nil, err
	}
	defer view.Close()
	var pictures []*stimuli.Picture
	for _, s := range o.sets {
		pictures = append(pictures, s.Pictures...)
	}
	return space.NewTable(view, pictures)
}
