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
func Learn(ctx context.Context, c LearnConfig) ([]*learn.Result, error) {
	models, err := c.Home.FindModels(c.Models)
	if err != nil {
		return nil, err
	}
	sets, pictures, err := c.open()
	if err != nil {
		return nil, err
	}
	if c.Vectors, err = c.Home.WordVectors(c.Words); err != nil {
		return nil, err
	}
	computer, err := c.Home.Machine().Open(c.Compute, models...)
	if err != nil {
		return nil, err
	}
	defer computer.Close()
	rows, err := newRows(models, nil, "")
	if err != nil {
		return nil, err
	}
	for i := range rows {
		rows[i].plan(computer)
	}
	for i := range sets {
		if err := computer.Fill(ctx, pictures[i], jobs(rows)); err != nil {
			return nil, err
		}
	}
	var results []*learn.Result
	for _, r := range rows {
		if r.model.Kind == model.NoNetwork {
			continue
		}
		m, err := learnModel(computer, r, sets, c.Vectors)
		if err != nil {
			return nil, fmt.Errorf("model %s: %w", r.name, err)
		}
		var test *stimuli.Set
		if len(sets) > 1 {
			test = sets[1]
		}
		result, err := learn.Try(m, sets[0], test, c.Options)
		if err != nil {
			return nil, fmt.Errorf("model %s: %w", r.name, err)
		}
		results = append(results, result)
	}
	return results, nil
}

// open reads the set and, where there is one, the set to carry over to.
func (c LearnConfig) open() (sets []*stimuli.Set, pictures [][]extract.Picture, err error) {
	for _, name := range []string{c.Set, c.Test} {
		if name == "" {
			continue
		}
		set, files, err := c.Home.OpenSet(name, stimuli.Options{})
		if err != nil {
			return nil, nil, err
		}
		sets, pictures = append(sets, set), append(pictures, extract.Pictures(set.Pictures, files))
	}
	return sets, pictures, nil
}

// learnModel reads all that a network says of the sets' pictures.
func learnModel(computer *compute.Computer, r row, sets []*stimuli.Set, v *wordvec.Vectors) (learn.Model, error) {
	m := learn.Model{Name: r.name}
	var err error
	if m.Outputs.Features, err = readAll(computer, r.features.Space, sets); err != nil || r.classes == nil {
		return m, err
	}
	logits, err := readAll(computer, r.classes.logits.Space, sets)
	if err != nil {
		return m, err
	}
	var unlike *classify.OutputsError
	if _, err := r.classes.Top(make([]float32, logits.Dim()), 1); errors.As(err, &unlike) {
		return m, nil // the outputs are not the classes: as if these were not known
	}
	m.Outputs.Logits, m.Words = logits, classWords(v, r.classes.Outputs)
	return m, nil
}

// readAll reads the vectors of all sets' pictures into memory, where folds find them.
func readAll(computer *compute.Computer, of feature.Space, sets []*stimuli.Set) (*space.Table, error) {
	view, err := computer.View(of)
	if err != nil {
		return nil, err
	}
	defer view.Close()
	var pictures []*stimuli.Picture
	for _, s := range sets {
		pictures = append(pictures, s.Pictures...)
	}
	return space.NewTable(view, pictures)
}
