package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

type inferenceCase struct {
	Design                   string
	Pictures                 shown
	Y                        []float64
	Group                    []uint8
	Value, Raw, Factor       float64
	Degrees, Variance, Units float64
	P                        float64
	Interval                 [2]float64
	Clustered                *float64
	Proportion               *struct {
		Interval [2]float64
		P, Units float64
	}
}

// Every figure of the inference against the double sums and written-out matrices
// of testdata/inference.py.
func TestInferenceAgainstDefinition(t *testing.T) {
	for i, c := range golden[inferenceCase](t, "inference.json", "inference") {
		name := fmt.Sprintf("%s %d", c.Design, i)
		group := c.Group
		if !slices.Contains(group, 1) {
			group = nil
		}
		f := newFrame(c.Pictures, group)
		centred := slices.Clone(c.Y)
		f.centre(centred)
		weighted := slices.Clone(centred)
		for k := range weighted {
			weighted[k] *= f.weight[f.of(k)]
		}
		raw := f.share.square(weighted)
		near(t, name+": double sum", raw, c.Raw)
		if c.Clustered != nil {
			near(t, name+": statsmodels", raw, *c.Clustered)
		}
		s := f.spread(centred)
		near(t, name+": units", f.units, c.Units)
		near(t, name+": factor", s.factor, c.Factor)
		near(t, name+": degrees", s.degrees, c.Degrees)
		near(t, name+": variance", s.variance, c.Variance)
		if f.units < fewestUnits {
			if e := f.student(c.Value, 0, s, Interval{-100, 100}, 0.95); e.Missing != OneUnit || e.P.Defined() {
				t.Errorf("%s: %v units carry %+v", name, f.units, e)
			}
			continue
		}
		e := f.student(c.Value, 0, s, Interval{-100, 100}, 0.95)
		near(t, name+": p", float64(e.P), c.P)
		near(t, name+": low", e.Interval.Low, c.Interval[0])
		near(t, name+": high", e.Interval.High, c.Interval[1])
		if c.Proportion != nil {
			e := f.proportion(c.Value, s, 0.95)
			near(t, name+": effective units", float64(e.Units), c.Proportion.Units)
			near(t, name+": proportion p", float64(e.P), c.Proportion.P)
			if 0 < c.Value && c.Value < 1 {
				near(t, name+": proportion degrees", float64(e.Degrees), c.Degrees)
			}
			near(t, name+": proportion low", e.Interval.Low, c.Proportion.Interval[0])
			near(t, name+": proportion high", e.Interval.High, c.Proportion.Interval[1])
		}
	}
}

// drawn is a set of triplets of few or many pictures, some of them with one
// picture twice.
func drawn(rng *rand.Rand, triplets, pictures int) shown {
	s := make(shown, triplets)
	for i := range s {
		for role := range s[i] {
			s[i][role] = int32(rng.IntN(pictures))
		}
	}
	return s
}

// Counting by pictures, pairs and triples of them is the same as asking of every
// two triplets whether they share one.
func TestSharingIsEveryPair(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	for range 200 {
		s := drawn(rng, 1+rng.IntN(40), 1+rng.IntN(60))
		x, y := make([]float64, len(s)), make([]float64, len(s))
		for i := range x {
			x[i] = rng.NormFloat64()
		}
		kernel, want := s.sharing(), 0.0
		kernel.apply(y, x)
		for i := range s {
			row := 0.0
			for j := range s {
				if slices.ContainsFunc(s[i][:], func(p int32) bool { return slices.Contains(s[j][:], p) }) {
					row += x[j]
				}
			}
			want += x[i] * row
			if math.Abs(row-y[i]) > 1e-9 {
				t.Fatalf("%v: row %d is %v, want %v", s, i, y[i], row)
			}
		}
		if got := kernel.square(x); math.Abs(got-want) > 1e-9 {
			t.Fatalf("%v: %v, want %v", s, got, want)
		}
	}
}

// Random signs estimate what the columns give exactly.
func TestSignsAgreeWithColumns(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 2))
	s := drawn(rng, 700, 80)
	f := newFrame(s, nil) // column by column
	exact := f.variation
	x, filtered := make([]float64, len(s)), make([]float64, len(s))
	for l := range f.effect {
		sum := 0.0
		signs := signs(f.effect[l], 400)
		for i := range signs.count {
			signs.write(x, i)
			f.centre(x)
			f.filter(filtered, x)
			sum += signs.scale * f.sumOfSquares(l+1, filtered)
		}
		if ratio := sum / exact[l+1][l+1]; math.Abs(ratio-1) > 0.15 {
			t.Errorf("effect %d: 400 random signs give %v times the exact sum of squares", l, ratio)
		}
	}
}
