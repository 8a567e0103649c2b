package figure

import (
	"bytes"
	"compress/zlib"
	"image"
	"io"
	"strconv"
	"strings"
	"testing"
)

// TestPicturesStandUprightInPDF follows the page's coordinates to each picture: of a
// turned or mirrored one an axis is negative.
func TestPicturesStandUprightInPDF(t *testing.T) {
	one := Case{Target: Picture{Image: shade(30, 20)}, Related: Picture{Image: shade(20, 30)}, Unrelated: Picture{Image: image.NewGray(image.Rect(0, 0, 9, 9))}}
	data, err := PDF(Concept{one})
	if err != nil {
		t.Fatal(err)
	}
	r, err := zlib.NewReader(bytes.NewReader(pdfStream.FindSubmatch(data)[1]))
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	type axes struct{ x, y float64 }
	at, pictures := []axes{{1, 1}}, 0
	words := strings.Fields(string(page))
	for i, word := range words {
		now := &at[len(at)-1]
		switch word {
		case "q":
			at = append(at, *now)
		case "Q":
			at = at[:len(at)-1]
		case "cm":
			now.x *= floatOf(t, words[i-6])
			now.y *= floatOf(t, words[i-3])
		case "Do":
			pictures++
			if now.x <= 0 || now.y <= 0 {
				t.Errorf("picture %d is drawn %.1f wide and %.1f high: turned or mirrored", pictures, now.x, now.y)
			}
		}
	}
	if pictures != 3 {
		t.Errorf("%d pictures are drawn, want 3", pictures)
	}
}

func floatOf(t *testing.T, word string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(word, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
