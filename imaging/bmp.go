package imaging

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// bmpFile is the header of a BMP, read in Pillow's way.
type bmpFile struct {
	width, height int
	topDown       bool
	bits          int
	compression   uint32
	masks         [4]uint32 // of red, green, blue and alpha, for bmpBitfields
	palette       []byte    // entries of stride bytes: blue, green, red
	stride        int
	colours       int    // that the header announces
	pixels        []byte // up to the end of the file
	offset        int    // of pixels in the file
}

const (
	bmpRaw       = 0
	bmpRLE8      = 1
	bmpRLE4      = 2
	bmpBitfields = 3
)

var errBMPEnd = errors.New("the data end early")

// readBMP reads the headers of OS/2 1.x (12 bytes) and 2.x (64) and of Windows,
// versions 3 to 5.
func readBMP(data []byte) (*bmpFile, error) {
	const fileHeader = 14
	if len(data) < fileHeader+4 {
		return nil, errBMPEnd
	}
	size := binary.LittleEndian.Uint32(data[fileHeader:])
	switch size {
	case 12, 40, 64, 108, 124:
	default:
		return nil, fmt.Errorf("a header of %d bytes is not read, only 12, 40, 64, 108 and 124", size)
	}
	rest := data[fileHeader:]
	if len(rest) < int(size) {
		return nil, errBMPEnd
	}
	header, rest := rest[:size], rest[size:]
	b := &bmpFile{}
	if size == 12 {
		b.readOS2(header)
	} else {
		b.readWindows(header)
	}
	if b.compression == bmpBitfields {
		var err error
		if rest, err = b.readMasks(header, rest); err != nil {
			return nil, err
		}
	}
	return b, b.readPlace(data, rest, size)
}

func (b *bmpFile) readOS2(header []byte) {
	at := func(i int) int { return int(binary.LittleEndian.Uint16(header[i:])) }
	b.width, b.height, b.bits, b.stride = at(4), at(6), at(10), 3
}

func (b *bmpFile) readWindows(header []byte) {
	at := func(i int) uint32 { return binary.LittleEndian.Uint32(header[i:]) }
	b.topDown = header[11] == 0xff // a negative height
	height := at(8)
	if b.topDown {
		height = -height
	}
	b.width, b.height = int(at(4)), int(height)
	b.bits, b.compression = int(binary.LittleEndian.Uint16(header[14:])), at(16)
	b.colours, b.stride = int(at(32)), 4
}

// readMasks reads the bit masks in the header, or behind one that is too short.
func (b *bmpFile) readMasks(header, rest []byte) ([]byte, error) {
	from, n := header, 3
	if len(header) >= 56 {
		from, n = header[40:], 4
	} else {
		if len(rest) < 12 {
			return nil, errBMPEnd
		}
		from, rest = rest, rest[12:]
	}
	for i := range n {
		b.masks[i] = binary.LittleEndian.Uint32(from[4*i:])
	}
	return rest, nil
}

// readPlace finds palette and pixels. An offset that forgets the palette is
// corrected.
func (b *bmpFile) readPlace(data, rest []byte, size uint32) error {
	if b.colours == 0 {
		b.colours = 1 << min(b.bits, 32)
	}
	offset := uint64(binary.LittleEndian.Uint32(data[10:]))
	if b.bits <= 8 {
		if b.colours < 1 || b.colours > 1<<16 {
			return fmt.Errorf("a palette of %d colours", b.colours)
		}
		b.palette = rest[:min(b.stride*b.colours, len(rest))]
		rest = rest[len(b.palette):]
		if offset == uint64(14+size) {
			offset += uint64(4 * b.colours)
		}
	}
	if offset == 0 {
		offset = uint64(len(data) - len(rest))
	}
	if offset > uint64(len(data)) {
		return errBMPEnd
	}
	b.offset, b.pixels = int(offset), data[offset:]
	return nil
}

func bmpSize(data []byte) (width, height int, err error) {
	b, err := readBMP(data)
	if err != nil {
		return 0, 0, err
	}
	return b.width, b.height, nil
}

func decodeBMP(data []byte) (*Image, error) {
	b, err := readBMP(data)
	if err != nil {
		return nil, err
	}
	switch b.compression {
	case bmpRLE8, bmpRLE4:
		return b.decodeRuns()
	case bmpRaw, bmpBitfields:
		return b.decodeRows()
	}
	return nil, fmt.Errorf("compression %d (JPEG, PNG or another) is not read", b.compression)
}

// decodeRows reads rows, each padded to four bytes but for the last.
func (b *bmpFile) decodeRows() (*Image, error) {
	unpack, err := b.unpacker()
	if err != nil {
		return nil, err
	}
	size, used := (b.width*b.bits+31)/32*4, (b.width*b.bits+7)/8
	if len(b.pixels) < size*(b.height-1)+used {
		return nil, errBMPEnd
	}
	img := newImage(b.width, b.height)
	for y := range b.height {
		unpack(b.row(img, y), b.pixels[y*size:][:used])
	}
	return img, nil
}

