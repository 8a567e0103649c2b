package imaging

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/akin-vision/akin/internal/reference"
	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"
	"pgregory.net/rapid"
)

// synthetic is the picture that testdata/recipes.py makes of the same numbers.
func synthetic(width, height, seed int) *Image {
	img := newImage(width, height)
	for i := range img.Pix {
		x, y, c := i/3%width, i/3/width, i%3
		img.Pix[i] = uint8(x*7 + y*5*(c+1))
		if seed%2 == 0 {
			v := (uint32(i) + uint32(seed*7919)) * 2654435761
			v = (v ^ v>>15) * 2246822519
			img.Pix[i] = uint8((v ^ v>>13) >> 24)
		}
	}
	return img
}

func readRecipes(t testing.TB) map[string]Recipe {
	t.Helper()
	return reference.JSON[map[string]Recipe](t, "testdata/recipes.json")
}

func floatBytes(values []float32) []byte {
	var out []byte
	for _, v := range values {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(v))
	}
	return out
}

func hash(data []byte) string { return fmt.Sprintf("%x", sha256.Sum256(data)) }

// Every bit must be that of Pillow and torchvision.
func TestRecipesMatchReference(t *testing.T) {
	recipes := readRecipes(t)
	file, err := os.Open("testdata/recipes.golden")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	seen := map[string]int{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var name, pixels, tensor, small string
		var width, height, seed int
		fmt.Sscan(lines.Text(), &name, &width, &height, &seed, &pixels, &tensor, &small)
		seen[name]++
		t.Run(fmt.Sprintf("%s/%dx%d", name, width, height), func(t *testing.T) {
			compareRecipe(t, recipes[name], synthetic(width, height, seed), pixels, tensor, small)
		})
	}
	for name := range recipes {
		if seen[name] < 30 {
			t.Errorf("recipe %s has %d golden pictures, want at least 30", name, seen[name])
		}
	}
}

func compareRecipe(t *testing.T, r Recipe, img *Image, pixels, tensor, small string) {
	got, err := r.Pixels(img)
	if err != nil {
		t.Fatal(err)
	}
	if small != "" {
		want, _ := hex.DecodeString(small)
		if diff := cmp.Diff(want, got.Pix); diff != "" {
			t.Errorf("pixels (-want +got):\n%s", diff)
		}
	}
	if pixels != "-" && hash(got.Pix) != pixels {
		t.Errorf("pixels %dx%d differ from Pillow's", got.Width, got.Height)
	}
	height, width := r.Size()
	dst := make([]float32, 3*height*width)
	if err := r.Apply(img, dst); err != nil {
		t.Fatal(err)
	}
	if hash(floatBytes(dst)) != tensor {
		t.Errorf("tensor differs from the reference")
	}
}

