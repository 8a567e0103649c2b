package match

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"

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

// TestRepeatsAreUnbiased: the mean distance of items that do not differ is 0 within its
// standard error, however few items the noise is measured on. With the two items' own
// noise in its covariance it was 1.4 to 2.1 for six items.
func TestRepeatsAreUnbiased(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 2004))
	for _, c := range []struct{ items, folds, dimensions, times int }{{4, 2, 20, 400}, {6, 2, 20, 200}, {12, 3, 40, 40}, {40, 2, 100, 6}} {
		means := map[Measure][]float64{}
		for range c.times {
			set, values, pairs := repeated(noisyItems(random, c.items, c.folds, c.dimensions))
			for _, m := range ofRepeats {
				got, err := m.Among(set, pairs, values)
				if err != nil {
					t.Fatal(err)
				}
				means[m] = append(means[m], stat.Mean(got, nil))
			}
		}
		for m, list := range means {
			mean, sd := stat.MeanStdDev(list, nil)
			if se := sd / math.Sqrt(float64(c.times)); math.Abs(mean) > 3*se {
				t.Errorf("%v, %s: mean %v, standard error %v", c, m, mean, se)
			}
		}
	}
}

// noisyItems are pictures of items that do not differ; their noise is larger in some
// directions.
func noisyItems(random *rand.Rand, items, folds, dimensions int) [][][]float32 {
	common := make([]float64, dimensions)
	for k := range common {
		common[k] = random.NormFloat64()
	}
	vectors := make([][][]float32, items)
	for i := range vectors {
		for range folds {
			v, along := make([]float32, dimensions), 2*random.NormFloat64()
			for k := range v {
				v[k] = float32(random.NormFloat64() + along*common[k])
			}
			vectors[i] = append(vectors[i], v)
		}
	}
	return vectors
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
		"unequal numbers":          {[][][]float32{{{1}, {2}}, {{3}, {1}, {2}}}, Crossvalidated, &repeats, `2 of item "item 0" and 3 of item "item 1"`},
		"single pictures":          {[][][]float32{{{1}}, {{3}}}, Crossvalidated, &repeats, "one of each"},
		"three items":              {[][][]float32{{{1, 1}, {1, 2}}, {{2, 3}, {2, 1}}, {{4, 3}, {2, 1}}}, Crossnobis, &noise, "takes 4 items; there are 3"},
		"equal pictures":           {[][][]float32{{{1}, {1}}, {{2}, {2}}, {{1}, {1}}, {{1}, {1}}}, Crossnobis, &noise, "pictures of one item do not differ"},
		"noise of two items alone": {[][][]float32{{{1, 2}, {2, 1}}, {{3, 2}, {4, 5}}, {{1, 1}, {1, 1}}, {{2, 1}, {2, 1}}, {{3, 1}, {3, 1}}}, Crossnobis, &noise, "item 0 and item 1: the noise of the features cannot be measured: two items hold all of it"},
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
