package imaging

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

// refusals are the pictures of odd.zip that Pillow reads and Decode refuses, with
// words of the reason. docs/preprocessing.md lists these kinds.
var refusals = []struct{ pattern, reason string }{
	{"apng/frames-first.png", "before the picture itself"},
	{"bmp/black-white-[48].bmp", "Pillow misreads"},
	{"bmp/dib.bmp", "unknown format"},
	{"bmp/rle-4-absolute-odd.bmp", "Pillow misreads"},
	{"bmp/rle-delta.bmp", "Pillow misreads"},
	{"gif/extension-empty-[tu]*-two-frames.gif", "is empty"},
	{"gif/local-palette-grey*.gif", "Pillow takes the colours"},
	{"png/half.png", "row 9 of 17: the data end before it"},
	{"png/row-less.png", "row 17 of 17: the data end before it"},
	{"png/header-second.png", "no IHDR chunk"},
	{"png/header-twice.png", "second header"},
	{"png/transparent-0-16-?.png", "16-bit grey is not read"},
	{"png/transparent-behind-0-16.png", "16-bit grey is not read"},
	{"png/type-0-16-?.png", "16-bit grey is not read"},
	{"progressive/without-0.jpg", "before its mean values"},
	{"progressive/without-[145].jpg", "no such Huffman code"}, // a refinement of what is not there
	{"progressive/without-1-2.jpg", "no such Huffman code"},
	{"progressive/without-4-5-6.jpg", "no such Huffman code"},
	{"progressive/names-alike.jpg", "the data ends early"}, // no telling of whose details they are
	{"progressive/names-two-alike.jpg", "no such Huffman code"},
	{"sequential/names-*-planes.jpg", "has a second scan"},
	{"*/arithmetic.jpg", "arithmetic"},
	{"sequential/cut-with-end.jpg", "the data ends early"},
	{"sequential/zeros-for-end.jpg", "the data ends early"},
	{"webp/animated.webp", "animated WebP is not read"},
}

// readings are the pictures that Pillow refuses for a damaged EXIF, which Decode
// passes over.
var readings = []string{
	"orientation/big-tiff.*", "orientation/no-tiff.png", "orientation/prefixed.png",
	"orientation/profile-cut*.png", "orientation/profile-not-hex*.png",
}

func refusalOf(name string) string {
	for _, r := range refusals {
		if ok, _ := path.Match(r.pattern, name); ok {
			return r.reason
		}
	}
	return ""
}

// oddPictures reads odd.zip.
func oddPictures(t testing.TB) map[string][]byte {
	archive, err := zip.OpenReader("testdata/odd.zip")
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	pictures := map[string][]byte{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if pictures[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return pictures
}

// Every odd picture has Pillow's pixels, or is refused for a reason that is
// written down. What Pillow refuses is refused, but for readings.
func TestOddPicturesMatchPillow(t *testing.T) {
	pictures := oddPictures(t)
	equal := 0
	eachGolden(t, "testdata/odd.golden", func(name, want string) {
		got, err := describe(pictures[name])
		switch reason := refusalOf(name); {
		case want == "refused":
			lenient := slices.ContainsFunc(readings, func(p string) bool { ok, _ := path.Match(p, name); return ok })
			if (err == nil) != lenient {
				t.Errorf("%s, which Pillow refuses: error %v, want one: %v", name, err, !lenient)
			}
		case err == nil && reason == "" && got == want:
			equal++
		case err == nil:
			t.Errorf("%s: %s, want %s, refusal %q", name, got, want, reason)
		case reason == "" || !strings.Contains(err.Error(), reason):
			t.Errorf("%s: %v, want refusal %q", name, err, reason)
		}
	})
	if t.Logf("%d equal", equal); equal < 1030 {
		t.Errorf("%d pictures equal Pillow's, want at least 1030", equal)
	}
}

// Pictures of testdata/random_pictures.py may be refused, but never have other
// pixels than Pillow's.
func TestRandomPicturesMatchPillow(t *testing.T) {
	folder := os.Getenv("AKIN_PICTURES")
	if folder == "" {
		t.Skip(`AKIN_PICTURES is not set: "make pictures" makes a folder of random pictures and sets it`)
	}
	equal, refused := 0, map[string]int{}
	eachGolden(t, path.Join(folder, "golden"), func(name, want string) {
		data, err := os.ReadFile(path.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		got, err := describe(data)
		switch {
		case want == "refused":
		case err != nil:
			refused[err.Error()]++
		case got != want:
			t.Errorf("%s: %s, want %s", name, got, want)
		default:
			equal++
		}
	})
	for _, reason := range slices.Sorted(maps.Keys(refused)) {
		t.Logf("%6d %s", refused[reason], reason)
	}
	if t.Logf("%d equal", equal); equal == 0 {
		t.Error("no picture was compared")
	}
}

// eachGolden calls see for each line of a golden file.
func eachGolden(t *testing.T, file string, see func(name, want string)) {
	t.Helper()
	golden, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer golden.Close()
	for lines := bufio.NewScanner(golden); lines.Scan(); {
		name, want, _ := strings.Cut(lines.Text(), " ")
		see(name, want)
	}
}

// describe writes a picture as odd.golden does.
func describe(data []byte) (string, error) {
	f, err := detect(data)
	if err != nil {
		return "", err
	}
	img, err := f.read(data, 0) // without the net of Decode
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%d %d %s", img.Width, img.Height, hash(img.Pix)), nil
}

// No beginning of an odd picture may stop the program.
func TestOddPicturesTruncated(t *testing.T) {
	for name, data := range oddPictures(t) {
		for n := 0; n < len(data); n += 1 + len(data)/40 {
			func() {
				defer func() {
					if p := recover(); p != nil {
						t.Errorf("%s, %d bytes of %d: %v", name, n, len(data), p)
					}
				}()
				describe(data[:n])
			}()
		}
	}
}