func TestValidate(t *testing.T) {
	good := Recipe{Resize: "pillow-bilinear", Shorter: 256, Crop: 224}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		change func(r *Recipe)
		want   string
	}{
		{"unknown resize", func(r *Recipe) { r.Resize = "lanczos" }, "choose one of pillow-bilinear, pillow-bicubic, torch7-bicubic, none"},
		{"no resize", func(r *Recipe) { r.Resize = "" }, `resize "" is unknown`},
		{"no side", func(r *Recipe) { r.Shorter = 0 }, "exactly one"},
		{"two sides", func(r *Recipe) { r.Square = 224 }, "exactly one"},
		{"no crop", func(r *Recipe) { r.Crop = 0 }, "no fixed size"},
		{"crop over side", func(r *Recipe) { r.Crop = 257 }, "crop 257 is larger than the resized side 256"},
		{"negative", func(r *Recipe) { r.Shorter = -1 }, "-1 pixels"},
		{"huge", func(r *Recipe) { r.Shorter = 1 << 20 }, "outside 0..16384"},
		{"side without resize", func(r *Recipe) { r.Resize = "none" }, `"none" contradicts`},
		{"fraction", func(r *Recipe) { r.CropFraction = 87.5 }, "outside 0..1"},
		{"fraction NaN", func(r *Recipe) { r.CropFraction = math.NaN() }, "outside 0..1"},
		{"scale", func(r *Recipe) { r.Scale = "255th" }, `write a fraction as "1/255"`},
		{"scale zero", func(r *Recipe) { r.Scale = "1/0" }, "no positive factor"},
		{"mean length", func(r *Recipe) { r.Mean = []float64{0.5} }, "mean has 1 values"},
		{"std length", func(r *Recipe) { r.Std = make([]float64, 4) }, "std has 4 values"},
		{"std zero", func(r *Recipe) { r.Std = []float64{1, 0, 1} }, "std [1 0 1] is not usable"},
		{"std underflow", func(r *Recipe) { r.Std = []float64{1, 1e-60, 1} }, "std [1 1e-60 1] is not usable"},
		{"mean infinite", func(r *Recipe) { r.Mean = []float64{0, 1e60, 0} }, "mean [0 1e+60 0] is not usable"},
		{"crop rounding", func(r *Recipe) { r.CropRounding = "up" }, "choose one of half-even, floor"},
		{"channels", func(r *Recipe) { r.Channels = "GBR" }, "choose RGB or BGR"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := good
			test.change(&r)
			if err := r.Validate(); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
			if _, err := r.Pixels(synthetic(3, 3, 0)); err == nil {
				t.Error("Pixels accepted it")
			}
		})
	}
}

func TestRecipeTOML(t *testing.T) {
	const text = `
[recipe]
resize = "pillow-bilinear"
shorter = 256
crop = 224
scale = "1/255"
mean = [0.485, 0.456, 0.406]
std = [0.229, 0.224, 0.225]
channels = "RGB"
`
	var card struct {
		Recipe Recipe `toml:"recipe"`
	}
	if err := toml.Unmarshal([]byte(text), &card); err != nil {
		t.Fatal(err)
	}
	want := readRecipes(t)["torchvision"]
	if diff := cmp.Diff(want, card.Recipe); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := toml.Unmarshal([]byte(strings.Replace(text, `"1/255"`, "0.017", 1)), &card); err != nil {
		t.Fatal(err)
	}
	if card.Recipe.Scale != "0.017" {
		t.Errorf("scale as a number: got %q", card.Recipe.Scale)
	}
}

func TestDigest(t *testing.T) {
	base := readRecipes(t)["torchvision"]
	// Changes only together with what a recipe means: features are keyed by it.
	const want = "a99ac8d8fda83e7ef040cec8ce9bf57d7aff0c0aa003dd13c94ca05866204014"
	if got := base.Digest(); got != want {
		t.Errorf("digest %s, want %s", got, want)
	}
	for _, test := range []struct {
		name   string
		change func(r *Recipe)
		same   bool
	}{
		{"default channels", func(r *Recipe) { r.Channels = "" }, true},
		{"whole fraction", func(r *Recipe) { r.CropFraction = 1 }, true},
		{"spelling of scale", func(r *Recipe) { r.Scale = "1/255.0" }, true},
		{"multiplying", func(r *Recipe) { r.Scale = "0.00392156862745098" }, false},
		{"last bit of a mean", func(r *Recipe) { r.Mean = []float64{math.Nextafter(0.485, 1) + 1e-7, 0.456, 0.406} }, false},
		{"no mean", func(r *Recipe) { r.Mean = nil }, false},
		{"mean as std", func(r *Recipe) { r.Mean, r.Std = r.Std, r.Mean }, false},
		{"resize", func(r *Recipe) { r.Resize = "pillow-bicubic" }, false},
		{"shorter", func(r *Recipe) { r.Shorter = 257 }, false},
		{"square", func(r *Recipe) { r.Shorter, r.Square = 0, 256 }, false},
		{"crop", func(r *Recipe) { r.Crop = 225 }, false},
		{"fraction", func(r *Recipe) { r.CropFraction = 0.875 }, false},
		{"channels", func(r *Recipe) { r.Channels = "BGR" }, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := base
			test.change(&r)
			if got := r.Digest() == base.Digest(); got != test.same {
				t.Errorf("same digest: %v, want %v", got, test.same)
			}
		})
	}
}

