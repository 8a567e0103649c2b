package figure

import (
	"bytes"
	"image/color"
	"image/png"
	"testing"
)

// TestConceptHoldsItsLabels: the lowest label has room for the letters that reach
// below their line.
func TestConceptHoldsItsLabels(t *testing.T) {
	var f Concept
	f.Case.Unrelated.Label = "gjpqy"
	data, err := PNG(f)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	size := img.Bounds()
	for x := size.Min.X; x < size.Max.X; x++ {
		if grey := color.GrayModel.Convert(img.At(x, size.Max.Y-1)).(color.Gray); grey.Y < 250 {
			t.Fatalf("the label is cut at the lower edge, at %d of %d pixels", x, size.Dx())
		}
	}
}
