package space

import (
	"fmt"
	"slices"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/stimuli"
)

// Operator makes a picture's vector in the space of its features.
type Operator struct {
	Shift []float32 `json:"shift"` // subtracted
}

// apply changes a vector of features.
func (o Operator) apply(v []float32) {
	for k, shift := range o.Shift {
		v[k] -= shift
	}
}

// Over is the features as the operator makes them.
func (o Operator) Over(features match.Features) match.Features { return mapped{features, o} }

type mapped struct {
	match.Features
	Operator
}

func (m mapped) Read(picture stimuli.Hash, dst []float32) error {
	if err := m.Features.Read(picture, dst); err != nil {
		return err
	}
	m.apply(dst)
	return nil
}

// FewestPictures is the number of reference pictures below which a mean says
// nothing: without it the only picture has no direction left.
const FewestPictures = 2

// Centre takes the mean of the reference pictures' features, a picture given
// twice counting once; pictures is how many that were.
func Centre(features match.Features, reference []*stimuli.Picture) (o Operator, pictures int, err error) {
	sum, v := make([]float64, features.Dim()), make([]float32, features.Dim())
	for _, p := range distinct(reference) {
		if err := features.Read(p.Hash, v); err != nil {
			return o, 0, fmt.Errorf("picture %s: %w", p.Path, err)
		}
		for k, x := range v {
			sum[k] += float64(x)
		}
		pictures++
	}
	if pictures < FewestPictures {
		return o, pictures, fmt.Errorf("a mean needs at least %d different reference pictures, not %d", FewestPictures, pictures)
	}
	o.Shift = make([]float32, len(sum))
	for k := range sum {
		o.Shift[k] = float32(sum[k] / float64(pictures))
	}
	return o, pictures, nil
}

// distinct leaves the first of several pictures with the same bytes.
func distinct(pictures []*stimuli.Picture) []*stimuli.Picture {
	seen := map[stimuli.Hash]bool{}
	return slices.DeleteFunc(slices.Clone(pictures), func(p *stimuli.Picture) bool {
		twice := seen[p.Hash]
		seen[p.Hash] = true
		return twice
	})
}
