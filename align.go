package akin

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/akin-vision/akin/learn"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/onnx"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/zoo"
)

// Align fits the one space of c to the whole of its set and writes the one model of
// c, with the space appended to its graph, as a network of its own: its features
// are the vectors in the space, their cosines the space's similarities. The card
// tells what it was made of.
func (c LearnConfig) Align(ctx context.Context, onnxFile string, overwrite bool) (*model.Model, error) {
	if len(c.Models) != 1 || len(c.Spaces) != 1 {
		return nil, errors.New("one model and one space become a network, not several")
	}
	s := c.Spaces[0]
	if !s.HasVectors() {
		return nil, &spaceError{s, errors.New("its similarity is not the cosine of two vectors, so that no network can have it as features")}
	}
	c.Test = ""
	o, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	defer o.computer.Close()
	r := o.rows[0]
	if r.model.IsBaseline() {
		return nil, fmt.Errorf("model %s is no network that a space could be appended to", r.name)
	}
	m, err := o.model(r)
	if err != nil {
		return nil, err
	}
	operator, info, err := learn.Fit(m, s, o.sets[0], c.Choose)
	if err != nil {
		return nil, &spaceError{s, err}
	}
	data, err := r.model.Graph()
	if err != nil {
		return nil, err
	}
	graph, err := onnx.Parse(data)
	if err != nil {
		return nil, err
	}
	added, err := operator.Append(graph, r.model.Node(), r.model.Outputs.Logits)
	if err != nil {
		return nil, &spaceError{s, err}
	}
	card := alignedCard(r.model, info, added)
	if info.Triplets > 0 {
		card.Learned = &model.Learned{Set: o.sets[0].Name, Digest: o.sets[0].Digest, Triplets: info.Triplets}
	}
	return zoo.Save(onnxFile, card, func(w io.Writer) error {
		_, err := graph.WriteTo(w)
		return err
	}, overwrite)
}

// alignedCard is the card of a network with a space appended.
func alignedCard(m *model.Model, info space.Info, added int64) model.Card {
	card := m.Card
	card.Name, card.SHA256 = m.Name+"-"+string(info.Kind), ""
	card.Title = fmt.Sprintf("%s, %s", m.Name, info.Kind)
	card.Outputs.Features = space.Aligned
	if card.Parameters > 0 {
		card.Parameters += added
	}
	if card.Note != "" {
		card.Note += "; "
	}
	card.Note += fmt.Sprintf("features are %s, appended to the graph with the SHA-256 %s", info, m.Hash)
	return card
}
