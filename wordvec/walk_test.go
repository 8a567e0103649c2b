package wordvec

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/akin-vision/akin/lexicon"
)

// TestFewWordsHaveShortVectors: of few words wanted, the products are those of all, and
// the vectors no longer than the words are many.
func TestFewWordsHaveShortVectors(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 0))
	var norms []lexicon.Norm
	for range 2000 {
		a, b := fmt.Sprint("w", random.IntN(200)), fmt.Sprint("w", random.IntN(200))
		norms = append(norms, lexicon.Norm{A: a, B: b, Value: random.Float64(), Max: 1, Kind: lexicon.Association, Directed: true})
	}
	all, err := Walk(norms, "test", func(string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	few, err := Walk(norms, "test", func(word string) bool { return len(word) == 2 })
	if err != nil {
		t.Fatal(err)
	}
	if few.Len() != 10 || few.Dim != 10 || all.Dim <= 100 {
		t.Fatalf("%d words of %d numbers, of all %d", few.Len(), few.Dim, all.Dim)
	}
	dot := func(a, b []float32) (sum float64) {
		for k, x := range a {
			sum += float64(x) * float64(b[k])
		}
		return sum
	}
	for i := range 10 {
		for j := range 10 {
			a, b := fmt.Sprint("w", i), fmt.Sprint("w", j)
			if got, want := dot(few.Word(a), few.Word(b)), dot(all.Word(a), all.Word(b)); math.Abs(got-want) > 1e-6 {
				t.Errorf("%s and %s: %.8f, want %.8f", a, b, got, want)
			}
		}
	}
}

// TestWalkAgreesWithNumPy:
//
//	P = np.array([[0,1,0,0,0], [.8,0,.2,0,0], [.5,.5,0,0,0], [0,0,0,0,1], [.3,0,0,.7,0]])
//	W = sum(.75**t * np.linalg.matrix_power(P, t) for t in range(12))
//	V = np.maximum(0, np.log(W / W.mean(0), where=W > 0, out=0 * W)); V /= np.linalg.norm(V, axis=1, keepdims=True); V @ V.T
func TestWalkAgreesWithNumPy(t *testing.T) {
	var norms []lexicon.Norm
	for _, n := range []struct {
		cue, answer string
		strength    float64
	}{
		{"ape", "bone", .4}, {"bone", "ape", .4}, {"bone", "cup", .1}, {"cup", "ape", .2}, {"cup", "bone", .2}, {"dog", "elm", .3},
		{"elm", "dog", .7}, {"elm", "ape", .3}, {"ape", "zoo", .5}, {"cup", "cup", .9},
	} {
		norms = append(norms, lexicon.Norm{A: n.cue, B: n.answer, Value: n.strength, Max: 1, Kind: lexicon.Association, Directed: true})
	}
	norms = append(norms, lexicon.Norm{A: "ape", B: "bone", Value: 9, Max: 10, Kind: lexicon.Similarity}) // no association
	v, err := Walk(norms, "test", func(word string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	if v.Len() != 5 || v.Word("zoo") != nil {
		t.Fatalf("%d words, want those that are cue and answer", v.Len())
	}
	for _, c := range []struct {
		a, b string
		want float64
	}{{"ape", "bone", 0.67911983}, {"ape", "cup", 0.10124459}, {"bone", "cup", 0.12294007}, {"dog", "elm", 0.86643335}, {"ape", "elm", 0.00000000}} {
		got := 0.0
		for k, x := range v.Word(c.a) {
			got += float64(x) * float64(v.Word(c.b)[k])
		}
		if math.Abs(got-c.want) > 1e-6 {
			t.Errorf("%s and %s: %.7f, want %.7f", c.a, c.b, got, c.want)
		}
	}
	if _, err := Walk(norms[10:], "test", nil); !errors.Is(err, ErrNoAssociations) {
		t.Errorf("norms of similarity: %v, want ErrNoAssociations", err)
	}
}
