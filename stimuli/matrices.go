package stimuli

import (
	"io/fs"
	"maps"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/internal/npy"
	"github.com/akin-vision/akin/internal/regular"
)

// Words of a matrix's values in set.toml.
const (
	Similarity    = "similarity"
	Dissimilarity = "dissimilarity"
)

// cellOf is a person's value of a pair, before all pictures are known.
type cellOf struct {
	person int
	a, b   string
	value  float64
}

// readMatrixFile reads a person's square, ratings of pairs, or an array of vectors.
func (r *reader) readMatrixFile(folder fs.FS, file string) {
	if strings.EqualFold(path.Ext(file), ".npy") {
		r.readMatrixArray(folder, file)
		return
	}
	before := len(r.problems)
	t, data := readTable(folder, file, &r.problems, columns{corner: true})
	r.digest = append(r.digest, data)
	if t == nil || len(r.problems) > before {
		return
	}
	if t.has("picture_a") && t.has("picture_b") && t.has("value") {
		r.readPairs(t)
		return
	}
	r.readSquare(t)
}

// readPairs reads a row for each pair, as ratings.csv has them. A matrix is of one
// question: the mean of answers to several would be of none.
func (r *reader) readPairs(t *table) {
	wanted, scales := r.manifest.Scale, map[string]bool{}
	for _, row := range t.rows {
		scales[t.cell(row, "scale")] = true
	}
	switch {
	case wanted != "" && !scales[wanted]:
		r.problems.add(t.file, 0, "has no rating on the scale %q of set.toml, but on %q", wanted, slices.Sorted(maps.Keys(scales)))
		return
	case wanted == "" && len(scales) > 1:
		r.problems.add(t.file, 0, "has ratings on the scales %q, and a matrix is of one; say which in set.toml: scale = %q", slices.Sorted(maps.Keys(scales)), slices.Max(slices.Collect(maps.Keys(scales))))
		return
	}
	for _, row := range t.rows {
		if wanted != "" && t.cell(row, "scale") != wanted {
			continue
		}
		a, b := r.compared(t.cell(row, "picture_a"), t.file, row.line), r.compared(t.cell(row, "picture_b"), t.file, row.line)
		value := r.rating(t, row, "value")
		rater := t.cell(row, "rater")
		switch {
		case t.has("rater") && rater == "":
			r.problems.add(t.file, row.line, "rater is empty")
		case a != "" && t.cell(row, "picture_a") == t.cell(row, "picture_b"):
			r.problems.add(t.file, row.line, "picture_a and picture_b are the same picture %q", a)
		case a == b: // two pictures of one item, which no matrix has; or a problem already
		case !math.IsNaN(value):
			r.cells = append(r.cells, cellOf{r.person(rater), a, b, value})
		}
	}
}

// readSquare reads a table with a picture's path at the head of each row and
// column. The diagonal is not read; both halves must agree, or one be empty.
func (r *reader) readSquare(t *table) {
	person := r.person(strings.TrimSuffix(path.Base(t.file), path.Ext(t.file)))
	names := t.header[1:]
	if len(t.rows) != len(names) {
		r.problems.add(t.file, 0, "has %d rows and %d columns of values; a matrix has as many of both, with pictures' paths at their heads, or columns picture_a, picture_b, value", len(t.rows), len(names))
		return
	}
	values, diagonal := make([][]float64, len(names)), newDiagonal()
	heads := make([]string, len(names)) // what they stand for
	for i, row := range t.rows {
		name := strings.TrimSpace(row.cells[0])
		if name != names[i] {
			r.problems.add(t.file, row.line, "is the row of %q, where the columns have %q; rows and columns have one order", name, names[i])
			return
		}
		heads[i] = r.compared(name, t.file, row.line)
		values[i] = make([]float64, len(names))
		for k := range names {
			values[i][k] = r.matrixCell(t, row, k+1)
			diagonal.see(k == i, values[i][k])
		}
	}
	r.doubtDirection(t.file, diagonal)
	for i, row := range t.rows {
		for k := i + 1; k < len(names); k++ {
			v, low := values[i][k], values[k][i]
			if !math.IsNaN(v) && !math.IsNaN(low) && math.Abs(v-low) > 1e-6*math.Max(math.Abs(v), math.Abs(low)) {
				r.problems.add(t.file, row.line, "column %s: %v, but %v in the other half", names[k], v, low)
				continue
			}
			if math.IsNaN(v) {
				v = low
			}
			if !math.IsNaN(v) && heads[i] != heads[k] {
				r.cells = append(r.cells, cellOf{person, heads[i], heads[k], v})
			}
		}
	}
}

