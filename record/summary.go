package record

import (
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/stats"
)

// Summarise computes the run's summary from its choices.
func Summarise(r *Run) Summary {
	s := Summary{Set: r.Set, Level: r.Settings.Level, Similarity: r.Settings.Similarity, Models: make([]ModelSummary, len(r.Models))}
	for i, m := range r.Models {
		s.Models[i] = ModelSummary{
			Name: m.Name, Title: m.Title, Family: m.Family, Kind: m.Kind, Check: m.CheckState(),
			Figures:      FiguresOf(m.Choices, r.Settings.Level),
			ByRelation:   byAxis(m.Choices, r.Settings.Level, func(c match.Choice) string { return c.Triplet.Relation }),
			ByDistractor: byAxis(m.Choices, r.Settings.Level, func(c match.Choice) string { return c.Triplet.Distractor }),
		}
	}
	return s
}

func byAxis(choices []match.Choice, level float64, axis func(match.Choice) string) map[string]Figures {
	groups := map[string][]match.Choice{}
	for _, c := range choices {
		if value := axis(c); value != "" {
			groups[value] = append(groups[value], c)
		}
	}
	out := make(map[string]Figures, len(groups))
	for value, group := range groups {
		out[value] = FiguresOf(group, level)
	}
	return out
}

func FiguresOf(choices []match.Choice, level float64) Figures {
	var wrong, ties int
	for _, c := range choices {
		switch c.Outcome() {
		case match.Wrong:
			wrong++
		case match.Tie:
			ties++
		}
	}
	n := float64(len(choices))
	errors := float64(wrong) + float64(ties)/2
	related, unrelated := Similarities(choices)
	return Figures{
		Triplets:        len(choices),
		Ties:            ties,
		MatchingError:   errors / n,
		MatchingErrorCI: stats.Wilson(errors, n, level),
		PChance:         stats.BinomialTwoSided(wrong, len(choices)-ties, 0.5),
		AUC:             stats.AUC(related, unrelated),
	}
}

// Similarities returns the similarities of all related and all unrelated pairs.
func Similarities(choices []match.Choice) (related, unrelated []float64) {
	related, unrelated = make([]float64, len(choices)), make([]float64, len(choices))
	for i, c := range choices {
		related[i], unrelated[i] = c.Related, c.Unrelated
	}
	return related, unrelated
}
