package match

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/akin-vision/akin/internal/reference"
	"pgregory.net/rapid"
)

// TestMeasuresOfSciPy compares all measures with testdata/similarity.py.
func TestMeasuresOfSciPy(t *testing.T) {
	type example struct {
		Name string
		A, B []float32
		Want map[Measure]float64
	}
	for _, c := range reference.JSON[[]example](t, "testdata/similarity.json") {
		for _, m := range measures {
			want, given := c.Want[m]
			if !given {
				t.Fatalf("%s: the reference has no %s", c.Name, m)
			}
			// Means far above the spread cost digits of a correlation.
			if got := m.Similarity(c.A, c.B); math.Abs(got-want) > 1e-12*max(1, math.Abs(want)) {
				t.Errorf("%s of %s: %v, want %v", m, c.Name, got, want)
			}
		}
	}
}

// TestPairsAgreeWithASum holds the blocks against a plain sum over each pair.
func TestPairsAgreeWithASum(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 0))
	rows := make([][]float32, 500)
	for i := range rows {
		rows[i] = make([]float32, 300)
		for k := range rows[i] {
			rows[i][k] = float32(random.NormFloat64())
		}
	}
	pairs := make([][2]int32, 2000)
	for i := range pairs {
		pairs[i] = [2]int32{random.Int32N(500), random.Int32N(500)}
	}
	dots, distances := Dot.Pairs(rows, pairs), Euclidean.Pairs(rows, pairs)
	for i, p := range pairs {
		dot, square := 0.0, 0.0
		for k, x := range rows[p[0]] {
			x, y := float64(x), float64(rows[p[1]][k])
			dot += x * y
			square += (x - y) * (x - y)
		}
		if math.Abs(dots[i]-dot) > 1e-12 || math.Abs(distances[i]+math.Sqrt(square)) > 1e-12 {
			t.Fatalf("pair %v: dot %v and distance %v, want %v and %v", p, dots[i], distances[i], dot, -math.Sqrt(square))
		}
	}
}

func TestMeasureLaws(t *testing.T) {
	values := rapid.SliceOfN(rapid.Float32Range(-100, 100), 70, 70)
	rapid.Check(t, func(t *rapid.T) {
		a, b := values.Draw(t, "a"), values.Draw(t, "b")
		rows := [][]float32{a, b, values.Draw(t, "c")}
		for _, m := range measures {
			ab := m.Similarity(a, b)
			if m.Similarity(b, a) != ab {
				t.Errorf("%s is not symmetric", m)
			}
			if among := m.Pairs(rows, [][2]int32{{2, 0}, {0, 1}, {1, 2}}); among[1] != ab {
				t.Errorf("%s of a pair is %v alone and %v among others", m, ab, among[1])
			}
			if m != Dot && m.Similarity(a, a) < ab {
				t.Errorf("%s: a is more like b than like itself", m)
			}
		}
		cubed := make([]float32, len(a))
		for i, v := range a {
			cubed[i] = v/128*v*v/128 + v // rises with v
		}
		if got, want := Spearman.Similarity(cubed, b), Spearman.Similarity(a, b); math.Abs(got-want) > 1e-2 {
			t.Errorf("spearman changes from %v to %v where the order does not", want, got)
		}
	})
}

func TestParseMeasure(t *testing.T) {
	if m, err := ParseMeasure(""); m != Cosine || err != nil {
		t.Errorf("empty: %s, %v", m, err)
	}
	if _, err := ParseMeasure("manhattan"); err == nil || !strings.Contains(err.Error(), "cosine, pearson, spearman, dot, euclidean") {
		t.Errorf("an unknown one: %v, want the known ones", err)
	}
}