// matrixCell is a value of a square, NaN where it is empty or no number.
func (r *reader) matrixCell(t *table, row row, column int) float64 {
	text := strings.TrimSpace(row.cells[column])
	if text == "" {
		return math.NaN()
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		r.problems.add(t.file, row.line, "column %s: %q is not a number", t.header[column], text)
		return math.NaN()
	}
	return v
}

// readMatrixArray reads n x n values, people x n x n, or people x pairs, the pairs
// of pictures.csv row by row.
func (r *reader) readMatrixArray(folder fs.FS, file string) {
	data, err := regular.Read(folder, file, maxManifest)
	if err != nil {
		r.problems.add(file, 0, "cannot be read: %v", unwrapPath(err))
		return
	}
	r.digest = append(r.digest, data)
	a, err := npy.Parse(data)
	n := len(r.listedRows())
	pairs := n * (n - 1) / 2
	if err != nil || a.Text() || a.Columns && len(a.Shape) > 2 {
		r.problems.add(file, 0, "cannot be read: %v", err)
		return
	}
	people, square := 1, false
	switch shape := a.Shape; {
	case n == 0:
		r.problems.add(file, 0, "does not say which pictures its values are of; pictures.csv must list them in that order")
		return
	case len(shape) == 2 && shape[0] == n && shape[1] == n:
		square = true
	case len(shape) == 3 && shape[1] == n && shape[2] == n:
		people, square = shape[0], true
	case len(shape) == 2 && shape[1] == pairs:
		people = shape[0]
	case len(shape) == 1 && shape[0] == pairs:
	default:
		what := "pictures"
		if len(r.named) > 0 {
			what = "items"
		}
		r.problems.add(file, 0, "has the shape %v; pictures.csv lists %d %s, so it must be [%[2]d %[2]d], [people %[2]d %[2]d], [%[4]d] or [people %[4]d]", shape, n, what, pairs)
		return
	}
	r.addArray(file, a, people, square)
}

func (r *reader) addArray(file string, a *npy.Array, people int, square bool) {
	names, read := r.listedRows(), a.Numbers()
	n := len(names)
	stem := strings.TrimSuffix(path.Base(file), path.Ext(file))
	for p := range people {
		if square {
			r.doubtDirection(file, DiagonalOf(n, func(i int) float64 { return read(p*n*n + i) }))
		}
		name := stem
		if people > 1 {
			name += "-" + strconv.Itoa(p+1)
		}
		person, at := r.person(name), 0
		for i := range n {
			for k := i + 1; k < n; k++ {
				var v float64
				switch {
				case square:
					v = read(p*n*n + i*n + k)
					if low := read(p*n*n + k*n + i); !same(v, low) {
						r.problems.add(file, 0, "is not symmetric: %v and %v for pictures %d and %d", v, low, i, k)
						return
					}
				case a.Columns:
					v = read(at*people + p)
				default:
					v = read(p*n*(n-1)/2 + at)
				}
				at++
				if !math.IsNaN(v) {
					r.cells = append(r.cells, cellOf{person, names[i], names[k], v})
				}
			}
		}
	}
}

// Diagonal is what the diagonal of a square says of the direction of its values.
type Diagonal struct{ low, high [2]float64 } // of all others and of the diagonal

