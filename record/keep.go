package record

import (
	"slices"

	"github.com/akin-vision/akin/stats"
)

// Keep leaves only what concerns the models a and b. Adjusted p-values stay
// those of all pairs.
func (s *Statistics) Keep(a, b string) {
	other := func(name string) bool { return name != a && name != b }
	keep := func(warnings []stats.Warning) []stats.Warning {
		return slices.DeleteFunc(warnings, func(w stats.Warning) bool {
			return w.Kind == stats.NoOverallDifference || w.Model != "" && other(w.Model)
		})
	}
	c := &s.Comparison
	c.Models = slices.DeleteFunc(c.Models, func(m stats.OneModel) bool { return other(m.Model) })
	c.Pairs = slices.DeleteFunc(c.Pairs, func(p stats.Pair) bool { return other(p.A) || other(p.B) })
	c.Matrix, c.Groups, c.CochranQ, c.Smallest = nil, nil, nil, nil
	c.Warnings = keep(c.Warnings)
	s.Across = stats.Across{}
	for _, axis := range s.PresentAxes() {
		axis.Interaction = nil
		axis.Cells = slices.DeleteFunc(axis.Cells, func(e stats.Cell) bool { return other(e.Model) })
		axis.Omnibus = slices.DeleteFunc(axis.Omnibus, func(o stats.Omnibus) bool { return other(o.Model) })
		axis.Effects = slices.DeleteFunc(axis.Effects, func(e stats.Effect) bool { return other(e.Model) })
		axis.Warnings = keep(axis.Warnings)
	}
	s.Axes.Both = slices.DeleteFunc(s.Axes.Both, func(e stats.Cell) bool { return other(e.Model) })
	for i := range s.People {
		p := &s.People[i]
		p.Models = slices.DeleteFunc(p.Models, func(m stats.Agreement) bool { return other(m.Model) })
		p.Pairs = slices.DeleteFunc(p.Pairs, func(m stats.AgreementPair) bool { return other(m.A) || other(m.B) })
		p.Warnings = keep(p.Warnings)
	}
}
