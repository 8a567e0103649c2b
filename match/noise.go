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

// fewestNoisy is the number of items from which on noise is measured: two are left out,
// and of one alone no shrinkage can be told.
const fewestNoisy = 4

// NoiseError says why the noise of features cannot be measured.
type NoiseError struct{ Why string }

func (e *NoiseError) Error() string { return "the noise of the features cannot be measured: " + e.Why }

// noise is what differs within items: the residuals of pictures from the mean of their
// item. The covariance that whitens two items is that of the other items, shrunk to a
// sphere (Ledoit & Wolf 2004). So it knows nothing of the two, and items that do not
// differ are at distance 0 on average. No covariance is written out: all follows from
// products, along the directions in which all residuals lie.
type noise struct {
	folds, dimensions int
	gram              *mat.SymDense // products of residuals
	rows              []float64     // summed squares of each row of gram
	all               float64       // of rows
	squares           []float64     // of residuals, by direction
	along             [][]float64   // by picture and direction
	across            *mat.SymDense // products of what no direction holds
}

// newNoise takes pictures' vectors item by item, and centres them in place.
func newNoise(vectors [][]float64, folds int) (*noise, error) {
	count := len(vectors)
	switch {
	case count > mostWhitened:
		return nil, &NoiseError{fmt.Sprintf("that takes too long for more than %d pictures, and there are %d", mostWhitened, count)}
	case count < fewestNoisy*folds:
		return nil, &NoiseError{fmt.Sprintf("that of two items is measured on the others, which takes %d items; there are %d", fewestNoisy, count/folds)}
	}
	centre := meanOf(vectors)
	for _, v := range vectors {
		floats.Sub(v, centre)
	}
	residuals := residualsOf(vectors, folds)
	n := &noise{folds: folds, dimensions: len(centre), gram: products(residuals), rows: make([]float64, count)}
	for i := range n.rows {
		for j := range count {
			n.rows[i] += n.gram.At(i, j) * n.gram.At(i, j)
		}
		n.all += n.rows[i]
	}
	if n.all == 0 {
		return nil, &NoiseError{"pictures of one item do not differ"}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(n.gram, true) {
		return nil, &NoiseError{"its covariance has no eigenvalues"}
	}
	var u mat.Dense
	eigen.VectorsTo(&u)
	n.turn(vectors, residuals, &u, eigen.Values(nil))
	return n, nil
}

func meanOf(vectors [][]float64) []float64 {
	mean := make([]float64, len(vectors[0]))
	for _, v := range vectors {
		floats.AddScaled(mean, 1/float64(len(vectors)), v)
	}
	return mean
}

func residualsOf(vectors [][]float64, folds int) [][]float64 {
	residuals := make([][]float64, len(vectors))
	for first := 0; first < len(vectors); first += folds {
		mean := meanOf(vectors[first : first+folds])
		for i := first; i < first+folds; i++ {
			residuals[i] = floats.SubTo(make([]float64, len(mean)), vectors[i], mean)
		}
	}
	return residuals
}

func products(vectors [][]float64) *mat.SymDense {
	gram := mat.NewSymDense(len(vectors), nil)
	inParts(len(vectors), func(i int) {
		for j := i; j < len(vectors); j++ {
			gram.SetSym(i, j, floats.Dot(vectors[i], vectors[j]))
		}
	})
	return gram
}

// turn fills squares, along and across: the directions are the residuals' principal axes.
func (n *noise) turn(vectors, residuals [][]float64, u *mat.Dense, squares []float64) {
	most := squares[len(squares)-1]
	var directions [][]float64
	for j, square := range squares {
		if square <= 1e-12*most {
			continue
		}
		unit := make([]float64, n.dimensions)
		for i, r := range residuals {
			floats.AddScaled(unit, u.At(i, j)/math.Sqrt(square), r)
		}
		directions, n.squares = append(directions, unit), append(n.squares, square)
	}
	n.along = make([][]float64, len(vectors))
	rest := make([][]float64, len(vectors))
	inParts(len(vectors), func(i int) {
		n.along[i], rest[i] = make([]float64, len(directions)), append([]float64(nil), vectors[i]...)
		for e, unit := range directions {
			n.along[i][e] = floats.Dot(vectors[i], unit)
			floats.AddScaled(rest[i], -n.along[i][e], unit)
		}
	})
	n.across = products(rest)
}

// shrunk is the covariance of the noise of all items but those whose pictures are left
// out: sphere times the identity and weight times the summed products of residuals.
func (n *noise) shrunk(leftOut []int) (sphere, weight float64, err error) {
	trace, own, squares := 0.0, 0.0, n.all
	out := make([]bool, len(n.rows))
	for _, i := range leftOut {
		out[i], squares = true, squares-2*n.rows[i]
		for _, j := range leftOut {
			squares += n.gram.At(i, j) * n.gram.At(i, j)
		}
	}
	for i := range out {
		if g := n.gram.At(i, i); !out[i] {
			trace, own = trace+g, own+g*g
		}
	}
	if squares <= 1e-10*n.all { // too little is left of the subtraction
		return 0, 0, &NoiseError{"two items hold all of it"}
	}
	p, count := float64(n.dimensions), float64(len(n.rows)-len(leftOut))
	degrees := count - count/float64(n.folds)
	covariance := squares / (count * count) // its summed squares
	distance := covariance - trace*trace/(count*count*p)
	share := 1.0 // of the sphere
	if chance := (own/count - covariance) / count; distance > chance {
		share = chance / distance
	}
	if !(share > 1e-12) {
		return 0, 0, &NoiseError{"its covariance is singular"}
	}
	return share * trace / (degrees * p), (1 - share) / degrees, nil
}

// whitened are the products of the pictures of two items after whitening.
func (n *noise) whitened(pictures []int) (*mat.Dense, error) {
	sphere, weight, err := n.shrunk(pictures)
	if err != nil {
		return nil, err
	}
	inverse := make([]float64, len(n.squares))
	for e, square := range n.squares {
		inverse[e] = 1 / (sphere + weight*square)
	}
	size := len(pictures)
	all := mat.NewDense(size, size, nil) // by the noise of all items
	for a, i := range pictures {
		for b, j := range pictures[:a+1] {
			sum := n.across.At(i, j) / sphere
			for e, scale := range inverse {
				sum += n.along[i][e] * n.along[j][e] * scale
			}
			all.Set(a, b, sum)
			all.Set(b, a, sum)
		}
	}
	// The two items' own residuals are taken out of the inverse (Woodbury's identity).
	residual := withinItems(size, n.folds)
	var left, core, solved, change mat.Dense
	left.Mul(residual, all)
	core.Mul(&left, residual)
	core.Scale(-weight, &core)
	for a := range size {
		core.Set(a, a, 1+core.At(a, a))
	}
	if err := solved.Solve(&core, &left); err != nil {
		return nil, &NoiseError{"two items hold all of it"}
	}
	change.Mul(left.T(), &solved)
	change.Scale(weight, &change)
	all.Add(all, &change)
	return all, nil
}

// withinItems is the matrix that takes the mean of its item from each picture.
func withinItems(size, folds int) *mat.Dense {
	m := mat.NewDense(size, size, nil)
	for a := range size {
		for b := a - a%folds; b < a-a%folds+folds; b++ {
			m.Set(a, b, -1/float64(folds))
		}
		m.Set(a, a, 1-1/float64(folds))
	}
	return m
}

// distance is the crossnobis distance of two items by dimension, given their pictures'
// places: a's, then b's. As crossvalidated, of products.
func (n *noise) distance(a, b int) (float64, error) {
	pictures := make([]int, 2*n.folds)
	for fold := range n.folds {
		pictures[fold], pictures[n.folds+fold] = a+fold, b+fold
	}
	w, err := n.whitened(pictures)
	if err != nil {
		return 0, err
	}
	total := 0.0
	for k := range n.folds {
		for l := range n.folds {
			if k != l {
				total += w.At(k, l) + w.At(n.folds+k, n.folds+l) - w.At(k, n.folds+l) - w.At(n.folds+k, l)
			}
		}
	}
	return total / float64(n.folds*(n.folds-1)*n.dimensions), nil
}
