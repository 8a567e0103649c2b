package stats

import (
	"math"
	"math/rand/v2"
	"slices"
)

// frame is the units on which a mean is taken, or the difference between the
// means of two groups of them, with what is needed to say how sure that figure
// is when pictures are shared. The variance is that of Aronow, Samii and
// Assenova (2015): units covary when they share any picture, in any role. What
// centring takes from it, and how freely it varies, follows from a working
// model in which pictures have random effects (Bell and McCaffrey 2002; Pustejovsky
// and Tipton 2018), whose variances come from the data.
type frame struct {
	share  form
	effect []effect // of the working model, besides the residuals

	group  []uint8   // 0 or 1; nil where there is one group
	size   []float64 // units in each group
	weight []float64 // of the units in each group: 1/n, for group 0 of two -1/n

	// Of the residuals and each effect, at unit variance:
	truth     []float64   // the variance of the figure
	seen      []float64   // the expected estimate of it
	squares   [][]float64 // the expected sums of squares of centred units
	variation [][]float64 // twice these products are the variance of the estimate

	// worth is the effective number of units of each group, units the smallest:
	// as many independent ones would share as little.
	worth []float64
	units float64
}

// newFrame prepares a mean over the units (group nil) or the difference of group
// 1 from group 0. Nothing in it depends on outcomes.
func newFrame(pictures shown, group []uint8) *frame {
	return newFrameOf(pictures.sharing(), pictures.families, group)
}

// newFrameOf prepares the same from the matrix of units that share a picture, and the
// effects of the working model.
func newFrameOf(share form, families func() []effect, group []uint8) *frame {
	f := &frame{share: share, group: group, size: []float64{float64(share.units())}}
	if share.blocks() > 0 {
		f.effect = families()
	}
	f.weight = []float64{1 / f.size[0]}
	if group != nil {
		f.size = []float64{0, 0}
		for _, g := range group {
			f.size[g]++
		}
		f.weight = []float64{-1 / f.size[0], 1 / f.size[1]}
	}
	weights := f.each(func(g int) float64 { return f.weight[g] })
	f.worth = f.equalUnits()
	f.units = slices.Min(f.worth)
	f.prepare(weights)
	return f
}

// equalUnits is, for each group, the number of independent units that would be
// worth as much if all that share a picture agreed: the square of the number of
// units over the pairs of them that share (Kish 1965).
func (f *frame) equalUnits() []float64 {
	worth := make([]float64, len(f.size))
	for g, n := range f.size {
		worth[g] = n * n / f.share.square(f.each(func(at int) float64 { return indicator(at == g) }))
	}
	return worth
}

// each is a value for each unit by its group.
func (f *frame) each(value func(group int) float64) []float64 {
	x := make([]float64, f.share.units())
	for i := range x {
		x[i] = value(f.of(i))
	}
	return x
}

func (f *frame) of(unit int) int {
	if f.group == nil {
		return 0
	}
	return int(f.group[unit])
}

// centre takes the group means off x.
func (f *frame) centre(x []float64) {
	if f.group == nil { // the same, without asking for each unit's group
		centre := mean(x)
		for i := range x {
			x[i] -= centre
		}
		return
	}
	var sum [2]float64
	for i, value := range x {
		sum[f.of(i)] += value
	}
	for g, n := range f.size {
		sum[g] /= n
	}
	for i := range x {
		x[i] -= sum[f.of(i)]
	}
}

// filter writes MBx for a centred x: B holds the products of weights of units
// that share, M centres. x is overwritten.
func (f *frame) filter(out, x []float64) {
	for i := range x {
		x[i] *= f.weight[f.of(i)]
	}
	f.share.apply(out, x)
	for i := range out {
		out[i] *= f.weight[f.of(i)]
	}
	f.centre(out)
}

// prepare fills what the working model predicts. Traces are exact; the sums of
// squares of large matrices are found from random signs.
func (f *frame) prepare(weights []float64) {
	components := 1 + len(f.effect)
	f.truth, f.seen = make([]float64, components), make([]float64, components)
	f.squares, f.variation = square(components), square(components)
	rows := f.rows()
	f.residuals(weights, rows)
	for k, effect := range f.effect {
		f.truth[k+1] = effect.square(weights)
		f.seen[k+1] = f.truth[k+1] - f.lost(effect, rows)
	}
	f.products()
	f.independentEffects()
}

