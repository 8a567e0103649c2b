package imaging

import (
	"os"
	"testing"
)

// A picture of 259 columns leaves 35 to cut off: half of them is 17.5. The hashes
// are those of the columns from 17 (center_crop of Hugging Face's transformers)
// and from 18 (torchvision's CenterCrop, and fb.resnet.torch) of crop-259x256.png.
func TestCropBeginsWhereItsSoftwareBegins(t *testing.T) {
	const (
		from17 = "44b6923decb4d43de2c9e0147db7a287f0cf8e20ac8e606e9725b39e79ae6cbc"
		from18 = "ebb05f183ece8643e63e8d1fc62983af8b76b42a4949c3d5dd2226c80792712e"
	)
	data, err := os.ReadFile("testdata/crop-259x256.png")
	if err != nil {
		t.Fatal(err)
	}
	img, err := Decode(data, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ resize, rounding, want string }{
		{"pillow-bicubic", "", from18},
		{"pillow-bicubic", "half-even", from18},
		{"pillow-bicubic", "floor", from17},
		{"none", "", from18},
		{"none", "floor", from17},
	} {
		r := Recipe{Resize: test.resize, Shorter: 256, Crop: 224, CropRounding: test.rounding}
		if r.Resize == "none" {
			r.Shorter = 0
		}
		got, err := r.Pixels(img)
		if err != nil {
			t.Fatal(err)
		}
		if hash(got.Pix) != test.want {
			t.Errorf("%s, rounding %q: other columns than %s", test.resize, test.rounding, test.want)
		}
	}
}

func TestCropOffset(t *testing.T) {
	for _, test := range []struct {
		resize, rounding string
		want             [5]int // of an excess of -3, 1, 3, 35 and 37
	}{
		{"none", "", [5]int{-1, 0, 2, 18, 18}},
		{"none", "half-even", [5]int{-1, 0, 2, 18, 18}},
		{"none", "floor", [5]int{-2, 0, 1, 17, 18}},
		{torch7Bicubic, "", [5]int{-1, 1, 2, 18, 19}},
		{torch7Bicubic, "half-even", [5]int{-1, 0, 2, 18, 18}},
		{torch7Bicubic, "floor", [5]int{-2, 0, 1, 17, 18}},
	} {
		var got [5]int
		for i, excess := range []int{-3, 1, 3, 35, 37} {
			got[i] = Recipe{Resize: test.resize, CropRounding: test.rounding}.cropOffset(excess)
		}
		if got != test.want {
			t.Errorf("%s, rounding %q: %v, want %v", test.resize, test.rounding, got, test.want)
		}
	}
}

// Features are keyed by the digest: it may change only where the pixels do.
func TestDigestOfCropRounding(t *testing.T) {
	shorter := Recipe{Resize: "pillow-bicubic", Shorter: 256, Crop: 224}
	square := Recipe{Resize: "pillow-bicubic", Square: 256, Crop: 224}
	odd := Recipe{Resize: "pillow-bicubic", Square: 255, Crop: 224}
	whole := Recipe{Resize: "pillow-bicubic", Square: 224}
	torch7 := Recipe{Resize: torch7Bicubic, Shorter: 256, Crop: 224}
	for _, test := range []struct {
		name     string
		recipe   Recipe
		rounding string
		same     bool
	}{
		{"the usual one, named", shorter, "half-even", true},
		{"another", shorter, "floor", false},
		{"nothing to round", square, "floor", true},
		{"something to round", odd, "floor", false},
		{"no crop", whole, "floor", true},
		{"Torch7 rounds up by itself", torch7, "half-even", false},
		{"Torch7, down", torch7, "floor", false},
	} {
		r := test.recipe
		r.CropRounding = test.rounding
		if got := r.Digest() == test.recipe.Digest(); got != test.same {
			t.Errorf("%s: same digest %v, want %v", test.name, got, test.same)
		}
	}
}
