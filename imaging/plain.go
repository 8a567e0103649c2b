package imaging

import (
	"bytes"
	"errors"
)

var errNotPlain = errors.New("decoders may differ")

// plainJPEG reads a JPEG to the end of its coded data and reports whether every
// build of libjpeg-turbo gives it the pixels of jpegDecoder. The library passes
// in silence over codes that do not exist and runs beyond the block, which
// jpegDecoder refuses; its vector code computes with 16 bits; and versions
// differ in the less usual ratios of chroma and in progressive pictures.
func plainJPEG(data []byte) (width, height int, ok bool) {
	var d jpegDecoder
	data = bytes.TrimPrefix(data, []byte(jpegStart))
	for {
		marker, body, rest, err := nextSegment(data)
		if err != nil || marker == markerEOI {
			return 0, 0, false
		}
		if marker == markerSOS {
			return d.width, d.height, d.plainColour() && d.plainScan(body, rest)
		}
		if d.segment(marker, body) != nil {
			return 0, 0, false
		}
		data = rest
	}
}

// plainColour reports whether the frame is grey, or luma with two chroma planes
// of the same or, in one or both directions, half the resolution.
func (d *jpegDecoder) plainColour() bool {
	c := d.components
	if d.progressive || len(c) != 1 && len(c) != 3 || d.maxH > 2 || d.maxV > d.maxH {
		return false
	}
	for i := range c {
		if i > 0 && (c[i].h > 1 || c[i].v > 1) {
			return false
		}
	}
	named := len(c) == 3 && c[0].id == 'R' && c[1].id == 'G' && c[2].id == 'B'
	return c[0].h == d.maxH && c[0].v == d.maxV && !named && !(d.adobe && d.transform == 0)
}

// plainScan reports whether the scan is sound, holds all components, and is the
// last thing in the picture.
func (d *jpegDecoder) plainScan(header, data []byte) bool {
	s, err := d.newScan(header)
	if err != nil || len(s.components) != len(d.components) {
		return false
	}
	s.data = data
	if d.blocks(s, s.plainBlock) != nil {
		return false
	}
	marker, _, _, err := nextSegment(data[s.pos:])
	return err == nil && marker == markerEOI
}

// plainBlock reads a block, whose transform is to stay within 16 bits.
func (s *jpegScan) plainBlock(i, _, _ int) error {
	var block [64]int32
	ac, err := s.readBlock(i, &block)
	if err == nil && ac+abs(int(block[0])) > mostPlain {
		err = errNotPlain
	}
	return err
}
