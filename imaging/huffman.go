package imaging

import (
	"encoding/binary"
	"errors"
	"fmt"
)

var errHuffman = errors.New("no such Huffman code")

// zigzag gives the place in natural order of the k-th coefficient.
var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
	12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}

const (
	shortCode  = 9  // bits of a code looked up at once
	shortWhole = 10 // of a code with the value after it
)

// huffman is a table of codes of up to 16 bits.
type huffman struct {
	short  [1 << shortCode]uint16 // length<<8 | symbol; 0 where the code is longer
	whole  [1 << shortWhole]uint32
	limit  [18]uint32 // first left-aligned 16-bit value beyond the codes of a length
	offset [17]int32  // index of the symbol of a code = code + offset
	symbol []uint8
}

func (d *jpegDecoder) huffmanTables(body []byte) error {
	for len(body) >= 17 {
		class, id := body[0]>>4, body[0]&15
		count := 0
		for _, n := range body[1:17] {
			count += int(n)
		}
		if class > 1 || id > 3 || count > 256 || len(body) < 17+count {
			return fmt.Errorf("a Huffman table %d is malformed", id)
		}
		h, err := newHuffman(body[1:17], body[17:17+count])
		if err != nil {
			return err
		}
		if class == 0 {
			d.dc[id] = h
		} else {
			d.ac[id] = h
		}
		body = body[17+count:]
	}
	if len(body) > 0 {
		return fmt.Errorf("a Huffman table: %w", errJPEGEnd)
	}
	return nil
}

// newHuffman builds the canonical code with counts[n-1] codes of n bits.
func newHuffman(counts, symbols []byte) (*huffman, error) {
	h := &huffman{symbol: symbols}
	code, index := uint32(0), 0
	for n := 1; n <= 16; n++ {
		h.offset[n] = int32(index) - int32(code)
		for range counts[n-1] {
			if code >= 1<<n {
				return nil, fmt.Errorf("a Huffman table has too many codes of %d bits", n)
			}
			if n <= shortCode {
				from := code << (shortCode - n)
				for i := range uint32(1) << (shortCode - n) {
					h.short[from+i] = uint16(n)<<8 | uint16(symbols[index])
				}
			}
			code, index = code+1, index+1
		}
		h.limit[n] = code << (16 - n)
		code <<= 1
	}
	h.addWhole()
	return h, nil
}

// addWhole notes, where ten bits hold a code of an AC coefficient and its value,
// value<<16 | run<<8 | bits; the end of a block has the value 0, and what needs a
// closer look is 0.
func (h *huffman) addWhole() {
	for next := range h.whole {
		code := h.short[next>>(shortWhole-shortCode)]
		run, size := code>>4&15, code&15
		length := code>>8 + size
		if code == 0 || length > shortWhole || size == 0 && run > 0 {
			continue
		}
		r := bitReader{bits: uint64(next), n: shortWhole - int(code>>8)}
		h.whole[next] = uint32(r.signed(uint8(size)))<<16 | uint32(run<<8|length)
	}
}

// bitReader reads entropy-coded data up to the next marker. Shift counts are
// masked below where they are in range anyway: it spares the compiler's check.
type bitReader struct {
	data   []byte
	pos    int
	bits   uint64 // the lowest n bits are unread
	n      int
	beyond int // bits of n that are zeros made up after the end of the data
}

// fill makes at least 32 bits available: four bytes at once where none can be a
// marker.
func (r *bitReader) fill() {
	if r.n <= 32 && r.pos+4 <= len(r.data) {
		next := binary.BigEndian.Uint32(r.data[r.pos:])
		if next&0x80808080&^(next+0x01010101) == 0 { // no byte is 0xff
			r.bits = r.bits<<32 | uint64(next)
			r.n += 32
			r.pos += 4
			return
		}
	}
	for r.n <= 48 {
		var b byte
		switch {
		case r.pos < len(r.data) && r.data[r.pos] != 0xff:
			b = r.data[r.pos]
			r.pos++
		case r.pos+1 < len(r.data) && r.data[r.pos+1] == 0:
			b = 0xff
			r.pos += 2
		default:
			r.beyond += 8
		}
		r.bits = r.bits<<8 | uint64(b)
		r.n += 8
	}
}

// exhausted reports whether bits beyond the end of the data were used.
func (r *bitReader) exhausted() bool { return r.n < r.beyond }

// symbol reads a Huffman code. Together with a value of 16 bits after it, it
// needs 32 bits.
func (r *bitReader) symbol(h *huffman) (uint8, error) {
	if r.n < 32 {
		r.fill()
	}
	if s := h.short[r.bits>>(uint(r.n-shortCode)&63)&(1<<shortCode-1)]; s != 0 {
		r.n -= int(s >> 8)
		return uint8(s), nil
	}
	next := uint32(r.bits >> (r.n - 16) & 0xffff)
	for n := shortCode + 1; n <= 16; n++ {
		if next < h.limit[n] {
			r.n -= n
			return h.symbol[int32(next>>(16-n))+h.offset[n]], nil
		}
	}
	return 0, errHuffman
}

// value reads n <= 16 bits, which symbol has made available.
func (r *bitReader) value(n uint8) int32 {
	r.n -= int(n)
	return int32(r.bits >> (uint(r.n) & 63) & (1<<(n&31) - 1))
}

// signed reads a number of n bits as T.81 F.2.2.1 extends it: those whose first
// bit is 0 are negative. No branch, for no processor can guess it.
func (r *bitReader) signed(n uint8) int32 {
	v := r.value(n)
	negative := (v - 1<<(n&31)>>1) >> 31
	return v - negative&(1<<(n&31)-1)
}

// bit reads one bit.
func (r *bitReader) bit() bool {
	if r.n < 1 {
		r.fill()
	}
	return r.value(1) == 1
}
