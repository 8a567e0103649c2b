package main

import (
	"math/rand/v2"
	"sync"

	"github.com/akin-vision/akin/stats"
	"golang.org/x/sync/errgroup"
)

// column is one of the table.
type column int

const (
	errorFound column = iota
	aucFound
	pairFound
	anyPair
	aucPairFound
	anyAUCPair
	relationFound
	interactionFound
	errorCovered
	aucCovered
	pairCovered
	aucPairCovered
	relationCovered
	null
	columns
)

// tally counts how often something happened, of how many.
type tally struct {
	hits, all [columns]int
	mutex     sync.Mutex
}

func (t *tally) count(c column, hit bool) {
	t.all[c]++
	if hit {
		t.hits[c]++
	}
}

const significance = 0.05

func found(e stats.Evidence) bool { return float64(e.P) <= significance }

func covers(e stats.Evidence, truth float64) bool {
	return !e.Interval.Defined() || e.Interval.Contains(truth)
}

// simulate judges so many sets of a design in a world.
func simulate(d design, w world, sets int, seed uint64, workers int) (*tally, error) {
	s := newScene(d.Design)
	trueError, trueAUC := w.truth(s)
	t, repeated := &tally{}, d.Repeated()
	var group errgroup.Group
	group.SetLimit(workers)
	for set := range sets {
		group.Go(func() error {
			models := w.look(s, networks, rand.New(rand.NewPCG(seed, uint64(set))))
			o := stats.Options{Resamples: 1, Seed: uint64(set)}
			comparison, err := stats.Compare(repeated, models, o)
			if err != nil {
				return err
			}
			axes, err := stats.ByAxes(repeated, models, o)
			if err != nil {
				return err
			}
			t.mutex.Lock()
			defer t.mutex.Unlock()
			t.add(comparison, axes, trueError, trueAUC)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return t, nil
}

func (t *tally) add(c stats.Comparison, axes stats.Axes, trueError, trueAUC float64) {
	for _, m := range c.Models {
		t.count(errorFound, found(m.Evidence))
		t.count(errorCovered, covers(m.Evidence, trueError))
		t.count(null, !m.Evidence.P.Defined())
		t.count(aucFound, found(m.AUC.Evidence))
		t.count(aucCovered, covers(m.AUC.Evidence, trueAUC))
	}
	anyError, anyAUC := false, false
	for _, p := range c.Pairs {
		t.count(pairFound, found(p.Evidence))
		t.count(pairCovered, covers(p.Evidence, 0))
		t.count(aucPairFound, found(p.AUCEvidence))
		t.count(aucPairCovered, covers(p.AUCEvidence, 0))
		anyError = anyError || float64(p.Holm) <= significance
		anyAUC = anyAUC || float64(p.AUCHolm) <= significance
	}
	t.count(anyPair, anyError)
	t.count(anyAUCPair, anyAUC)
	if axes.Relation == nil {
		return
	}
	for _, e := range axes.Relation.Effects {
		t.count(relationFound, found(e.Evidence))
		t.count(relationCovered, covers(e.Evidence, 0))
	}
	t.count(interactionFound, float64(axes.Relation.Interaction.P) <= significance)
}

// result is the shares of a line of the table.
func (t *tally) result(w world, d design, sets int) result {
	r := result{world: w.title, design: d.name, sets: sets}
	for c := range columns {
		r.share[c] = float64(t.hits[c]) / float64(max(1, t.all[c]))
	}
	return r
}
