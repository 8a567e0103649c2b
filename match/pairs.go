package match

import (
	"runtime"

	"golang.org/x/sync/errgroup"
	"gonum.org/v1/gonum/floats"
)

// Pairs lie anywhere among the vectors, so that whole vectors would come from
// memory again and again. Sums are therefore made for blockDims dimensions at a
// time, and pair by pair in tiles of tileRows neighbouring rows: blocks of two
// tiles, 2 x 256 x 256 float32, stay in the cache of a core. Blocks are the same
// whatever the size, so that a pair has the same bits in any company.
const (
	blockDims = 256
	tileRows  = 256
)

// pairSums is the state of one Pairs, on values of float32 where these are
// exact: half as many bytes come from memory.
type pairSums[T float32 | float64] struct {
	rows   [][]float32
	means  []float64 // subtracted from the rows; nil: nothing is
	dot    func(a, b []T) float64
	term   func(a, b []T) float64 // what is summed over the dimensions
	pairs  [][2]int32             // pairs of the same two tiles one after the other
	place  []int32                // of these among the caller's
	sums   []float64              // by pair
	square []float64              // by row: the sum of squares
	block  []T                    // of each row, one behind the other, with zeros up to whole strands
}

// Pairs returns the similarity of each pair of rows, by index. Rows have one
// length and are not changed. Everything is summed in float64, from values
// that are exact in it but for the centring of Pearson and Spearman; the
// outcome does not depend on the number of cores.
func (m Measure) Pairs(rows [][]float32, pairs [][2]int32) []float64 {
	switch m {
	case Spearman:
		ranked := make([][]float32, len(rows))
		inParts(len(rows), func(i int) { ranked[i] = ranks(rows[i]) })
		rows = ranked
		fallthrough
	case Pearson:
		s := &pairSums[float64]{rows: rows, means: make([]float64, len(rows)), dot: floats.Dot, term: floats.Dot}
		inParts(len(rows), func(i int) { s.means[i] = mean(rows[i]) })
		return s.similarities(m, pairs)
	case Euclidean:
		return (&pairSums[float32]{rows: rows, dot: dot, term: squaredDistance}).similarities(m, pairs)
	}
	return (&pairSums[float32]{rows: rows, dot: dot, term: dot}).similarities(m, pairs)
}

func (s *pairSums[T]) similarities(m Measure, pairs [][2]int32) []float64 {
	s.sort(pairs)
	s.sum()
	similarities := make([]float64, len(pairs))
	inParts(len(pairs), func(k int) {
		a, b := s.pairs[k][0], s.pairs[k][1]
		similarities[s.place[k]] = m.finish(s.sums[k], s.square[a], s.square[b])
	})
	return similarities
}

// sort brings together, by counting, the pairs of the same two tiles.
func (s *pairSums[T]) sort(pairs [][2]int32) {
	tiles := len(s.rows)/tileRows + 1
	key := func(p [2]int32) int { return int(p[0])/tileRows*tiles + int(p[1])/tileRows }
	next := make([]int32, tiles*tiles+1)
	for _, p := range pairs {
		next[key(p)+1]++
	}
	for i := 1; i < len(next); i++ {
		next[i] += next[i-1]
	}
	s.pairs, s.place = make([][2]int32, len(pairs)), make([]int32, len(pairs))
	for i, p := range pairs {
		k := next[key(p)]
		next[key(p)]++
		s.pairs[k], s.place[k] = p, int32(i)
	}
}

// sum adds up the terms of all pairs, block by block.
func (s *pairSums[T]) sum() {
	s.sums, s.square = make([]float64, len(s.pairs)), make([]float64, len(s.rows))
	if len(s.rows) == 0 {
		return
	}
	dim := len(s.rows[0])
	stride := (min(dim, blockDims) + strands - 1) / strands * strands
	row := func(i int32) []T { return s.block[int(i)*stride:][:stride] }
	s.block = make([]T, len(s.rows)*stride)
	for from := 0; from < dim; from += blockDims {
		inParts(len(s.rows), func(i int) {
			values := row(int32(i))
			s.fill(values, i, from)
			s.square[i] += s.dot(values, values)
		})
		inParts(len(s.pairs), func(i int) {
			s.sums[i] += s.term(row(s.pairs[i][0]), row(s.pairs[i][1]))
		})
	}
}

func (s *pairSums[T]) fill(values []T, row, from int) {
	shift := 0.0
	if s.means != nil {
		shift = s.means[row]
	}
	part := s.rows[row][from:]
	part = part[:min(len(part), len(values))]
	for k, v := range part {
		values[k] = T(float64(v) - shift)
	}
	clear(values[len(part):])
}

// squaredDistance adds in four strands, which a processor works at side by side.
// Squares of differences are not exact: the conversions forbid a fused
// multiply-add, which would give other bits on other processors.
func squaredDistance(a, b []float32) float64 {
	var s [4]float64
	for ; len(a) >= len(s); a, b = a[len(s):], b[len(s):] {
		x, y := (*[len(s)]float32)(a), (*[len(s)]float32)(b)
		d0, d1, d2, d3 := float64(x[0])-float64(y[0]), float64(x[1])-float64(y[1]), float64(x[2])-float64(y[2]), float64(x[3])-float64(y[3])
		s[0] += float64(d0 * d0)
		s[1] += float64(d1 * d1)
		s[2] += float64(d2 * d2)
		s[3] += float64(d3 * d3)
	}
	return (s[0] + s[1]) + (s[2] + s[3])
}

// inParts calls f for 0 to n-1 on all cores, each on a part of its own.
func inParts(n int, f func(i int)) {
	var g errgroup.Group
	workers := min(runtime.GOMAXPROCS(0), 1+n/256)
	for w := range workers {
		g.Go(func() error {
			for i := w * n / workers; i < (w+1)*n/workers; i++ {
				f(i)
			}
			return nil
		})
	}
	g.Wait()
}
