package match

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// mostWhitened is the number of pictures up to which noise is measured: its time grows
// with the cube.
const mostWhitened = 3000

// NoiseError says why the noise of features cannot be measured.
type NoiseError struct{ Why string }

func (e *NoiseError) Error() string { return "the noise of the features cannot be measured: " + e.Why }

// whitened brings vectors, item by item, to a space in which their noise is alike in all
// directions. Noise is what is left of a picture's vector without the mean of its item;
// its covariance is shrunk to its diagonal (Schäfer & Strimmer 2005). Dimensions that
// never vary are left out. The covariance is never written out: all follows from the
// products of residuals.
func whitened(vectors [][]float64, folds int) ([][]float64, error) {
	n := len(vectors)
	if n > mostWhitened {
		return nil, &NoiseError{fmt.Sprintf("that takes too long for more than %d pictures, and there are %d", mostWhitened, n)}
	}
	residuals := residualsOf(vectors, folds)
	degrees := float64(n - n/folds)
	vectors, residuals, err := standardised(vectors, residuals, degrees)
	if err != nil {
		return nil, err
	}
	gram := mat.NewSymDense(n, nil)
	inParts(n, func(i int) {
		for j := i; j < n; j++ {
			gram.SetSym(i, j, floats.Dot(residuals[i], residuals[j]))
		}
	})
	shrink := shrinkage(gram, residuals, degrees)
	if shrink == 0 {
		return nil, &NoiseError{"its covariance is singular"}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(gram, true) {
		return nil, &NoiseError{"its covariance has no eigenvalues"}
	}
	var u mat.Dense
	eigen.VectorsTo(&u)
	return turned(vectors, directions(residuals, &u, eigen.Values(nil)), shrink, degrees), nil
}

func residualsOf(vectors [][]float64, folds int) [][]float64 {
	residuals := make([][]float64, len(vectors))
	for first := 0; first < len(vectors); first += folds {
		mean := make([]float64, len(vectors[0]))
		for _, v := range vectors[first : first+folds] {
			floats.AddScaled(mean, 1/float64(folds), v)
		}
		for i := first; i < first+folds; i++ {
			residuals[i] = floats.SubTo(make([]float64, len(mean)), vectors[i], mean)
		}
	}
	return residuals
}

// standardised divides each dimension by the deviation of its noise.
func standardised(vectors, residuals [][]float64, degrees float64) (scaled, noise [][]float64, err error) {
	var kept []int
	var deviation []float64
	for k := range vectors[0] {
		squares, varies := 0.0, false
		for i := range vectors {
			squares += residuals[i][k] * residuals[i][k]
			varies = varies || vectors[i][k] != vectors[0][k]
		}
		switch {
		case squares > 0:
			kept, deviation = append(kept, k), append(deviation, math.Sqrt(squares/degrees))
		case varies:
			return nil, nil, &NoiseError{fmt.Sprintf("dimension %d differs between items and never within one", k+1)}
		}
	}
	if len(kept) == 0 {
		return nil, nil, &NoiseError{"no dimension varies"}
	}
	scale := func(list [][]float64) [][]float64 {
		out := make([][]float64, len(list))
		for i, v := range list {
			out[i] = make([]float64, len(kept))
			for to, k := range kept {
				out[i][to] = v[k] / deviation[to]
			}
		}
		return out
	}
	return scale(vectors), scale(residuals), nil
}

// shrinkage is the weight of the diagonal: the summed variances of the correlations over
// their summed squares, of standardised residuals.
func shrinkage(gram *mat.SymDense, residuals [][]float64, degrees float64) float64 {
	n, dimensions := float64(len(residuals)), float64(len(residuals[0]))
	all, products, own := 0.0, 0.0, 0.0
	for i, r := range residuals {
		for j := range residuals {
			all += gram.At(i, j) * gram.At(i, j) // the summed squares of Σ z z', over every two dimensions
		}
		products += gram.At(i, i) * gram.At(i, i)
		for _, z := range r {
			own += z * z * z * z
		}
	}
	diagonal := dimensions * degrees * degrees
	squares := (all - diagonal) / (degrees * degrees)
	variances := n / ((n - 1) * degrees * degrees) * ((products - own) - (all-diagonal)/n)
	if squares <= 0 {
		return 1
	}
	return max(0, min(1, variances/squares))
}

// direction is one in which noise lies, of unit length, and its summed square there.
type direction struct {
	unit   []float64
	square float64
}

func directions(residuals [][]float64, u *mat.Dense, squares []float64) (list []direction) {
	most := squares[len(squares)-1]
	for j, square := range squares {
		if square <= 1e-12*most {
			continue
		}
		unit := make([]float64, len(residuals[0]))
		for i, r := range residuals {
			floats.AddScaled(unit, u.At(i, j)/math.Sqrt(square), r)
		}
		list = append(list, direction{unit, square})
	}
	return list
}

// turned multiplies vectors by the inverse root of the shrunk covariance.
func turned(vectors [][]float64, noise []direction, shrink, degrees float64) [][]float64 {
	out := make([][]float64, len(vectors))
	inParts(len(vectors), func(i int) {
		v := floats.ScaleTo(make([]float64, len(vectors[i])), 1/math.Sqrt(shrink), vectors[i])
		for _, d := range noise {
			along := math.Sqrt(shrink/(shrink+(1-shrink)*d.square/degrees)) - 1
			floats.AddScaled(v, along*floats.Dot(d.unit, vectors[i])/math.Sqrt(shrink), d.unit)
		}
		out[i] = v
	})
	return out
}
