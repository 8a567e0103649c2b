package learn

import (
	"path/filepath"

	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stimuli"
)

// Fit fits a space to the whole of a set. choose looks for the weight of words or the
// penalty as the folds of a trial do.
func Fit(m Model, s space.Spec, set *stimuli.Set, choose bool) (space.Operator, space.Info, error) {
	info := space.Info{Kind: s.Kind, Network: m.Name, Reference: "the set " + set.Name}
	fit := m.fit(s)
	t := m.wholeOf(set)
	fit.Reference = t.pictures
	if s.Kind == space.Transform {
		info.Reference, fit.Reference = filepath.Base(s.From), nil
	}
	if Learned(s.Kind) {
		chosen := choice{Value: penalty}
		var err error
		if choose {
			if chosen, err = chooseAmong(t.triplets, penalties, m.tryPenalties(s.Kind)); err != nil {
				return space.Operator{}, info, err
			}
		}
		info.Pictures, info.Triplets, info.Penalty = len(t.pictures), len(t.triplets), chosen.Value
		info.Describe(s, fit)
		l, err := t.loss(s.Kind)
		if err != nil {
			return space.Operator{}, info, err
		}
		part, err := l.least(chosen.Value)
		return space.Operator{Parts: []space.Part{part}}, info, err
	}
	if choose && s.Kind == space.Blend && fit.Words.Known() > 0 {
		chosen, err := chooseAmong(t.triplets, weights, m.tryWeights(fit))
		if err != nil {
			return space.Operator{}, info, err
		}
		fit.Weight = chosen.Value
		if chosen.Nested {
			info.Triplets = len(set.Triplets)
		}
	}
	info.Describe(s, fit)
	operator, pictures, err := s.Fit(fit)
	info.Pictures = pictures
	return operator, info, err
}
