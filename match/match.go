// Package match asks of each triplet what the paper asks: are target and
// related closer in a model's features than target and unrelated?
package match

import "github.com/akin-vision/akin/stimuli"

// Outcome is what a model's two similarities say about a triplet.
type Outcome string

const (
	Right Outcome = "right" // the related picture is closer
	Wrong Outcome = "wrong" // the unrelated picture is closer
	Tie   Outcome = "tie"   // exactly equal similarities; [Credit] says what it counts
)

// Compare compares the similarities of the related and the unrelated pair
// exactly, without a tolerance.
func Compare(related, unrelated float64) Outcome {
	switch {
	case related > unrelated:
		return Right
	case related < unrelated:
		return Wrong
	}
	return Tie
}

// Choice is one model's answer to one triplet.
type Choice struct {
	Triplet   *stimuli.Triplet
	Related   float64 // similarity of (target, related)
	Unrelated float64 // similarity of (target, unrelated)
}

// Margin is positive for a right choice (arXiv 1709.03806: sR - sU).
func (c Choice) Margin() float64 { return c.Related - c.Unrelated }

// Outcome compares the two similarities.
func (c Choice) Outcome() Outcome { return Compare(c.Related, c.Unrelated) }

// Similarities are those of all related and all unrelated pairs.
func Similarities(choices []Choice) (related, unrelated []float64) {
	related, unrelated = make([]float64, len(choices)), make([]float64, len(choices))
	for i, c := range choices {
		related[i], unrelated[i] = c.Related, c.Unrelated
	}
	return related, unrelated
}

// Similarity is that of two vectors of one length.
func (m Measure) Similarity(a, b []float32) float64 {
	return m.Pairs([][]float32{a, b}, [][2]int32{{0, 1}})[0]
}
