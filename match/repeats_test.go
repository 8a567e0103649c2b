package match

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/akin-vision/akin/internal/reference"
	"github.com/akin-vision/akin/stimuli"
)

// repeated is a set of items by their pictures' vectors, and all its pairs.
func repeated(vectors [][][]float32) (*stimuli.Set, features, [][2]int32) {
	set, values := &stimuli.Set{Name: "x", Task: stimuli.Matrix}, features{}
	for i, item := range vectors {
		named := stimuli.Item{Name: fmt.Sprint("item ", i)}
		for _, v := range item {
			p := &stimuli.Picture{Path: fmt.Sprint(len(set.Pictures)), Hash: stimuli.Hash{1, byte(len(set.Pictures)), byte(len(set.Pictures) >> 8)}}
			named.Pictures = append(named.Pictures, int32(len(set.Pictures)))
			set.Pictures, values[p.Hash] = append(set.Pictures, p), v
		}
		set.Items = append(set.Items, named)
	}
	var pairs [][2]int32
	for i := range int32(len(vectors)) {
		for j := i + 1; j < int32(len(vectors)); j++ {
			pairs = append(pairs, [2]int32{i, j})
		}
	}
	return set, values, pairs
}

// features are vectors of any one length.
type features map[stimuli.Hash][]float32

func (f features) Dim() int {
	for _, v := range f {
		return len(v)
	}
	return 0
}

func (f features) Read(picture stimuli.Hash, dst []float32) error {
	copy(dst, f[picture])
	return nil
}

// TestRepeatsOfNumPy holds crossvalidated distances to testdata/repeats.py.
func TestRepeatsOfNumPy(t *testing.T) {
	type example struct {
		Name    string
		Vectors [][][]float32
		Want    map[Measure][]float64
	}
	negative := false
	for _, c := range reference.JSON[[]example](t, "testdata/repeats.json") {
		set, values, pairs := repeated(c.Vectors)
		for m, want := range c.Want {
			got, err := m.Among(set, pairs, values)
			if err != nil || len(want) != len(pairs) {
				t.Fatalf("%s, %s: error %v, %d distances", c.Name, m, err, len(want))
			}
			for i := range want {
				negative = negative || want[i] < 0
				if math.Abs(got[i]+want[i]) > 1e-10*max(1, math.Abs(want[i])) {
					t.Errorf("%s, %s, pair %v: %v, want %v", c.Name, m, pairs[i], got[i], -want[i])
				}
			}
		}
	}
	if !negative {
		t.Error("no distance of the reference is below 0")
	}
}

// TestRepeatsAreUnbiased: the mean distance of items that do not differ is 0 but for
// chance, and not that of their noise. Of the crossnobis some is left, since the
// noise is measured on the same pictures.
func TestRepeatsAreUnbiased(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 2016))
	vectors := make([][][]float32, 80)
	for i := range vectors {
		for range 3 {
			v := make([]float32, 200)
			for k := range v {
				v[k] = float32(random.NormFloat64())
			}
			vectors[i] = append(vectors[i], v)
		}
	}
	set, values, pairs := repeated(vectors)
	for m, most := range map[Measure]float64{Crossvalidated: 0.04, Crossnobis: 0.4} {
		got, err := m.Among(set, pairs, values)
		if err != nil {
			t.Fatal(err)
		}
		mean := 0.0
		for _, s := range got {
			mean += s / float64(len(got))
		}
		if math.Abs(mean) > most { // a plain squared distance would be 2 by dimension
			t.Errorf("%s: mean %v", m, mean)
		}
	}
}

// TestItemsAreMeans: other measures take the mean of an item's pictures.
func TestItemsAreMeans(t *testing.T) {
	set, values, pairs := repeated([][][]float32{{{1, 0}, {3, 4}}, {{0, 2}}, {{5, 1}, {1, 1}, {0, 1}}})
	got, err := Euclidean.Among(set, pairs, values)
	want := []float64{-2, -1, -math.Sqrt(5)} // of (2, 2), (0, 2) and (2, 1)
	for i := range want {
		if err != nil || math.Abs(got[i]-want[i]) > 1e-12 {
			t.Errorf("%v, want %v, error %v", got, want, err)
		}
	}
}

func TestRepeatsRefuse(t *testing.T) {
	var noise *NoiseError
	var repeats *stimuli.RepeatsError
	cases := map[string]struct {
		vectors [][][]float32
		measure Measure
		as      any
		want    string
	}{
		"unequal numbers":           {[][][]float32{{{1}, {2}}, {{3}, {1}, {2}}}, Crossvalidated, &repeats, `2 of item "item 0" and 3 of item "item 1"`},
		"single pictures":           {[][][]float32{{{1}}, {{3}}}, Crossvalidated, &repeats, "one of each"},
		"no noise where items vary": {[][][]float32{{{1, 1}, {1, 2}}, {{2, 3}, {2, 1}}}, Crossnobis, &noise, "dimension 1 differs between items and never within one"},
		"nothing varies":            {[][][]float32{{{1}, {1}}, {{1}, {1}}}, Crossnobis, &noise, "no dimension varies"},
	}
	for name, c := range cases {
		set, values, pairs := repeated(c.vectors)
		if _, err := c.measure.Among(set, pairs, values); !errors.As(err, c.as) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if _, err := Crossvalidated.Triplets(nil, features{}); err == nil {
		t.Error("triplets have no repeats, and are compared")
	}
}
