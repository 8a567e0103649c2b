package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// simulated draws models whose two similarities of a triplet share the object's
// part, with correlation shared, and relations, distractors and ratings.
func simulated(models, triplets int, shared float64, seed uint64) (Design, []Scores) {
	rng := rand.New(rand.NewPCG(seed, 0))
	d := Design{}
	for i := range triplets {
		d.Pictures = append(d.Pictures, [3]string{fmt.Sprint("t", i), fmt.Sprint("r", i), fmt.Sprint("u", i)})
		d.Relation = append(d.Relation, []string{"taxonomic", "thematic"}[rng.IntN(2)])
		d.Distractor = append(d.Distractor, []string{"colour", "shape"}[rng.IntN(2)])
		d.RatingRelated = append(d.RatingRelated, math.Round(50+10*rng.NormFloat64())/10)
		d.RatingUnrelated = append(d.RatingUnrelated, math.Round(20+10*rng.NormFloat64())/10)
	}
	scores := make([]Scores, models)
	for m := range scores {
		scores[m] = Scores{Model: fmt.Sprint("model", m), Related: make([]float64, triplets), Unrelated: make([]float64, triplets)}
	}
	for i := range triplets {
		object, pair := rng.NormFloat64(), rng.NormFloat64()
		for m := range scores {
			noise := func() float64 {
				return math.Sqrt(shared)*object + math.Sqrt(1-shared)*(pair+rng.NormFloat64())/math.Sqrt2
			}
			scores[m].Related[i] = noise() + 0.02*float64(m)
			pair = -pair
			scores[m].Unrelated[i] = noise()
			pair = -pair
		}
	}
	return d, scores
}

// everything runs each analysis with 10,000 resamples. Targets: 14 models by 400
// triplets in under 2 s on 2 cores; 20 by 100,000 in under 60 s and 2 GB.
func everything(b *testing.B, d Design, models []Scores) {
	for b.Loop() {
		if _, err := Compare(d, models, Options{}); err != nil {
			b.Fatal(err)
		}
		if _, err := ByAxes(d, models, Options{}); err != nil {
			b.Fatal(err)
		}
		if _, err := People(d, models, nil, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEverything14x400(b *testing.B) {
	d, models := simulated(14, 400, 0.5, 1)
	everything(b, d, models)
}

func BenchmarkEverything20x100000(b *testing.B) {
	d, models := simulated(20, 100_000, 0.5, 1)
	everything(b, d, models)
}
