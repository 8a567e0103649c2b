package match

import (
	"runtime"

	"golang.org/x/sync/errgroup"
	"gonum.org/v1/gonum/floats"
)

// Pairs lie anywhere among the vectors, so that whole vectors would come from
// memory again and again. Sums are therefore made for blockDims dimensions at a
// time, and pair by pair in tiles of tileRows neighbouring rows: blocks of two
// tiles, 2 x 192 x 256 float64, fit into the cache of a core. Blocks are the
// same whatever the size, so that a pair has the same bits in any company.
const (
	blockDims = 256
	tileRows  = 192
)

// pairSums is the state of one Pairs.
type pairSums struct {
	rows   [][]float32
	means  []float64 // subtracted from the rows; nil: nothing is
	term   func(a, b []float64) float64
	pairs  [][2]int32 // pairs of the same two tiles one after the other
	place  []int32    // of these among the caller's
	sums   []float64  // by pair
	square []float64  // by row: the sum of squares
	block  []float64  // of each row, one behind the other
}

// Pairs returns the similarity of each pair of rows, by index. Rows have one
// length and are not changed. Everything is summed in float64, from values
// that are exact in it but for the centring of Pearson and Spearman; the
// outcome does not depend on the number of cores.
func (m Measure) Pairs(rows [][]float32, pairs [][2]int32) []float64 {
	s := &pairSums{rows: rows, term: floats.Dot, sums: make([]float64, len(pairs)), square: make([]float64, len(rows))}
	switch m {
	case Spearman:
		s.rows = make([][]float32, len(rows))
		inParts(len(rows), func(i int) { s.rows[i] = ranks(rows[i]) })
		s.centre()
	case Pearson:
		s.centre()
	case Euclidean:
		s.term = squaredDistance
	}
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
func (s *pairSums) sort(pairs [][2]int32) {
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

func (s *pairSums) centre() {
	s.means = make([]float64, len(s.rows))
	inParts(len(s.rows), func(i int) { s.means[i] = mean(s.rows[i]) })
}

// sum adds up the terms of all pairs, block by block.
func (s *pairSums) sum() {
	if len(s.rows) == 0 {
		return
	}
	dim := len(s.rows[0])
	s.block = make([]float64, len(s.rows)*min(dim, blockDims))
	for from := 0; from < dim; from += blockDims {
		width := min(blockDims, dim-from)
		row := func(i int32) []float64 { return s.block[int(i)*width : (int(i)+1)*width] }
		inParts(len(s.rows), func(i int) {
			values := row(int32(i))
			s.fill(values, i, from)
			s.square[i] += floats.Dot(values, values)
		})
		inParts(len(s.pairs), func(i int) {
			s.sums[i] += s.term(row(s.pairs[i][0]), row(s.pairs[i][1]))
		})
	}
}

func (s *pairSums) fill(values []float64, row, from int) {
	shift := 0.0
	if s.means != nil {
		shift = s.means[row]
	}
	for k, v := range s.rows[row][from : from+len(values)] {
		values[k] = float64(v) - shift
	}
}

// squaredDistance adds in two strands, which a processor works at side by side.
func squaredDistance(a, b []float64) float64 {
	var even, odd float64
	b = b[:len(a)]
	i := 0
	for ; i+1 < len(a); i += 2 {
		d, e := a[i]-b[i], a[i+1]-b[i+1]
		even += float64(d * d) // the conversion forbids a fused multiply-add, which would give other bits on other processors
		odd += float64(e * e)
	}
	if i < len(a) {
		d := a[i] - b[i]
		even += float64(d * d)
	}
	return even + odd
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
