// Package imaging turns the bytes of a picture into the tensor a model was
// trained on, pixel for pixel as a named reference implementation does.
//
// [Decode] reads JPEG, PNG, WebP, GIF and BMP by content into 8-bit RGB. A
// [Recipe] is data (it is part of a model's card): how to resize, crop and
// normalise. The references are Pillow for decoding, Pillow and torchvision for
// the "pillow-..." recipes, and the torch/image package of Torch7 for
// "torch7-bicubic".
package imaging

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/png"

	"golang.org/x/image/bmp"
)

// Decoder names the decoding path and its version. It is part of the key of
// every stored feature and changes whenever any decoded pixel may change.
const Decoder = "akin-rgb/1"

// MaxPixels is the default limit of [Decode] on width times height.
const MaxPixels = 100 << 20

// Image is a decoded picture: 8-bit RGB, interleaved, row-major, upright (EXIF
// orientation applied), with any transparency composed over white.
type Image struct {
	Pix           []uint8 // len(Pix) == 3*Width*Height
	Width, Height int     // in pixels
}

func newImage(width, height int) *Image {
	return &Image{Pix: make([]uint8, 3*width*height), Width: width, Height: height}
}

// A format knows one file format. size reads the header only; decode may trust
// that size has succeeded and lies within the limit.
type format struct {
	name        string
	magic       string // '?' matches any byte
	size        func(data []byte) (width, height int, err error)
	decode      func(data []byte) (*Image, error)
	orientation func(data []byte) int // EXIF orientation 1..8; nil where the format has none
}

var formats = []format{
	{"JPEG", "\xff\xd8\xff", jpegSize, decodeJPEG, jpegOrientation},
	{"PNG", "\x89PNG\r\n\x1a\n", pngSize, decodePNG, pngOrientation},
	{"WebP", "RIFF????WEBP", webpSize, decodeWebP, webpOrientation},
	{"GIF", "GIF8?a", gifSize, decodeGIF, nil},
	{"BMP", "BM????\x00\x00\x00\x00", bmpSize, decodeBMP, nil},
}

// Decode reads a picture by its content, never by a file name: JPEG, PNG, WebP,
// GIF (the first frame on its canvas) or BMP. A picture of more than maxPixels
// pixels is refused from its header, before memory is allocated; 0 means
// [MaxPixels]. Unknown, damaged and truncated data give an error.
//
// The pixels are those of Pillow 9.4 (libjpeg-turbo 2.1.5 with its default
// transform and upsampling, libwebp 1.2.4), bit for bit on every picture of the
// tests, among them 200 photographs of ImageNet; the exceptions are named here.
//
// Samples of 16 bits keep their high byte. (Pillow does so for colour, but
// clips 16-bit grey, its mode I;16, at 255.) Alpha a is composed over white as
// round((a*v + (255-a)*255) / 255), which is what both Image.alpha_composite and
// Image.paste with a mask of Pillow compute. What the first frame of a GIF leaves
// of its canvas is white. (Pillow paints it with the first palette colour if the
// frame has no transparency.) Colour profiles are ignored, as Pillow's
// convert("RGB") ignores them. Not read: animated WebP, compressed BMP, and JPEG
// with arithmetic coding, lossless or of 12 bits. Where the coded data of a JPEG
// are damaged, Pillow goes on with what it guesses; Decode gives an error.
//
// JPEG is decoded by libjpeg-turbo where the system has it (see
// [TurboVariable]), else in Go; pixels and errors are the same.
func Decode(data []byte, maxPixels int) (img *Image, err error) {
	f, err := detect(data)
	if err != nil {
		return nil, err
	}
	defer func() {
		if p := recover(); p != nil { // foreign decoders read foreign bytes
			img, err = nil, fmt.Errorf("%s is damaged (its decoder stopped: %v); export the picture again", f.name, p)
		}
	}()
	return f.read(data, maxPixels)
}

