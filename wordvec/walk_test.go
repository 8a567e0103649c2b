package wordvec

import (
	"errors"
	"math"
	"testing"

	"github.com/akin-vision/akin/lexicon"
)

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
