package learn

import (
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stimuli"
)

// training is the triplets that candidates are fitted to, with what several of them
// need of these, each computed once. One goroutine has it at a time.
type training struct {
	triplets []stimuli.Triplet
	pictures []*stimuli.Picture // of these, in order
	features match.Features

	mean       []float32
	directions map[stimuli.Hash][]float32
	losses     map[space.Kind]*loss
	splitter   *splitter
}

func newTraining(features match.Features, triplets []stimuli.Triplet) *training {
	return &training{triplets: triplets, pictures: pictures(triplets), features: features, losses: map[space.Kind]*loss{}}
}

// centre is the mean of the pictures' features.
func (t *training) centre() (mean []float32, err error) {
	if t.mean == nil {
		t.mean, err = space.Mean(t.features, t.pictures)
	}
	return t.mean, err
}

// centred are the pictures' features around their mean, of length 1.
func (t *training) centred() (rows map[stimuli.Hash][]float32, err error) {
	if t.directions == nil {
		mean, err := t.centre()
		if err != nil {
			return nil, err
		}
		if t.directions, err = directions(t.features, t.pictures, mean); err != nil {
			return nil, err
		}
	}
	return t.directions, nil
}

// loss is that of a learned space with the true labels.
func (t *training) loss(kind space.Kind) (l *loss, err error) {
	if t.losses[kind] == nil {
		l, err := newLoss(kind, t)
		if err != nil {
			return nil, err
		}
		t.losses[kind] = l
	}
	return t.losses[kind], nil
}

// units tell which triplets have a related pair's picture or concept in common.
func (t *training) units() (unit []int, units int) {
	if t.splitter == nil {
		t.splitter = newSplitter(t.triplets, 1)
	}
	return t.splitter.unit, t.splitter.units
}
