package imaging

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Flags of the extended format.
const (
	webpAnimation = 0x02
	webpEXIF      = 0x08
	webpAlpha     = 0x10
	webpKnown     = 0x3e
)

var errWebPEnd = errors.New("the data end early")

// readWebP finds the still picture as the demultiplexer of libwebp does, and refuses
// what that refuses. EXIF and the alpha of a lossy picture count only where the flags
// of the extended format announce them.
func readWebP(data []byte) (*webpFile, error) {
	size := uint64(binary.LittleEndian.Uint32(data[4:])) + 8
	if size < 12 || size > uint64(len(data)) {
		return nil, errWebPEnd
	}
	w := &webpFile{}
	name, body, rest, err := webpChunk(data[12:size])
	switch {
	case err != nil:
		return nil, err
	case name == "VP8X":
		err = w.readExtended(body, rest)
	case name == "VP8 " || name == "VP8L":
		_, err = w.readStill(data[12:size])
	default:
		err = fmt.Errorf("chunk %q stands where the picture or its header is due", name)
	}
	return w, err
}

// webpChunk splits off a chunk with the byte that fills it up to an even size.
func webpChunk(data []byte) (name string, body, rest []byte, err error) {
	if len(data) < 8 {
		return "", nil, nil, errWebPEnd
	}
	size := uint64(binary.LittleEndian.Uint32(data[4:]))
	if size+size&1 > uint64(len(data)-8) {
		return "", nil, nil, errWebPEnd
	}
	return string(data[:4]), data[8 : 8+size], data[8+size+size&1:], nil
}

// readStill reads alpha and picture, which follow one another, up to the first chunk
// that is neither, or is there a second time.
func (w *webpFile) readStill(data []byte) (rest []byte, err error) {
	alpha := false
	for len(data) > 0 {
		name, body, rest, err := webpChunk(data)
		switch {
		case err != nil:
			return nil, err
		case name == "ALPH" && !alpha:
			alpha = true
			if w.flags&webpAlpha == 0 {
				break
			}
			if w.pixels != nil {
				return nil, errors.New("alpha stands behind the picture")
			}
			w.alpha = body
		case name == "VP8L" && alpha:
			return nil, errors.New("alpha stands in front of a lossless picture, which has its own")
		case (name == "VP8 " || name == "VP8L") && w.pixels == nil:
			w.name, w.pixels = name, body
		default:
			return data, w.check()
		}
		data = rest
	}
	return nil, w.check()
}

// check looks at the first bits of a lossy picture as libwebp does.
func (w *webpFile) check() error {
	switch {
	case w.pixels == nil:
		return errors.New("there is no picture behind the alpha")
	case w.name == "VP8L":
		return nil
	case len(w.pixels) < 10:
		return errWebPEnd
	}
	bits := uint24(w.pixels)
	profile, shown, first := bits>>1&7, bits>>4&1 == 1, bits>>5
	if profile > 3 || !shown || first >= len(w.pixels) {
		return errors.New("the header of the picture is damaged")
	}
	return nil
}

// readExtended reads the chunks behind a header.
func (w *webpFile) readExtended(header, data []byte) error {
	if len(header) != 10 {
		return fmt.Errorf("its header has %d bytes, not 10", len(header))
	}
	w.flags = header[0]
	w.width, w.height = uint24(header[4:])+1, uint24(header[7:])+1
	switch {
	case w.flags&webpAnimation != 0:
		return errors.New("animated WebP is not read: save its first frame as a still picture")
	case w.flags&^webpKnown != 0:
		return fmt.Errorf("its header has unknown flags (%#02x)", w.flags)
	}
	animation := false
	for len(data) > 0 {
		name, body, rest, err := webpChunk(data)
		if err != nil {
			return err
		}
		switch name {
		case "ALPH", "VP8 ", "VP8L":
			if animation || w.pixels != nil {
				return fmt.Errorf("chunk %q stands where no picture is due", name)
			}
			rest, err = w.readStill(data)
		case "ANIM":
			animation = true
		case "ANMF", "VP8X":
			err = fmt.Errorf("chunk %q in a still picture", name)
		case "EXIF":
			if w.exif == nil && w.flags&webpEXIF != 0 {
				w.exif = body
			}
		}
		if err != nil {
			return err
		}
		data = rest
	}
	if w.pixels == nil {
		return errWebPEnd
	}
	return nil
}