func newDiagonal() *Diagonal {
	inf := math.Inf(1)
	return &Diagonal{[2]float64{inf, inf}, [2]float64{-inf, -inf}}
}

// DiagonalOf looks at a square of n x n values.
func DiagonalOf(n int, value func(i int) float64) *Diagonal {
	d := newDiagonal()
	for i := range n * n {
		d.see(i%(n+1) == 0, value(i))
	}
	return d
}

func (d *Diagonal) see(on bool, v float64) {
	which := 0
	if on {
		which = 1
	}
	if !math.IsNaN(v) {
		d.low[which], d.high[which] = min(d.low[which], v), max(d.high[which], v)
	}
}

// Says is Similarity where one value stands on the diagonal and all others are smaller,
// Dissimilarity where they are larger, else empty.
func (d *Diagonal) Says() (values string, on float64) {
	switch on = d.low[1]; {
	case d.low[1] != d.high[1]:
		return "", on
	case on < d.low[0]:
		return Dissimilarity, on
	case on > d.high[0]:
		return Similarity, on
	}
	return "", on
}

// doubtDirection warns where the diagonal contradicts what set.toml says of the values.
func (r *reader) doubtDirection(file string, d *Diagonal) {
	if says, on := d.Says(); says != "" && says != r.manifest.Values {
		r.set.Warnings.add(file, 0, "values are said to be of %s, but the diagonal is %v as it is of %s: is the direction right?", r.manifest.Values, on, says)
	}
}

func same(a, b float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-6*math.Max(math.Abs(a), math.Abs(b))
}

// person is the number of a person's matrix.
func (r *reader) person(name string) int {
	for i, known := range r.set.Matrices.People {
		if known == name {
			return i
		}
	}
	r.set.Matrices.People = append(r.set.Matrices.People, name)
	return len(r.set.Matrices.People) - 1
}

// listedRows are what pictures.csv lists, in its order: items, else pictures.
func (r *reader) listedRows() []string {
	if items := r.itemNames(); items != nil {
		return items
	}
	return r.mentioned[:len(r.listed)]
}

// fillMatrices puts the values in their places. A person's several values of one
// pair are averaged.
func (r *reader) fillMatrices() {
	m := r.set.Matrices
	if m == nil || len(r.problems) > 0 {
		return
	}
	rows := r.mentioned
	if items := r.itemNames(); items != nil {
		rows = items
	}
	n := len(rows)
	number := make(map[string]int, n)
	for i, name := range rows {
		number[name] = i
	}
	times := make([][]float64, len(m.People))
	m.Values = make([][]float64, len(m.People))
	for p := range m.People {
		m.Values[p], times[p] = make([]float64, n*(n-1)/2), make([]float64, n*(n-1)/2)
	}
	for _, c := range r.cells {
		at := PairPlace(n, number[c.a], number[c.b])
		value, count := &m.Values[c.person][at], &times[c.person][at]
		*count++
		*value += (c.value - *value) / *count // so that the mean of equal answers is the answer
	}
	for p, values := range m.Values {
		for i := range values {
			if times[p][i] == 0 {
				values[i] = math.NaN()
			}
		}
	}
	r.doubtZero()
	r.cells = nil
}

// doubtZero warns of dissimilarities below 0: cosines take 0 as no difference.
func (r *reader) doubtZero() {
	below := 0
	for _, values := range r.set.Matrices.Values {
		for _, v := range values {
			if v < 0 {
				below++
			}
		}
	}
	if below > 0 && r.manifest.Values == Dissimilarity {
		r.set.Warnings.add("", 0, "values below 0: %d; only crossvalidated dissimilarities are ever less than none, and cosines take 0 as none", below)
	}
}

// PairPlace is the place of the pair of two of n pictures in the upper triangle
// row by row.
func PairPlace(n, a, b int) int {
	a, b = min(a, b), max(a, b)
	return a*n - a*(a+1)/2 + b - a - 1
}
