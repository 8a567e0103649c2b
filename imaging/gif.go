package imaging

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
)

// gifFile is the first frame of a GIF and what it is drawn on, read in Pillow's
// way: the canvas grows to hold the frame.
type gifFile struct {
	width, height int
	frame         image.Rectangle
	interlaced    bool
	global, local []byte // palettes; nil: none
	transparent   int    // index; -1: none
	data          []byte // the size of the codes, then blocks of them
}

var errGIFEnd = errors.New("the data end early")

// readGIF reads up to the data of the first frame.
func readGIF(data []byte) (*gifFile, error) {
	if len(data) < 13 {
		return nil, errGIFEnd
	}
	if version := data[3:6]; string(version) != "87a" && string(version) != "89a" {
		return nil, fmt.Errorf("version %q does not exist", version)
	}
	g := &gifFile{width: int(binary.LittleEndian.Uint16(data[6:])), height: int(binary.LittleEndian.Uint16(data[8:])), transparent: -1}
	rest := data[13:]
	if flags := data[10]; flags&0x80 != 0 {
		g.global, rest = gifPalette(rest, flags)
	}
	for len(rest) > 0 && rest[0] != ';' {
		kind := rest[0]
		rest = rest[1:]
		switch kind {
		case '!':
			var err error
			if rest, err = g.extension(rest); err != nil {
				return nil, err
			}
		case ',':
			return g, g.descriptor(rest)
		} // other bytes are passed over
	}
	return nil, fmt.Errorf("no picture before the end")
}

func gifSize(data []byte) (width, height int, err error) {
	g, err := readGIF(data)
	if err != nil {
		return 0, 0, err
	}
	return g.width, g.height, nil
}

// gifPalette splits off a palette.
func gifPalette(data []byte, flags byte) (palette, rest []byte) {
	n := min(3<<(flags&7+1), len(data))
	return data[:n], data[n:]
}

// extension reads what follows a '!'. Of all kinds only the control of a frame
// matters here. Behind an empty one Pillow loses its place, and may show another
// frame.
func (g *gifFile) extension(data []byte) (rest []byte, err error) {
	const control, comment, application = 0xf9, 0xfe, 0xff
	if len(data) == 0 {
		return nil, errGIFEnd
	}
	kind := data[0]
	block, rest := gifBlock(data[1:])
	if kind == application && bytes.HasPrefix(block, []byte("NETSCAPE2.0")) {
		block, rest = gifBlock(rest)
	}
	if len(block) == 0 && kind != comment {
		return nil, fmt.Errorf("extension %#02x is empty", kind)
	}
	if kind == control {
		if len(block) < 3 || block[0]&1 != 0 && len(block) < 4 {
			return nil, fmt.Errorf("the control of a frame is short")
		}
		if block[0]&1 != 0 {
			g.transparent = int(block[3])
		}
	}
	for len(block) > 0 {
		block, rest = gifBlock(rest)
	}
	return rest, nil
}

// gifBlock splits off a block of at most 255 bytes; none is the last.
func gifBlock(data []byte) (block, rest []byte) {
	if len(data) == 0 {
		return nil, nil
	}
	n := min(int(data[0]), len(data)-1)
	return data[1 : 1+n], data[1+n:]
}

func (g *gifFile) descriptor(data []byte) error {
	if len(data) < 9 {
		return errGIFEnd
	}
	at := func(i int) int { return int(binary.LittleEndian.Uint16(data[i:])) }
	g.frame = image.Rect(at(0), at(2), at(0)+at(4), at(2)+at(6))
	g.width, g.height = max(g.width, g.frame.Max.X), max(g.height, g.frame.Max.Y)
	flags := data[8]
	g.interlaced = flags&0x40 != 0
	data = data[9:]
	if flags&0x80 != 0 {
		g.local, data = gifPalette(data, flags)
	}
	if g.data = data; len(data) == 0 {
		return errGIFEnd
	}
	if g.frame.Empty() {
		return fmt.Errorf("the first frame has no pixels")
	}
	return nil
}

// decodeGIF draws the first frame on the canvas. What it leaves uncovered is
// white where the frame has a transparent colour, else the first colour of the
// palette.
func decodeGIF(data []byte) (*Image, error) {
	g, err := readGIF(data)
	if err != nil {
		return nil, err
	}
	indices, err := g.indices()
	if err != nil {
		return nil, err
	}
	palette := g.local
	if palette == nil {
		palette = g.global
	} else if isGreyRamp(g.local) && !isGreyRamp(g.global) {
		return nil, errors.New("a palette of greys in front of one of colours is not read, for Pillow takes the colours")
	}
	table := greyRamp()
	for i := range len(palette) / 3 {
		table[i] = [3]uint8(palette[3*i:])
	}
	background := 0
	if g.transparent >= 0 {
		background = g.transparent
		table[background] = [3]uint8{255, 255, 255}
	}
	return g.draw(indices, &table, background), nil
}

// isGreyRamp tells palettes that say nothing.
func isGreyRamp(palette []byte) bool {
	for i := range len(palette) / 3 {
		if [3]uint8(palette[3*i:]) != [3]uint8{uint8(i), uint8(i), uint8(i)} {
			return false
		}
	}
	return true
}

func (g *gifFile) draw(indices []uint8, table *[256][3]uint8, background int) *Image {
	img := newImage(g.width, g.height)
	if g.frame != image.Rect(0, 0, g.width, g.height) {
		for at := 0; at < len(img.Pix); at += 3 {
			copy(img.Pix[at:at+3], table[background][:])
		}
	}
	colours := indexed{table, 8}
	for y := range g.frame.Dy() {
		out := img.Pix[3*((g.frame.Min.Y+y)*g.width+g.frame.Min.X):][:3*g.frame.Dx()]
		colours.unpack(out, indices[y*g.frame.Dx():])
	}
	return img
}

// indices decodes the rows of the frame. Codes beyond the last row are ignored.
func (g *gifFile) indices() ([]uint8, error) {
	const mostPerByte = 4096 // pixels: no code of 12 bits stands for more
	width, height := g.frame.Dx(), g.frame.Dy()
	if width*height > mostPerByte*len(g.data) {
		return nil, fmt.Errorf("%d bytes of data cannot hold %dx%d pixels", len(g.data), width, height)
	}
	pixels := make([]uint8, 0, width*height+mostPerByte)
	pixels, err := newLZW(g.data).decode(pixels, width*height)
	if err != nil {
		return nil, fmt.Errorf("row %d of %d: %w", len(pixels)/width+1, height, err)
	}
	if !g.interlaced {
		return pixels, nil
	}
	return deinterlaced(pixels, width, height), nil
}

// deinterlaced orders rows of which every eighth came first, then those halfway
// between, and so on.
func deinterlaced(pixels []uint8, width, height int) []uint8 {
	out := make([]uint8, width*height)
	for _, pass := range [4]struct{ first, step int }{{0, 8}, {4, 8}, {2, 4}, {1, 2}} {
		for y := pass.first; y < height; y += pass.step {
			copy(out[y*width:(y+1)*width], pixels)
			pixels = pixels[width:]
		}
	}
	return out
}
