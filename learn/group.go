package learn

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
	"golang.org/x/sync/errgroup"
)

// groups sets every candidate against what it must beat, over all triplets and by
// relation.
func groups(triplets []stimuli.Triplet, candidates []candidate, scores [][]match.Choice, o stats.Options) ([]record.ChangeGroup, error) {
	seen := make([]record.Seen, len(candidates))
	for i, c := range candidates {
		seen[i] = record.Seen{Name: c.name, Role: c.role, Against: c.against, Choices: scores[i]}
	}
	return record.Changes(triplets, seen, o)
}

// Point is the error of the linear space, learned from a part of the units.
type Point struct {
	Share    float64      `json:"share"`    // of the training triplets
	Triplets int          `json:"triplets"` // in the mean over folds
	Error    stats.Number `json:"error"`
}

// curveShares are the parts of the training triplets that the learning curve has.
var curveShares = []float64{.25, .5, 1}

// curve learns from parts of each fold's training triplets.
func (m Model) curve(s *splitter, features []match.Choice, o Options) ([]Point, error) {
	list := []Point{{Error: wrong(features)}}
	for _, share := range curveShares {
		random := rand.New(rand.NewPCG(o.Seed, 0))
		p := Point{Share: share}
		folds := s.split(random)
		choices := make([][]match.Choice, len(folds))
		var work errgroup.Group
		work.SetLimit(runtime.GOMAXPROCS(0))
		for i, fold := range folds {
			train := s.pick(fold.train)
			random.Shuffle(len(train), func(i, j int) { train[i], train[j] = train[j], train[i] })
			train = train[:max(min(2, len(train)), int(share*float64(len(train))))]
			p.Triplets += len(train)
			work.Go(func() error {
				part, err := fitLinear(Linear, m.Outputs.Features, train, penalty)
				if err != nil {
					return fmt.Errorf("learning curve: %w", err)
				}
				choices[i], err = m.seenThrough(part)(s.pick(fold.test))
				return err
			})
		}
		if err := work.Wait(); err != nil {
			return nil, err
		}
		p.Triplets /= len(folds)
		p.Error = wrong(slices.Concat(choices...))
		list = append(list, p)
	}
	return list, nil
}

// wrong is the matching error, a tie counting half.
func wrong(choices []match.Choice) stats.Number {
	return stats.Number(float64(wrongHalves(choices)) / float64(2*len(choices)))
}

// wrongHalves counts a wrong choice as two and a tie as one.
func wrongHalves(choices []match.Choice) int {
	halves := 0
	for _, c := range choices {
		halves += 2 - int(match.HalfCredit.Halves(c.Outcome()))
	}
	return halves
}
