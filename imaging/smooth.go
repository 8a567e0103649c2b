package imaging

// Block smoothing of libjpeg-turbo 2.1.5 (jdcoefct.c): where a progressive
// picture ends before its scans have told all of the lowest coefficients, those
// still 0 are guessed from the mean values of 5 x 5 blocks (compare T.81, K.8).

// guess is an estimate of a coefficient: its weights of the 25 blocks, by rows.
type guess struct {
	k       int // of the coefficient in zigzag order
	weights [25]int
}

// guesses apply where some AC coefficient is known.
var guesses = []guess{
	{1, [25]int{10: -7, 50, 0, -50, 7}},
	{2, [25]int{2: -7, 7: 50, 17: -50, 22: 7}},
	{3, [25]int{2: -1, 7: 13, 12: -24, 17: 13, 22: -1}},
	{4, [25]int{0, -1, 0, 1, 0, -1, 10, 0, -10, 1, 0, 0, 0, 0, 0, 1, -10, 0, 10, -1, 0, 1, 0, -1, 0}},
	{5, [25]int{10: -1, 13, -24, 13, -1}},
}

// blindGuesses apply where none is; the last is for the mean value itself.
var blindGuesses = []guess{
	{1, [25]int{-1, -1, 0, 1, 1, -3, 13, 0, -13, 3, -3, 38, 0, -38, 3, -3, 13, 0, -13, 3, -1, -1, 0, 1, 1}},
	{2, [25]int{-1, -3, -3, -3, -1, -1, 13, 38, 13, -1, 0, 0, 0, 0, 0, 1, -13, -38, -13, 1, 1, 3, 3, 3, 1}},
	{3, [25]int{2: 1, 6: 2, 7, 2, 11: -5, -14, -5, 16: 2, 7, 2, 22: 1}},
	{4, [25]int{-1, 0, 0, 0, 1, 0, 9, 0, -9, 0, 0, 0, 0, 0, 0, 0, -9, 0, 9, 0, 1, 0, 0, 0, -1}},
	{5, [25]int{6: 2, -5, 2, 10: 1, 7, -14, 7, 1, 16: 2, -5, 2}},
	{6, [25]int{6: 1, 0, -1, 11: 2, 0, -2, 16: 1, 0, -1}},
	{7, [25]int{6: 1, -3, 1, 16: -1, 3, -1}},
	{8, [25]int{6: 1, 0, -1, 11: -3, 0, 3, 16: 1, 0, -1}},
	{9, [25]int{6: 1, 2, 1, 16: -1, -2, -1}},
	{0, [25]int{-2, -6, -8, -6, -2, -6, 6, 42, 6, -6, -8, 42, 152, 42, -8, -6, 6, 42, 6, -6, -2, -6, -8, -6, -2}},
}

const guessed = 10 // coefficients that smoothing looks at

// needsSmoothing reports whether smoothing is due: every mean value is partly
// known, some of the coefficients that it guesses are not wholly.
func (d *jpegDecoder) needsSmoothing() bool {
	if !d.progressive {
		return false
	}
	unknown := false
	for _, c := range d.components {
		if c.quant == nil || c.precision[0] < 0 {
			return false
		}
		for k := range guessed {
			if c.quant[zigzag[k]] == quantiserOf0 {
				return false
			}
			unknown = unknown || k > 0 && c.precision[k] != 0
		}
	}
	return unknown
}

// smooth writes the samples of the component.
func (c *jpegComponent) smooth() {
	estimates := blindGuesses
	for _, bits := range c.precision[1:guessed] {
		if bits != unknownBits {
			estimates = guesses
		}
	}
	width, height := ceilDiv(c.width, 8), ceilDiv(c.height, 8)
	for y := range height {
		rows := c.rowsAround(y, height)
		window := newWindow(rows)
		for x := range width {
			window.look(rows, x, width)
			block := c.coefficients[y*c.blocksX+x]
			for _, g := range estimates {
				c.estimate(&block, g, &window)
			}
			c.reconstructStored(x, y, &block)
			window.shift()
		}
	}
}

// rowsAround returns the rows of blocks from two above y to two below. At the
// borders they repeat as libjpeg-turbo has it, which counts by rows of MCUs.
func (c *jpegComponent) rowsAround(y, height int) (rows [5][][64]int16) {
	mcu, last := y/c.v, ceilDiv(height, c.v)-1
	row, inMCU := y%c.v, c.v
	if mcu == last && height%c.v != 0 {
		inMCU = height % c.v
	}
	at := [5]int{y, y, y, y, y}
	if row > 0 || mcu > 0 {
		at[1] = y - 1
	}
	if at[0] = at[1]; row > 1 || mcu > 1 {
		at[0] = y - 2
	}
	if row < inMCU-1 || mcu < last {
		at[3] = y + 1
	}
	if at[4] = at[3]; row < inMCU-2 || mcu+1 < last {
		at[4] = y + 2
	}
	for i, y := range at {
		rows[i] = c.coefficients[y*c.blocksX:]
	}
	return rows
}

// blockWindow holds the mean values of 5 x 5 blocks.
type blockWindow [25]int

func newWindow(rows [5][][64]int16) (w blockWindow) {
	for i := range w {
		w[i] = int(rows[i/5][0][0])
	}
	return w
}

// look fills in what has come into view with column x.
func (w *blockWindow) look(rows [5][][64]int16, x, width int) {
	for i, row := range rows {
		if x == 0 && width > 1 {
			w[5*i+3] = int(row[1][0])
		}
		if x+2 < width {
			w[5*i+4] = int(row[x+2][0])
		}
	}
}

func (w *blockWindow) shift() {
	for i := 0; i < 25; i += 5 {
		copy(w[i:i+4], w[i+1:i+5])
	}
}

// estimate replaces a coefficient that is 0 and not wholly known, or the mean
// value.
func (c *jpegComponent) estimate(block *[64]int16, g guess, w *blockWindow) {
	at, bits := zigzag[g.k], c.precision[g.k]
	if g.k > 0 && (bits == 0 || block[at] != 0) {
		return
	}
	sum := 0
	for i, weight := range g.weights {
		sum += weight * w[i]
	}
	sum *= int(c.quant[0])
	divisor := int(c.quant[at])
	v := (divisor<<7 + max(sum, -sum)) / (divisor << 8)
	if g.k > 0 && bits > 0 {
		v = min(v, 1<<bits-1)
	}
	if sum < 0 {
		v = -v
	}
	block[at] = int16(v)
}