func square(n int) [][]float64 {
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
	}
	return m
}

// residuals are the predictions for units that vary by themselves alone.
func (f *frame) residuals(weights []float64, rows []groupRow) {
	squared := make([]float64, len(weights))
	for i, w := range weights {
		f.truth[0] += w * w
		squared[i] = w * w
	}
	f.seen[0] = f.truth[0]
	f.squares[0][0] = float64(len(weights))
	f.variation[0][0] = f.share.square(squared)
	for g, row := range rows {
		f.squares[0][0]--
		f.seen[0] -= row.within[g] / f.size[g]
		f.variation[0][0] -= 2 * row.square / f.size[g]
		for h, value := range row.within {
			f.variation[0][0] += value * value / (f.size[g] * f.size[h])
		}
	}
}

// groupRow is what B makes of a group.
type groupRow struct {
	within []float64 // its sums over each group
	square float64   // its squared length
	row    []float64
}

// rows are B times each group's indicator.
func (f *frame) rows() []groupRow {
	rows := make([]groupRow, len(f.size))
	for g := range f.size {
		row := make([]float64, f.share.units())
		f.share.apply(row, f.each(func(at int) float64 { return indicator(at == g) * f.weight[at] }))
		rows[g] = groupRow{within: make([]float64, len(f.size)), row: row}
		for i := range row {
			row[i] *= f.weight[f.of(i)]
			rows[g].square += row[i] * row[i]
			rows[g].within[f.of(i)] += row[i]
		}
	}
	return rows
}

// lost is the part of an effect's variance that centring hides.
func (f *frame) lost(effect effect, rows []groupRow) float64 {
	lost, spread := 0.0, make([]float64, f.share.units())
	for g, row := range rows {
		effect.apply(spread, f.each(func(at int) float64 { return indicator(at == g) }))
		var sums [2]float64
		within := 0.0 // of B times the spread: B is symmetric
		for i, value := range spread {
			sums[f.of(i)] += value
			within += value * row.row[i]
		}
		lost += 2 * within / f.size[g]
		for h := range f.size {
			lost -= row.within[h] * sums[h] / (f.size[g] * f.size[h])
		}
	}
	return lost
}

// products fills the sums of squares that involve an effect, from its columns.
// These are added up in parts of fixed size, so that the sums do not depend on
// the number of processors.
func (f *frame) products() {
	const most = 8 // columns in a part
	type part struct {
		effect, first, end int
		columns
		squares, variation []float64
	}
	components := 1 + len(f.effect)
	var parts []part
	for l, effect := range f.effect {
		c := f.columns(effect)
		size := most
		if c.count <= most {
			size = 1 // few columns of many units
		}
		for first := 0; first < c.count; first += size {
			parts = append(parts, part{l + 1, first, min(c.count, first+size), c, make([]float64, components), make([]float64, components)})
		}
	}
	parallel(len(parts), func() func(int) {
		x, filtered := make([]float64, f.share.units()), make([]float64, f.share.units())
		return func(at int) {
			p := &parts[at]
			for i := p.first; i < p.end; i++ {
				p.write(x, i)
				f.centre(x)
				for k := range components {
					p.squares[k] += p.scale * f.sumOfSquares(k, x)
				}
				f.filter(filtered, x)
				for k := range components {
					p.variation[k] += p.scale * f.sumOfSquares(k, filtered)
				}
			}
		}
	})
	for _, p := range parts {
		for k := range components {
			f.squares[k][p.effect] += p.squares[k]
			f.variation[k][p.effect] += p.variation[k]
		}
	}
	f.symmetric()
}

// symmetric makes the two halves of the products one.
func (f *frame) symmetric() {
	components := 1 + len(f.effect)
	for _, m := range [][][]float64{f.squares, f.variation} {
		for k := 1; k < components; k++ {
			m[k][0] = m[0][k] // the residuals' are exact
			for l := 1; l < k; l++ {
				m[k][l] = (m[k][l] + m[l][k]) / 2
				m[l][k] = m[k][l]
			}
		}
	}
}

// sumOfSquares is that of x over the levels of an effect; 0 are the residuals.
func (f *frame) sumOfSquares(component int, x []float64) float64 {
	if component > 0 {
		return f.effect[component-1].square(x)
	}
	sum := 0.0
	for _, value := range x {
		sum += value * value
	}
	return sum
}

