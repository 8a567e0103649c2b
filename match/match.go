// Package match asks of each triplet what the paper asks: are target and
// related closer in a model's features than target and unrelated?
package match

import (
	"fmt"
	"math"

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

// Cosine is the cosine similarity of two vectors of one length, summed in
// float64. A zero vector has no direction: its cosine is 0, as in
// scikit-learn's cosine_similarity.
func Cosine(a, b []float32) float64 {
	var ab, aa, bb float64
	for i, x := range a {
		x, y := float64(x), float64(b[i])
		// The conversions forbid a fused multiply-add, which would give other bits on other processors.
		ab += float64(x * y)
		aa += float64(x * x)
		bb += float64(y * y)
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	// The clamp keeps rounding from leaving -1..1.
	return max(-1, min(1, ab/(math.Sqrt(aa)*math.Sqrt(bb))))
}

// Triplets returns the choice of each triplet, in order, by cosine similarity.
func Triplets(triplets []stimuli.Triplet, features *feature.Table) ([]Choice, error) {
	choices := make([]Choice, len(triplets))
	for i := range triplets {
		t := &triplets[i]
		target, related, unrelated := features.Vector(t.Target.Hash), features.Vector(t.Related.Hash), features.Vector(t.Unrelated.Hash)
		if target == nil || related == nil || unrelated == nil {
			return nil, fmt.Errorf("triplet %s: a picture has no features", t.ID)
		}
		choices[i] = Choice{Triplet: t, Related: Cosine(target, related), Unrelated: Cosine(target, unrelated)}
	}
	return choices, nil
}
