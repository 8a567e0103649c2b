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

// sharing makes triplets draw their pictures from so many.
func sharing(d Design, pictures int) Design {
	rng := rand.New(rand.NewPCG(7, uint64(pictures)))
	for i := range d.Pictures {
		for role := range d.Pictures[i] {
			d.Pictures[i][role] = fmt.Sprint(rng.IntN(pictures))
		}
	}
	return d
}

// BenchmarkEverything runs each analysis, all intervals and tests, on triplets that are
// independent and on triplets that share pictures. Targets on 2 cores: 14 models by 400
// triplets in .3 s; 20 by 100,000 in 5 s and 700 MB; 14 by 1,000,000 in 40 s and 1.5 GB.
func BenchmarkEverything(b *testing.B) {
	for _, size := range []struct{ models, triplets, pictures int }{
		{14, 400, 0}, {14, 400, 300}, {20, 100_000, 0}, {20, 100_000, 20_000}, {14, 1_000_000, 0}, {14, 1_000_000, 100_000},
	} {
		b.Run(fmt.Sprintf("%dx%d/%d", size.models, size.triplets, size.pictures), func(b *testing.B) {
			d, models := simulated(size.models, size.triplets, 0.5, 1)
			if size.pictures > 0 {
				d = sharing(d, size.pictures)
			}
			d.RatingRelated, d.RatingUnrelated = nil, nil
			for b.Loop() {
				if _, err := Compare(d, models, Options{}); err != nil {
					b.Fatal(err)
				}
				if _, err := ByAxes(d, models, Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPeople14x400(b *testing.B) {
	d, models := simulated(14, 400, 0.5, 1)
	for b.Loop() {
		if _, err := People(sharing(d, 300), models, nil, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