const (
	// exactSteps bounds the steps for sums of squares taken column by column.
	exactSteps = 4_000_000
	// signSteps bounds those with random signs, mostSigns their number.
	signSteps, fewestSigns, mostSigns = 2_000_000, 2, 64
	// manyLevels are enough for one sum: the estimate of a trace from it varies by less
	// than 5 %, which is .1 % of an interval.
	manyLevels = 1000
)

// columns are those of an effect's matrix root, or sums of them.
type columns struct {
	count int
	scale float64                   // of the squares of each
	write func(x []float64, at int) // puts one into x
}

// columns are an effect's columns one by one, or, where they are many, sums of
// them with random signs: the expected square is the same (Hutchinson 1990).
func (f *frame) columns(e effect) columns {
	c, cost := e.columns(), f.share.steps()
	if c.count*cost > exactSteps {
		fewest := fewestSigns
		if e.blocks() >= manyLevels {
			fewest = 1
		}
		return signs(e, max(fewest, min(mostSigns, signSteps/cost)))
	}
	return c
}

// signs are so many sums of all columns of an effect with random signs.
func signs(e effect, number int) columns {
	return columns{number, 1 / float64(number), func(x []float64, at int) {
		source := rand.NewPCG(uint64(e.units())<<32|uint64(e.blocks()), uint64(at))
		e.signed(x, func() float64 { return float64(1 - 2*int(source.Uint64()>>63)) })
	}}
}

// difference is how sure the difference of two figures is, with each unit's
// influence on them. The factor counts twice, as for the AUC.
func (f *frame) difference(value float64, one, other []float64, bounds Interval, level float64) Evidence {
	influence := make([]float64, len(one))
	for i := range one {
		influence[i] = one[i] - other[i]
	}
	s := f.spread(influence)
	s.variance *= s.factor
	return f.student(value, 0, s, bounds, level)
}

// independentEffects drops effects that the ones before them already describe,
// as where both pictures of a pair are shown in no other.
func (f *frame) independentEffects() {
	const alike = 1e-6
	keep := []int{0}
	for k := 1; k <= len(f.effect); k++ {
		if remainder(f.squares, keep, k) > alike*f.squares[k][k] {
			keep = append(keep, k)
		}
	}
	pick := func(list []float64) []float64 {
		some := make([]float64, len(keep))
		for i, k := range keep {
			some[i] = list[k]
		}
		return some
	}
	effects := f.effect
	f.effect = nil
	for _, k := range keep[1:] {
		f.effect = append(f.effect, effects[k-1])
	}
	f.truth, f.seen = pick(f.truth), pick(f.seen)
	for _, m := range []*[][]float64{&f.squares, &f.variation} {
		rows := *m
		*m = nil
		for _, k := range keep {
			*m = append(*m, pick(rows[k]))
		}
	}
}

// remainder is what the rows at some places leave of row k's own square
// (Schur complement).
func remainder(m [][]float64, given []int, k int) float64 {
	right := make([]float64, len(given))
	for i, g := range given {
		right[i] = m[g][k]
	}
	solution, ok := solve(m, given, right)
	if !ok {
		return 0
	}
	rest := m[k][k]
	for i, g := range given {
		rest -= m[g][k] * solution[i]
	}
	return rest
}

// solve solves the rows and columns of m at some places by Gauss's method with
// pivots; false where they are singular.
func solve(m [][]float64, places []int, right []float64) ([]float64, bool) {
	n := len(places)
	a, x := make([][]float64, n), slices.Clone(right)
	for i, r := range places {
		for _, c := range places {
			a[i] = append(a[i], m[r][c])
		}
	}
	for i := range n {
		pivot := i
		for r := i + 1; r < n; r++ {
			if math.Abs(a[r][i]) > math.Abs(a[pivot][i]) {
				pivot = r
			}
		}
		if a[pivot][i] == 0 {
			return nil, false
		}
		a[i], a[pivot], x[i], x[pivot] = a[pivot], a[i], x[pivot], x[i]
		for r := range n {
			if r == i {
				continue
			}
			factor := a[r][i] / a[i][i]
			for c := i; c < n; c++ {
				a[r][c] -= factor * a[i][c]
			}
			x[r] -= factor * x[i]
		}
	}
	for i := range x {
		x[i] /= a[i][i]
	}
	return x, true
}
