package learn

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stimuli"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// penalty holds weights at 1: the loss of all triplets together weighs as much as
// a mean squared deviation of 1. It is declared, not fitted, unless it is chosen.
const penalty = 1.0

// penalties are what is chosen among, the usual one first.
var penalties = []float64{penalty, .1, 10, 100}

// rank is the number of directions that LowRank weighs.
const rank = 16

// linear learns from the training triplets; permuted draws which of their pictures
// is the related one.
func (m Model) linear(kind space.Kind, choose, permuted bool) func(*training, uint64) (fitted, error) {
	return func(t *training, seed uint64) (fitted, error) {
		l, err := t.loss(kind)
		if err != nil {
			return fitted{}, err
		}
		train := t.triplets
		if permuted {
			swap := coins(t, seed)
			l, train = l.permuted(swap), swapped(train, swap)
		}
		chosen := choice{Value: penalty}
		if choose {
			if chosen, err = chooseAmong(train, penalties, m.tryPenalties(kind)); err != nil {
				return fitted{}, err
			}
		}
		part, err := l.least(chosen.Value)
		return fitted{m.seenThrough(part), chosen}, err
	}
}

// seenThrough compares what parts make of the model's outputs.
func (m Model) seenThrough(parts ...space.Part) seen {
	return func(test []stimuli.Triplet) ([]match.Choice, error) {
		vectors, err := space.Operator{Parts: parts}.Over(m.Outputs)
		if err != nil {
			return nil, err
		}
		return match.Cosine.Triplets(test, vectors)
	}
}

// tryPenalties are the choices of test triplets at each penalty.
func (m Model) tryPenalties(kind space.Kind) tryAll {
	return func(train, test []stimuli.Triplet) ([][]match.Choice, error) {
		l, err := newTraining(m.Outputs.Features, train).loss(kind)
		if err != nil {
			return nil, err
		}
		list := make([][]match.Choice, len(penalties))
		for i, p := range penalties {
			part, err := l.least(p)
			if err != nil {
				return nil, err
			}
			if list[i], err = m.seenThrough(part)(test); err != nil {
				return nil, err
			}
		}
		return list, nil
	}
}

// coins say of each triplet whether its related and its unrelated picture are swapped,
// by a coin for each related pair.
func coins(t *training, seed uint64) []bool {
	unit, units := t.units()
	random := rand.New(rand.NewPCG(seed, 2))
	coin := make([]bool, units)
	for i := range coin {
		coin[i] = random.Uint64()&1 == 1
	}
	swap := make([]bool, len(unit))
	for i, u := range unit {
		swap[i] = coin[u]
	}
	return swap
}

// swapped are triplets with some related and unrelated pictures swapped.
func swapped(train []stimuli.Triplet, swap []bool) []stimuli.Triplet {
	list := slices.Clone(train)
	for i := range list {
		if swap[i] {
			list[i].Related, list[i].Unrelated = list[i].Unrelated, list[i].Related
		}
	}
	return list
}

// fitLinear learns a space from triplets at one penalty.
func fitLinear(kind space.Kind, features match.Features, train []stimuli.Triplet, penalty float64) (space.Part, error) {
	l, err := newTraining(features, train).loss(kind)
	if err != nil {
		return space.Part{}, err
	}
	return l.least(penalty)
}

// loss says how badly weights tell related from unrelated pictures: weights of the
// products of centred vectors of length 1, of Linear one for each feature, of LowRank
// one for each pair of directions along which training pictures vary most. It is
// logistic in the margins, counted in their own root mean square, with a penalty toward
// the identity, as in gLocal; the problem is convex.
type loss struct {
	mean    []float32
	axes    [][]float32 // of LowRank
	margins *mat.Dense  // by triplet, what each weight adds
	base    []float64   // by triplet, the margin without weights
	signs   []float64   // by triplet, -1 where its pictures are swapped; nil: nowhere
}

