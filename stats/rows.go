package stats

import (
	"cmp"
	"math"
	"slices"
)

// mostListed is the number of rows up to which those that share a picture are
// listed, which is fast where pictures are many.
const mostListed = 50_000

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

// frame is what says how sure a mean over the rows is.
func (r Rows) frame() *frame {
	if len(r.Shown) <= mostListed {
		return newFrame(shown(r.Shown), nil)
	}
	m := manyRows{r, r.repeats()}
	return newFrameOf(m, m.families, nil)
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
func share(p, null, n float64, in *frame, s spread, level float64) Evidence {
	switch {
	case in.units < fewestUnits:
		return missing(OneUnit)
	case !(s.variance > 0) && math.Abs(p-null) <= leastUnit:
		return missing(AllTied)
	case !(s.variance > 0) && p > 0 && p < 1:
		return missing(NoVariation)
	}
	effective := func(significance float64) float64 {
		if p == 0 || p == 1 {
			return in.units // in the worst case all that share a picture agree
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
