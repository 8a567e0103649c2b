package space

import (
	"fmt"
	"math"
	"slices"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/stimuli"
	"gonum.org/v1/gonum/mat"
)

// fewestPictures is the number of reference pictures below which a mean says
// nothing: without it the only picture has no direction left.
const fewestPictures = 2

// Unfit is why a space cannot be made of a network or of its reference pictures: other
// spaces can.
type Unfit string

func (u Unfit) Error() string { return string(u) }

func doNotVary(what string, n int) error {
	return Unfit(fmt.Sprintf("the %s%d reference pictures do not vary", what, n))
}

func fewPictures(n int) error {
	return Unfit(fmt.Sprintf("a mean needs at least %d different reference pictures, not %d", fewestPictures, n))
}

// mostReference is the number of reference pictures that spaces take which compare
// all of them with one another; of more, so many spread evenly.
const mostReference = 1000

// distinct leaves the first of several pictures with the same bytes.
func distinct(pictures []*stimuli.Picture) []*stimuli.Picture {
	seen := map[stimuli.Hash]bool{}
	return slices.DeleteFunc(slices.Clone(pictures), func(p *stimuli.Picture) bool {
		twice := seen[p.Hash]
		seen[p.Hash] = true
		return twice
	})
}

// spread takes at most n of a list, evenly.
func spread[T any](list []T, n int) []T {
	if len(list) <= n {
		return list
	}
	some := make([]T, n)
	for i := range some {
		some[i] = list[i*len(list)/n]
	}
	return some
}

// read returns the vectors of pictures.
func read(features match.Features, pictures []*stimuli.Picture) ([][]float32, error) {
	rows := make([][]float32, len(pictures))
	for i, p := range pictures {
		rows[i] = make([]float32, features.Dim())
		if err := features.Read(p.Hash, rows[i]); err != nil {
			return nil, fmt.Errorf("picture %s: %w", p.Path, err)
		}
	}
	return rows, nil
}

// Table is vectors held in memory.
type Table struct {
	dim  int
	rows map[stimuli.Hash][]float32
}

// NewTable reads the vectors of pictures.
func NewTable(features match.Features, pictures []*stimuli.Picture) (*Table, error) {
	pictures = distinct(pictures)
	rows, err := read(features, pictures)
	if err != nil {
		return nil, err
	}
	t := &Table{features.Dim(), map[stimuli.Hash][]float32{}}
	for i, p := range pictures {
		t.rows[p.Hash] = rows[i]
	}
	return t, nil
}

// Dim is the length of the vectors.
func (t *Table) Dim() int { return t.dim }

// Read puts a picture's vector into dst.
func (t *Table) Read(picture stimuli.Hash, dst []float32) error {
	row, known := t.rows[picture]
	if !known {
		return fmt.Errorf("picture %s has no vector", picture)
	}
	copy(dst, row)
	return nil
}

// Mean is that of the pictures' features.
func Mean(features match.Features, pictures []*stimuli.Picture) ([]float32, error) {
	if len(pictures) < fewestPictures {
		return nil, fewPictures(len(pictures))
	}
	sum, v := make([]float64, features.Dim()), make([]float32, features.Dim())
	for _, p := range pictures {
		if err := features.Read(p.Hash, v); err != nil {
			return nil, fmt.Errorf("picture %s: %w", p.Path, err)
		}
		for k, x := range v {
			sum[k] += float64(x)
		}
	}
	for k := range sum {
		sum[k] /= float64(len(pictures))
	}
	return rounded(sum), nil
}

// shrinkage is the share of a sphere in the covariance that whitening inverts. It
// is declared, not fitted.
const shrinkage = 0.5

// whiten centres, and shrinks the axes along which the reference pictures vary
// most: it multiplies by the inverse root of (1-s) covariance + s mean variance,
// but for a factor that changes no cosine.
func whiten(rows [][]float32, mean []float32) (Part, error) {
	subtract(rows, mean)
	axes, variances, trace, err := principal(rows, len(rows))
	if err != nil {
		return Part{}, err
	}
	sphere := shrinkage * trace / float64(len(mean))
	p := Part{Shift: mean, Axes: axes}
	for _, v := range variances {
		p.Gains = append(p.Gains, float32(math.Sqrt(sphere/((1-shrinkage)*v+sphere))-1))
	}
	return p, nil
}

func subtract(rows [][]float32, mean []float32) {
	for _, row := range rows {
		for k, shift := range mean {
			row[k] -= shift
		}
	}
}