func TestApplyRefusesBadInput(t *testing.T) {
	r := readRecipes(t)["torchvision"]
	for _, test := range []struct {
		name string
		img  *Image
		room int
		want string
	}{
		{"tensor too short", synthetic(4, 4, 0), 3, "room for 3 values; want 3x224x224 = 150528"},
		{"empty picture", &Image{}, 3 * 224 * 224, "picture of 0x0"},
		{"missing bytes", &Image{Pix: make([]uint8, 5), Width: 2, Height: 1}, 3 * 224 * 224, "holds 5 bytes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := r.Apply(test.img, make([]float32, test.room))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
	tiny := Recipe{Resize: "none", Crop: 1, CropFraction: 0.01}
	if _, err := tiny.Pixels(synthetic(1, 1, 0)); err != nil {
		t.Errorf("int truncation keeps a pixel, got %v", err)
	}
}

func drawRecipe(t *rapid.T) Recipe {
	side := rapid.IntRange(1, 40).Draw(t, "side")
	r := Recipe{Resize: rapid.SampledFrom(Resizes()).Draw(t, "resize"), Crop: rapid.IntRange(1, side).Draw(t, "crop")}
	switch {
	case r.Resize == "none":
	case rapid.Bool().Draw(t, "square"):
		r.Square = side
	default:
		r.Shorter = side
	}
	return r
}

func drawImage(t *rapid.T) *Image {
	side := rapid.IntRange(1, 60)
	return synthetic(side.Draw(t, "width"), side.Draw(t, "height"), rapid.IntRange(0, 9).Draw(t, "seed"))
}

func TestConstantStaysConstant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, img := drawRecipe(t), drawImage(t)
		if r.Resize == "none" {
			r.Crop = min(r.Crop, img.Width, img.Height)
		}
		colour := rapid.SliceOfN(rapid.Byte(), 3, 3).Draw(t, "colour")
		for i := range img.Pix {
			img.Pix[i] = colour[i%3]
		}
		got, err := r.Pixels(img)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range got.Pix {
			if v != colour[i%3] {
				t.Fatalf("sample %d is %d, want %d", i, v, colour[i%3])
			}
		}
	})
}

func TestSameSizeIsIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		side := rapid.IntRange(1, 50).Draw(t, "side")
		img := synthetic(side, side, rapid.IntRange(0, 9).Draw(t, "seed"))
		r := Recipe{Resize: rapid.SampledFrom(Resizes()).Draw(t, "resize"), Crop: side}
		if r.Resize != "none" {
			r.Shorter = side
		}
		got, err := r.Pixels(img)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(img, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

// The crop of the whole resized picture equals what is computed for the crop only.
func TestCropOnlyEqualsCropOfWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, img := drawRecipe(t), drawImage(t)
		if r.Resize == "none" {
			t.Skip("nothing is resized")
		}
		r.Square, r.Shorter = r.Square+r.Shorter, 0
		whole := r
		whole.Crop = 0
		full, err := whole.Pixels(img)
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.Pixels(img)
		if err != nil {
			t.Fatal(err)
		}
		l, err := r.layout(img)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(full.cut(l.crop), got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestApplyIsPixelsNormalised(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, img := drawRecipe(t), drawImage(t)
		r.Resize = "pillow-bicubic"
		r.Shorter, r.Square = r.Crop, 0
		r.Scale, r.Mean, r.Std = "1/255", []float64{0.1, 0.2, 0.3}, []float64{0.4, 0.5, 0.6}
		px, err := r.Pixels(img)
		if err != nil {
			t.Fatal(err)
		}
		dst := make([]float32, len(px.Pix))
		if err := r.Apply(img, dst); err != nil {
			t.Fatal(err)
		}
		for i, v := range px.Pix {
			c := i % 3
			x := float32(v) / 255
			x -= float32(r.Mean[c])
			x /= float32(r.Std[c])
			if got := dst[c*px.Width*px.Height+i/3]; got != x {
				t.Fatalf("value %d is %v, want %v", i, got, x)
			}
		}
	})
}
