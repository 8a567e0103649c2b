package imaging

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"

	"golang.org/x/image/webp"
)

func webpSize(data []byte) (int, int, error) {
	return configSize(webp.DecodeConfig(bytes.NewReader(data)))
}

// riffChunks yields the chunks of a RIFF file: a name of four letters and a body.
func riffChunks(data []byte) func(yield func(name string, body []byte) bool) {
	return func(yield func(string, []byte) bool) {
		for data = data[12:]; len(data) >= 8; {
			size := uint64(binary.LittleEndian.Uint32(data[4:]))
			if size+8 > uint64(len(data)) || !yield(string(data[:4]), data[8:8+size]) {
				return
			}
			data = data[min(uint64(len(data)), 8+size+size&1):]
		}
	}
}

func webpOrientation(data []byte) int {
	for name, body := range riffChunks(data) {
		if name == "EXIF" {
			return exifOrientation(bytes.TrimPrefix(body, []byte("Exif\x00\x00")))
		}
	}
	return 1
}

// decodeWebP decodes the planes with golang.org/x/image and converts them to RGB
// as libwebp does, from which the standard library's conversion differs twice:
// lossy WebP holds luma in 16..235 (BT.601), and chroma is interpolated.
func decodeWebP(data []byte) (*Image, error) {
	alpha := false
	for name, body := range riffChunks(data) {
		switch {
		case name == "ANIM":
			return nil, fmt.Errorf("animated WebP is not read: save its first frame as a still picture")
		case name == "VP8X" && len(body) > 0:
			alpha = body[0]&0x10 != 0
		case name == "VP8L" && len(body) > 4 && string(data[12:16]) == "VP8L":
			alpha = body[4]&0x10 != 0
		}
	}
	m, err := webp.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	switch m := m.(type) {
	case *image.YCbCr:
		return webpRGB(m), nil
	case *image.NYCbCrA:
		img := webpRGB(&m.YCbCr)
		for y := range img.Height {
			for x := range img.Width {
				overWhite(img.Pix[3*(y*img.Width+x):][:3], m.A[y*m.AStride+x])
			}
		}
		return img, nil
	case *image.NRGBA:
		s := samples{m.Pix, m.Stride, 4, 0, 1, 2, -1}
		if alpha {
			s.a = 3
		}
		return s.flatten(m.Rect.Size()), nil
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
			out[3*x], out[3*x+1], out[3*x+2] = bt601(int(l), int(cb[x]), int(cr[x]))
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
