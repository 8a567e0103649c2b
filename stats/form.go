package stats

// form is a symmetric matrix over units, known by its products.
type form interface {
	units() int
	blocks() int // of ones that several units make
	steps() int  // that a product takes
	square(x []float64) float64
	apply(out, x []float64)
}

// effect is the matrix of a random effect: the sum over its levels of the outer
// products of their columns, which are 1 at the units of a level.
type effect interface {
	form
	columns() columns
	// signed writes the sum of all columns with random signs.
	signed(x []float64, sign func() float64)
}

// manyRows are the forms of very many rows, by sums over pictures and pairs of
// them instead of lists of the rows that share them: the same matrices.
type manyRows struct {
	Rows
	repeats [][]int32 // rows that show the same three pictures, where there are several
}

func (m manyRows) units() int { return len(m.Shown) }

func (m manyRows) steps() int { return 7 * len(m.Shown) }

// blocks are the pictures that several rows show.
func (m manyRows) blocks() int { return newRowEffect(m.Pictures, m.Shown, 0, 1, 2).several }

// sums adds x up by picture, by pair, and over the rows that show the same three.
func (m manyRows) sums(x []float64) (byPicture, byPair, byRepeat []float64) {
	byPicture, byPair, byRepeat = make([]float64, m.Pictures), make([]float64, m.Pairs), make([]float64, len(m.repeats))
	for i, e := range x {
		for k := range 3 {
			byPicture[m.Shown[i][k]] += e
			byPair[m.Pair[i][k]] += e
		}
	}
	for g, rows := range m.repeats {
		for _, i := range rows {
			byRepeat[g] += x[i]
		}
	}
	return byPicture, byPair, byRepeat
}

// square is the sum of products over all pairs of rows that share a picture, a row
// with itself among them: by picture, less by pairs, plus by triples.
func (m manyRows) square(x []float64) float64 {
	byPicture, byPair, byRepeat := m.sums(x)
	triples := sumOfSquares(x)
	for g, rows := range m.repeats {
		for _, i := range rows {
			triples -= x[i] * x[i]
		}
		triples += byRepeat[g] * byRepeat[g]
	}
	return sumOfSquares(byPicture) - sumOfSquares(byPair) + triples
}

// apply writes for each row the sum over all that share a picture with it.
func (m manyRows) apply(out, x []float64) {
	byPicture, byPair, byRepeat := m.sums(x)
	for i, shown := range m.Shown {
		pair := m.Pair[i]
		out[i] = byPicture[shown[0]] + byPicture[shown[1]] + byPicture[shown[2]] - byPair[pair[0]] - byPair[pair[1]] - byPair[pair[2]] + x[i]
	}
	for g, rows := range m.repeats {
		for _, i := range rows {
			out[i] += byRepeat[g] - x[i]
		}
	}
}

func sumOfSquares(x []float64) float64 {
	sum := 0.0
	for _, value := range x {
		sum += value * value
	}
	return sum
}

// families are the effects of shown.families.
func (m manyRows) families() []effect {
	var list []effect
	for _, e := range []rowEffect{
		newRowEffect(m.Pairs, m.Pair, 0), newRowEffect(m.Pictures, m.Shown, 0, 1),
		newRowEffect(m.Pictures, m.Shown, 2), newRowEffect(m.Pairs, m.Pair, 1),
	} {
		if e.several > 0 {
			list = append(list, e)
		}
	}
	return list
}

// rowEffect is an effect in which each row has some different levels: some of its
// pictures, or of the pairs of them.
type rowEffect struct {
	levels, several int // several: those of more rows than one
	of              [][3]int32
	roles           []int
}

func newRowEffect(levels int, of [][3]int32, roles ...int) rowEffect {
	e := rowEffect{levels: levels, of: of, roles: roles}
	rows := make([]int32, levels)
	for _, role := range roles {
		for _, row := range of {
			if rows[row[role]]++; rows[row[role]] == 2 {
				e.several++
			}
		}
	}
	return e
}

func (e rowEffect) units() int { return len(e.of) }

func (e rowEffect) blocks() int { return e.several }

func (e rowEffect) steps() int { return 2 * len(e.roles) * len(e.of) }

// sums adds x up by level.
func (e rowEffect) sums(x []float64) []float64 {
	sums := make([]float64, e.levels)
	for _, role := range e.roles {
		for i, value := range x {
			sums[e.of[i][role]] += value
		}
	}
	return sums
}

func (e rowEffect) square(x []float64) float64 { return sumOfSquares(e.sums(x)) }

func (e rowEffect) apply(out, x []float64) { e.spread(out, e.sums(x)) }

// spread gives each row the sum of its levels' values.
func (e rowEffect) spread(out, byLevel []float64) {
	clear(out)
	for _, role := range e.roles {
		for i := range out {
			out[i] += byLevel[e.of[i][role]]
		}
	}
}

func (e rowEffect) columns() columns {
	return columns{e.levels, 1, func(x []float64, at int) {
		level := make([]float64, e.levels)
		level[at] = 1
		e.spread(x, level)
	}}
}

func (e rowEffect) signed(x []float64, sign func() float64) {
	byLevel := make([]float64, e.levels)
	for i := range byLevel {
		byLevel[i] = sign()
	}
	e.spread(x, byLevel)
}
