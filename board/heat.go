package board

import (
	"math"
	"slices"

	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// Heat is the board as a map: a figure of each model on each set, and how far it lies
// from chance.
type Heat struct {
	Sets []HeatSet `json:"sets"`
	Rows []HeatRow `json:"models"`
	// Mixed tells that figures of different kinds stand in it: shares of one set compare
	// models, those of two sets compare nothing.
	Mixed bool `json:"figures_differ"`
}

// HeatSet is a column.
type HeatSet struct {
	Set    string       `json:"set"`
	Task   stimuli.Task `json:"task"`
	Figure string       `json:"figure"`
	Chance float64      `json:"chance"`
	Best   float64      `json:"perfect"` // the figure of a model that always does as people do
}

// HeatRow is a model.
type HeatRow struct {
	Model   string     `json:"model"`
	Variant bool       `json:"variant,omitempty"` // of the network in a row above
	Cells   []HeatCell `json:"cells"`             // by set
}

// HeatCell is a model's figure on a set; all is null where it was not run.
type HeatCell struct {
	Value    stats.Number   `json:"value"`
	Interval stats.Interval `json:"interval"`
	// Share is where the figure lies between chance, 0, and a model that always does as
	// people do, 1; below 0 it is worse than chance.
	Share stats.Number `json:"share_above_chance"`
	Told  bool         `json:"told_from_chance"` // the interval excludes chance
}

// heatOf says what a column shows of a task.
func heatOf(s Set) HeatSet {
	h := HeatSet{Set: s.Name, Task: s.task()}
	switch h.Task {
	case stimuli.OddOneOut:
		h.Figure, h.Chance, h.Best = "accuracy", 1./3, 1
	case stimuli.Votes:
		h.Figure, h.Chance, h.Best = "score", 0.5, 1
	case stimuli.Matrix:
		h.Figure, h.Chance, h.Best = "spearman", 0, 1
	default:
		h.Figure, h.Chance, h.Best = "matching_error", 0.5, 0
	}
	return h
}

// task is that of a set's card; cards of triplets name none.
func (s Set) task() stimuli.Task {
	if s.Task == "" {
		return stimuli.Related
	}
	return s.Task
}

// share is where a figure lies between chance and perfection.
func (h HeatSet) share(v stats.Number) stats.Number {
	return (v - stats.Number(h.Chance)) / stats.Number(h.Best-h.Chance)
}

// Triplets reports whether all sets are of triplets.
func (b *Board) Triplets() bool {
	return !slices.ContainsFunc(b.Sets, func(s Set) bool { return s.task() != stimuli.Related })
}

// newHeat maps a board; nil for one set of triplets.
func (b *Board) newHeat() *Heat {
	if len(b.Sets) < 2 && b.Triplets() {
		return nil
	}
	h := &Heat{}
	for _, s := range b.Sets {
		h.Sets = append(h.Sets, heatOf(s))
	}
	h.Mixed = slices.ContainsFunc(h.Sets, func(s HeatSet) bool { return s.Figure != h.Sets[0].Figure })
	for _, r := range b.Rows {
		row := HeatRow{Model: r.Name, Variant: r.Variant}
		for i, result := range r.Results {
			cell := HeatCell{Value: stats.Number(math.NaN()), Interval: stats.Interval{Low: math.NaN(), High: math.NaN()}, Share: stats.Number(math.NaN())}
			if result != nil {
				cell.Value, cell.Interval = result.Value(), result.Interval
				cell.Share = h.Sets[i].share(cell.Value)
				cell.Told = cell.Interval.Defined() && !cell.Interval.Contains(h.Sets[i].Chance)
			}
			row.Cells = append(row.Cells, cell)
		}
		h.Rows = append(h.Rows, row)
	}
	return h
}
