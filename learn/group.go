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

// groups sets every candidate against the features, over all triplets and by
// relation. The inference is that of every comparison of models on one set.
func groups(triplets []stimuli.Triplet, candidates []candidate, scores [][]match.Choice, o stats.Options) ([]Group, error) {
	relations := []string{""}
	for i := range triplets {
		if r := triplets[i].Relation; r != "" && !slices.Contains(relations, r) {
			relations = append(relations, r)
		}
	}
	slices.Sort(relations)
	if len(relations) == 2 && !slices.ContainsFunc(triplets, func(t stimuli.Triplet) bool { return t.Relation == "" }) {
		relations = relations[:1] // one relation: all triplets again
	}
	var list []Group
	for _, relation := range relations {
		var places []int
		var features []match.Choice
		for i := range triplets {
			if relation == "" || triplets[i].Relation == relation {
				places, features = append(places, i), append(features, scores[0][i])
			}
		}
		g := Group{Relation: relation, Triplets: len(places), Features: wrong(features)}
		for _, role := range []Role{Space, Control, Ceiling} {
			for at := range candidates {
				if err := g.add(role, at, places, candidates, scores, o); err != nil {
					return nil, err
				}
			}
		}
		list = append(list, g)
	}
	return list, nil
}

// add sets the candidates of one role against another candidate, on the triplets of
// some places; Holm's adjustment is over these.
func (g *Group) add(role Role, against int, places []int, candidates []candidate, scores [][]match.Choice, o stats.Options) error {
	run := record.Run{Stimuli: &stimuli.Set{}}
	for _, at := range places {
		run.Stimuli.Triplets = append(run.Stimuli.Triplets, *scores[0][at].Triplet)
	}
	for i, c := range candidates {
		if i != against && (i == 0 || c.role != role || c.against != candidates[against].name) {
			continue
		}
		m := record.Model{}
		m.Name = c.name
		for _, at := range places {
			m.Choices = append(m.Choices, scores[i][at])
		}
		run.Models = append(run.Models, m)
	}
	if len(run.Models) == 1 {
		return nil
	}
	design, similarities := run.Design()
	c, err := stats.Compare(design, similarities, o)
	if err != nil {
		return err
	}
	changes, err := c.Baseline(candidates[against].name, 0)
	if err != nil {
		return err
	}
	errors := map[string]stats.Number{}
	for _, m := range c.Models {
		errors[m.Model] = m.Error
	}
	for _, change := range changes {
		g.Rows = append(g.Rows, Row{Space: change.Model, Role: role, Error: errors[change.Model], Change: change, Against: candidates[against].name})
	}
	return nil
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
