package match

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestOutcome(t *testing.T) {
	cases := []struct {
		related, unrelated float64
		want               Outcome
	}{{.5, .4, Right}, {.4, .5, Wrong}, {.5, .5, Tie}, {math.Nextafter(.5, 1), .5, Right}}
	for _, c := range cases {
		if got := (Choice{Related: c.related, Unrelated: c.unrelated}).Outcome(); got != c.want {
			t.Errorf("%v against %v is %s, want %s", c.related, c.unrelated, got, c.want)
		}
	}
}

func TestCosineOfKnownVectors(t *testing.T) {
	cases := []struct {
		name string
		a, b []float32
		want float64
	}{
		{"same direction", []float32{1, 2, 2}, []float32{2, 4, 4}, 1},
		{"opposite", []float32{1, 2}, []float32{-1, -2}, -1},
		{"right angle", []float32{1, 0}, []float32{0, 3}, 0},
		{"45 degrees", []float32{1, 0}, []float32{1, 1}, math.Sqrt2 / 2},
		{"zero vector", []float32{0, 0}, []float32{1, 1}, 0},
		{"huge", []float32{3e38, 3e38}, []float32{3e38, 3e38}, 1},
		{"tiny", []float32{1e-45, 0}, []float32{1e-45, 0}, 1},
	}
	for _, c := range cases {
		if got := Cosine.Similarity(c.a, c.b); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestCosineLaws(t *testing.T) {
	values := rapid.SliceOfN(rapid.Float32Range(-1e3, 1e3), 8, 8)
	rapid.Check(t, func(t *rapid.T) {
		a, b := values.Draw(t, "a"), values.Draw(t, "b")
		c := Cosine.Similarity(a, b)
		if c < -1 || c > 1 {
			t.Fatalf("cosine %v is outside -1..1", c)
		}
		if Cosine.Similarity(b, a) != c {
			t.Fatal("cosine is not symmetric")
		}
		scaled := make([]float32, len(a))
		for i, v := range a {
			scaled[i] = 4 * v // exact in float32
		}
		if math.Abs(Cosine.Similarity(scaled, b)-c) > 1e-12 {
			t.Fatal("cosine depends on length")
		}
	})
}