// principal are the directions, at most so many, along which centred rows vary most,
// each of length 1, their variances, the largest first, and the sum of all variances.
// Pictures are fewer than dimensions, so that the directions come from the
// products of pictures with one another.
func principal(rows [][]float32, most int) (axes [][]float32, variances []float64, trace float64, err error) {
	n := len(rows)
	gram := mat.NewSymDense(n, nil)
	pairs := allPairs(n)
	for k, product := range match.Dot.Pairs(rows, pairs) {
		gram.SetSym(int(pairs[k][0]), int(pairs[k][1]), product/float64(n))
	}
	for i := range n {
		trace += gram.At(i, i)
	}
	var eigen mat.EigenSym
	if !(trace > 0) || !eigen.Factorize(gram, true) {
		return nil, nil, 0, doNotVary("", n)
	}
	values := eigen.Values(nil)
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	for i := n - 1; i >= max(0, n-most) && values[i] > negligible*values[n-1]; i-- {
		axis := make([]float64, len(rows[0]))
		for j, row := range rows {
			w := vectors.At(j, i) / math.Sqrt(float64(n)*values[i])
			for k, x := range row {
				axis[k] += w * float64(x)
			}
		}
		axes, variances = append(axes, rounded(axis)), append(variances, values[i])
	}
	return axes, variances, trace, nil
}

// allPairs are those of n rows, each with itself, too.
func allPairs(n int) (pairs [][2]int32) {
	for i := range int32(n) {
		for j := range i + 1 {
			pairs = append(pairs, [2]int32{j, i})
		}
	}
	return pairs
}

// negligible is the share of the largest variance below which a direction is rounding.
const negligible = 1e-9

// Principal are the directions, at most so many, along which pictures vary most
// around a mean, each of length 1. Of more than 100 pictures, 100 are taken.
func Principal(features match.Features, pictures []*stimuli.Picture, mean []float32, most int) ([][]float32, error) {
	rows, err := read(features, spread(pictures, blendPictures))
	if err != nil {
		return nil, err
	}
	subtract(rows, mean)
	axes, _, _, err := principal(rows, most)
	return axes, err
}

// classPart turns logits into the mean vector of the classes, weighted by their
// probabilities. As with features, what all classes share is taken away: the mean
// of the classes' vectors. Classes without a vector add nothing.
func classPart(words Words) Part {
	mean, known := make([]float64, words.Dim), 0
	for _, v := range words.Classes {
		if v != nil {
			known++
			for k, x := range v {
				mean[k] += float64(x)
			}
		}
	}
	p := Part{Classes: len(words.Classes)}
	for _, v := range words.Classes {
		row := make([]float32, words.Dim)
		for k := range v {
			row[k] = float32(float64(v[k]) - mean[k]/float64(known))
		}
		p.Matrix = append(p.Matrix, row)
	}
	return p
}

// blendPictures is how many reference pictures the spread of cosines is taken of.
const blendPictures = 100

// blend joins two parts so that both similarities have the same spread over all
// pairs of some reference pictures, times the weight for the second.
func blend(a, b Part, weight float64, outputs Outputs, reference []*stimuli.Picture) (Operator, error) {
	reference = spread(reference, blendPictures)
	parts := []Part{a, b}
	for i := range parts {
		sd, err := spreadOf(parts[i], outputs, reference)
		if err != nil {
			return Operator{}, err
		}
		if !(sd > 0) {
			return Operator{}, doNotVary("similarities of the ", len(reference))
		}
		share := 1 / sd
		if i == 1 {
			share *= weight
		}
		parts[i].Weight = float32(math.Sqrt(share))
	}
	return Operator{Parts: parts}, nil
}

// spreadOf is the standard deviation of the cosines of all pairs of pictures.
func spreadOf(p Part, outputs Outputs, pictures []*stimuli.Picture) (float64, error) {
	vectors, err := Operator{Parts: []Part{p}}.Over(outputs)
	if err != nil {
		return 0, err
	}
	rows, err := read(vectors, pictures)
	if err != nil {
		return 0, err
	}
	var pairs [][2]int32
	for i := range rows {
		for j := range i {
			pairs = append(pairs, [2]int32{int32(i), int32(j)})
		}
	}
	cosines := match.Cosine.Pairs(rows, pairs)
	mean, square := 0.0, 0.0
	for _, c := range cosines {
		mean += c / float64(len(cosines))
	}
	for _, c := range cosines {
		square += float64((c-mean)*(c-mean)) / float64(len(cosines))
	}
	return math.Sqrt(square), nil
}