func newLoss(kind space.Kind, t *training) (*loss, error) {
	if len(t.triplets) == 0 {
		return nil, errors.New("there is nothing to learn from: no picture is judged to be closer to another than a third")
	}
	rows, err := t.centred()
	if err != nil {
		return nil, err
	}
	if kind == LowRank {
		axes, err := space.Principal(t.features, t.pictures, t.mean, rank)
		if err != nil {
			return nil, err
		}
		return newLowRankLoss(rows, axes, t)
	}
	x, base, err := margins(rows, rows, t.triplets, t.features.Dim(), func(row []float64, target, other []float32, sign float64) {
		for k, x := range target {
			row[k] += sign * float64(x) * float64(other[k])
		}
	})
	return &loss{mean: t.mean, margins: x, base: base}, err
}

// permuted is the loss where some related and unrelated pictures are swapped: the
// margins are the same but for their signs.
func (l *loss) permuted(swap []bool) *loss {
	other := *l
	other.signs = make([]float64, len(swap))
	for i, swapped := range swap {
		other.signs[i] = 1
		if swapped {
			other.signs[i] = -1
		}
	}
	return &other
}

// least finds the weights of least loss. What falls below 0 is set to 0, so that the
// weights are a way to stretch vectors.
func (l *loss) least(penalty float64) (space.Part, error) {
	d, err := l.logistic(penalty * float64(len(l.base)) / float64(len(l.mean)))
	if err != nil {
		return space.Part{}, err
	}
	if l.axes != nil {
		return stretch(d, l.axes, l.mean)
	}
	part := space.Part{Shift: l.mean, Scale: make([]float32, len(d))}
	for k := range d {
		part.Scale[k] = float32(math.Sqrt(max(0, 1+d[k])))
	}
	return part, nil
}

// newLowRankLoss is of weights of the products along some directions with one another.
func newLowRankLoss(rows map[stimuli.Hash][]float32, axes [][]float32, t *training) (*loss, error) {
	r := len(axes)
	along := map[stimuli.Hash][]float32{}
	for i, v := range projected(rows, axes, t.pictures) {
		along[t.pictures[i].Hash] = v
	}
	// A symmetric matrix as a list, so that the square of its length is that of the
	// matrix: what lies off the diagonal stands once, times the root of 2.
	x, base, err := margins(rows, along, t.triplets, r*(r+1)/2, func(row []float64, target, other []float32, sign float64) {
		at := 0
		for i := range r {
			row[at] += sign * float64(target[i]) * float64(other[i])
			at++
			for j := range i {
				row[at] += sign * (float64(target[i])*float64(other[j]) + float64(target[j])*float64(other[i])) / math.Sqrt2
				at++
			}
		}
	})
	return &loss{mean: t.mean, axes: axes, margins: x, base: base}, err
}

// projected are the products of the pictures' rows with axes.
func projected(rows map[stimuli.Hash][]float32, axes [][]float32, pictures []*stimuli.Picture) [][]float32 {
	all := slices.Clone(axes)
	var pairs [][2]int32
	for i, p := range pictures {
		all = append(all, rows[p.Hash])
		for k := range axes {
			pairs = append(pairs, [2]int32{int32(len(axes) + i), int32(k)})
		}
	}
	list := make([][]float32, len(pictures))
	for i, product := range match.Dot.Pairs(all, pairs) {
		list[i/len(axes)] = append(list[i/len(axes)], float32(product))
	}
	return list
}

