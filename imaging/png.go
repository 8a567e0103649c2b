package imaging

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
)

// pngFile is what the chunks of a PNG say, read in Pillow's way: up to the data
// every checksum must be right, from there on none is looked at, and the file may
// stop without its last chunk.
type pngFile struct {
	width, height int
	depth, colour int
	interlaced    bool
	palette       []byte
	transparency  []byte          // body of tRNS
	frame         image.Rectangle // what the data fill, for some animated PNGs not the whole
	frames        int             // that an animated PNG announces
	controls      int             // frame controls before the data
	data          []byte          // compressed rows
	early, late   pngText         // before the data, and in the whole file
}

var (
	errNoChunk = errors.New("the file ends, or holds something else, where a chunk is due")
	errCut     = errors.New("the file is cut")
)

const pngSignature = "\x89PNG\r\n\x1a\n"

// pngHeader reads IHDR, which PNG fixes as the first chunk.
func pngHeader(data []byte) (*pngFile, error) {
	kind, body, _, err := pngChunk(data[len(pngSignature):])
	if err != nil {
		return nil, err
	}
	if kind != "IHDR" || len(body) < 13 {
		return nil, fmt.Errorf("no IHDR chunk")
	}
	p := &pngFile{
		width: int(binary.BigEndian.Uint32(body)), height: int(binary.BigEndian.Uint32(body[4:])),
		depth: int(body[8]), colour: int(body[9]), interlaced: body[12] != 0,
	}
	p.frame = image.Rect(0, 0, p.width, p.height)
	if body[11] != 0 {
		return nil, fmt.Errorf("filter method %d does not exist", body[11])
	}
	return p, nil
}

func pngSize(data []byte) (int, int, error) {
	p, err := pngHeader(data)
	if err != nil {
		return 0, 0, err
	}
	return p.width, p.height, nil
}

// pngChunk splits off the first chunk, or what there is of it. Its checksum, in
// front of rest, may lack at the end of the file.
func pngChunk(data []byte) (kind string, body, rest []byte, err error) {
	if len(data) < 8 || !isChunkName(data[4:8]) {
		return "", nil, nil, errNoChunk
	}
	size := uint64(binary.BigEndian.Uint32(data))
	if kind = string(data[4:8]); size > uint64(len(data)-8) {
		return kind, data[8:], nil, fmt.Errorf("chunk %s has %d bytes of %d: %w", kind, len(data)-8, size, errCut)
	}
	return kind, data[8 : 8+size], data[8+size:], nil
}

func isChunkName(name []byte) bool {
	for _, c := range name {
		if c != '_' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return true
}

// isPNGData tells the chunks that continue the picture's data.
func isPNGData(kind string) bool { return kind == "IDAT" || kind == "DDAT" }

// readPNG reads all chunks.
func readPNG(data []byte) (*pngFile, error) {
	p, err := pngHeader(data)
	if err != nil {
		return nil, err
	}
	data = data[len(pngSignature):]
	for first := true; ; first = false {
		kind, body, rest, err := pngChunk(data)
		switch {
		case kind == "IDAT":
			return p, p.readData(data)
		case err != nil:
			return nil, err
		case !checksumRight(data[4:8+len(body)], rest):
			return nil, fmt.Errorf("chunk %s has a wrong checksum", kind)
		case kind == "IEND":
			return nil, fmt.Errorf("no data before the end")
		case kind == "IHDR" && !first:
			return nil, fmt.Errorf("second header")
		}
		if err := p.read(kind, body); err != nil {
			return nil, err
		}
		data = rest[4:]
	}
}

func checksumRight(chunk, rest []byte) bool {
	return len(rest) >= 4 && binary.BigEndian.Uint32(rest) == crc32.ChecksumIEEE(chunk)
}

// read takes in a chunk before the data.
func (p *pngFile) read(kind string, body []byte) error {
	switch kind {
	case "PLTE":
		if len(body)/3 > 256 {
			return fmt.Errorf("palette of %d colours", len(body)/3)
		}
		p.palette = body
	case "tRNS":
		p.transparency = body
	case "acTL":
		return p.animation(body)
	case "fcTL":
		return p.frameControl(body)
	case "fdAT":
		return fmt.Errorf("frames of an animation before the picture itself")
	}
	return p.early.read(kind, body)
}

// readData joins the data chunks, which follow one another, and looks through
// those behind them: they may say how the picture is to be turned, and what of it
// is transparent.
func (p *pngFile) readData(data []byte) error {
	var parts [][]byte
	kind, body, rest, err := pngChunk(data)
	for ; isPNGData(kind); kind, body, rest, err = pngChunk(rest[min(4, len(rest)):]) {
		parts = append(parts, body)
	}
	p.data = joined(parts)
	p.late = p.early
	for ; err == nil && kind != "IEND"; kind, body, rest, err = pngChunk(rest[min(4, len(rest)):]) {
		switch {
		case kind == "fcTL" && p.animated():
			return nil // the next frame
		case kind == "tRNS":
			p.transparency = body
		}
		if err := p.late.read(kind, body); err != nil {
			return err
		}
	}
	if kind == "IEND" || errors.Is(err, errNoChunk) {
		return nil
	}
	return err
}

func joined(parts [][]byte) []byte {
	if len(parts) == 1 {
		return parts[0]
	}
	var all []byte
	for _, part := range parts {
		all = append(all, part...)
	}
	return all
}

// animation reads acTL: a second one, or no frames, make a still picture.
func (p *pngFile) animation(body []byte) error {
	if len(body) < 8 {
		return fmt.Errorf("chunk acTL is short")
	}
	n := binary.BigEndian.Uint32(body)
	switch {
	case p.frames > 0:
		p.frames = 0
	case n > 0 && n <= 1<<31:
		p.frames = int(n)
	}
	return nil
}

// animated reports whether other pictures follow.
func (p *pngFile) animated() bool {
	return p.frames > 1 || p.frames == 1 && p.controls == 0
}

// frameControl reads fcTL: the data are the first frame of an animation, at its
// place.
func (p *pngFile) frameControl(body []byte) error {
	if len(body) < 26 {
		return fmt.Errorf("chunk fcTL is short")
	}
	if binary.BigEndian.Uint32(body) != uint32(p.controls) {
		return fmt.Errorf("frames of the animation are out of order")
	}
	p.controls++
	at := func(i int) int { return int(binary.BigEndian.Uint32(body[i:])) }
	p.frame = image.Rect(at(12), at(16), at(12)+at(4), at(16)+at(8))
	if p.frame.Empty() || !p.frame.In(image.Rect(0, 0, p.width, p.height)) {
		return fmt.Errorf("a frame of the animation lies beyond the picture")
	}
	return nil
}
