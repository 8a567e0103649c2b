package record

import (
	"slices"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/stats"
)

// Summary is summary.json.
type Summary struct {
	Set        SetInfo        `json:"set"`
	Level      float64        `json:"level"`
	Similarity match.Measure  `json:"similarity"`
	Models     []ModelSummary `json:"models"`
}

// ModelSummary holds one model's figures over all triplets and by axis.
type ModelSummary struct {
	Name   string     `json:"name"`
	Title  string     `json:"title,omitempty"`
	Family string     `json:"family,omitempty"`
	Kind   string     `json:"kind"`
	Check  CheckState `json:"check,omitempty"`
	// VariantOf names the network of which the model is a form: a layer, or its features
	// in another space; empty for the networks themselves.
	VariantOf string `json:"variant_of,omitempty"`
	Figures
	ByRelation   map[string]Figures `json:"by_relation"`
	ByDistractor map[string]Figures `json:"by_distractor"`
}

// Figures are the statistics of one model over some triplets that a summary shows.
type Figures struct {
	Triplets int `json:"triplets"`
	Ties     int `json:"ties"` // triplets with equal similarities
	// MatchingError is the share of triplets whose unrelated picture is closer,
	// ties counting by the run's rule (arXiv 1709.03806, Table 2, as a fraction).
	MatchingError   float64        `json:"matching_error"`
	MatchingErrorCI stats.Interval `json:"matching_error_ci95"` // at the run's level, all shared pictures counted
	// PChance is the test against one half; null where none is possible.
	PChance stats.Number `json:"p_chance"`
	// AUC pools all pairs: related ones positive, unrelated ones negative.
	AUC float64 `json:"auc"`
}

// Summarise is the short view of a run's statistics.
func Summarise(r *Run, s Statistics) Summary {
	summary := Summary{Set: r.Set, Level: r.Settings.Level, Similarity: r.Settings.Similarity, Models: make([]ModelSummary, len(r.Models))}
	for i, m := range r.Models {
		one := s.Comparison.Models[i]
		summary.Models[i] = ModelSummary{
			Name: m.Name, Title: m.Title, Family: m.Family, Kind: m.Kind, Check: m.CheckState(), VariantOf: r.variantOf(i),
			Figures: Figures{
				Triplets: one.Triplets, Ties: one.Tied, MatchingError: float64(one.Error), MatchingErrorCI: one.Evidence.Interval,
				PChance: one.Evidence.P, AUC: float64(one.AUC.AUC),
			},
			ByRelation:   byLevel(s.Axes.Relation, m.Name, func(c stats.Cell) string { return c.Relation }),
			ByDistractor: byLevel(s.Axes.Distractor, m.Name, func(c stats.Cell) string { return c.Distractor }),
		}
	}
	return summary
}

// variantOf is the network whose name a form of it begins with.
func (r *Run) variantOf(i int) string {
	m := &r.Models[i]
	if m.Space != nil {
		return m.Space.Network
	}
	network := m.network()
	if network != m.Name && slices.ContainsFunc(r.Models, func(other Model) bool { return other.Name == network }) {
		return network
	}
	return ""
}

// Forms names the network of each model that is a form of one in the run.
func (r *Run) Forms() map[string]string {
	forms := map[string]string{}
	for i, m := range r.Models {
		if network := r.variantOf(i); network != "" {
			forms[m.Name] = network
		}
	}
	return forms
}

// byLevel is a model's cells of an axis by their level; empty without an axis.
func byLevel(axis *stats.Axis, model string, level func(stats.Cell) string) map[string]Figures {
	figures := map[string]Figures{}
	if axis == nil {
		return figures
	}
	for _, c := range axis.Cells {
		if c.Model == model {
			figures[level(c)] = Figures{
				Triplets: c.Triplets, Ties: c.Tied, MatchingError: float64(c.Error), MatchingErrorCI: c.Evidence.Interval,
				PChance: c.Evidence.P, AUC: float64(c.AUC),
			}
		}
	}
	return figures
}
