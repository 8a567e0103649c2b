package report

import (
	"math"
	"strconv"

	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stimuli"
)

// headline is the page's first sentences, about the run's leading model.
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
	best, reference := s.Leading(), s.Untrained()
	if best == reference {
		reference = nil
	}
	h := headline{Best: *best, Matched: matchedText(best.Figures), Verdict: chanceVerdict(best.Figures), Reference: reference, Rivals: s.Rivals()}
	taxonomic, isTaxonomic := best.ByRelation[stimuli.Taxonomic]
	thematic, isThematic := best.ByRelation[stimuli.Thematic]
	if isTaxonomic && isThematic {
		h.Taxonomic, h.Thematic = &taxonomic, &thematic
	}
	return h
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
