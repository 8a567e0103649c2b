package imaging

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// Markers of ITU-T T.81, table B.1.
const (
	markerSOF0  = 0xc0 // baseline
	markerSOF1  = 0xc1 // extended sequential
	markerSOF2  = 0xc2 // progressive
	markerDHT   = 0xc4
	markerJPG   = 0xc8
	markerDAC   = 0xcc
	markerSOF15 = 0xcf
	markerRST0  = 0xd0
	markerRST7  = 0xd7
	markerSOI   = 0xd8
	markerEOI   = 0xd9
	markerSOS   = 0xda
	markerDQT   = 0xdb
	markerDRI   = 0xdd
	markerAPP0  = 0xe0
	markerAPP1  = 0xe1
	markerAPP14 = 0xee
	markerAPP15 = 0xef
	markerCOM   = 0xfe
	markerTEM   = 0x01
)

var errJPEGEnd = errors.New("the data ends early")

// nextSegment skips to the next marker and returns its body and what follows. Where
// that is cut, it returns the marker with the error.
// Bytes before a marker are skipped, as libjpeg does.
func nextSegment(data []byte) (marker byte, body, rest []byte, err error) {
	for len(data) >= 2 && (data[0] != 0xff || data[1] == 0 || data[1] == 0xff) {
		data = data[1:]
	}
	if len(data) < 2 {
		return 0, nil, nil, errJPEGEnd
	}
	marker, data = data[1], data[2:]
	if marker == markerTEM || marker >= markerRST0 && marker <= markerEOI {
		return marker, nil, data, nil
	}
	if len(data) < 2 {
		return marker, nil, nil, errJPEGEnd
	}
	size := int(binary.BigEndian.Uint16(data))
	if size < 2 || size > len(data) {
		return marker, nil, nil, fmt.Errorf("marker %#02x: %w", marker, errJPEGEnd)
	}
	return marker, data[2:size], data[size:], nil
}

func isSOF(marker byte) bool {
	return marker >= markerSOF0 && marker <= markerSOF15 &&
		marker != markerDHT && marker != markerJPG && marker != markerDAC
}

const jpegStart = "\xff\xd8"

// isMarker tells the markers that libjpeg knows behind the start.
func isMarker(marker byte) bool {
	switch marker {
	case markerSOI, markerJPG:
		return false
	case markerTEM, markerCOM:
		return true
	}
	return marker >= markerSOF0 && marker <= markerDRI || marker >= markerAPP0 && marker <= markerAPP15
}

func jpegSize(data []byte) (width, height int, err error) {
	for {
		marker, body, rest, err := nextSegment(data)
		switch {
		case err != nil:
			return 0, 0, err
		case isSOF(marker) && len(body) >= 6:
			return int(binary.BigEndian.Uint16(body[3:])), int(binary.BigEndian.Uint16(body[1:])), nil
		case marker == markerSOS || marker == markerEOI:
			return 0, 0, fmt.Errorf("no frame header before the data")
		}
		data = rest
	}
}

// jpegOrientation reads the first EXIF block before the picture's data. Pillow
// does not ask the XMP of a JPEG.
func jpegOrientation(data []byte) int {
	for {
		marker, body, rest, err := nextSegment(data)
		if err != nil || marker == markerSOS || marker == markerEOI {
			return upright
		}
		if marker == markerAPP1 && bytes.HasPrefix(body, []byte("Exif\x00")) {
			orientation, _ := exifOrientation(body)
			return orientation
		}
		data = rest
	}
}

// jpegDecoder decodes baseline and progressive Huffman-coded JPEG of 8 bits to
// the samples that libjpeg-turbo's default ("islow") inverse transform gives.
// The standard library's decoder is not used because its inverse transform
// rounds otherwise and has changed between releases of Go, so that features
// would depend on the toolchain.
type jpegDecoder struct {
	width, height int
	progressive   bool
	components    []*jpegComponent
	maxH, maxV    int // largest sampling factors
	mcusX, mcusY  int

	quant       [4]*[64]int32 // in zigzag order
	dc, ac      [4]*huffman
	restart     int // MCUs between restart markers; 0 = none
	scans       int
	passes      int  // coefficients that the scans have gone over
	interleaved bool // the first scan had all components
	jfif        bool
	adobe       bool
	transform   byte // of Adobe: 0 none, 1 YCbCr, 2 YCCK
}

// jpegComponent is one colour plane in its own resolution.
type jpegComponent struct {
	id, h, v, table  int // sampling factors, quantisation table
	width, height    int // in samples, of the picture proper
	blocksX, blocksY int // including the padding to whole MCUs
	pix              []uint8
	stride           int
	quant            *[64]int32  // as it stood at the first scan; nil before it
	coefficients     [][64]int16 // natural order, of a progressive picture
	precision        [64]int8    // bits of each coefficient that scans have left out, zigzag order
	predictor        int32
}

