package report

import (
	"math"
	"strconv"

	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stimuli"
)

// headline is the page's first sentences: the trained model with the lowest
// matching error, beside chance and beside what needs no training. "Lowest" is
// a description; no test between models stands behind it. A model that missed
// its published accuracy is never the one, nor is a network's variant.
type headline struct {
	Best      record.ModelSummary
	Matched   string               // triplets matched as people do, ties counting half
	Verdict   string               // where the interval leaves chance
	Rivals    int                  // other trained models
	Taxonomic *record.Figures      // of Best; nil unless both relations are there
	Thematic  *record.Figures      // of Best
	Reference *record.ModelSummary // lowest error among the models without training
}

func newHeadline(s record.Summary) headline {
	best := lowestError(s.Models, func(m *record.ModelSummary) bool {
		return m.Kind == model.Trained && m.Check != record.Failed && m.VariantOf == ""
	})
	reference := lowestError(s.Models, func(m *record.ModelSummary) bool { return m.Kind != model.Trained && m.VariantOf == "" })
	if best == nil {
		best, reference = reference, nil
	}
	if best == nil { // the table says that it failed
		best = &s.Models[0]
	}
	h := headline{Best: *best, Matched: matchedText(best.Figures), Verdict: chanceVerdict(best.Figures), Reference: reference}
	for i := range s.Models {
		if m := &s.Models[i]; m != best && m.Kind == best.Kind && m.Check != record.Failed && m.VariantOf == "" {
			h.Rivals++
		}
	}
	taxonomic, isTaxonomic := best.ByRelation[stimuli.Taxonomic]
	thematic, isThematic := best.ByRelation[stimuli.Thematic]
	if isTaxonomic && isThematic {
		h.Taxonomic, h.Thematic = &taxonomic, &thematic
	}
	return h
}

// lowestError returns the first of the accepted models that no other one undercuts.
func lowestError(models []record.ModelSummary, accept func(*record.ModelSummary) bool) *record.ModelSummary {
	var best *record.ModelSummary
	for i := range models {
		m := &models[i]
		if accept(m) && (best == nil || m.MatchingError < best.MatchingError) {
			best = m
		}
	}
	return best
}

func matchedText(f record.Figures) string {
	matched := float64(f.Triplets) * (1 - f.MatchingError)
	return strconv.FormatFloat(math.Round(2*matched)/2, 'f', -1, 64)
}

func chanceVerdict(f record.Figures) string {
	switch {
	case !f.MatchingErrorCI.Defined() || f.MatchingErrorCI.Contains(0.5):
		return "that cannot be told from chance, which is"
	case f.MatchingErrorCI.Low > 0.5:
		return "that is worse than chance, which is"
	default:
		return "chance is"
	}
}
