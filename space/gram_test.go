package space

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/stimuli"
)

// fortyPictures have vectors whose dimensions differ in spread, the first of none.
func fortyPictures(t *testing.T, random *rand.Rand, dim int) (rows, []*stimuli.Picture, *Gram) {
	t.Helper()
	features, all := rows{}, []*stimuli.Picture(nil)
	for i := range 40 {
		v := make([]float32, dim)
		for k := range v {
			v[k] = float32(3 + float64(k%4)*random.NormFloat64())
		}
		features, all = append(features, v), append(all, pictures(byte(i))...)
	}
	gram, err := NewGram(features, all)
	if err != nil {
		t.Fatal(err)
	}
	return features, all, gram
}

// TestProductsGiveWhatVectorsGive: whitened and hub-corrected choices by the products of
// all pictures are those of the vectors, with fewer and with more pictures than
// dimensions, copies among them, and test pictures that are no reference: with few
// pictures left out, with many, and with one that is asked for and is a reference.
func TestProductsGiveWhatVectorsGive(t *testing.T) {
	for _, dim := range []int{5, 60} {
		random := rand.New(rand.NewPCG(uint64(dim), 0))
		features, all, gram := fortyPictures(t, random, dim)
		apart, mixed := []stimuli.Triplet(nil), stimuli.Triplet{Target: all[3], Related: all[3], Unrelated: all[39]}
		for i := range 7 {
			apart = append(apart, stimuli.Triplet{Target: all[30+i], Related: all[31+i], Unrelated: all[32+i]})
		}
		for name, c := range map[string]struct {
			triplets  []stimuli.Triplet
			reference []*stimuli.Picture
		}{
			"few left out":    {apart, append(all[:30:30], all[0])}, // one stands twice
			"many left out":   {apart, all[:20]},
			"asked for again": {append(apart[:6:6], mixed), all[:30]},
		} {
			for _, kind := range []Kind{Whitened, HubCorrected} {
				fit := Fit{Outputs: Outputs{Features: features}, Reference: c.reference}
				want, err := Spec{Kind: kind}.Try(c.triplets, fit)
				if err != nil {
					t.Fatal(err)
				}
				fit.Gram = gram
				got, err := Spec{Kind: kind}.Try(c.triplets, fit)
				if err != nil {
					t.Fatal(err)
				}
				for i := range want {
					if math.Abs(got[i].Related-want[i].Related) > 1e-5 || math.Abs(got[i].Unrelated-want[i].Unrelated) > 1e-5 {
						t.Errorf("%s of %d dimensions, %s, triplet %d: %v, want %v", kind, dim, name, i, got[i], want[i])
					}
				}
			}
		}
	}
}

// TestBothWaysOfWhiteningAgree: what folds have in common gives what each has alone, to
// the digits of float64.
func TestBothWaysOfWhiteningAgree(t *testing.T) {
	for _, dim := range []int{5, 60} {
		random := rand.New(rand.NewPCG(9, uint64(dim)))
		_, _, gram := fortyPictures(t, random, dim)
		places := random.Perm(40)
		kept, asked := places[:30], places[32:]
		want, err := gram.whitenedAlone(kept, asked, dim)
		if err != nil {
			t.Fatal(err)
		}
		got, err := gram.whitenedApart(kept, gram.others(kept), asked, dim)
		if err != nil {
			t.Fatal(err)
		}
		for i := range asked {
			for j := range asked {
				if unit := math.Sqrt(want.At(i, i) * want.At(j, j)); math.Abs(got.At(i, j)-want.At(i, j)) > 1e-10*unit {
					t.Errorf("%d dimensions, %d and %d: %v, want %v", dim, i, j, got.At(i, j), want.At(i, j))
				}
			}
		}
	}
}