const unknownBits = -1 // no scan has had the coefficient

// decodeJPEG decodes with libjpeg-turbo what it decodes to the same pixels.
func decodeJPEG(data []byte) (*Image, error) {
	if library := openedTurbo(); library.decompress != nil {
		if img := library.decode(data); img != nil {
			return img.turn(jpegOrientation(data)), nil
		}
	}
	img, err := decodeJPEGInGo(data)
	if err != nil {
		return nil, err
	}
	return img.turn(jpegOrientation(data)), nil
}

func decodeJPEGInGo(data []byte) (*Image, error) {
	var d jpegDecoder
	data = bytes.TrimPrefix(data, []byte(jpegStart))
	for {
		marker, body, rest, err := nextSegment(data)
		if err != nil {
			return nil, err
		}
		if marker == markerEOI {
			return d.image()
		}
		if marker == markerSOS {
			if rest, err = d.scan(body, rest); err == nil && d.complete() {
				return d.lastImage(rest)
			}
		} else {
			err = d.segment(marker, body)
		}
		if err != nil {
			return nil, err
		}
		data = rest
	}
}

func (d *jpegDecoder) segment(marker byte, body []byte) error {
	switch {
	case !isMarker(marker):
		return fmt.Errorf("marker %#02x has no place in a picture", marker)
	case isSOF(marker):
		return d.frame(marker, body)
	case marker == markerDQT:
		return d.quantTables(body)
	case marker == markerDHT:
		return d.huffmanTables(body)
	case marker == markerDRI:
		if len(body) < 2 {
			return errJPEGEnd
		}
		d.restart = int(binary.BigEndian.Uint16(body))
	case marker == markerAPP0 && bytes.HasPrefix(body, []byte("JFIF\x00")) && len(body) >= 14:
		d.jfif = true
	case marker == markerAPP14 && bytes.HasPrefix(body, []byte("Adobe")) && len(body) >= 12:
		d.adobe, d.transform = true, body[11]
	}
	return nil
}

func (d *jpegDecoder) frame(marker byte, body []byte) error {
	if marker > markerSOF2 {
		return fmt.Errorf("coding process %#02x (lossless, hierarchical or arithmetic) is not read", marker)
	}
	if len(body) < 6 || len(body) < 6+3*int(body[5]) {
		return errJPEGEnd
	}
	if d.components != nil {
		return fmt.Errorf("second frame header")
	}
	if body[0] != 8 {
		return fmt.Errorf("samples of %d bits are not read, only 8", body[0])
	}
	if n := body[5]; n != 1 && n != 3 && n != 4 {
		return fmt.Errorf("%d colour components are not read, only 1, 3 and 4", n)
	}
	d.progressive = marker == markerSOF2
	d.height, d.width = int(binary.BigEndian.Uint16(body[1:])), int(binary.BigEndian.Uint16(body[3:]))
	for i := range int(body[5]) {
		s := body[6+3*i:]
		c := &jpegComponent{id: int(s[0]), h: int(s[1] >> 4), v: int(s[1] & 15), table: int(s[2])}
		if c.h < 1 || c.h > 4 || c.v < 1 || c.v > 4 || c.table > 3 {
			return fmt.Errorf("component %d has sampling factors %dx%d and table %d, outside 1..4 and 0..3", i, c.h, c.v, c.table)
		}
		for k := range c.precision {
			c.precision[k] = unknownBits
		}
		d.components = append(d.components, c)
		d.maxH, d.maxV = max(d.maxH, c.h), max(d.maxV, c.v)
	}
	return d.layOut()
}

func (d *jpegDecoder) layOut() error {
	d.mcusX, d.mcusY = ceilDiv(d.width, 8*d.maxH), ceilDiv(d.height, 8*d.maxV)
	for _, c := range d.components {
		if d.maxH%c.h != 0 || d.maxV%c.v != 0 {
			return fmt.Errorf("sampling factors %dx%d of %dx%d are no whole ratio", c.h, c.v, d.maxH, d.maxV)
		}
		c.width, c.height = ceilDiv(d.width*c.h, d.maxH), ceilDiv(d.height*c.v, d.maxV)
		c.blocksX, c.blocksY = d.mcusX*c.h, d.mcusY*c.v
		c.stride = 8 * c.blocksX
	}
	return nil
}

// allocate makes room for the samples of a component, before its first scan.
func (d *jpegDecoder) allocate(c *jpegComponent) {
	if c.pix != nil {
		return
	}
	c.pix = make([]uint8, c.stride*8*c.blocksY)
	if d.progressive {
		c.coefficients = make([][64]int16, c.blocksX*c.blocksY)
	}
}

// blocks are those of the picture proper.
func (c *jpegComponent) blocks() int { return ceilDiv(c.width, 8) * ceilDiv(c.height, 8) }