// row returns the y-th row in the order of the file.
func (b *bmpFile) row(img *Image, y int) []uint8 {
	if !b.topDown {
		y = img.Height - 1 - y
	}
	return img.Pix[3*y*img.Width : 3*(y+1)*img.Width]
}

func (b *bmpFile) unpacker() (func(out, row []uint8), error) {
	switch b.bits {
	case 1, 4, 8:
		if b.compression == bmpBitfields {
			return nil, errBMPMasks
		}
		table, err := b.table()
		if err != nil {
			return nil, err
		}
		return indexed{table, b.bits}.unpack, nil
	case 16:
		return b.unpacker16()
	case 24:
		if b.compression == bmpBitfields && [3]uint32(b.masks[:3]) != [3]uint32{0xff0000, 0xff00, 0xff} {
			return nil, errBMPMasks
		}
		return samples{3, 2, 1, 0, -1}.unpack, nil
	case 32:
		return b.unpacker32()
	}
	return nil, fmt.Errorf("%d bits for a pixel are not read, only 1, 4, 8, 16, 24 and 32", b.bits)
}

var errBMPMasks = errors.New("bit masks of this kind are not read")

// unpacker16 spreads five or six bits over 0..255 as Pillow does.
func (b *bmpFile) unpacker16() (func(out, row []uint8), error) {
	green := 5
	if b.compression == bmpBitfields {
		switch [3]uint32(b.masks[:3]) {
		case [3]uint32{0xf800, 0x7e0, 0x1f}:
			green = 6
		case [3]uint32{0x7c00, 0x3e0, 0x1f}:
		default:
			return nil, errBMPMasks
		}
	}
	return func(out, row []uint8) {
		for ; len(out) >= 3; out, row = out[3:], row[2:] {
			v := int(binary.LittleEndian.Uint16(row))
			most := 1<<green - 1
			out[0] = uint8(v >> (5 + green) & 31 * 255 / 31)
			out[1] = uint8(v >> 5 & most * 255 / most)
			out[2] = uint8(v & 31 * 255 / 31)
		}
	}, nil
}

// unpacker32 takes the fourth byte for alpha only where bit masks say so.
func (b *bmpFile) unpacker32() (func(out, row []uint8), error) {
	if b.compression == bmpRaw {
		return samples{4, 2, 1, 0, -1}.unpack, nil
	}
	switch b.masks {
	case [4]uint32{0xff0000, 0xff00, 0xff, 0}:
		return samples{4, 2, 1, 0, -1}.unpack, nil
	case [4]uint32{0xff000000, 0xff0000, 0xff00, 0}:
		return samples{4, 3, 2, 1, -1}.unpack, nil
	case [4]uint32{0xff000000, 0xff0000, 0xff00, 0xff}:
		return samples{4, 3, 2, 1, 0}.unpack, nil
	case [4]uint32{0xff, 0xff00, 0xff0000, 0xff000000}:
		return samples{4, 0, 1, 2, 3}.unpack, nil
	case [4]uint32{0xff0000, 0xff00, 0xff, 0xff000000}, [4]uint32{}:
		return samples{4, 2, 1, 0, 3}.unpack, nil
	}
	return nil, errBMPMasks
}

// table is the palette, and greys beyond it. Pillow 9.4 takes a palette of black
// and white, or of the first greys, for no palette at all, and then reads the
// pixels with 1 or 8 bits, whatever their number is; what it so misreads is
// refused.
func (b *bmpFile) table() (*[256][3]uint8, error) {
	switch assumed := b.assumedBits(); {
	case assumed == 0:
	case assumed != b.bits:
		return nil, fmt.Errorf("%d bits with a palette of %d greys are not read, for Pillow misreads them", b.bits, b.colours)
	case assumed == 1:
		return &[256][3]uint8{1: {255, 255, 255}}, nil
	default:
		table := greyRamp()
		return &table, nil
	}
	table := greyRamp()
	n := len(b.palette) / b.stride
	if n > 256 {
		return nil, fmt.Errorf("a palette of %d colours", n)
	}
	for i := range n {
		c := b.palette[i*b.stride:]
		table[i] = [3]uint8{c[2], c[1], c[0]}
	}
	return &table, nil
}

// assumedBits is 1 or 8 where the palette is of the greys that Pillow drops, 0
// where it is kept.
func (b *bmpFile) assumedBits() int {
	for i := range b.colours {
		grey := uint8(i)
		if b.colours == 2 && i == 1 {
			grey = 255
		}
		c := b.palette[min(i*b.stride, len(b.palette)):]
		if len(c) < 3 || [3]uint8(c) != [3]uint8{grey, grey, grey} {
			return 0
		}
	}
	if b.colours == 2 {
		return 1
	}
	return 8
}
