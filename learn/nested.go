package learn

import (
	"math/rand/v2"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stimuli"
)

// innerFolds is how often a part of a fold's training triplets is left out to choose a
// value.
const innerFolds = 5

// weights of words against features are what is chosen among, the usual one first.
var weights = []float64{1, .5, 2, .25, 4}

// choice is a value of a space, and whether parts of the training triplets chose it.
type choice struct {
	Value  float64
	Nested bool
}

// tryAll are the choices of test triplets at each value, fitted to train.
type tryAll func(train, test []stimuli.Triplet) ([][]match.Choice, error)

// chooseAmong takes the value with the least error over parts of the training
// triplets, each left out of the fit in turn, with pictures and concepts apart as in
// the outer folds. Of equally good ones it takes the first. Where the triplets hang
// together, or a part leaves none to fit to, the first value stands.
func chooseAmong(train []stimuli.Triplet, values []float64, try tryAll) (choice, error) {
	s := newSplitter(train, innerFolds)
	folds := s.split(rand.New(rand.NewPCG(0, 0)))
	errs := make([]int, len(values))
	for _, f := range folds {
		if len(f.train) < 2 {
			return choice{Value: values[0]}, nil
		}
		choices, err := try(s.pick(f.train), s.pick(f.test))
		if err != nil {
			return choice{}, err
		}
		for i, list := range choices {
			errs[i] += wrongHalves(list)
		}
	}
	best := 0
	for i, n := range errs {
		if n < errs[best] {
			best = i
		}
	}
	return choice{values[best], true}, nil
}

// tryWeights are the choices of test triplets at each weight of words.
func (m Model) tryWeights(fit space.Fit) tryAll {
	return func(train, test []stimuli.Triplet) ([][]match.Choice, error) {
		fit.Reference, fit.Mean, fit.Weight = pictures(train), nil, 1
		o, _, err := space.Spec{Kind: space.Blend}.Fit(fit)
		if err != nil {
			return nil, err
		}
		var both [2][]match.Choice // of features, of words
		for i, part := range o.Parts {
			m := Model{Outputs: fit.Outputs}
			if both[i], err = m.seenThrough(part)(test); err != nil {
				return nil, err
			}
		}
		list := make([][]match.Choice, len(weights))
		for i, weight := range weights {
			list[i] = make([]match.Choice, len(test))
			for k := range test {
				f, w := both[0][k], both[1][k]
				a, b := square(o.Parts[0].Weight), weight*square(o.Parts[1].Weight)
				list[i][k] = match.Choice{Triplet: &test[k], Related: a*f.Related + b*w.Related, Unrelated: a*f.Unrelated + b*w.Unrelated}
			}
		}
		return list, nil
	}
}

func square(x float32) float64 { return float64(x) * float64(x) }
