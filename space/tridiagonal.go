package space

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	lapack "gonum.org/v1/gonum/lapack/gonum"
	"gonum.org/v1/gonum/lapack/lapack64"
	"gonum.org/v1/gonum/mat"
)

// tridiagonal is a symmetric matrix A = Q T Q', T tridiagonal. Found once, it gives
// parts of (A + c I)^-1 for any c in the time of a product.
type tridiagonal struct {
	a                  *mat.SymDense
	q                  *mat.Dense
	diagonal, adjacent []float64
}

func newTridiagonal(a *mat.SymDense) *tridiagonal {
	n := a.SymmetricDim()
	t := &tridiagonal{a, mat.DenseCopyOf(a), make([]float64, n), make([]float64, n-1)}
	raw, tau, work := t.q.RawMatrix(), make([]float64, n-1), make([]float64, 1)
	reduce := func(room int) {
		lapack.Implementation{}.Dsytrd(blas.Lower, n, raw.Data, raw.Stride, t.diagonal, t.adjacent, tau, work, room)
	}
	reduce(-1) // asks for the room that it needs
	work = make([]float64, max(n, int(work[0])))
	reduce(len(work))
	lapack.Implementation{}.Dorgtr(blas.Lower, n, raw.Data, raw.Stride, tau, work, len(work))
	return t
}

// inverse is B'(A + c I)^-1 B, where the first columns of B choose places, the others
// are vectors.
func (t *tridiagonal) inverse(c float64, places []int, vectors ...[]float64) (*mat.SymDense, error) {
	n, m := len(t.diagonal), len(places)+len(vectors)
	pivots, below := make([]float64, n), append([]float64(nil), t.adjacent...)
	for i, d := range t.diagonal {
		pivots[i] = d + c
	}
	if !(lapack.Implementation{}.Dpttrf(n, pivots, below)) { // T + c I = L D L'
		return nil, errWhitening
	}
	turned := mat.NewDense(n, m, nil) // Q' B
	for k, at := range places {
		turned.SetCol(k, t.q.RawRowView(at))
	}
	for k, v := range vectors {
		var along mat.VecDense
		along.MulVec(t.q.T(), mat.NewVecDense(n, v))
		turned.SetCol(len(places)+k, along.RawVector().Data)
	}
	row := func(i int) blas64.Vector { return blas64.Vector{N: m, Inc: 1, Data: turned.RawRowView(i)} }
	for i := range n { // D^-1/2 L^-1 Q' B
		if i > 0 {
			blas64.Axpy(-below[i-1]*math.Sqrt(pivots[i-1]), row(i-1), row(i))
		}
		blas64.Scal(1/math.Sqrt(pivots[i]), row(i))
	}
	made := mat.NewSymDense(m, nil)
	made.SymOuterK(1, turned.T())
	return made, nil
}

// whitenedApart are the whitened products of the pictures asked for, which are among
// those left out. With G the products of all pictures around the mean of all, those
// around the mean of the ones kept are C = G + 1 g' + g 1' + d 1 1', and what is looked
// for is a Schur complement: the inverse of the part of (C + c I)^-1 left out, less c I.
func (g *Gram) whitenedApart(kept, out, asked []int, dim int) (mat.Symmetric, error) {
	all := g.common()
	size, n := len(all.diagonal), float64(len(kept))
	ones, shift := make([]float64, size), make([]float64, size)
	trace, distance := 0.0, 0.0 // of the means, squared
	for i := range size {
		ones[i] = 1
		for _, at := range kept {
			shift[i] -= all.a.At(i, at) / n
		}
	}
	for _, at := range kept {
		trace += all.a.At(at, at) + shift[at]
		distance -= shift[at] / n
	}
	sphere, err := sphereOf(trace, len(kept), dim)
	if err != nil {
		return nil, err
	}
	part, err := all.inverse(sphere, out, ones, shift)
	if err != nil {
		return nil, err
	}
	// By Woodbury: the part around the mean of all, less V S^-1 V'.
	m := len(out)
	s11, s12, s22 := part.At(m, m), 1+part.At(m, m+1), part.At(m+1, m+1)-distance
	determinant := s11*s22 - s12*s12
	inner := mat.NewSymDense(m, nil)
	for i := range m {
		a, b := part.At(i, m), part.At(i, m+1)
		for j := i; j < m; j++ {
			p, q := part.At(j, m), part.At(j, m+1)
			inner.SetSym(i, j, part.At(i, j)-(s22*a*p-s12*(a*q+b*p)+s11*b*q)/determinant)
		}
	}
	factor, ok := lapack64.Potrf(inner.RawSymmetric())
	if !ok {
		return nil, errWhitening
	}
	raw, ok := lapack64.Potri(factor)
	if !ok {
		return nil, errWhitening
	}
	inverse := mat.NewSymDense(m, raw.Data)
	products := mat.NewSymDense(len(asked), nil)
	for i, one := range asked {
		row, _ := slices.BinarySearch(out, one)
		for j, other := range asked[:i+1] {
			column, _ := slices.BinarySearch(out, other)
			products.SetSym(i, j, inverse.At(row, column))
		}
		products.SetSym(i, i, products.At(i, i)-sphere)
	}
	return products, nil
}
