package space

import (
	"errors"
	"fmt"
	"math"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/stimuli"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// Gram holds the products of the features of all pictures with one another. What is
// centred or whitened by some of them follows from it without their vectors, which
// is what makes many folds cheap.
type Gram struct {
	place    map[stimuli.Hash]int
	products *mat.SymDense
}

// NewGram multiplies the features of all pictures with one another.
func NewGram(features match.Features, pictures []*stimuli.Picture) (*Gram, error) {
	pictures = distinct(pictures)
	rows, err := read(features, pictures)
	if err != nil {
		return nil, err
	}
	g := &Gram{place: map[stimuli.Hash]int{}, products: mat.NewSymDense(len(rows), nil)}
	var pairs [][2]int32
	for i, p := range pictures {
		g.place[p.Hash] = i
		for j := range i + 1 {
			pairs = append(pairs, [2]int32{int32(j), int32(i)})
		}
	}
	for k, product := range match.Dot.Pairs(rows, pairs) {
		g.products.SetSym(int(pairs[k][0]), int(pairs[k][1]), product)
	}
	return g, nil
}

// places are the numbers of pictures.
func (g *Gram) places(pictures []*stimuli.Picture) ([]int, error) {
	places := make([]int, len(pictures))
	for i, p := range pictures {
		at, known := g.place[p.Hash]
		if !known {
			return nil, fmt.Errorf("picture %s has no products", p.Path)
		}
		places[i] = at
	}
	return places, nil
}

// cosines are those of a picture with others, but for itself.
func (g *Gram) cosines(p *stimuli.Picture, others []*stimuli.Picture) ([]float64, error) {
	places, err := g.places(append([]*stimuli.Picture{p}, others...))
	if err != nil {
		return nil, err
	}
	var list []float64
	for _, at := range places[1:] {
		if at != places[0] {
			list = append(list, cosineOf(g.products.At(places[0], at), g.products.At(places[0], places[0]), g.products.At(at, at)))
		}
	}
	return list, nil
}

// cosineOf is that of two vectors, given their product and their squares; 0 where one
// has no direction.
func cosineOf(product, a, b float64) float64 {
	if !(a > 0 && b > 0) {
		return 0
	}
	return max(-1, min(1, product/math.Sqrt(a*b)))
}

// whitened are the choices after whitening by reference pictures. With X their centred
// features, the cosines are those of the products I - X'(t I + X X')^-1 X, a factor
// left out: one Cholesky factor in place of all directions.
func (g *Gram) whitened(triplets []stimuli.Triplet, reference []*stimuli.Picture, dim int) ([]match.Choice, error) {
	if len(reference) < fewestPictures {
		return nil, fewPictures(len(reference))
	}
	var shown []*stimuli.Picture
	for i := range triplets {
		for _, p := range triplets[i].Shown() {
			shown = append(shown, p)
		}
	}
	shown = distinct(shown)
	places, err := g.places(append(reference[:len(reference):len(reference)], shown...))
	if err != nil {
		return nil, err
	}
	n, m := len(reference), len(shown)
	centred, trace := g.centred(places, n)
	if !(trace > 0) {
		return nil, fmt.Errorf("the %d reference pictures do not vary", n)
	}
	inner := mat.NewSymDense(n, nil)
	inner.CopySym(centred.SliceSym(0, n))
	sphere := shrinkage * trace / float64(n) / float64(dim)
	for i := range n {
		inner.SetSym(i, i, inner.At(i, i)+float64(n)*sphere/(1-shrinkage))
	}
	var factor mat.Cholesky
	if !factor.Factorize(inner) {
		return nil, errors.New("the reference pictures cannot be whitened")
	}
	var lower mat.TriDense
	factor.LTo(&lower)
	taken := mat.NewDense(n, m, nil) // L^-1 X Y'
	for i := range n {
		for j := range m {
			taken.Set(i, j, centred.At(i, n+j))
		}
	}
	blas64.Trsm(blas.Left, blas.NoTrans, 1, lower.RawTriangular(), taken.RawMatrix())
	left := mat.NewSymDense(m, nil)
	left.SymOuterK(-1, taken.T())
	at := map[stimuli.Hash]int{}
	for i, p := range shown {
		at[p.Hash] = i
	}
	product := func(a, b *stimuli.Picture) float64 {
		i, j := at[a.Hash], at[b.Hash]
		return left.At(i, j) + centred.At(n+i, n+j)
	}
	choices := make([]match.Choice, len(triplets))
	for i := range triplets {
		t := &triplets[i]
		cosine := func(other *stimuli.Picture) float64 {
			return cosineOf(product(t.Target, other), product(t.Target, t.Target), product(other, other))
		}
		choices[i] = match.Choice{Triplet: t, Related: cosine(t.Related), Unrelated: cosine(t.Unrelated)}
	}
	return choices, nil
}

// centred are the products at some places after the mean of the first n is taken
// away, and the sum of the squares of these n.
func (g *Gram) centred(places []int, n int) (*mat.SymDense, float64) {
	all := len(places)
	means, mean := make([]float64, all), 0.0 // of each one's products with the first n
	for i, at := range places {
		for _, other := range places[:n] {
			means[i] += g.products.At(at, other)
		}
		means[i] /= float64(n)
	}
	for _, m := range means[:n] {
		mean += m / float64(n)
	}
	centred, trace := mat.NewSymDense(all, nil), 0.0
	for i, at := range places {
		for j := i; j < all; j++ {
			centred.SetSym(i, j, g.products.At(at, places[j])-means[i]-means[j]+mean)
		}
		if i < n {
			trace += centred.At(i, i)
		}
	}
	return centred, trace
}