func TestProductsOfWhatDoesNotVary(t *testing.T) {
	features := rows{{1, 2}, {1, 2}, {1, 2}}
	all := append(append(pictures(0), pictures(1)...), pictures(2)...)
	gram, err := NewGram(features, all)
	if err != nil {
		t.Fatal(err)
	}
	one := []stimuli.Triplet{{Target: all[0], Related: all[1], Unrelated: all[2]}}
	for name, reference := range map[string][]*stimuli.Picture{"equal": all, "one": all[:1]} {
		if _, err := (Spec{Kind: Whitened}).Try(one, Fit{Outputs: Outputs{Features: features}, Reference: reference, Gram: gram}); err == nil {
			t.Errorf("%s: whitened", name)
		}
	}
	if got := cosineOf(1, 0, 2); got != 0 {
		t.Errorf("a vector without direction has the cosine %v", got)
	}
}

// TestPairsAgreeWithTriplets: in every space pairs of a set of another task have the
// similarities that triplets of the same pictures have.
func TestPairsAgreeWithTriplets(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 0))
	features, logits := rows{}, rows{}
	set := &stimuli.Set{Task: stimuli.Matrix}
	for i := range 14 {
		var f, l []float32
		for range 4 {
			f, l = append(f, float32(2+random.NormFloat64())), append(l, float32(3*random.NormFloat64()))
		}
		features, logits, set.Pictures = append(features, f), append(logits, l), append(set.Pictures, pictures(byte(i))...)
	}
	fit := Fit{Outputs: Outputs{Features: features, Logits: logits}, Reference: set.Pictures, Weight: 1,
		Words: Words{Dim: 2, Classes: [][]float32{{1, 0}, {0, 1}, {-1, 1}, {.6, .8}}}, Transform: &Part{Shift: []float32{1, 2, 3, 4}}}
	pairs := [][2]int32{{3, 5}, {3, 9}}
	one := []stimuli.Triplet{{Target: set.Pictures[3], Related: set.Pictures[5], Unrelated: set.Pictures[9]}}
	for _, kind := range kinds {
		s := Spec{Kind: kind}
		o, _, err := s.Fit(fit)
		if err != nil {
			t.Fatal(err)
		}
		want, _, err := s.Choices(one, match.Cosine, o, fit)
		if err != nil {
			t.Fatal(err)
		}
		got, _, err := s.Similarities(set, pairs, match.Cosine, o, fit)
		if err != nil || got[0] != want[0].Related || got[1] != want[0].Unrelated {
			t.Errorf("%s: pairs have %v, the triplet %v, error %v", kind, got, want[0], err)
		}
	}
	set.Items = []stimuli.Item{{Name: "one", Pictures: []int32{0, 1}}}
	if _, _, err := (Spec{Kind: HubCorrected}).Similarities(set, [][2]int32{{0, 0}}, match.Cosine, Operator{Parts: []Part{{}}}, fit); err != errItems {
		t.Errorf("hubs of items: error %v", err)
	}
}

// TestNamedVectorsAreTheSame: vectors by words that were computed before are those that
// a blend computes itself.
func TestNamedVectorsAreTheSame(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 0))
	features, logits := rows{}, rows{}
	var all []*stimuli.Picture
	for i := range 12 {
		var f, l []float32
		for range 4 {
			f, l = append(f, float32(random.NormFloat64())), append(l, float32(3*random.NormFloat64()))
		}
		features, logits, all = append(features, f), append(logits, l), append(all, pictures(byte(i))...)
	}
	words := Words{Dim: 2, Classes: [][]float32{{1, 0}, {0, 1}, nil, {.6, .8}}}
	fit := Fit{Outputs: Outputs{Features: features, Logits: logits}, Reference: all, Words: words, Weight: 1}
	triplets := []stimuli.Triplet{{Target: all[0], Related: all[1], Unrelated: all[2]}, {Target: all[5], Related: all[7], Unrelated: all[9]}}
	for _, kind := range []Kind{ByWords, Blend} {
		fit.Outputs.Named = nil
		want, err := Spec{Kind: kind}.Try(triplets, fit)
		if err != nil {
			t.Fatal(err)
		}
		if fit.Outputs.Named, err = words.Of(fit.Outputs, all); err != nil {
			t.Fatal(err)
		}
		got, err := Spec{Kind: kind}.Try(triplets, fit)
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			if got[i] != (match.Choice{Triplet: got[i].Triplet, Related: want[i].Related, Unrelated: want[i].Unrelated}) {
				t.Errorf("%s: %v, want %v", kind, got[i], want[i])
			}
		}
	}
}