func ceilDiv(a, b int) int { return (a + b - 1) / b }

func (d *jpegDecoder) quantTables(body []byte) error {
	for len(body) > 0 {
		precision, id := int(body[0]>>4), body[0]&15
		size := 64 * (precision + 1)
		if precision > 1 || id > 3 || len(body) < 1+size {
			return fmt.Errorf("quantisation table %d is malformed", id)
		}
		t := new([64]int32)
		for i := range t {
			t[i] = int32(body[1+i])
			if precision == 1 {
				t[i] = int32(binary.BigEndian.Uint16(body[1+2*i:]))
			}
		}
		d.quant[id] = t
		body = body[1+size:]
	}
	return nil
}

// complete reports whether a single scan has brought everything, after which
// libjpeg looks no further.
func (d *jpegDecoder) complete() bool { return !d.progressive && d.scans == 1 && d.interleaved }

// lastImage is image once the data are complete. A file that stops without any
// further marker has been cut; what follows one must be sound, or cut.
func (d *jpegDecoder) lastImage(rest []byte) (*Image, error) {
	for marked := false; ; {
		marker, body, next, err := nextSegment(rest)
		marked = marked || marker != 0
		switch {
		case marker == markerEOI || marked && err != nil:
			return d.image()
		case err != nil:
			return nil, err
		case marker == markerSOS:
			return nil, errors.New("more than one scan of all components")
		}
		if err := d.segment(marker, body); err != nil {
			return nil, err
		}
		rest = next
	}
}

// image turns the planes into RGB, with libjpeg's rules for what they mean.
func (d *jpegDecoder) image() (*Image, error) {
	if d.scans == 0 {
		return nil, fmt.Errorf("there are no data")
	}
	smooths := d.needsSmoothing()
	for _, c := range d.components {
		switch {
		case c.pix == nil: // no scan has it
			d.allocate(c)
			for i := range c.pix {
				c.pix[i] = 128
			}
		case smooths:
			c.smooth()
		default:
			for b := range c.coefficients {
				c.reconstructStored(b%c.blocksX, b/c.blocksX, &c.coefficients[b])
			}
		}
	}
	img := newImage(d.width, d.height)
	var rows, rooms [4][]uint8
	for i, c := range d.components {
		rooms[i] = make([]uint8, d.maxH/c.h*c.width)
	}
	for y := range d.height {
		for i, c := range d.components {
			rows[i] = c.upsample(rooms[i], y, d.maxH/c.h, d.maxV/c.v)[:d.width]
		}
		d.convert(img.Pix[3*y*d.width:3*(y+1)*d.width], rows)
	}
	return img, nil
}

// convert turns one row of samples into RGB. Four components are ink, stored
// inverted: Adobe does so, and Pillow assumes it of everyone.
func (d *jpegDecoder) convert(out []uint8, rows [4][]uint8) {
	ink := len(d.components) == 4
	ycc := len(d.components) == 3 && !d.isRGB() || ink && d.adobe && d.transform != 0
	switch {
	case len(d.components) == 1:
		interleave(out, rows[0], rows[0], rows[0])
	case ycc:
		yccToRGB(out, rows[0], rows[1], rows[2])
	default:
		interleave(out, rows[0], rows[1], rows[2])
	}
	if ink && ycc { // the colour of YCCK is that of the ink, not of the picture
		for i := range out {
			out[i] = 255 - out[i]
		}
	}
	if ink {
		applyBlack(out, rows[3])
	}
}

func (d *jpegDecoder) isRGB() bool {
	c := d.components
	return !d.jfif && (d.adobe && d.transform == 0 ||
		!d.adobe && c[0].id == 'R' && c[1].id == 'G' && c[2].id == 'B')
}

func interleave(out, r, g, b []uint8) {
	for x := range r {
		out[3*x], out[3*x+1], out[3*x+2] = r[x], g[x], b[x]
	}
}

// yccToRGB uses libjpeg's 16-bit constants for 1.402, 0.34414, 0.71414, 1.772.
func yccToRGB(out, luma, blue, red []uint8) {
	const half = 1 << 15
	out, blue, red = out[:3*len(luma)], blue[:len(luma)], red[:len(luma)]
	for x, l := range luma {
		y, b, r := int(l), int(blue[x])-128, int(red[x])-128
		out[3*x] = clip(y + (91881*r+half)>>16)
		out[3*x+1] = clip(y + (half-22554*b-46802*r)>>16)
		out[3*x+2] = clip(y + (116130*b+half)>>16)
	}
}

// applyBlack darkens the inverted ink in out by the inverted black, rounding as
// Pillow's conversion from CMYK to RGB does.
func applyBlack(out, black []uint8) {
	for x, k := range black {
		for i := range 3 {
			out[3*x+i] = k - divide255(uint32(255-out[3*x+i])*uint32(k))
		}
	}
}
