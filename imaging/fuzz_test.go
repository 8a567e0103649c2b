package imaging

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/bmp"
)

const fuzzPixels = 1 << 16

// seed adds the pictures of both corpora that the name's end fits.
func seed(f *testing.F, suffix string, names ...string) {
	pictures := oddPictures(f)
	for _, name := range slices.Sorted(maps.Keys(pictures)) {
		if strings.HasSuffix(name, suffix) {
			f.Add(pictures[name])
		}
	}
	for _, name := range names {
		f.Add(readPicture(f, name))
	}
}

func FuzzDecode(f *testing.F) {
	seed(f, "", "420-17x33.jpg", "progressive-422.jpg", "restart.jpg", "ycck.jpg", "440-narrow.jpg", "orientation-6.jpg",
		"palette-alpha.png", "orientation-6.png", "rgba-16.png", "canvas.gif", "P.bmp", "RGBA.bmp",
		"lossy-alpha-3x5.webp", "lossless-alpha.webp", "orientation-3-alpha.webp")
	f.Fuzz(func(t *testing.T, data []byte) {
		img, err := Decode(data, fuzzPixels)
		if err == nil && (img.Width*img.Height > fuzzPixels || len(img.Pix) != 3*img.Width*img.Height) {
			t.Fatalf("%dx%d pixels hold %d bytes", img.Width, img.Height, len(img.Pix))
		}
		if own, err := detect(data); err == nil && own.name != "WebP" { // own decoders may not hide behind the recover
			own.read(data, fuzzPixels)
		}
	})
}

// FuzzJPEGAgainstTurbo lets libjpeg-turbo decode whatever it takes, progressive
// pictures too, and compares.
func FuzzJPEGAgainstTurbo(f *testing.F) {
	library := needTurbo(f)
	if !smoothsLikePillow(f, library) {
		f.Skipf("%s smooths blocks otherwise than libjpeg-turbo 2.1.5", library.name)
	}
	seed(f, ".jpg", "420-17x33.jpg", "422-17x33.jpg", "444-17x33.jpg", "progressive-420.jpg", "restart.jpg", "quality-1.jpg", "noise-422.jpg")
	f.Fuzz(func(t *testing.T, data []byte) {
		width, height, err := jpegSize(data)
		if err != nil || checkSize(width, height, fuzzPixels) != nil {
			return
		}
		want, err := decodeJPEGInGo(data)
		if err != nil {
			return
		}
		if got := library.decompressed(data, width, height); got != nil && !bytes.Equal(got.Pix, want.Pix) {
			t.Fatalf("%dx%d: other pixels", width, height)
		}
	})
}

// smoothsLikePillow is false for versions of the library with another smoothing.
func smoothsLikePillow(t testing.TB, library *turbo) bool {
	data := oddPictures(t)["progressive/420-1-scans.jpg"]
	want, err := decodeJPEGInGo(data)
	if err != nil {
		t.Fatal(err)
	}
	got := library.decompressed(data, want.Width, want.Height)
	return got != nil && bytes.Equal(got.Pix, want.Pix)
}

// Whatever both this package and the standard library take, they see alike, but
// for the ways in which Pillow differs from everyone.
func FuzzPNGAgainstStandard(f *testing.F) {
	seed(f, ".png", "palette-alpha.png", "rgba-16.png", "la-16.png", "RGB.png")
	f.Fuzz(func(t *testing.T, data []byte) {
		compareWithStandard(t, data, decodePNGUpright, func(data []byte) (image.Image, error) {
			p, err := readPNG(data)
			switch {
			case err != nil || p.controls > 0:
				return nil, errNotPlain
			case p.colour == 3 && (len(p.palette)/3 < 1<<p.depth || len(p.transparency) > len(p.palette)/3):
				return nil, errNotPlain // there colours beyond the palette are black
			case len(paletteAlpha(p.transparency)) < len(p.transparency):
				return nil, errNotPlain
			case p.colour < 3 && p.transparency != nil || p.colour > 3 && p.depth == 16:
				return nil, errNotPlain // there transparency has all bits
			}
			return png.Decode(bytes.NewReader(data))
		})
	})
}

func decodePNGUpright(data []byte) (*Image, error) {
	p, err := readPNG(data)
	if err != nil {
		return nil, err
	}
	return p.decode()
}

func FuzzGIFAgainstStandard(f *testing.F) {
	seed(f, ".gif", "palette.gif", "interlaced.gif", "transparent.gif")
	f.Fuzz(func(t *testing.T, data []byte) {
		compareWithStandard(t, data, decodeGIF, func(data []byte) (image.Image, error) {
			g, err := readGIF(data)
			if err != nil || g.frame != image.Rect(0, 0, g.width, g.height) {
				return nil, errNotPlain
			}
			palette := g.local
			if palette == nil {
				palette = g.global
			}
			if g.transparent >= len(palette)/3 {
				return nil, errNotPlain // there all colours beyond the palette are transparent
			}
			return gif.Decode(bytes.NewReader(data))
		})
	})
}

func FuzzBMPAgainstStandard(f *testing.F) {
	seed(f, ".bmp", "P.bmp", "RGBA.bmp", "1.bmp")
	f.Fuzz(func(t *testing.T, data []byte) {
		compareWithStandard(t, data, decodeBMP, func(data []byte) (image.Image, error) {
			b, err := readBMP(data)
			if err != nil || b.bits == 32 { // there golang.org/x/image always has alpha
				return nil, errNotPlain
			}
			return bmp.Decode(bytes.NewReader(data))
		})
	})
}

func compareWithStandard(t *testing.T, data []byte, decode func([]byte) (*Image, error), standard func([]byte) (image.Image, error)) {
	f, err := detect(data)
	if err != nil {
		return
	}
	width, height, err := f.size(data)
	if err != nil || checkSize(width, height, fuzzPixels) != nil {
		return
	}
	got, err := decode(data)
	if err != nil {
		return
	}
	want, err := standard(data)
	if err != nil || want.Bounds() != image.Rect(0, 0, got.Width, got.Height) {
		return
	}
	for y := range got.Height {
		for x := range got.Width {
			c := color.NRGBAModel.Convert(want.At(x, y)).(color.NRGBA)
			v := [3]uint8{c.R, c.G, c.B}
			overWhite(v[:], c.A)
			if at := [3]uint8(got.Pix[3*(y*got.Width+x):]); at != v {
				t.Fatalf("(%d, %d) is %v, the standard library has %v", x, y, at, v)
			}
		}
	}
}

// FuzzEXIF looks for an orientation in any block.
func FuzzEXIF(f *testing.F) {
	f.Add([]byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x05\x00\x00\x00\x01\x00\x00\x00\x1a\x00\x00\x00\x00\x00\x00\x00\x06\x00\x00\x00\x01"))
	f.Add([]byte("II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x08\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if o, found := exifOrientation(data); o < 1 || o > 8 || !found && o != upright {
			t.Fatalf("orientation %d, found %v", o, found)
		}
	})
}
