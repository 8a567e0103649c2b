package imaging

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// compareDecoded checks every picture that a golden file lists.
func compareDecoded(t *testing.T, golden, folder string) {
	file, err := os.Open(golden)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var name, want string
		var width, height int
		fmt.Sscan(lines.Text(), &name, &width, &height, &want)
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(folder, name))
			if err != nil {
				t.Fatal(err)
			}
			got, err := Decode(data, 0)
			if err != nil {
				t.Fatal(err)
			}
			if got.Width != width || got.Height != height {
				t.Fatalf("size %dx%d, want %dx%d", got.Width, got.Height, width, height)
			}
			if hash(got.Pix) != want {
				t.Error("pixels differ from Pillow's")
			}
		})
	}
}

// Every pixel must be Pillow's.
func TestDecodeMatchesPillow(t *testing.T) {
	compareDecoded(t, "testdata/decode.golden", "testdata/pictures")
}

func TestDecodeImageNetMatchesPillow(t *testing.T) {
	const folder = "../../shared/images/imagenet-sample"
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("the 200 photographs are not here: %v", err)
	}
	compareDecoded(t, "testdata/imagenet-sample.golden", folder)
}

func readPicture(t testing.TB, name string) []byte {
	data, err := os.ReadFile(filepath.Join("testdata/pictures", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestDecodeErrors(t *testing.T) {
	jpg, png := readPicture(t, "420-61x43.jpg"), readPicture(t, "RGB.png")
	patched := func(data []byte, at int, patch string) []byte {
		out := append([]byte(nil), data...)
		copy(out[at:], patch)
		return out
	}
	frame := strings.Index(string(jpg), "\xff\xc0")
	scan := strings.Index(string(jpg), "\xff\xda")
	for _, test := range []struct {
		name string
		data []byte
		max  int
		want string
	}{
		{"empty", nil, 0, "0 bytes"},
		{"text", []byte("words, words"), 0, `unknown format (begins with "words, w"); convert it to JPEG`},
		{"svg", []byte("<svg xmlns="), 0, "picture is SVG, which is not read; convert it to JPEG"},
		{"avif", []byte("\x00\x00\x00\x20ftypavif\x00\x00\x00\x00"), 0, "AVIF, which is not read"},
		{"heic", []byte("\x00\x00\x00\x20ftypheic\x00\x00\x00\x00"), 0, "HEIC, which is not read"},
		{"tiff", []byte("MM\x00*\x00\x00\x00\x08"), 0, "TIFF, which is not read"},
		{"page", []byte("<!DOCTYPE html><title>404"), 0, "a web page, which is not read; fetch the picture again"},
		{"pointer", []byte("version https://git-lfs.github.com/spec/v1\n"), 0, "fetch the picture itself"},
		{"text that begins like a bitmap", []byte("BMW builds cars"), 0, "unknown format"},
		{"over the limit", png, 23*17 - 1, "23x17 pixels, over the limit of 390"},
		{"bomb", patched(png, 16, "\x7f\xff\xff\xff\x7f\xff\xff\xff"), 0, "over the limit of 104857600"},
		{"no pixels", patched(png, 16, "\x00\x00\x00\x00"), 0, "0x17 pixels: nothing to decode"},
		{"png header only", png[:20], 0, "PNG header is unreadable"},
		{"png checksum", patched(png, 45, "\x00"), 0, "PNG is damaged"},
		{"jpeg header only", jpg[:100], 0, "JPEG header is unreadable"},
		{"jpeg cut in its data", jpg[:len(jpg)-200], 0, "the data ends early; export the picture again"},
		{"jpeg without its end", jpg[:len(jpg)-2], 0, "the data ends early"},
		{"jpeg lacking data before its end", append(jpg[:len(jpg)-200:len(jpg)-200], 0xff, 0xd9), 0, "the data ends early"},
		{"jpeg of 12 bits", patched(jpg, frame+4, "\x0c"), 0, "samples of 12 bits"},
		{"jpeg of 2 components", patched(jpg, frame+9, "\x02"), 0, "2 colour components"},
		{"lossless jpeg", patched(jpg, frame+1, "\xc3"), 0, "coding process 0xc3"},
		{"fractional sampling", patched(jpg, frame+11, "\x31\x00\x02\x21"), 0, "no whole ratio"},
		{"quantisation table missing", patched(jpg, frame+12, "\x03"), 0, "quantisation table 3 is missing"},
		{"Huffman table missing", patched(jpg, scan+6, "\x33"), 0, "Huffman table is missing"},
		{"component unknown", patched(jpg, scan+5, "\x09"), 0, "names component 9"},
		{"animated WebP", []byte("RIFF\x24\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x01\x00\x00\x01\x00\x00ANIM\x06\x00\x00\x00\x00\x00\x00\x00\x00\x00"), 0, "animated WebP"},
		{"gif cut", readPicture(t, "palette.gif")[:900], 0, "GIF is damaged"},
		{"bmp cut", readPicture(t, "RGB.bmp")[:100], 0, "BMP is damaged"},
		{"webp cut", readPicture(t, "lossy-40x31.webp")[:100], 0, "WebP header is unreadable: the data end early"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Decode(test.data, test.max)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
	if _, err := Decode(png, 23*17); err != nil {
		t.Errorf("at the limit: %v", err)
	}
}

// No beginning of a picture may stop the program or pass for the whole of it.
func TestDecodeTruncated(t *testing.T) {
	for _, name := range []string{"progressive-420.jpg", "restart.jpg", "cmyk.jpg", "palette-alpha.png", "lossy-alpha-33x20.webp", "1.bmp"} {
		data := readPicture(t, name)
		for n := range data {
			f, err := detect(data[:n])
			if err != nil {
				continue
			}
			if _, err := f.read(data[:n], 0); err == nil && f.name == "JPEG" {
				t.Errorf("%s: %d of %d bytes decode without an error", name, n, len(data))
			}
		}
	}
}

func TestExifOrientation(t *testing.T) {
	const head = "MM\x00*\x00\x00\x00\x08\x00\x01"
	for _, test := range []struct {
		name, tiff string
		want       int
	}{
		{"big endian", head + "\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00", 6},
		{"little endian", "II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x08\x00\x00\x00", 8},
		{"other tag", head + "\x01\x13\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00", 1},
		{"other type", head + "\x01\x12\x00\x04\x00\x00\x00\x01\x00\x06\x00\x00", 1},
		{"cut entry", head + "\x01\x12\x00\x03\x00\x00", 1},
		{"directory far away", "MM\x00*\xff\xff\xff\xff\x00\x01", 1},
		{"header only", "II*\x00", 1},
		{"no TIFF", "GIF89a", 1},
		{"empty", "", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got, _ := exifOrientation([]byte(test.tiff)); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}

// An EXIF chunk after one of odd length, which RIFF pads with a byte, counts only
// where the flags announce it.
func TestWebPOrientationAfterOddChunk(t *testing.T) {
	const riff = "RIFF\x44\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x08\x00\x00\x00\x01\x00\x00\x01\x00\x00" +
		"VP8L\x03\x00\x00\x00abc\x00EXIF\x1a\x00\x00\x00" +
		"MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x05\x00\x00\x00\x00\x00\x00"
	for file, want := range map[string]int{riff: 5, strings.Replace(riff, "\x08", "\x00", 1): upright} {
		w, err := readWebP([]byte(file))
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := exifOrientation(w.exif); got != want {
			t.Errorf("got %d, want %d", got, want)
		}
	}
}

func readPhotograph(b *testing.B) []byte {
	data, err := os.ReadFile("../../shared/images/imagenet-sample/n01440764_tench.JPEG") // 500x375, 4:2:0
	if err != nil {
		b.Skip(err)
	}
	return data
}

func BenchmarkDecode(b *testing.B) {
	data := readPhotograph(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(data, 0); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkApply(b *testing.B) {
	img, err := Decode(readPhotograph(b), 0)
	if err != nil {
		b.Fatal(err)
	}
	recipes := readRecipes(b)
	dst := make([]float32, 3*224*224)
	for _, name := range []string{"torchvision", "torchvision-bicubic", "torch7"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := recipes[name].Apply(img, dst); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
