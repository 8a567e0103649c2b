package compose

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/akin-vision/akin/stimuli"
	"pgregory.net/rapid"
)

// free is a world where nothing is tied but the pairs, two by two.
type free struct{}

func (free) Pair(int, int, string) error { return nil }
func (free) Tied(a, b int) bool          { return a/2 == b/2 }

// crowd has pairs of neighbours among pictures of random looks; of each pair
// the two look more alike than others do, as related pictures will.
func crowd(seed uint64, pairs int) Input {
	random := rand.New(rand.NewPCG(seed, 0))
	in := Input{Ties: free{}}
	for range 3 {
		looks := make([]float64, 2*pairs)
		for i := range looks {
			looks[i] = random.Float64()
			if i%2 == 1 {
				looks[i] = looks[i-1] + 0.1*random.NormFloat64()
			}
		}
		in.Appearance = append(in.Appearance, func(a, b int) float64 { return -max(looks[a]-looks[b], looks[b]-looks[a]) })
	}
	in.Shape, in.Colour = in.Appearance[0], in.Appearance[1]
	for i := range pairs {
		a, b := fmt.Sprint("picture ", 2*i), fmt.Sprint("picture ", 2*i+1)
		in.Pictures = append(in.Pictures, a, b)
		in.Pairs = append(in.Pairs, Pair{a, b, []string{stimuli.Taxonomic, stimuli.Thematic}[i%2]})
	}
	return in
}

// A balanced set leans to neither side, and no picture is used too often.
func TestBalanceLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := crowd(rapid.Uint64().Draw(t, "seed"), 60)
		triplets, _, err := Compose(in, Options{Balance: true, MaxTargets: 1, MaxDistractors: 2, MaxRoles: 3})
		if err != nil {
			t.Fatal(err)
		}
		if len(triplets) < 20 {
			t.Fatalf("only %d triplets of 60 pairs", len(triplets))
		}
		lean := map[cell][3]int{}
		uses := map[int]int{}
		for _, x := range triplets {
			at := cell{x.Relation, x.Distractor}
			counts := lean[at]
			for i, similarity := range in.Appearance {
				counts[i] += sign(similarity(x.Target, x.Related) - similarity(x.Target, x.Unrelated))
			}
			lean[at] = counts
			for _, p := range []int{x.Target, x.Related, x.Unrelated} {
				uses[p]++
			}
		}
		for at, counts := range lean {
			for i, n := range counts {
				if abs(n) > maxLean {
					t.Errorf("%v leans by %d in measure %d", at, n, i)
				}
			}
		}
		for p, n := range uses {
			if n > 3 {
				t.Errorf("picture %d stands in %d triplets", p, n)
			}
		}
	})
}

// Without balance, likeness tells the related picture of random distractors.
func TestWithoutBalanceAppearanceTells(t *testing.T) {
	in := crowd(1, 60)
	triplets, _, err := Compose(in, Options{})
	if err != nil {
		t.Fatal(err)
	}
	right, random := 0, 0
	for _, x := range triplets {
		if x.Distractor == stimuli.RandomChoice {
			random++
			if in.Shape(x.Target, x.Related) > in.Shape(x.Target, x.Unrelated) {
				right++
			}
		}
	}
	if random == 0 || right <= random*2/3 {
		t.Errorf("shape tells %d of %d: these pictures would be balanced anyway", right, random)
	}
}
