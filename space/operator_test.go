package space

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
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

func TestCentreTakesTheMeanOfDifferentPictures(t *testing.T) {
	features := rows{{1, 0, 2}, {3, 0, -2}, {100, 100, 100}}
	o, n, err := Centre(features, pictures(0, 1, 1)) // one picture under two names
	if err != nil || n != 2 {
		t.Fatalf("%d pictures, %v; want 2 different ones", n, err)
	}
	got := make([]float32, 3)
	if err := o.Over(features).Read(stimuli.Hash{2}, got); err != nil {
		t.Fatal(err)
	}
	if want := []float32{98, 100, 100}; !slices.Equal(got, want) {
		t.Errorf("picture 2 less the mean is %v, want %v", got, want)
	}
	if features[2][0] != 100 {
		t.Error("the features themselves were changed")
	}
}

func TestCentreNeedsPicturesWithFeatures(t *testing.T) {
	features := rows{{1, 2}, {3, 4}}
	for name, reference := range map[string][]*stimuli.Picture{"none": nil, "one": pictures(1, 1), "unknown": pictures(0, 7)} {
		if _, _, err := Centre(features, reference); err == nil {
			t.Errorf("%s: a mean was found", name)
		}
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
		a, b := choices(t, plain, all, triplets), choices(t, shifted, all, triplets)
		for i := range a {
			if math.Abs(a[i].Margin()-b[i].Margin()) > 1e-5 {
				t.Errorf("triplet %d: margin %v, shifted %v", i, a[i].Margin(), b[i].Margin())
			}
		}
	})
}

func choices(t *rapid.T, features rows, reference []*stimuli.Picture, triplets []stimuli.Triplet) []match.Choice {
	o, _, err := Centre(features, reference)
	if err != nil {
		t.Fatal(err)
	}
	list, err := match.Cosine.Triplets(triplets, o.Over(features))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestParse(t *testing.T) {
	for text, want := range map[string]Spec{"centred": {Centred, ""}, "centred:a/b": {Centred, "a/b"}, `centred:C:\x`: {Centred, `C:\x`}} {
		if got, err := Parse(text); err != nil || got != want || got.String() != text {
			t.Errorf("%s: %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "centered", "centred:", ":a"} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%q is read as a space", text)
		}
	}
}
