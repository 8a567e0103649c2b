package judged

import (
	"fmt"
	"slices"

	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
)

// UnlikeError is two runs whose models cannot be compared.
type UnlikeError struct{ A, B string }

func (e *UnlikeError) Error() string {
	return fmt.Sprintf("%s and %s are not runs on one set with one similarity", e.A, e.B)
}

// Join puts the models of runs on one set into one run. A model that two runs have with
// the same similarities stands there once; one that differs is named after its run's
// folder.
func Join(runs []*Run, dirs []string) (*Run, error) {
	kept := *runs[0].Run
	kept.Models = slices.Clone(kept.Models)
	joined := &Run{Run: &kept, Pairs: runs[0].Pairs}
	for i, r := range runs[1:] {
		if !record.Alike(&kept, r.Run) || !slices.Equal(joined.Pairs.List, r.Pairs.List) {
			return nil, &UnlikeError{dirs[0], dirs[i+1]}
		}
		for _, m := range r.Models {
			m, known := record.Renamed(m, kept.Models, dirs[i+1])
			if !known {
				kept.Models = append(kept.Models, m)
			}
		}
	}
	if len(runs) > 1 {
		kept.Command = nil // no single command makes this run
	}
	return joined, nil
}

// Keep keeps what concerns two models. Adjusted p-values stay those of all pairs.
func (s *Statistics) Keep(a, b string) {
	other := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return name != a && name != b })
	}
	s.each(other)
}

// Against keeps the comparisons with one model, each of another one less it. Holm's
// adjustment is over these alone.
func (s *Statistics) Against(baseline string) {
	odd := func(pairs []stats.OddPair) []stats.OddPair {
		pairs = slices.DeleteFunc(pairs, func(p stats.OddPair) bool { return p.A != baseline && p.B != baseline })
		var p []float64
		for i := range pairs {
			if q := &pairs[i]; q.A == baseline {
				q.A, q.B, q.Difference, q.Evidence = q.B, q.A, -q.Difference, reversed(q.Evidence)
			}
			p = append(p, float64(pairs[i].Evidence.P))
		}
		for i, adjusted := range stats.Holm(p) {
			pairs[i].Holm = stats.Number(adjusted)
		}
		return pairs
	}
	switch {
	case s.OddOneOut != nil:
		s.OddOneOut.Pairs = odd(s.OddOneOut.Pairs)
	case s.Votes != nil:
		s.Votes.Pairs = odd(s.Votes.Pairs)
	case s.Matrices != nil:
		var plain []stats.OddPair
		for _, p := range s.Matrices.Compared {
			plain = append(plain, stats.OddPair(p))
		}
		s.Matrices.Compared = nil
		for _, p := range odd(plain) {
			s.Matrices.Compared = append(s.Matrices.Compared, stats.MatrixPair(p))
		}
	}
}

// reversed is the evidence of a difference taken the other way round.
func reversed(e stats.Evidence) stats.Evidence {
	e.Interval.Low, e.Interval.High = -e.Interval.High, -e.Interval.Low
	return e
}

// each drops models and pairs of models.
func (s *Statistics) each(drop func(names ...string) bool) {
	dropPair := func(p stats.OddPair) bool { return drop(p.A, p.B) }
	switch {
	case s.OddOneOut != nil:
		s.OddOneOut.Models = slices.DeleteFunc(s.OddOneOut.Models, func(m stats.OddModel) bool { return drop(m.Model) })
		s.OddOneOut.Pairs = slices.DeleteFunc(s.OddOneOut.Pairs, dropPair)
	case s.Votes != nil:
		s.Votes.Models = slices.DeleteFunc(s.Votes.Models, func(m stats.VoteModel) bool { return drop(m.Model) })
		s.Votes.Pairs = slices.DeleteFunc(s.Votes.Pairs, dropPair)
	case s.Matrices != nil:
		s.Matrices.Models = slices.DeleteFunc(s.Matrices.Models, func(m stats.MatrixModel) bool { return drop(m.Model) })
		s.Matrices.Compared = slices.DeleteFunc(s.Matrices.Compared, func(p stats.MatrixPair) bool { return drop(p.A, p.B) })
	}
}

// ModelNames are those of the run, in order.
func (r *Run) ModelNames() (names []string) {
	for _, m := range r.Models {
		names = append(names, m.Name)
	}
	return names
}