func (f format) read(data []byte, maxPixels int) (*Image, error) {
	width, height, err := f.size(data)
	if err != nil {
		return nil, fmt.Errorf("%s header is unreadable: %w; export the picture again", f.name, err)
	}
	if err := checkSize(width, height, maxPixels); err != nil {
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	img, err := f.decode(data)
	if err != nil {
		return nil, fmt.Errorf("%s is damaged, truncated or of an unsupported kind: %w; export the picture again", f.name, err)
	}
	if f.orientation == nil {
		return img, nil
	}
	return img.upright(f.orientation(data)), nil
}

func detect(data []byte) (format, error) {
	if len(data) == 0 {
		return format{}, fmt.Errorf("picture is empty (0 bytes); fetch or export it again")
	}
	for _, f := range formats {
		if matches(data, f.magic) {
			return f, nil
		}
	}
	head := data[:min(len(data), 8)]
	return format{}, fmt.Errorf("picture has an unknown format (begins with %q); convert it to JPEG, PNG, WebP, GIF or BMP", head)
}

func matches(data []byte, magic string) bool {
	if len(data) < len(magic) {
		return false
	}
	for i := range len(magic) {
		if magic[i] != '?' && magic[i] != data[i] {
			return false
		}
	}
	return true
}

func checkSize(width, height, maxPixels int) error {
	if maxPixels == 0 {
		maxPixels = MaxPixels
	}
	if width < 1 || height < 1 {
		return fmt.Errorf("header gives %dx%d pixels: nothing to decode; export the picture again", width, height)
	}
	if width > maxPixels/height {
		return fmt.Errorf("header gives %dx%d pixels, over the limit of %d; shrink the picture or raise the limit", width, height, maxPixels)
	}
	return nil
}

func configSize(c image.Config, err error) (int, int, error) { return c.Width, c.Height, err }

func gifSize(data []byte) (int, int, error) {
	return configSize(gif.DecodeConfig(bytes.NewReader(data)))
}
func bmpSize(data []byte) (int, int, error) {
	return configSize(bmp.DecodeConfig(bytes.NewReader(data)))
}

// pngSize reads IHDR, which PNG fixes as the first chunk.
func pngSize(data []byte) (int, int, error) {
	if len(data) < 24 || string(data[12:16]) != "IHDR" {
		return 0, 0, fmt.Errorf("no IHDR chunk")
	}
	return int(binary.BigEndian.Uint32(data[16:])), int(binary.BigEndian.Uint32(data[20:])), nil
}

func decodePNG(data []byte) (*Image, error) {
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return flatten(m)
}

func decodeBMP(data []byte) (*Image, error) {
	m, err := bmp.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return flatten(m)
}

// decodeGIF draws the first frame on the logical canvas. What the frame leaves
// uncovered is white.
func decodeGIF(data []byte) (*Image, error) {
	width, height, err := gifSize(data)
	if err != nil {
		return nil, err
	}
	m, err := gif.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	frame, err := flatten(m)
	if err != nil {
		return nil, err
	}
	if frame.Width == width && frame.Height == height {
		return frame, nil
	}
	canvas := newImage(width, height)
	for i := range canvas.Pix {
		canvas.Pix[i] = 255
	}
	canvas.draw(frame, m.Bounds().Min.X, m.Bounds().Min.Y)
	return canvas, nil
}

// draw copies src onto m with its top left corner at (x, y), cutting off what
// falls outside.
func (m *Image) draw(src *Image, x, y int) {
	x0, x1 := max(0, x), min(m.Width, x+src.Width)
	if x0 >= x1 {
		return
	}
	for row := max(0, y); row < min(m.Height, y+src.Height); row++ {
		from := 3 * ((row-y)*src.Width + x0 - x)
		copy(m.Pix[3*(row*m.Width+x0):3*(row*m.Width+x1)], src.Pix[from:])
	}
}

// flatten composes a picture of the standard library over white. Where samples
// have 16 bits, the standard library stores the high byte first.
func flatten(m image.Image) (*Image, error) {
	size := m.Bounds().Size()
	switch m := m.(type) {
	case *image.Paletted:
		return flattenPalette(m), nil
	case *image.Gray:
		return samples{m.Pix, m.Stride, 1, 0, 0, 0, -1}.flatten(size), nil
	case *image.Gray16:
		return samples{m.Pix, m.Stride, 2, 0, 0, 0, -1}.flatten(size), nil
	case *image.RGBA: // its decoders return it for opaque pictures only
		return samples{m.Pix, m.Stride, 4, 0, 1, 2, -1}.flatten(size), nil
	case *image.NRGBA:
		return samples{m.Pix, m.Stride, 4, 0, 1, 2, 3}.flatten(size), nil
	case *image.RGBA64:
		return samples{m.Pix, m.Stride, 8, 0, 2, 4, -1}.flatten(size), nil
	case *image.NRGBA64:
		return samples{m.Pix, m.Stride, 8, 0, 2, 4, 6}.flatten(size), nil
	}
	return nil, fmt.Errorf("pixel type %T has no rule for RGB", m)
}

// samples describes interleaved pixels: step bytes each, with the high byte of
// every channel at the given offset; a < 0 means opaque.
type samples struct {
	pix          []uint8
	stride, step int
	r, g, b, a   int
}

func (s samples) flatten(size image.Point) *Image {
	img := newImage(size.X, size.Y)
	out := img.Pix
	for y := range size.Y {
		row := s.pix[y*s.stride : y*s.stride+size.X*s.step]
		for ; len(row) >= s.step; row, out = row[s.step:], out[3:] {
			out[0], out[1], out[2] = row[s.r], row[s.g], row[s.b]
			if s.a >= 0 {
				overWhite(out[:3], row[s.a])
			}
		}
	}
	return img
}

func flattenPalette(m *image.Paletted) *Image {
	var table [256][3]uint8
	for i, c := range m.Palette {
		n := color.NRGBAModel.Convert(c).(color.NRGBA)
		table[i] = [3]uint8{n.R, n.G, n.B}
		overWhite(table[i][:], n.A)
	}
	img := newImage(m.Rect.Dx(), m.Rect.Dy())
	out := img.Pix
	for y := range img.Height {
		for _, index := range m.Pix[y*m.Stride : y*m.Stride+img.Width] {
			copy(out, table[index][:])
			out = out[3:]
		}
	}
	return img
}

// overWhite composes the colour v, not premultiplied, with alpha a over white.
func overWhite(v []uint8, a uint8) {
	for i := range v {
		v[i] = divide255(uint32(v[i])*uint32(a) + 255*(255-uint32(a)))
	}
}

// divide255 returns round(x/255) for x in 0..255*255.
func divide255(x uint32) uint8 {
	x += 128
	return uint8((x + x>>8) >> 8)
}
