package learn

import (
	"testing"

	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stats"
)

// TestCasesTellTheWordsAlsoWhereWordsAreNotTried: the similarities by words of what the
// blend changed follow from the class vectors, whichever spaces are tried beside it.
func TestCasesTellTheWordsAlsoWhereWordsAreNotTried(t *testing.T) {
	set, m := related()
	cases := func(list ...space.Kind) []record.Case {
		r, err := Try(m, set, nil, Options{Spaces: kinds(list...), Folds: 4, Repeats: 1, Options: stats.Options{Resamples: 100, Seed: 1}})
		if err != nil {
			t.Fatal(err)
		}
		return r.Cases
	}
	alone, beside := cases(space.Blend), cases(space.ByWords, space.Blend)
	if len(alone) == 0 || len(alone) != len(beside) {
		t.Fatalf("%d and %d cases, want equally many, at least one", len(alone), len(beside))
	}
	for i := range alone {
		if alone[i].Words != beside[i].Words || alone[i].Words == [2]float64{} {
			t.Errorf("%s: similarities by words %v alone, %v beside words", alone[i].ID, alone[i].Words, beside[i].Words)
		}
	}
}

// TestRandomWordsOfFewClasses: a control exists also where fewer classes are known than
// a vector is long, and keeps the classes that are not known apart.
func TestRandomWordsOfFewClasses(t *testing.T) {
	w := space.Words{Dim: 5, Names: []string{"cup", "oak", "?"}, Classes: [][]float32{{1, 2, 3, 4, 5}, {5, 4, 3, 2, 1}, nil}}
	made := randomised(w, 1)
	squares := func(classes [][]float32) float64 {
		sum := 0.
		for _, v := range classes {
			for _, x := range v {
				sum += float64(x) * float64(x)
			}
		}
		return sum
	}
	if len(made.Classes[0]) != 5 || len(made.Classes[1]) != 5 || len(made.Classes[2]) != 0 {
		t.Fatalf("classes %v, want two vectors of 5 and none", made.Classes)
	}
	if got, want := squares(made.Classes), squares(w.Classes); got < want-1e-4 || got > want+1e-4 {
		t.Errorf("the squares of all numbers sum to %v, want %v as in equal spectra", got, want)
	}
}
