package model

import (
	"context"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/akin-vision/akin/imaging"
)

// scene paints a picture of side 96 by a function of x, y in 0..1.
func scene(at func(x, y float64) (r, g, b uint8)) *imaging.Image {
	const side = 96
	m := &imaging.Image{Pix: make([]uint8, 3*side*side), Width: side, Height: side}
	for y := range side {
		for x := range side {
			i := 3 * (y*side + x)
			m.Pix[i], m.Pix[i+1], m.Pix[i+2] = at(float64(x)/side, float64(y)/side)
		}
	}
	return m
}

// disc and bar are shapes of one colour on white.
func disc(r, g, b uint8) *imaging.Image {
	return scene(func(x, y float64) (uint8, uint8, uint8) {
		if math.Hypot(x-.5, y-.5) < .35 {
			return r, g, b
		}
		return 255, 255, 255
	})
}

func bar(r, g, b uint8) *imaging.Image {
	return scene(func(x, y float64) (uint8, uint8, uint8) {
		if math.Abs(x-.5) < .1 && math.Abs(y-.5) < .42 {
			return r, g, b
		}
		return 255, 255, 255
	})
}

func embed(t *testing.T, m *Model, img *imaging.Image) []float32 {
	t.Helper()
	e, err := m.Open(nil, SessionOptions{})
	if err != nil {
		t.Fatal(err)
	}
	h, w := e.Recipe().Size()
	tensor := make([]float32, 3*h*w)
	if err := e.Recipe().Apply(img, tensor); err != nil {
		t.Fatal(err)
	}
	v, err := e.Run(context.Background(), tensor, 1)
	if err != nil {
		t.Fatal(err)
	}
	return v[0][0]
}

func cosine(a, b []float32) float64 {
	var ab, aa, bb float64
	for i := range a {
		ab += float64(a[i]) * float64(b[i])
		aa += float64(a[i]) * float64(a[i])
		bb += float64(b[i]) * float64(b[i])
	}
	return ab / math.Sqrt(aa*bb)
}

// TestBaselinesSeeWhatTheyAreNamedFor: colour matches colours whatever the
// shape, edges match shapes whatever the colour.
func TestBaselinesSeeWhatTheyAreNamedFor(t *testing.T) {
	redDisc, blueDisc, redBar := disc(200, 20, 20), disc(20, 20, 200), bar(200, 20, 20)
	colour, edges := Baseline("colour"), Baseline("edges")
	if same := cosine(embed(t, colour, redDisc), embed(t, colour, redBar)); same < .9 {
		t.Errorf("colour: red disc and red bar have the cosine %.3f", same)
	}
	if other := cosine(embed(t, colour, redDisc), embed(t, colour, blueDisc)); other > .5 {
		t.Errorf("colour: red disc and blue disc have the cosine %.3f", other)
	}
	if same := cosine(embed(t, edges, redDisc), embed(t, edges, blueDisc)); same < .95 {
		t.Errorf("edges: two discs have the cosine %.3f", same)
	}
	if other := cosine(embed(t, edges, redDisc), embed(t, edges, redBar)); other > .6 {
		t.Errorf("edges: disc and bar have the cosine %.3f", other)
	}
}

// TestLab checks CIELAB against the published coordinates of sRGB's corners (D65).
func TestLab(t *testing.T) {
	cases := []struct{ r, g, b, l, aa, bb float64 }{
		{1, 1, 1, 100, 0, 0}, {0, 0, 0, 0, 0, 0}, {1, 0, 0, 53.24, 80.09, 67.20},
		{0, 1, 0, 87.74, -86.18, 83.18}, {0, 0, 1, 32.30, 79.19, -107.86},
	}
	for _, c := range cases {
		l, aa, bb := lab(float32(c.r), float32(c.g), float32(c.b))
		if math.Abs(l-c.l) > .02 || math.Abs(aa-c.aa) > .02 || math.Abs(bb-c.bb) > .02 {
			t.Errorf("lab(%v, %v, %v) = %.2f, %.2f, %.2f; want %v, %v, %v", c.r, c.g, c.b, l, aa, bb, c.l, c.aa, c.bb)
		}
	}
}

func TestBlankPictureHasNoFeatures(t *testing.T) {
	white := scene(func(_, _ float64) (uint8, uint8, uint8) { return 255, 255, 255 })
	for _, m := range Baselines() {
		for _, v := range embed(t, m, white) {
			if v != 0 {
				t.Errorf("%s: a white picture has the value %v", m.Name, v)
				break
			}
		}
	}
}

func TestUntrainedTwinKeepsTheGraph(t *testing.T) {
	graph := readFile(t, "../zoo/weights/small-resnet.onnx")
	twin, err := UntrainedTwin(graph, 1)
	if err != nil {
		t.Fatal(err)
	}
	again, err := UntrainedTwin(graph, 1)
	if err != nil {
		t.Fatal(err)
	}
	other, err := UntrainedTwin(graph, 2)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(twin, again) {
		t.Error("one seed gives two networks")
	}
	if slices.Equal(twin, other) || slices.Equal(twin, graph) {
		t.Error("the seed or the weights are not used")
	}
	before, after := parse(t, graph).Graph, parse(t, twin).Graph
	if len(before.Nodes) != len(after.Nodes) || before.Parameters() != after.Parameters() {
		t.Errorf("the twin has %d nodes and %d parameters, the network %d and %d",
			len(after.Nodes), after.Parameters(), len(before.Nodes), before.Parameters())
	}
}

// TestUntrainedTwinKeepsBounds: the bounds of ReLU6 are no weights. Without them every
// value of the twin was 0, and every triplet a tie.
func TestUntrainedTwinKeepsBounds(t *testing.T) {
	twin, err := UntrainedTwin(readFile(t, "../zoo/weights/small-mobilenet.onnx"), 1)
	if err != nil {
		t.Fatal(err)
	}
	bounds := 0
	for _, tensor := range parse(t, twin).Graph.Initializers {
		if strings.HasSuffix(tensor.Name, "cliphi") {
			bounds++
			if v := math.Float32frombits(binary.LittleEndian.Uint32(tensor.Raw)); v < 5 {
				t.Errorf("%s has become %v", tensor.Name, v)
			}
		}
	}
	if bounds != 29 {
		t.Errorf("%d upper bounds, want 29", bounds)
	}
}

func TestFloat16(t *testing.T) {
	cases := []struct {
		v    float64
		want uint16
	}{{0, 0}, {1, 0x3c00}, {-2, 0xc000}, {.1, 0x2e66}, {65504, 0x7bff}, {1.0 / 3, 0x3555}, {1 + 1.0/2048, 0x3c00}, {1 + 3.0/2048, 0x3c02}}
	for _, c := range cases {
		if got := float16(c.v); got != c.want {
			t.Errorf("float16(%v) = %#04x, want %#04x", c.v, got, c.want)
		}
	}
}

func TestTableOfBytesIsTheCurve(t *testing.T) {
	for k := range 256 {
		for _, v := range []float32{float32(k) / 255, float32(k)/255 + 1e-4} {
			if got, want := linear(v), linearCurve(float64(v)); got != want {
				t.Errorf("linear(%v) = %v, want %v", v, got, want)
			}
		}
	}
}
