package stats

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// drawScores draws coarse scores, so that ties occur, of n triplets.
func drawScores(t *rapid.T, n int, name string) Scores {
	coarse := rapid.SliceOfN(rapid.Map(rapid.IntRange(-8, 8), func(k int) float64 { return float64(k) / 8 }), n, n)
	return Scores{Model: name, Related: coarse.Draw(t, name+" related"), Unrelated: coarse.Draw(t, name+" unrelated")}
}

// drawPictures draws triplets of which some share pictures.
func drawPictures(t *rapid.T, n int) [][3]string {
	pictures := make([][3]string, n)
	for i := range pictures {
		target := rapid.IntRange(0, 2*n).Draw(t, "target")
		pictures[i] = [3]string{fmt.Sprint(target), fmt.Sprint("r", i), fmt.Sprint("u", i)}
	}
	return pictures
}

func TestLawMonotoneTransformKeepsAUC(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawScores(t, rapid.IntRange(1, 40).Draw(t, "n"), "m")
		bend := func(x []float64) []float64 {
			y := make([]float64, len(x))
			for i := range x {
				y[i] = math.Exp(3*x[i]) - 7
			}
			return y
		}
		a, b := AUC(s.Related, s.Unrelated), AUC(bend(s.Related), bend(s.Unrelated))
		if a != b {
			t.Fatalf("AUC %v, after a monotone transform %v", a, b)
		}
	})
}

func TestLawSwappingRolesMirrors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 30).Draw(t, "n")
		d := Design{Pictures: drawPictures(t, n)}
		s := drawScores(t, n, "m")
		swapped := Scores{Model: "m", Related: s.Unrelated, Unrelated: s.Related}
		a, errA := One(d, s, Options{Resamples: 20})
		b, errB := One(d, swapped, Options{Resamples: 20})
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		for _, c := range []struct {
			what string
			sum  Number
		}{{"error", a.Error + b.Error}, {"AUC", a.AUC.AUC + b.AUC.AUC}} {
			if math.Abs(float64(c.sum)-1) > 1e-12 {
				t.Fatalf("%s and its mirror add to %v", c.what, c.sum)
			}
		}
		same := func(x, y Number) bool {
			return x == y || !x.Defined() && !y.Defined() || math.Abs(float64(x-y)) < 1e-9
		}
		if !same(a.Evidence.P, b.Evidence.P) || !same(a.AUC.Evidence.SE, b.AUC.Evidence.SE) {
			t.Fatalf("mirror changes p %v to %v or SE %v to %v", a.Evidence.P, b.Evidence.P, a.AUC.Evidence.SE, b.AUC.Evidence.SE)
		}
	})
}

// TestWhatDoesNotVaryHasNoError: three triplets that pull equally on the AUC leave it no
// variance but rounding, and that must not become one, whichever class is called related.
func TestWhatDoesNotVaryHasNoError(t *testing.T) {
	low, high := []float64{.125, -.125, -.375}, []float64{.25, 0, -.25}
	d := Design{Pictures: [][3]string{{"0", "r0", "u0"}, {"1", "r1", "u1"}, {"2", "r2", "u2"}}}
	for _, s := range []Scores{{Model: "m", Related: low, Unrelated: high}, {Model: "m", Related: high, Unrelated: low}} {
		one, err := One(d, s, Options{Resamples: 20})
		if err != nil {
			t.Fatal(err)
		}
		if e := one.AUC.Evidence; e.Missing != NoVariation || e.SE.Defined() || e.P.Defined() {
			t.Errorf("AUC %v: SE %v, p %v, missing %q; want no variation", one.AUC.AUC, e.SE, e.P, e.Missing)
		}
	}
}

func TestLawOrderOfTripletsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 30).Draw(t, "n")
		d := Design{Pictures: drawPictures(t, n)}
		models := []Scores{drawScores(t, n, "a"), drawScores(t, n, "b")}
		order := rapid.Permutation(ascendingInts(n)).Draw(t, "order")
		var moved Design
		shuffled := []Scores{{Model: "a"}, {Model: "b"}}
		for _, i := range order {
			moved.Pictures = append(moved.Pictures, d.Pictures[i])
			for m := range models {
				shuffled[m].Related = append(shuffled[m].Related, models[m].Related[i])
				shuffled[m].Unrelated = append(shuffled[m].Unrelated, models[m].Unrelated[i])
			}
		}
		x, errX := Compare(d, models, Options{Resamples: 10})
		y, errY := Compare(moved, shuffled, Options{Resamples: 10})
		if errX != nil || errY != nil {
			t.Fatal(errX, errY)
		}
		for _, c := range []struct {
			what string
			a, b Number
		}{
			{"error", x.Models[0].Error, y.Models[0].Error},
			{"AUC", x.Models[0].AUC.AUC, y.Models[0].AUC.AUC},
			{"AUC SE", x.Models[0].AUC.Evidence.SE, y.Models[0].AUC.Evidence.SE},
			{"error p", x.Pairs[0].Evidence.P, y.Pairs[0].Evidence.P},
			{"McNemar", x.Pairs[0].McNemar, y.Pairs[0].McNemar},
			{"AUC p", x.Pairs[0].AUCEvidence.P, y.Pairs[0].AUCEvidence.P},
		} {
			if c.a.Defined() != c.b.Defined() || c.a.Defined() && math.Abs(float64(c.a-c.b)) > 1e-9 {
				t.Fatalf("%s: %v, reordered %v", c.what, c.a, c.b)
			}
		}
	})
}

func TestLawAdjustedIsNeverBelowRaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 30).Draw(t, "p")
		holm, bh := Holm(p), benjaminiHochberg(p)
		for i := range p {
			if !(holm[i] >= bh[i] && bh[i] >= p[i] && holm[i] <= 1) {
				t.Fatalf("p %v, Benjamini-Hochberg %v, Holm %v", p[i], bh[i], holm[i])
			}
		}
	})
}

func TestLawIntervalsHoldTheEstimate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 2000).Draw(t, "n")
		k := float64(rapid.IntRange(0, 2*n).Draw(t, "halves")) / 2
		wilson, exact := Wilson(k, float64(n), 0.95), ClopperPearson(k, float64(n), 0.95)
		p := k / float64(n)
		if !wilson.Contains(p) || !exact.Contains(p) || wilson.Low < 0 || wilson.High > 1 {
			t.Fatalf("%v of %d: Wilson %v, Clopper-Pearson %v", k, n, wilson, exact)
		}
	})
}

func TestLawSignFlipOfSinglesIsTheBinomialTest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.SliceOfN(rapid.SampledFrom([]int{-2, 0, 2}), 1, 60).Draw(t, "differences")
		up, down := 0, 0
		for _, x := range d {
			up += int(indicator(x > 0))
			down += int(indicator(x < 0))
		}
		if got, want := SignFlip(d), McNemar(up, down); math.Abs(got-want) > 1e-12 {
			t.Fatalf("SignFlip = %v, McNemar(%d, %d) = %v", got, up, down, want)
		}
	})
}

func TestLawKendallInfluenceIsTheDerivative(t *testing.T) {
	x := []float64{1, 2, 2, 4, 5, 7, 3, 3}
	y := []float64{2, 1, 3, 3, 6, 5, 1, 4}
	influence := newConcordance(x, y).influence()
	const copies = 400 // doubling one of very many copies approaches the derivative
	many := func(extra int) float64 {
		var mx, my []float64
		for i := range x {
			for range copies + int(indicator(i == extra)) {
				mx, my = append(mx, x[i]), append(my, y[i])
			}
		}
		return Kendall(mx, my)
	}
	base := many(-1)
	for i := range x {
		// copies of a point tie with it, which the small sample's influence omits
		numeric := (many(i) - base) * copies
		want := influenceOfCopies(x, y, i)
		if math.Abs(numeric-want) > 0.01 {
			t.Errorf("point %d: derivative %v, influence %v (small sample %v)", i, numeric, want, influence[i])
		}
	}
}

// influenceOfCopies is the influence of point i in a sample of 50 copies.
func influenceOfCopies(x, y []float64, i int) float64 {
	const copies = 50
	mx, my := slices.Repeat(x, copies), slices.Repeat(y, copies)
	return newConcordance(mx, my).influence()[i] * copies
}

func TestClustersAreConnectedComponents(t *testing.T) {
	pictures := [][3]string{{"a", "b", "c"}, {"d", "e", "f"}, {"g", "h", "c"}, {"i", "e", "g"}, {"j", "k", "l"}}
	if diff := cmp.Diff([]int{0, 0, 0, 0, 1}, number(pictures).components(3)); diff != "" {
		t.Error(diff)
	}
}

func TestCliques(t *testing.T) {
	// 0-1, 1-2, 0-2, 2-3, and 4 alone
	alike := []uint64{0b00110, 0b00101, 0b01011, 0b00100, 0}
	if diff := cmp.Diff([][]int{{0, 1, 2}, {2, 3}, {4}}, cliques(alike)); diff != "" {
		t.Error(diff)
	}
}

func TestLawCliquesAreTheMaximalSets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "models")
		alike := make([]uint64, n)
		for a := range n {
			for b := range a {
				if rapid.Bool().Draw(t, "alike") {
					alike[a] |= 1 << b
					alike[b] |= 1 << a
				}
			}
		}
		complete := func(set uint64) bool {
			return !slices.ContainsFunc(members(set), func(m int) bool { return set&^(1<<m)&^alike[m] != 0 })
		}
		var want [][]int
		for set := uint64(1); set < 1<<n; set++ {
			maximal := complete(set)
			for m := range n {
				maximal = maximal && (set>>m&1 == 1 || !complete(set|1<<m))
			}
			if maximal {
				want = append(want, members(set))
			}
		}
		slices.SortFunc(want, slices.Compare)
		if diff := cmp.Diff(want, cliques(alike)); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestSameResultOnAnyNumberOfProcessors(t *testing.T) {
	d, models := simulated(3, 60, 0.5, 7)
	for i := range d.Pictures[:20] {
		d.Pictures[i][0] = fmt.Sprint("shared", i/4)
	}
	var judgements []Judgement
	rng := rand.New(rand.NewPCG(3, 4))
	for r := range 14 { // beyond exhaustive splits
		for i, p := range d.Pictures {
			judgements = append(judgements,
				Judgement{fmt.Sprint(r), p[0], p[1], d.RatingRelated[i] + rng.NormFloat64()},
				Judgement{fmt.Sprint(r), p[0], p[2], d.RatingUnrelated[i] + rng.NormFloat64()})
		}
	}
	run := func(processors int, o Options) []byte {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		c, axes := compared(t, d, models, o)
		people, err := People(d, models, judgements, o)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal([]any{c, axes, people, AcrossModels(table2(t), c.Pairs, o)})
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	o := Options{Resamples: 500, Seed: 11}
	one := run(1, o)
	if two := run(2, o); !bytes.Equal(one, two) {
		t.Error("one and two processors give different results")
	}
	if again := run(2, Options{Resamples: 500, Seed: 12}); bytes.Equal(one, again) {
		t.Error("another seed gives the same result")
	}
}

func ascendingInts(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}
