// Package imaging turns the bytes of a picture into the tensor a model was
// trained on, pixel for pixel as a named reference implementation does.
//
// [Decode] reads JPEG, PNG, WebP, GIF and BMP by content into 8-bit RGB. A
// [Recipe] is data (it is part of a model's card): how to resize, crop and
// normalise. The references are Pillow for decoding, Pillow and torchvision for
// the "pillow-..." recipes, and the torch/image package of Torch7 for
// "torch7-bicubic".
package imaging

import "fmt"

// Decoder names the decoding path and its version. It is part of the key of
// every stored feature and changes whenever any decoded pixel may change.
const Decoder = "akin-rgb/2"

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
// that size has succeeded and lies within the limit, and turns the picture
// upright.
type format struct {
	name   string
	magic  string // '?' matches any byte
	size   func(data []byte) (width, height int, err error)
	decode func(data []byte) (*Image, error)
}

var formats = []format{
	{"JPEG", "\xff\xd8\xff", jpegSize, decodeJPEG},
	{"PNG", pngSignature, pngSize, decodePNG},
	{"WebP", "RIFF????WEBP", webpSize, decodeWebP},
	{"GIF", "GIF8?a", gifSize, decodeGIF},
	{"BMP", "BM?????????????\x00\x00\x00", bmpSize, decodeBMP}, // its header is short
}

// Decode reads a picture by its content, never by a file name: JPEG, PNG, WebP,
// GIF (the first frame on its canvas) or BMP. A picture of more than maxPixels
// pixels is refused from its header, before memory is allocated; 0 means
// [MaxPixels]. Unknown, damaged and truncated data give an error.
//
// The pixels are those of Pillow 9.4 (libjpeg-turbo 2.1.5 with its default
// transform, upsampling and block smoothing, libwebp 1.2.4), bit for bit on every
// picture of the tests, among them a thousand odd ones and 200 photographs of
// ImageNet: upright as EXIF, or the XMP of a PNG, asks, and over white where they
// are transparent, as Image.alpha_composite does it. Colour profiles are ignored,
// as Pillow's convert("RGB") ignores them. What Pillow reads and Decode refuses is
// listed in docs/preprocessing.md.
//
// JPEG is decoded by libjpeg-turbo where the system has it (see
// [turboVariable]), else in Go; pixels and errors are the same.
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
	if err := checkData(width, height, len(data)); err != nil {
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	img, err := f.decode(data)
	if err != nil {
		return nil, fmt.Errorf("%s is damaged, truncated or of an unsupported kind: %w; export the picture again", f.name, err)
	}
	return img, nil
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
	return format{}, strangeness(data)
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

// checkData refuses a picture that claims far more pixels than its file can tell
// of, before memory is taken for them. A small one may claim what it likes.
func checkData(width, height, size int) error {
	const (
		harmless    = 4 << 20  // pixels
		mostInAByte = 8 * 1032 // pixels of 1 bit, deflated as far as that goes
	)
	if pixels := width * height; pixels > harmless && pixels/mostInAByte > size {
		return fmt.Errorf("header gives %dx%d pixels, for which %d bytes are too few; export the picture again", width, height, size)
	}
	return nil
}
