package learn

import (
	"errors"
	"math"
	"math/rand/v2"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stimuli"
	"gonum.org/v1/gonum/mat"
)

// linear learns a weight for each feature from the training triplets; permuted
// draws which of their pictures is the related one.
func (m Model) linear(permuted bool) func([]stimuli.Triplet, uint64) (seen, error) {
	return func(train []stimuli.Triplet, seed uint64) (seen, error) {
		if permuted {
			train = permute(train, seed)
		}
		part, err := fitLinear(m.Outputs.Features, train)
		if err != nil {
			return nil, err
		}
		return func(test []stimuli.Triplet) ([]match.Choice, error) {
			vectors, err := space.Operator{Parts: []space.Part{part}}.Over(m.Outputs)
			if err != nil {
				return nil, err
			}
			return match.Cosine.Triplets(test, vectors)
		}, nil
	}
}

// Fit fits a space to the whole of a set.
func Fit(m Model, s space.Spec, set *stimuli.Set) (space.Operator, space.Info, error) {
	info := space.Info{Kind: s.Kind, Network: m.Name, Reference: "the set " + set.Name}
	fit := space.Fit{Outputs: m.Outputs, Reference: pictures(set.Triplets), Words: m.Words, Weight: 1}
	info.Describe(s, fit)
	if s.Kind == Linear {
		part, err := fitLinear(m.Outputs.Features, set.Triplets)
		info.Pictures, info.Triplets = len(fit.Reference), len(set.Triplets)
		return space.Operator{Parts: []space.Part{part}}, info, err
	}
	operator, pictures, err := s.Fit(fit)
	info.Pictures = pictures
	return operator, info, err
}

// permute swaps the related and the unrelated picture of each related pair's
// triplets by a coin.
func permute(train []stimuli.Triplet, seed uint64) []stimuli.Triplet {
	s := newSplitter(train, 1)
	random := rand.New(rand.NewPCG(seed, 2))
	swap := make([]bool, s.units)
	for i := range swap {
		swap[i] = random.Uint64()&1 == 1
	}
	list := make([]stimuli.Triplet, len(train))
	for i, t := range train {
		if swap[s.unit[i]] {
			t.Related, t.Unrelated = t.Unrelated, t.Related
		}
		list[i] = t
	}
	return list
}

// penalty holds weights at 1: the loss of all triplets together weighs as much as
// a mean squared deviation of 1. It is declared, not fitted.
const penalty = 1.0

// fitLinear finds the weights w of the features, so that the weighted products of
// centred vectors of length 1 tell related from unrelated pictures: logistic loss
// of the margins, in their own standard deviation, and a penalty toward w = 1, as
// in gLocal toward the identity. The problem is convex; w = 1 + X'a has one number
// for each triplet, found by Newton's method.
func fitLinear(features match.Features, train []stimuli.Triplet) (space.Part, error) {
	mean, err := space.Mean(features, pictures(train))
	if err != nil {
		return space.Part{}, err
	}
	x, base, err := products(features, train, mean)
	if err != nil {
		return space.Part{}, err
	}
	n, dim := x.Dims()
	var gram mat.SymDense
	gram.SymOuterK(float64(dim)/(penalty*float64(n)), x)
	a := make([]float64, n)
	for range 50 {
		if newton(&gram, base, a) < 1e-9 {
			break
		}
	}
	w := mat.NewVecDense(dim, nil)
	w.MulVec(x.T(), mat.NewVecDense(n, a))
	part := space.Part{Shift: mean, Scale: make([]float32, dim)}
	for k := range part.Scale {
		weight := 1 + w.AtVec(k)*float64(dim)/(penalty*float64(n))
		part.Scale[k] = float32(math.Sqrt(max(0, weight)))
	}
	return part, nil
}

// products are, by triplet and feature, what the feature adds to the margin, and
// their sums, both over the standard deviation of these.
func products(features match.Features, train []stimuli.Triplet, mean []float32) (*mat.Dense, []float64, error) {
	centred := space.Operator{Parts: []space.Part{{Shift: mean, Weight: 1}}}
	vectors, err := centred.Over(space.Outputs{Features: features})
	if err != nil {
		return nil, nil, err
	}
	rows := map[stimuli.Hash][]float32{}
	for _, p := range pictures(train) {
		rows[p.Hash] = make([]float32, vectors.Dim())
		if err := vectors.Read(p.Hash, rows[p.Hash]); err != nil {
			return nil, nil, err
		}
	}
	x, base, square := mat.NewDense(len(train), vectors.Dim(), nil), make([]float64, len(train)), 0.0
	for i := range train {
		target, related, unrelated := rows[train[i].Target.Hash], rows[train[i].Related.Hash], rows[train[i].Unrelated.Hash]
		for k, t := range target {
			v := float64(t) * (float64(related[k]) - float64(unrelated[k]))
			x.Set(i, k, v)
			base[i] += v
		}
		square += base[i] * base[i]
	}
	unit := math.Sqrt(square / float64(len(train)))
	if unit == 0 {
		return nil, nil, errors.New("no training triplet tells its pictures apart")
	}
	x.Scale(1/unit, x)
	for i := range base {
		base[i] /= unit
	}
	return x, base, nil
}

// newton takes one step on a, which solves a = sigma(-(base + K a)), and returns
// its size.
func newton(k *mat.SymDense, base, a []float64) float64 {
	n := len(a)
	margin := mat.NewVecDense(n, nil)
	margin.MulVec(k, mat.NewVecDense(n, a))
	slope, wrong := mat.NewDense(n, n, nil), mat.NewVecDense(n, nil)
	for i := range n {
		p := 1 / (1 + math.Exp(base[i]+margin.AtVec(i)))
		wrong.SetVec(i, p-a[i])
		for j := range n {
			slope.Set(i, j, p*(1-p)*k.At(i, j))
		}
		slope.Set(i, i, slope.At(i, i)+1)
	}
	step := mat.NewVecDense(n, nil)
	if err := step.SolveVec(slope, wrong); err != nil && !errors.As(err, new(mat.Condition)) {
		return 0
	}
	for i := range a {
		a[i] += step.AtVec(i)
	}
	return mat.Norm(step, math.Inf(1))
}
