package board

import (
	"math"

	"github.com/akin-vision/akin/judged"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
)

// JudgedCards are those of a run on odd-one-out rows, votes or matrices.
func JudgedCards(r *record.Run, s judged.Statistics) ([]Card, error) {
	undefined, figure := stats.Number(math.NaN()), heatOf(Set{Task: r.Set.Task}).Figure
	results := make([]Result, len(r.Models))
	put := func(i int, score stats.Number, e stats.Evidence, tied int) {
		results[i] = Result{Error: undefined, AUC: undefined, Score: &Score{figure, score}, Interval: e.Interval, P: e.P, Ties: tied}
	}
	switch {
	case s.OddOneOut != nil:
		for i, m := range s.OddOneOut.Models {
			put(i, m.Accuracy, m.Evidence, m.Tied)
		}
	case s.Votes != nil:
		for i, m := range s.Votes.Models {
			put(i, m.Score, m.Evidence, m.Tied)
		}
	case s.Matrices != nil:
		for i, m := range s.Matrices.Models {
			put(i, m.Figures[stats.SpearmanMeasure], m.Evidence, 0)
		}
	}
	return newCards(r, results)
}
