package stats

import (
	"cmp"
	"math"
	"slices"
)

// mostFramed is the number of rows up to which the working model of frame is
// fitted. Above, what it corrects is far below the standard error itself.
const mostFramed = 50_000

// Rows are units of three pictures each, by number, with the pairs of pictures in
// them: places of first and second, first and third, second and third.
type Rows struct {
	Shown    [][3]int32
	Pair     [][3]int32
	Pictures int // numbers are below it
	Pairs    int // likewise
}

// subset is the rows at some places.
func (r Rows) subset(places []int32) Rows {
	some := Rows{Shown: make([][3]int32, len(places)), Pair: make([][3]int32, len(places)), Pictures: r.Pictures, Pairs: r.Pairs}
	for i, at := range places {
		some.Shown[i], some.Pair[i] = r.Shown[at], r.Pair[at]
	}
	return some
}

// dependence says how sure a mean over rows is that share pictures.
type dependence interface {
	// spread is the variance of the mean of rows whose centred values are given.
	spread(centred []float64) spread
	// equal is the number of independent rows worth as much, if all that share a
	// picture agreed.
	equal() float64
}

func (f *frame) equal() float64 { return f.units }

func (r Rows) dependence() dependence {
	if len(r.Shown) <= mostFramed {
		return newFrame(shown(r.Shown), nil)
	}
	return newWide(r)
}

// wide is the dependence of very many rows: the same sum of products over all pairs of
// rows that share a picture as in frame, by sums over pictures, pairs and triples
// of them. Degrees of freedom are the pictures worth as much, less one.
type wide struct {
	Rows
	repeats [][]int32 // rows that show the same three pictures, where there are several
	degrees float64
	units   float64
}

func newWide(r Rows) *wide {
	w := &wide{Rows: r, repeats: r.repeats()}
	times := make([]float64, r.Pictures)
	for _, row := range r.Shown {
		for _, picture := range row {
			times[picture]++
		}
	}
	sum, squares := 0.0, 0.0
	for _, n := range times {
		sum += n
		squares += n * n
	}
	w.degrees = max(1, sum*sum/squares-1)
	ones := slices.Repeat([]float64{1}, len(r.Shown))
	n := float64(len(r.Shown))
	w.units = n * n / w.square(ones)
	return w
}

func (w *wide) equal() float64 { return w.units }

func (w *wide) spread(centred []float64) spread {
	independent := 0.0
	for _, e := range centred {
		independent += e * e
	}
	n := float64(len(centred))
	return spread{
		variance: max(w.square(centred), independent) / (n * n) * (w.degrees + 1) / w.degrees,
		factor:   (w.degrees + 1) / w.degrees, degrees: w.degrees,
	}
}

// square is the sum of products over all pairs of rows that share a picture, a row
// with itself among them: by picture, less by pairs, plus by triples.
func (w *wide) square(x []float64) float64 {
	byPicture, byPair := make([]float64, w.Pictures), make([]float64, w.Pairs)
	triples := 0.0
	for i, e := range x {
		for k := range 3 {
			byPicture[w.Shown[i][k]] += e
			byPair[w.Pair[i][k]] += e
		}
		triples += e * e
	}
	for _, rows := range w.repeats {
		sum := 0.0
		for _, i := range rows {
			sum += x[i]
			triples -= x[i] * x[i]
		}
		triples += sum * sum
	}
	return sumOfSquares(byPicture) - sumOfSquares(byPair) + triples
}

func sumOfSquares(x []float64) float64 {
	sum := 0.0
	for _, value := range x {
		sum += value * value
	}
	return sum
}

// repeats groups the rows that show the same three pictures, in any order, where
// there are several.
func (r Rows) repeats() [][]int32 {
	keys := make([]indexedKey, len(r.Shown))
	for i, row := range r.Shown {
		keys[i] = indexedKey{r.triple(i, row), i}
	}
	if len(keys) < radixMinimum {
		slices.SortStableFunc(keys, func(a, b indexedKey) int { return cmp.Compare(a.key, b.key) })
	} else {
		keys = radixSorted(keys)
	}
	var groups [][]int32
	for first := 0; first < len(keys); {
		end := first + 1
		for end < len(keys) && keys[end].key == keys[first].key {
			end++
		}
		if end-first > 1 {
			group := make([]int32, 0, end-first)
			for _, key := range keys[first:end] {
				group = append(group, int32(key.index))
			}
			groups = append(groups, group)
		}
		first = end
	}
	return groups
}

// triple is a key of a row's three pictures whatever their order: the highest, and
// the place of the pair of the two others.
func (r Rows) triple(i int, row [3]int32) uint64 {
	highest := 0
	for k := range row {
		if row[k] > row[highest] {
			highest = k
		}
	}
	return uint64(row[highest])<<32 | uint64(r.Pair[i][2-highest])
}

// share is how sure the mean of n credits from 0 to 1 is, and its test against a
// null value, at the effective number of rows.
func share(p, null, n float64, in dependence, s spread, level float64) Evidence {
	switch {
	case in.equal() < fewestUnits:
		return missing(OneUnit)
	case !(s.variance > 0) && p > 0 && p < 1:
		return missing(AllTied)
	}
	effective := func(significance float64) float64 {
		if p == 0 || p == 1 {
			return in.equal() // in the worst case all that share a picture agree
		}
		plain, actual := studentCritical(significance, n-1), studentCritical(significance, s.degrees)
		return p * (1 - p) / (s.variance * (n - 1) / n) * (plain / actual) * (plain / actual)
	}
	at := func(significance float64) float64 {
		count := effective(significance)
		return binomialTwoTails(p*count, count, null)
	}
	count := effective(1 - level)
	e := Evidence{
		Interval: ClopperPearson(p*count, count, level), P: Number(fixedPoint(at)),
		SE: Number(math.Sqrt(s.variance)), Degrees: Number(s.degrees), Units: Number(count), Test: Effective,
	}
	if p == 0 || p == 1 { // no variation was seen, which is no standard error of 0
		e.SE, e.Degrees = nan, nan
	}
	return e
}

// studentShared is the t interval and test of a figure against a null value, within
// bounds, of units worth so many independent ones.
func studentShared(value, null float64, s spread, units float64, bounds Interval, level float64) Evidence {
	if units < fewestUnits {
		return missing(OneUnit)
	}
	if !(s.variance > 0) {
		return missing(NoVariation)
	}
	se := math.Sqrt(s.variance)
	half := studentCritical(1-level, s.degrees) * se
	return Evidence{
		Interval: Interval{max(bounds.Low, value-half), min(bounds.High, value+half)},
		P:        Number(studentTwoSided((value-null)/se, s.degrees)),
		SE:       Number(se), Degrees: Number(s.degrees), Units: Number(units), Test: Student,
	}
}

// binomialTwoTails is twice the smaller tail of x successes, perhaps fractional, in
// n of probability null.
func binomialTwoTails(x, n, null float64) float64 {
	below, above := 1.0, 1.0
	if x < n {
		below = regularBeta(n-x, x+1, 1-null)
	}
	if x > 0 {
		above = regularBeta(x, n-x+1, null)
	}
	return min(1, 2*min(below, above))
}
