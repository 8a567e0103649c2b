package space

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/stimuli"
	"pgregory.net/rapid"
)

// rows are features in memory; picture i has the hash {i}.
type rows [][]float32

func (r rows) Dim() int { return len(r[0]) }

func (r rows) Read(picture stimuli.Hash, dst []float32) error {
	if int(picture[0]) >= len(r) {
		return errors.New("no vector is kept of the picture")
	}
	copy(dst, r[picture[0]])
	return nil
}

func pictures(numbers ...byte) []*stimuli.Picture {
	var list []*stimuli.Picture
	for i, n := range numbers {
		list = append(list, &stimuli.Picture{Path: fmt.Sprintf("%d.png", i), Hash: stimuli.Hash{n}})
	}
	return list
}

// TestSpacesAgreeWithNumPy holds every space against its definition; golden.py
// beside the golden made it.
func TestSpacesAgreeWithNumPy(t *testing.T) {
	var golden struct {
		Features, Logits rows
		Classes          [][]float32
		Similarities     map[Kind][][]float64
	}
	data, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &golden); err != nil {
		t.Fatal(err)
	}
	transform, _, err := ReadTransform("testdata/transform.npz")
	if err != nil {
		t.Fatal(err)
	}
	var all []*stimuli.Picture
	for i := range golden.Features {
		all = append(all, pictures(byte(i))...)
	}
	fit := Fit{
		Outputs: Outputs{Features: golden.Features, Logits: golden.Logits}, Reference: all, Weight: 1, Transform: transform,
		Words: Words{Dim: len(golden.Classes[0]), Classes: golden.Classes},
	}
	var triplets []stimuli.Triplet
	for i := range all {
		for j := range i {
			triplets = append(triplets, stimuli.Triplet{Target: all[i], Related: all[j], Unrelated: all[(i+1)%len(all)]})
		}
	}
	for _, kind := range kinds {
		if kind == Association {
			continue // Words with other vectors
		}
		o, _, err := Spec{Kind: kind}.Fit(fit)
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		got, _, err := Spec{Kind: kind}.Choices(triplets, match.Cosine, o, fit)
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		for _, c := range got {
			i, j := c.Triplet.Target.Hash[0], c.Triplet.Related.Hash[0]
			if want := golden.Similarities[kind][i][j]; math.Abs(c.Related-want) > 2e-6 {
				t.Fatalf("%s of pictures %d and %d: %v, want %v", kind, i, j, c.Related, want)
			}
		}
	}
}

func TestMeanIsOfDifferentPictures(t *testing.T) {
	features := rows{{1, 0, 2}, {3, 0, -2}, {100, 100, 100}}
	fit := Fit{Outputs: Outputs{Features: features}, Reference: pictures(0, 1, 1)} // one picture under two names
	o, n, err := Spec{Kind: Centred}.Fit(fit)
	if err != nil || n != 2 {
		t.Fatalf("%d pictures, %v; want 2 different ones", n, err)
	}
	over, err := o.Over(fit.Outputs)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]float32, 3)
	if err := over.Read(stimuli.Hash{2}, got); err != nil {
		t.Fatal(err)
	}
	if want := []float32{98, 100, 100}; !slices.Equal(got, want) {
		t.Errorf("picture 2 less the mean is %v, want %v", got, want)
	}
	if features[2][0] != 100 {
		t.Error("the features themselves were changed")
	}
}

// TestWhatCannotBeFitted: too few pictures, pictures that do not vary or have no
// features, and models without classes are errors.
func TestWhatCannotBeFitted(t *testing.T) {
	features := rows{{1, 2}, {3, 4}, {1, 2}}
	for _, c := range []struct {
		kind      Kind
		reference []*stimuli.Picture
	}{
		{Centred, nil}, {Centred, pictures(1, 1)}, {Centred, pictures(0, 7)}, {Whitened, pictures(0, 2)},
		{Blend, pictures(0, 1)}, {ByWords, pictures(0, 1)},
	} {
		if _, _, err := (Spec{Kind: c.kind}).Fit(Fit{Outputs: Outputs{Features: features}, Reference: c.reference, Weight: 1}); err == nil {
			t.Errorf("%s was fitted to %d pictures", c.kind, len(c.reference))
		}
	}
	o := Operator{Parts: []Part{{Shift: []float32{1, 2, 3}}}}
	if _, err := o.Over(Outputs{Features: features}); err == nil {
		t.Error("an operator on 3 numbers takes 2")
	}
}

// TestCentringForgetsWhatPicturesShare: whatever is added to every vector, the
// choices stay.
func TestCentringForgetsWhatPicturesShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		plain, shifted := make(rows, 9), make(rows, 9)
		shift := []float32{8, -4, 2, 16, 1}
		for i := range plain {
			for _, x := range shift {
				v := float32(math.Round(64*random.NormFloat64())) / 64 // sums stay exact
				plain[i], shifted[i] = append(plain[i], v), append(shifted[i], v+x)
			}
		}
		all := pictures(0, 1, 2, 3, 4, 5, 6, 7, 8)
		triplets := []stimuli.Triplet{{Target: all[0], Related: all[1], Unrelated: all[2]}, {Target: all[3], Related: all[4], Unrelated: all[5]}}
		a, b := centredChoices(t, plain, all, triplets), centredChoices(t, shifted, all, triplets)
		for i := range a {
			if math.Abs(a[i].Margin()-b[i].Margin()) > 1e-5 {
				t.Errorf("triplet %d: margin %v, shifted %v", i, a[i].Margin(), b[i].Margin())
			}
		}
	})
}

func centredChoices(t *rapid.T, features rows, reference []*stimuli.Picture, triplets []stimuli.Triplet) []match.Choice {
	s, fit := Spec{Kind: Centred}, Fit{Outputs: Outputs{Features: features}, Reference: reference}
	o, _, err := s.Fit(fit)
	if err != nil {
		t.Fatal(err)
	}
	list, _, err := s.Choices(triplets, match.Cosine, o, fit)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestParse(t *testing.T) {
	for text, want := range map[string]Spec{"centred": {Centred, ""}, "blend:a/b": {Blend, "a/b"}, `transform:C:\x`: {Transform, `C:\x`}} {
		if got, err := Parse(text); err != nil || got != want || got.String() != text {
			t.Errorf("%s: %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "centered", "centred:", ":a", "transform", "association", "words:a"} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%q is read as a space", text)
		}
	}
}
