package record

import "github.com/akin-vision/akin/model"

// Leading is the model that a run speaks of first: the trained network with the
// lowest matching error, variants and networks that missed their published accuracy
// left aside; without one, the lowest error of the others. It describes the run: no
// test between models stands behind it.
func (s Summary) Leading() *ModelSummary {
	best := s.lowest(func(m *ModelSummary) bool { return m.Kind == model.Trained && m.eligible() })
	if best == nil {
		best = s.Untrained()
	}
	if best == nil && len(s.Models) > 0 { // every network failed
		best = &s.Models[0]
	}
	return best
}

// Untrained is the lowest error among the models without training, nil for none.
func (s Summary) Untrained() *ModelSummary {
	return s.lowest(func(m *ModelSummary) bool { return m.Kind != model.Trained && m.eligible() })
}

// Rivals is how many other models could have been the leading one.
func (s Summary) Rivals() int {
	best, n := s.Leading(), 0
	for i := range s.Models {
		if m := &s.Models[i]; m != best && m.Kind == best.Kind && m.eligible() {
			n++
		}
	}
	return n
}

func (m *ModelSummary) eligible() bool { return m.Check != Failed && m.VariantOf == "" }

// lowest returns the first of the accepted models that no other one undercuts.
func (s Summary) lowest(accept func(*ModelSummary) bool) *ModelSummary {
	var best *ModelSummary
	for i := range s.Models {
		m := &s.Models[i]
		if accept(m) && (best == nil || m.MatchingError < best.MatchingError) {
			best = m
		}
	}
	return best
}
