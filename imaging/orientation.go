package imaging

import (
	"bytes"
	"encoding/binary"
)

// upright returns the picture turned as EXIF orientation o asks; values outside
// 2..8 ask for nothing. The cases are those of Pillow's ImageOps.exif_transpose.
func (m *Image) upright(o int) *Image {
	w, h := m.Width, m.Height
	// Output pixel (x, y) is input pixel start + x*dx + y*dy.
	var start, dx, dy int
	switch o {
	case 2: // mirrored
		start, dx, dy = w-1, -1, w
	case 3: // upside down
		start, dx, dy = w*h-1, -1, -w
	case 4: // mirrored upside down
		start, dx, dy = w*(h-1), 1, -w
	case 5: // transposed
		start, dx, dy = 0, w, 1
	case 6: // needs a quarter turn clockwise
		start, dx, dy = w*(h-1), -w, 1
	case 7: // transposed over the other diagonal
		start, dx, dy = w*h-1, -w, -1
	case 8: // needs a quarter turn anticlockwise
		start, dx, dy = w-1, w, -1
	default:
		return m
	}
	if o >= 5 {
		w, h = h, w
	}
	out := newImage(w, h)
	for y := range h {
		for x := range w {
			from := 3 * (start + x*dx + y*dy)
			copy(out.Pix[3*(y*w+x):3*(y*w+x)+3], m.Pix[from:from+3])
		}
	}
	return out
}

// exifOrientation reads tag 0x0112 of the first directory of an EXIF block,
// which is a TIFF header. It returns 1 (upright) where it finds none: a damaged
// EXIF block must not cost the picture.
func exifOrientation(tiff []byte) int {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(tiff, []byte("II*\x00")):
		order = binary.LittleEndian
	case bytes.HasPrefix(tiff, []byte("MM\x00*")):
		order = binary.BigEndian
	default:
		return 1
	}
	if len(tiff) < 8 || uint64(order.Uint32(tiff[4:]))+2 > uint64(len(tiff)) {
		return 1
	}
	entries := tiff[order.Uint32(tiff[4:]):]
	count := int(order.Uint16(entries))
	for entries = entries[2:]; count > 0 && len(entries) >= 12; count, entries = count-1, entries[12:] {
		const orientation, short = 0x0112, 3
		if order.Uint16(entries) == orientation && order.Uint16(entries[2:]) == short {
			return int(order.Uint16(entries[8:]))
		}
	}
	return 1
}

// pngOrientation reads the eXIf chunk, which may stand before or after the data.
func pngOrientation(data []byte) int {
	for data = data[8:]; len(data) >= 12; {
		size := uint64(binary.BigEndian.Uint32(data))
		if size+12 > uint64(len(data)) {
			return 1
		}
		if string(data[4:8]) == "eXIf" {
			return exifOrientation(data[8 : 8+size])
		}
		data = data[size+12:]
	}
	return 1
}
