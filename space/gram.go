package space

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/stimuli"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
	"gonum.org/v1/gonum/mat"
)

// Gram holds the products of the features of all pictures with one another. What is
// centred or whitened by some of them follows from it without their vectors, which
// is what makes many folds cheap.
type Gram struct {
	place    map[stimuli.Hash]int
	products *mat.SymDense
	common   func() *tridiagonal // of the products around the mean of all
}

// NewGram multiplies the features of all pictures with one another.
func NewGram(features match.Features, pictures []*stimuli.Picture) (*Gram, error) {
	pictures = distinct(pictures)
	rows, err := read(features, pictures)
	if err != nil {
		return nil, err
	}
	g := &Gram{place: map[stimuli.Hash]int{}, products: mat.NewSymDense(len(rows), nil)}
	for i, p := range pictures {
		g.place[p.Hash] = i
	}
	pairs := allPairs(len(rows))
	for k, product := range match.Dot.Pairs(rows, pairs) {
		g.products.SetSym(int(pairs[k][0]), int(pairs[k][1]), product)
	}
	g.common = sync.OnceValue(func() *tridiagonal {
		centred, _ := g.centred(g.others(nil), len(rows))
		return newTridiagonal(centred)
	})
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
// features, the cosines are those of the products I - X'(c I + X X')^-1 X, a factor
// left out, so that no directions are needed.
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
	kept, err := g.places(reference)
	if err != nil {
		return nil, err
	}
	asked, err := g.places(shown)
	if err != nil {
		return nil, err
	}
	products, err := g.whitenedProducts(kept, asked, dim)
	if err != nil {
		return nil, err
	}
	at := map[stimuli.Hash]int{}
	for i, p := range shown {
		at[p.Hash] = i
	}
	cosine := func(a, b *stimuli.Picture) float64 {
		i, j := at[a.Hash], at[b.Hash]
		return cosineOf(products.At(i, j), products.At(i, i), products.At(j, j))
	}
	choices := make([]match.Choice, len(triplets))
	for i := range triplets {
		t := &triplets[i]
		choices[i] = match.Choice{Triplet: t, Related: cosine(t.Target, t.Related), Unrelated: cosine(t.Target, t.Unrelated)}
	}
	return choices, nil
}

// whitenedProducts are those of the pictures asked for with one another. Where the
// pictures kept are most of all, as in the folds of a trial, they come from what is
// common to all folds.
func (g *Gram) whitenedProducts(kept, asked []int, dim int) (mat.Symmetric, error) {
	out := g.others(kept)
	apart := !slices.ContainsFunc(asked, func(at int) bool { return !slices.Contains(out, at) })
	if apart && len(out) < len(kept)/2 {
		return g.whitenedApart(kept, out, asked, dim)
	}
	return g.whitenedAlone(kept, asked, dim)
}

// whitenedAlone are those around the mean of the pictures kept, by their own factor.
func (g *Gram) whitenedAlone(kept, asked []int, dim int) (mat.Symmetric, error) {
	n, m := len(kept), len(asked)
	centred, trace := g.centred(slices.Concat(kept, asked), n)
	sphere, err := sphereOf(trace, n, dim)
	if err != nil {
		return nil, err
	}
	inner := mat.NewSymDense(n, nil)
	inner.CopySym(centred.SliceSym(0, n))
	for i := range n {
		inner.SetSym(i, i, inner.At(i, i)+sphere)
	}
	factor, ok := lapack64.Potrf(inner.RawSymmetric()) // U'U
	if !ok {
		return nil, errWhitening
	}
	taken := mat.NewDense(n, m, nil) // U'^-1 X Y'
	for i := range n {
		for j := range m {
			taken.Set(i, j, centred.At(i, n+j))
		}
	}
	blas64.Trsm(blas.Left, blas.Trans, 1, factor, taken.RawMatrix())
	products := mat.NewSymDense(m, nil)
	products.SymOuterK(-1, taken.T())
	for i := range m {
		for j := i; j < m; j++ {
			products.SetSym(i, j, products.At(i, j)+centred.At(n+i, n+j))
		}
	}
	return products, nil
}

const errWhitening = Unfit("the reference pictures cannot be whitened")

// sphereOf is what is added to the products of n reference pictures, given the sum of
// their squares.
func sphereOf(trace float64, n, dim int) (float64, error) {
	if !(trace > 0) {
		return 0, doNotVary("", n)
	}
	return shrinkage / (1 - shrinkage) * trace / float64(dim), nil
}

// others are the places that are not among those given.
func (g *Gram) others(places []int) (list []int) {
	given := make([]bool, g.products.SymmetricDim())
	for _, at := range places {
		given[at] = true
	}
	for at, is := range given {
		if !is {
			list = append(list, at)
		}
	}
	return list
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
