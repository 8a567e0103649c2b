package judged

import (
	"fmt"

	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// curves are the figure of the task at each layer of networks: accuracy, score or
// Spearman's correlation.
func (r *Run) curves(o stats.Options) (list []stats.Curve, err error) {
	o.Alone = true
	for _, layers := range r.Curves() {
		figures, err := r.figures(layers, o)
		if err != nil {
			return nil, fmt.Errorf("layers of %s: %w", layers[0].Network, err)
		}
		c := stats.Curve{Network: layers[0].Network}
		for i, l := range layers {
			c.Points = append(c.Points, stats.CurvePoint{Node: l.Node, Depth: l.Depth, CurveFigure: figures[i]})
		}
		list = append(list, c)
	}
	return list, nil
}

// figures are those of some layers, each alone.
func (r *Run) figures(layers []record.Layer, o stats.Options) ([]stats.CurveFigure, error) {
	list := make([]stats.CurveFigure, len(layers))
	put := func(i, n int, value stats.Number, e stats.Evidence) {
		list[i] = stats.CurveFigure{Triplets: n, Value: value, Interval: e.Interval, Missing: e.Missing}
	}
	if r.Stimuli.Task == stimuli.Matrix {
		scores := make([]stats.MatrixScores, len(layers))
		for i, l := range layers {
			scores[i] = r.matrixScore(l.Node, l.Values[0])
		}
		result, err := stats.CompareMatrices(r.matrixDesign(), scores, o)
		for i, m := range result.Models {
			put(i, 0, m.Figures[stats.SpearmanMeasure], m.Evidence)
		}
		return list, err
	}
	scores := make([]stats.PairScores, len(layers))
	for i, l := range layers {
		scores[i] = stats.PairScores{Model: l.Node, Similarity: l.Values[0]}
	}
	if r.Stimuli.Task == stimuli.Votes {
		result, err := stats.Voting(stats.VoteDesign{Rows: r.rows(), Votes: r.Stimuli.Trials.Counts}, scores, o)
		for i, m := range result.Models {
			put(i, result.Rows, m.Score, m.Evidence)
		}
		return list, err
	}
	result, err := stats.OddOnes(stats.OddDesign{Rows: r.rows()}, scores, o)
	for i, m := range result.Models {
		put(i, result.Rows, m.Accuracy, m.Evidence)
	}
	return list, err
}