// stretch turns learned weights of pairs of directions into directions and gains.
func stretch(d []float64, axes [][]float32, mean []float32) (space.Part, error) {
	r, at := len(axes), 0
	weights := mat.NewSymDense(r, nil)
	for i := range r {
		weights.SetSym(i, i, 1+d[at])
		at++
		for j := range i {
			weights.SetSym(i, j, d[at]/math.Sqrt2)
			at++
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(weights, true) {
		return space.Part{}, errors.New("the learned weights have no directions")
	}
	var turn mat.Dense
	eigen.VectorsTo(&turn)
	part := space.Part{Shift: mean}
	for k, weight := range eigen.Values(nil) {
		axis := make([]float32, len(mean))
		for i := range axis {
			sum := 0.0
			for j := range r {
				sum += turn.At(j, k) * float64(axes[j][i])
			}
			axis[i] = float32(sum)
		}
		part.Axes = append(part.Axes, axis)
		part.Gains = append(part.Gains, float32(math.Sqrt(max(0, weight))-1))
	}
	return part, nil
}

// directions are centred vectors of length 1, by picture.
func directions(features match.Features, shown []*stimuli.Picture, mean []float32) (map[stimuli.Hash][]float32, error) {
	vectors, err := space.Operator{Parts: []space.Part{{Shift: mean, Weight: 1}}}.Over(space.Outputs{Features: features})
	if err != nil {
		return nil, err
	}
	rows := map[stimuli.Hash][]float32{}
	for _, p := range shown {
		rows[p.Hash] = make([]float32, vectors.Dim())
		if err := vectors.Read(p.Hash, rows[p.Hash]); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// margins are, by triplet and weight, what the weight adds to the margin, and the
// margins without weights, both over the root mean square of these. add puts the
// products of two weighed vectors into a row.
func margins(rows, weighed map[stimuli.Hash][]float32, train []stimuli.Triplet, weights int, add func(row []float64, target, other []float32, sign float64)) (*mat.Dense, []float64, error) {
	x, base, square := mat.NewDense(len(train), weights, nil), make([]float64, len(train)), 0.0
	for i := range train {
		target, related, unrelated := train[i].Target.Hash, train[i].Related.Hash, train[i].Unrelated.Hash
		near, far := rows[related], rows[unrelated]
		for k, t := range rows[target] {
			base[i] += float64(t) * (float64(near[k]) - float64(far[k]))
		}
		square += base[i] * base[i]
		add(x.RawRowView(i), weighed[target], weighed[related], 1)
		add(x.RawRowView(i), weighed[target], weighed[unrelated], -1)
	}
	unit := math.Sqrt(square / float64(len(train)))
	if unit == 0 {
		return nil, nil, errors.New("no training triplet tells its pictures apart")
	}
	x.Scale(1/unit, x)
	floats.Scale(1/unit, base)
	return x, base, nil
}

// logistic finds the d that minimises the sum of log(1 + exp(-m)) plus penalty / 2
// times the square of d, where m are the margins with the weights d.
func (l *loss) logistic(penalty float64) ([]float64, error) {
	n, dim := l.margins.Dims()
	margin, slope := mat.NewVecDense(n, nil), mat.NewVecDense(n, nil)
	at := make([]float64, dim)
	at[0] = math.NaN() // so that margins are computed first
	look := func(d []float64) {
		if !slices.Equal(at, d) {
			copy(at, d)
			margin.MulVec(l.margins, mat.NewVecDense(dim, at))
			floats.Add(margin.RawVector().Data, l.base)
			l.sign(margin.RawVector().Data)
		}
	}
	problem := optimize.Problem{
		Func: func(d []float64) float64 {
			look(d)
			loss := penalty / 2 * floats.Dot(d, d)
			for _, m := range margin.RawVector().Data {
				loss += max(0, -m) + math.Log1p(math.Exp(-math.Abs(m)))
			}
			return loss
		},
		Grad: func(grad, d []float64) {
			look(d)
			for i, m := range margin.RawVector().Data {
				slope.SetVec(i, -1/(1+math.Exp(m)))
			}
			l.sign(slope.RawVector().Data)
			mat.NewVecDense(dim, grad).MulVec(l.margins.T(), slope)
			floats.AddScaled(grad, penalty, d)
		},
	}
	settings := &optimize.Settings{GradientThreshold: flat, Converger: optimize.NeverTerminate{}, MajorIterations: 1000}
	result, err := optimize.Minimize(problem, make([]float64, dim), settings, &optimize.LBFGS{})
	if result == nil {
		return nil, err
	}
	// Close to the minimum the loss no longer changes in float64 while its slope is
	// not quite so flat.
	grad := make([]float64, dim)
	problem.Grad(grad, result.X)
	if floats.Norm(grad, math.Inf(1)) > nearlyFlat {
		return nil, errors.New("no weights were found: the loss has no minimum that can be reached")
	}
	return result.X, nil
}

// sign turns the values of triplets whose pictures are swapped.
func (l *loss) sign(values []float64) {
	if l.signs != nil {
		floats.Mul(values, l.signs)
	}
}

// flat is the slope at which the search ends, nearlyFlat the one that is enough.
const (
	flat       = 1e-7
	nearlyFlat = 1e-4
)
