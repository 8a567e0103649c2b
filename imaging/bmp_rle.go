package imaging

import (
	"errors"
	"fmt"
)

// decodeRuns reads run-length coded pixels of 4 or 8 bits. Where Pillow 9.4 reads
// them otherwise than they were written, they are refused.
func (b *bmpFile) decodeRuns() (*Image, error) {
	if b.bits != 1 && b.bits != 4 && b.bits != 8 {
		return nil, fmt.Errorf("run-length coding of %d bits for a pixel is not read", b.bits)
	}
	table, err := b.runTable()
	if err != nil {
		return nil, err
	}
	r := &bmpRuns{data: b.pixels, odd: b.offset%2 == 1, width: b.width, nibbles: b.compression == bmpRLE4}
	indices, err := r.decode(b.width * b.height)
	if err != nil {
		return nil, err
	}
	img := newImage(b.width, b.height)
	colours := indexed{table, 8}
	for y := range b.height {
		colours.unpack(b.row(img, y), indices[y*b.width:])
	}
	return img, nil
}

// runTable is the palette; each code is a byte here, so only the one of black and
// white is misread.
func (b *bmpFile) runTable() (*[256][3]uint8, error) {
	if b.assumedBits() == 1 {
		return nil, errors.New("run-length coding with a palette of black and white is not read, for Pillow misreads it")
	}
	as8 := *b
	as8.bits = 8
	return as8.table()
}

// bmpRuns is the state of reading runs.
type bmpRuns struct {
	data    []byte
	odd     bool // the next byte has an odd place in the file
	nibbles bool
	width   int
	x       int
	out     []uint8
}

// next reads n bytes.
func (r *bmpRuns) next(n int) ([]byte, error) {
	if len(r.data) < n {
		return nil, errBMPEnd
	}
	bytes := r.data[:n]
	r.data = r.data[n:]
	r.odd = r.odd != (n%2 == 1)
	return bytes, nil
}

func (r *bmpRuns) decode(want int) ([]uint8, error) {
	const end = 1
	for len(r.out) < want {
		pair, err := r.next(2)
		if err != nil {
			return nil, err
		}
		switch {
		case pair[0] > 0:
			r.run(int(pair[0]), pair[1])
		case pair[1] == end:
			return nil, errBMPEnd
		default:
			if err := r.escape(int(pair[1])); err != nil {
				return nil, err
			}
		}
	}
	return r.out[:want], nil
}

// run repeats one pixel, or a pair; what goes beyond the row is dropped.
func (r *bmpRuns) run(n int, value byte) {
	n = max(0, min(n, r.width-r.x))
	for i := range n {
		v := value
		if r.nibbles {
			v = value >> 4
			if i%2 == 1 {
				v = value & 15
			}
		}
		r.out = append(r.out, v)
	}
	r.x += n
}

// escape reads the end of a row, a step over pixels, or pixels one by one.
func (r *bmpRuns) escape(code int) error {
	const endOfRow, delta = 0, 2
	switch code {
	case endOfRow:
		for len(r.out)%r.width != 0 {
			r.out = append(r.out, 0)
		}
		r.x = 0
		return nil
	case delta:
		return errors.New("run-length coding with steps over pixels is not read, for Pillow misreads it")
	}
	return r.absolute(code)
}

// absolute reads n pixels, padded to two bytes.
func (r *bmpRuns) absolute(n int) error {
	size := n
	if r.nibbles {
		size = n / 2
		if n%2 == 1 {
			return errors.New("run-length coding of 4 bits with an odd number of single pixels is not read, for Pillow misreads it")
		}
	}
	bytes, err := r.next(size)
	if err != nil {
		return err
	}
	for _, v := range bytes {
		if r.nibbles {
			r.out = append(r.out, v>>4, v&15)
		} else {
			r.out = append(r.out, v)
		}
	}
	r.x += n
	if r.odd && len(r.data) > 0 {
		_, err = r.next(1)
	}
	return err
}
