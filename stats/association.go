package stats

import "math"

// association is the similarities and ratings of some pairs of pictures.
type association struct {
	frame         *frame // nil where the pairs are too few
	score, rating []float64
	lowLevel      []float64 // nil without
}

func (a association) describe(level float64) (Association, spearman) {
	described := Association{
		Pairs: len(a.score), Spearman: nan, SpearmanInterval: undefined, SpearmanP: nan,
		Kendall: nan, KendallInterval: undefined, Partial: nan,
	}
	if a.frame == nil {
		described.Missing = FewPairs
		return described, spearman{}
	}
	s := newSpearman(a.score, a.rating)
	e := a.frame.correlation(s.rho, s.influence, level)
	described.Spearman, described.SpearmanInterval, described.SpearmanP = Number(s.rho), e.Interval, e.P
	described.Missing = e.Missing
	if a.lowLevel != nil {
		described.Partial = Number(partialSpearman(a.score, a.rating, a.lowLevel))
	}
	pairs := newConcordance(a.score, a.rating)
	described.Kendall = Number(pairs.tau())
	if described.Kendall.Defined() {
		influence := pairs.influence()
		for i := range influence { // these are on the sum, the frame's on the mean
			influence[i] *= float64(len(influence))
		}
		described.KendallInterval = a.frame.correlation(float64(described.Kendall), influence, level).Interval
	}
	if math.IsNaN(s.rho) {
		s.influence = nil
	}
	return described, s
}
