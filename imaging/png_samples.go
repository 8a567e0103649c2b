package imaging

import (
	"errors"
	"fmt"
)

// unpacker returns the function that turns a row of samples into RGB. What is
// transparent becomes white.
func (p *pngFile) unpacker() (func(out, row []uint8), error) {
	switch kind := [2]int{p.depth, p.colour}; kind {
	case [2]int{1, 0}, [2]int{2, 0}, [2]int{4, 0}, [2]int{8, 0}:
		return p.greyUnpacker()
	case [2]int{16, 0}:
		return nil, fmt.Errorf("16-bit grey is not read: Pillow makes nearly all of it white; save it with 8 bits")
	case [2]int{8, 2}:
		return p.colourUnpacker(samples{step: 3, r: 0, g: 1, b: 2, a: -1})
	case [2]int{16, 2}:
		return p.colourUnpacker(samples{step: 6, r: 0, g: 2, b: 4, a: -1})
	case [2]int{1, 3}, [2]int{2, 3}, [2]int{4, 3}, [2]int{8, 3}:
		return p.paletteUnpacker()
	case [2]int{8, 4}:
		return samples{step: 2, r: 0, g: 0, b: 0, a: 1}.unpack, nil
	case [2]int{16, 4}: // of 16 bits the higher byte, which comes first
		return samples{step: 4, r: 0, g: 0, b: 0, a: 2}.unpack, nil
	case [2]int{8, 6}:
		return samples{step: 4, r: 0, g: 1, b: 2, a: 3}.unpack, nil
	case [2]int{16, 6}:
		return samples{step: 8, r: 0, g: 2, b: 4, a: 6}.unpack, nil
	}
	return nil, fmt.Errorf("colour type %d with %d bits does not exist", p.colour, p.depth)
}

// greyUnpacker spreads the samples over 0..255. Pillow compares the transparent
// value with what comes of that, not with the sample.
func (p *pngFile) greyUnpacker() (func(out, row []uint8), error) {
	var table [256][3]uint8
	largest := 1<<p.depth - 1
	for i := range table {
		v := uint8(min(i, largest) * 255 / largest)
		table[i] = [3]uint8{v, v, v}
	}
	if p.transparency != nil {
		if len(p.transparency) < 2 {
			return nil, errShortTransparency
		}
		for i, c := range table {
			if c[0] == p.transparency[1] {
				table[i] = [3]uint8{255, 255, 255}
			}
		}
	}
	return indexed{&table, p.depth}.unpack, nil
}

var errShortTransparency = errors.New("chunk tRNS is short")

// colourUnpacker takes the higher byte of each sample. Pillow compares it with
// the lower byte of the transparent colour, for 16 bits too.
func (p *pngFile) colourUnpacker(s samples) (func(out, row []uint8), error) {
	if p.transparency == nil && p.depth == 8 {
		return func(out, row []uint8) { copy(out, row) }, nil
	}
	if p.transparency == nil {
		return s.unpack, nil
	}
	if len(p.transparency) < 6 {
		return nil, errShortTransparency
	}
	t := [3]uint8{p.transparency[1], p.transparency[3], p.transparency[5]}
	return func(out, row []uint8) {
		s.unpack(out, row)
		for ; len(out) >= 3; out = out[3:] {
			if [3]uint8(out) == t {
				out[0], out[1], out[2] = 255, 255, 255
			}
		}
	}, nil
}

// paletteUnpacker looks the samples up. Beyond the palette stand greys.
func (p *pngFile) paletteUnpacker() (func(out, row []uint8), error) {
	if len(p.transparency) > 256 {
		return nil, fmt.Errorf("transparency of %d colours", len(p.transparency))
	}
	table := greyRamp()
	for i := range len(p.palette) / 3 {
		table[i] = [3]uint8(p.palette[3*i:])
	}
	for i, a := range paletteAlpha(p.transparency) {
		overWhite(table[i][:], a)
	}
	return indexed{&table, p.depth}.unpack, nil
}

// paletteAlpha drops a line feed after a single transparent colour, as Pillow's
// pattern for that case does.
func paletteAlpha(alpha []uint8) []uint8 {
	n := len(alpha) - 1
	if n < 1 || alpha[n] != '\n' {
		return alpha
	}
	clear := 0
	for _, a := range alpha[:n] {
		switch a {
		case 0:
			clear++
		case 255:
		default:
			return alpha
		}
	}
	if clear == 1 {
		return alpha[:n]
	}
	return alpha
}

// indexed are samples of 1, 2, 4 or 8 bits that stand for colours.
type indexed struct {
	table *[256][3]uint8
	depth int
}

// greyRamp is what Pillow's palettes are before colours are put into them.
func greyRamp() (table [256][3]uint8) {
	for i := range table {
		table[i] = [3]uint8{uint8(i), uint8(i), uint8(i)}
	}
	return table
}

func (s indexed) unpack(out, row []uint8) {
	if s.depth == 8 {
		for _, v := range row[:len(out)/3] {
			c := &s.table[v]
			out[0], out[1], out[2] = c[0], c[1], c[2]
			out = out[3:]
		}
		return
	}
	shift, mask := 8, uint8(1<<s.depth-1)
	for ; len(out) >= 3; out = out[3:] {
		shift -= s.depth
		c := &s.table[row[0]>>shift&mask]
		out[0], out[1], out[2] = c[0], c[1], c[2]
		if shift == 0 {
			row, shift = row[1:], 8
		}
	}
}

// samples describes interleaved pixels: step bytes each, with the byte of every
// channel at the given offset; a < 0 means opaque.
type samples struct {
	step       int
	r, g, b, a int
}

// unpack composes a row over white.
func (s samples) unpack(out, row []uint8) {
	for ; len(out) >= 3 && len(row) >= s.step; row, out = row[s.step:], out[3:] {
		out[0], out[1], out[2] = row[s.r], row[s.g], row[s.b]
		if s.a >= 0 && row[s.a] != 255 {
			overWhite(out[:3], row[s.a])
		}
	}
}

// overWhite composes the colour v, not premultiplied, with alpha a over white.
func overWhite(v []uint8, a uint8) {
	for i := range v {
		v[i] = divide255(uint32(v[i])*uint32(a) + 255*(255-uint32(a)))
	}
}

// divide255 returns round(x/255) for x in 0..255*255.
func divide255(x uint32) uint8 {
	x += 128
	return uint8((x + x>>8) >> 8)
}
