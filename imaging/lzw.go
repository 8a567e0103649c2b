package imaging

import "errors"

// lzw decodes the codes of a GIF as Pillow does: the table keeps its 4096 strings
// until it is cleared, a block is read only if the file holds all of it, and codes
// that no encoder writes are errors.
type lzw struct {
	data  []byte // blocks
	block int    // bytes left of the current one
	bits  uint32 // the lowest n bits are unread
	n     int
	lzwTable
}

const (
	lzwBits  = 12
	lzwTotal = 1 << lzwBits
)

// lzwTable holds each string as the place in the output where it last stood.
type lzwTable struct {
	literal     int // size of a code for one pixel
	clear, next int
	size        int // of the codes now
	from        [lzwTotal]int32
	length      [lzwTotal]int32
}

var (
	errLZWCode = errors.New("a code that does not exist")
	errLZWEnd  = errors.New("the data end early")
)

func newLZW(data []byte) *lzw {
	l := &lzw{data: data[1:]}
	l.literal = int(data[0])
	l.clear = 1 << min(l.literal, lzwBits)
	l.reset()
	return l
}

func (t *lzwTable) reset() { t.next, t.size = t.clear+2, t.literal+1 }

// decode appends the strings to pixels, whose capacity holds want and one string
// more, until there are enough.
func (l *lzw) decode(pixels []uint8, want int) ([]uint8, error) {
	if l.literal > lzwBits {
		return pixels, errors.New("codes of more than 12 bits")
	}
	last, lastLength := -1, 0 // where the string before stands; -1: none since the table was cleared
	for len(pixels) < want {
		code, err := l.code()
		switch {
		case err != nil:
			return pixels, err
		case code == l.clear:
			l.reset()
			last = -1
			continue
		case code == l.clear+1:
			return pixels, errLZWEnd
		case last < 0 && code > l.clear || code > l.next:
			return pixels, errLZWCode
		}
		at := len(pixels)
		if pixels, err = l.expand(pixels, code, last, lastLength); err != nil {
			return pixels, err
		}
		if last >= 0 {
			l.add(last, lastLength+1)
		}
		last, lastLength = at, len(pixels)-at
	}
	return pixels[:want], nil
}

// expand appends the string of a code. The one that the table lacks yet is the
// string before and its first pixel.
func (l *lzw) expand(pixels []uint8, code, last, lastLength int) ([]uint8, error) {
	switch {
	case code < l.clear:
		return append(pixels, uint8(code)), nil
	case code == l.next:
		pixels = append(pixels, pixels[last:last+lastLength]...)
		return append(pixels, pixels[last]), nil
	case code >= lzwTotal:
		return pixels, errLZWCode
	}
	from := int(l.from[code])
	return append(pixels, pixels[from:from+int(l.length[code])]...), nil
}

// add notes the string before with one pixel more, which now follows it in the
// output.
func (t *lzwTable) add(from, length int) {
	if t.next >= lzwTotal {
		return
	}
	t.from[t.next], t.length[t.next] = int32(from), int32(length)
	if t.next == 1<<t.size-1 && t.size < lzwBits {
		t.size++
	}
	t.next++
}

// code reads the next one.
func (l *lzw) code() (int, error) {
	for l.n < l.size {
		if l.block == 0 {
			if len(l.data) == 0 || l.data[0] == 0 || len(l.data) <= int(l.data[0]) {
				return 0, errLZWEnd
			}
			l.block, l.data = int(l.data[0]), l.data[1:]
			continue
		}
		l.bits |= uint32(l.data[0]) << l.n
		l.n += 8
		l.data = l.data[1:]
		l.block--
	}
	code := int(l.bits & (1<<l.size - 1))
	l.bits >>= l.size
	l.n -= l.size
	return code, nil
}
