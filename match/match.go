// Package match asks of each triplet what the paper asks: are target and
// related closer in a model's features than target and unrelated?
package match

import (
	"fmt"

	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/stimuli"
)

// Outcome is what a model's two similarities say about a triplet.
type Outcome string

const (
	Right Outcome = "right" // the related picture is closer
	Wrong Outcome = "wrong" // the unrelated picture is closer
	Tie   Outcome = "tie"   // exactly equal similarities; counts as half an error
)

// Choice is one model's answer to one triplet.
type Choice struct {
	Triplet   *stimuli.Triplet
	Related   float64 // similarity of (target, related)
	Unrelated float64 // similarity of (target, unrelated)
}

// Margin is positive for a right choice (arXiv 1709.03806: sR - sU).
func (c Choice) Margin() float64 { return c.Related - c.Unrelated }

// Outcome compares the two similarities exactly, without a tolerance.
func (c Choice) Outcome() Outcome {
	switch {
	case c.Related > c.Unrelated:
		return Right
	case c.Related < c.Unrelated:
		return Wrong
	default:
		return Tie
	}
}

// Of is the similarity of two vectors of one length.
func (m Measure) Of(a, b []float32) float64 {
	return m.Pairs([][]float32{a, b}, [][2]int32{{0, 1}})[0]
}

// Triplets returns the choice of each triplet, in order.
func (m Measure) Triplets(triplets []stimuli.Triplet, features *feature.Table) ([]Choice, error) {
	var rows [][]float32
	index := map[stimuli.Hash]int32{}
	row := func(p *stimuli.Picture) (int32, bool) {
		i, seen := index[p.Hash]
		if !seen {
			i = int32(len(rows))
			index[p.Hash] = i
			rows = append(rows, features.Vector(p.Hash))
		}
		return i, rows[i] != nil
	}
	pairs := make([][2]int32, 0, 2*len(triplets))
	for i := range triplets {
		t := &triplets[i]
		target, ok := row(t.Target)
		related, alsoOK := row(t.Related)
		unrelated, allOK := row(t.Unrelated)
		if !ok || !alsoOK || !allOK {
			return nil, fmt.Errorf("triplet %s: a picture has no features", t.ID)
		}
		pairs = append(pairs, [2]int32{target, related}, [2]int32{target, unrelated})
	}
	similarities := m.Pairs(rows, pairs)
	choices := make([]Choice, len(triplets))
	for i := range triplets {
		choices[i] = Choice{Triplet: &triplets[i], Related: similarities[2*i], Unrelated: similarities[2*i+1]}
	}
	return choices, nil
}
