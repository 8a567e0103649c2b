package imaging

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"

	"golang.org/x/image/vp8"
	"golang.org/x/image/vp8l"
	"golang.org/x/image/webp"
)

// webpFile is the still picture in a WebP, as libwebp's demultiplexer finds it.
type webpFile struct {
	width, height int    // of the canvas; 0 where only the picture itself says
	flags         byte   // of the extended format
	alpha         []byte // chunk ALPH of a lossy picture
	name          string // of the chunk with the pixels, "VP8 " or "VP8L"
	pixels        []byte
	exif          []byte
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

// planes decodes the pixels and their alpha.
func (w *webpFile) planes() (image.Image, error) {
	switch {
	case w.name == "VP8L":
		return vp8l.Decode(bytes.NewReader(w.pixels))
	case w.alpha != nil:
		return webp.Decode(bytes.NewReader(w.withAlpha()))
	}
	d := vp8.NewDecoder()
	d.Init(bytes.NewReader(w.pixels), len(w.pixels))
	if _, err := d.DecodeFrameHeader(); err != nil {
		return nil, err
	}
	return d.DecodeFrame()
}

// withAlpha is a file of the two chunks alone, for golang.org/x/image decodes
// alpha only within one, and refuses some combinations of chunks and flags.
func (w *webpFile) withAlpha() []byte {
	var body []byte
	chunk := func(name string, data []byte) {
		body = append(body, name...)
		body = binary.LittleEndian.AppendUint32(body, uint32(len(data)))
		body = append(body, data...)
		body = append(body, make([]byte, len(data)%2)...)
	}
	width, height := w.width-1, w.height-1
	chunk("VP8X", []byte{webpAlpha, 0, 0, 0, byte(width), byte(width >> 8), byte(width >> 16), byte(height), byte(height >> 8), byte(height >> 16)})
	chunk("ALPH", w.alpha)
	chunk("VP8 ", w.pixels)
	file := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(4+len(body)))
	return append(append(file, "WEBP"...), body...)
}

func webpSize(data []byte) (width, height int, err error) {
	w, err := readWebP(data)
	if err != nil {
		return 0, 0, err
	}
	width, height, err = w.size()
	if err == nil && w.width > 0 && (width != w.width || height != w.height) {
		err = fmt.Errorf("a picture of %dx%d pixels on a canvas of %dx%d", width, height, w.width, w.height)
	}
	return width, height, err
}

// size reads the header of the pixels.
func (w *webpFile) size() (width, height int, err error) {
	if w.name == "VP8L" {
		c, err := vp8l.DecodeConfig(bytes.NewReader(w.pixels))
		return c.Width, c.Height, err
	}
	d := vp8.NewDecoder()
	d.Init(bytes.NewReader(w.pixels), len(w.pixels))
	header, err := d.DecodeFrameHeader()
	return header.Width, header.Height, err
}

func decodeWebP(data []byte) (*Image, error) {
	w, err := readWebP(data)
	if err != nil {
		return nil, err
	}
	img, err := w.decode()
	if err != nil {
		return nil, err
	}
	orientation, _ := exifOrientation(w.exif)
	return img.turn(orientation), nil
}

// decode decodes the planes with golang.org/x/image and converts them to RGB as
// libwebp does, from which the standard library's conversion differs twice: lossy
// WebP holds luma in 16..235 (BT.601), and chroma is interpolated.
func (w *webpFile) decode() (*Image, error) {
	m, err := w.planes()
	if err != nil {
		return nil, err
	}
	switch m := m.(type) {
	case *image.YCbCr:
		return webpRGB(m), nil
	case *image.NYCbCrA:
		img := webpRGB(&m.YCbCr)
		for y := range img.Height {
			for x, alpha := range m.A[y*m.AStride:][:img.Width] {
				if alpha < 255 {
					overWhite(img.Pix[3*(y*img.Width+x):][:3], alpha)
				}
			}
		}
		return img, nil
	case *image.NRGBA:
		s := samples{4, 0, 1, 2, -1}
		if len(w.pixels) > 4 && w.pixels[4]&0x10 != 0 { // its own header says so
			s.a = 3
		}
		img := newImage(m.Rect.Dx(), m.Rect.Dy())
		for y := range img.Height {
			s.unpack(img.Pix[3*y*img.Width:][:3*img.Width], m.Pix[y*m.Stride:])
		}
		return img, nil
	}
	return nil, fmt.Errorf("pixel type %T has no rule for RGB", m)
}

// webpRGB follows libwebp's "fancy" upsampling: the rows between two chroma rows
// are done together, the first row and, where the height is even, the last one
// stand alone with their nearest chroma row on both sides.
func webpRGB(m *image.YCbCr) *Image {
	img := newImage(m.Rect.Dx(), m.Rect.Dy())
	chromaWidth, chromaHeight := (img.Width+1)/2, (img.Height+1)/2
	cb, cr := make([]uint8, img.Width), make([]uint8, img.Width)
	for y := range img.Height {
		near := y / 2
		far := min(max(near-1+y%2*2, 0), chromaHeight-1)
		webpUpsample(cb, m.Cb[near*m.CStride:][:chromaWidth], m.Cb[far*m.CStride:][:chromaWidth])
		webpUpsample(cr, m.Cr[near*m.CStride:][:chromaWidth], m.Cr[far*m.CStride:][:chromaWidth])
		luma, out := m.Y[y*m.YStride:][:img.Width], img.Pix[3*y*img.Width:]
		for x, l := range luma {
			pixel := (*[3]uint8)(out[3*x:])
			pixel[0], pixel[1], pixel[2] = bt601(int(l), int(cb[x]), int(cr[x]))
		}
	}
	return img
}

// webpUpsample doubles one row of chroma: weights 9, 3, 3, 1 of sixteenths for
// the nearest sample, its two neighbours and the diagonal one, with libwebp's
// two-step rounding.
func webpUpsample(dst []uint8, near, far []uint8) {
	dst[0] = uint8((3*int(near[0]) + int(far[0]) + 2) >> 2)
	last := len(dst) - 1
	if last%2 == 1 {
		i := len(near) - 1
		dst[last] = uint8((3*int(near[i]) + int(far[i]) + 2) >> 2)
	}
	for x := 1; x < len(near); x++ {
		n0, n1, f0, f1 := int(near[x-1]), int(near[x]), int(far[x-1]), int(far[x])
		sum := n0 + n1 + f0 + f1 + 8
		dst[2*x-1] = uint8(((sum+2*(n1+f0))>>3 + n0) >> 1)
		if 2*x <= last {
			dst[2*x] = uint8(((sum+2*(n0+f1))>>3 + n1) >> 1)
		}
	}
}

// bt601 converts limited-range YCbCr with libwebp's 14-bit constants.
func bt601(y, u, v int) (r, g, b uint8) {
	y = y * 19077 >> 8
	r = clip((y + v*26149>>8 - 14234) >> 6)
	g = clip((y - u*6419>>8 - v*13320>>8 + 8708) >> 6)
	b = clip((y + u*33050>>8 - 17685) >> 6)
	return r, g, b
}

func clip(v int) uint8 {
	if uint(v) > 255 {
		return uint8(^(v >> 31)) // 0 below, 255 above
	}
	return uint8(v)
}
