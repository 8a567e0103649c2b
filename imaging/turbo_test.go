package imaging

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func needTurbo(t testing.TB) *turbo {
	library := openedTurbo()
	if library.missing != nil {
		t.Skipf("libjpeg-turbo is not here: %v", library.missing)
	}
	return library
}

func jpegFiles(t *testing.T) []string {
	files, err := filepath.Glob("testdata/pictures/*.jpg")
	if err != nil || len(files) == 0 {
		t.Fatal("no pictures", err)
	}
	photographs, err := filepath.Glob("../../shared/images/imagenet-sample/*.JPEG")
	if err != nil {
		t.Fatal(err)
	}
	return append(files, photographs...)
}

// Whatever the library decodes, it must decode to the pixels of the Go decoder,
// and photographs of the usual kinds are to be among that.
func TestTurboDecodesToTheSamePixels(t *testing.T) {
	library := needTurbo(t)
	photographs, decoded := 0, 0
	for _, file := range jpegFiles(t) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want, err := decodeJPEGInGo(data)
		if err != nil {
			t.Fatal(err)
		}
		got := library.decode(data)
		if got != nil && !bytes.Equal(got.Pix, want.Pix) {
			t.Errorf("%s: other pixels", file)
		}
		if strings.HasSuffix(file, ".JPEG") {
			photographs++
			if got != nil {
				decoded++
			}
		}
	}
	if decoded < photographs*9/10 {
		t.Errorf("only %d of %d photographs are decoded by the library", decoded, photographs)
	}
}

// No damage may make the library accept what the Go decoder refuses, or see
// other pixels.
func TestTurboNeverDecidesAlone(t *testing.T) {
	library := needTurbo(t)
	names := []string{"420-61x43.jpg", "422-17x33.jpg", "444-61x43.jpg", "grey.jpg", "restart.jpg", "quality-1.jpg", "noise-422.jpg", "cmyk.jpg", "adobe-rgb.jpg", "progressive-420.jpg"}
	var pictures [][]byte
	for _, name := range names {
		pictures = append(pictures, readPicture(t, name))
	}
	rapid.Check(t, func(t *rapid.T) {
		data := bytes.Clone(rapid.SampledFrom(pictures).Draw(t, "picture"))
		for range rapid.IntRange(1, 3).Draw(t, "faults") {
			at := rapid.IntRange(2, len(data)-1).Draw(t, "at")
			data[at] = rapid.Byte().Draw(t, "byte")
		}
		if rapid.IntRange(0, 3).Draw(t, "torn") == 0 {
			data = data[:rapid.IntRange(2, len(data)).Draw(t, "length")]
		}
		if width, height, err := jpegSize(data); err != nil || checkSize(width, height, 1<<20) != nil {
			return
		}
		got := library.decode(data)
		if got == nil {
			return
		}
		want, err := decodeJPEGInGo(data)
		if err != nil {
			t.Fatalf("the library decodes what is refused: %v", err)
		}
		if !bytes.Equal(got.Pix, want.Pix) {
			t.Fatal("other pixels")
		}
	})
}

func TestNamedTurboLibraryIsMissing(t *testing.T) {
	for name, want := range map[string]string{"none": "AKIN_TURBOJPEG=none", "./no-such-library.so": "no-such-library.so"} {
		if _, err := openTurbo(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
}
