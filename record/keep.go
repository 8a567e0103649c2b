package record

import (
	"slices"

	"github.com/akin-vision/akin/stats"
)

// Keep leaves only what concerns the models a and b. Adjusted p-values stay
// those of all pairs.
func (s *Statistics) Keep(a, b string) {
	other := func(name string) bool { return name != a && name != b }
	c := &s.Comparison
	c.Models = slices.DeleteFunc(c.Models, func(m stats.OneModel) bool { return other(m.Model) })
	c.Pairs = slices.DeleteFunc(c.Pairs, func(p stats.Pair) bool { return other(p.A) || other(p.B) })
	c.Matrix, c.Groups, c.CochranQ, c.Smallest, c.Warnings = nil, nil, nil, nil, nil
	if len(c.Pairs) == 1 {
		c.Reading = c.Pairs[0].Reading
	}
	s.Across = stats.Across{}
	for _, axis := range s.PresentAxes() {
		axis.Interaction = nil
		axis.Cells = slices.DeleteFunc(axis.Cells, func(e stats.Cell) bool { return other(e.Model) })
		axis.Effects = slices.DeleteFunc(axis.Effects, func(e stats.Effect) bool { return other(e.Model) })
	}
	s.Axes.Both = slices.DeleteFunc(s.Axes.Both, func(e stats.Cell) bool { return other(e.Model) })
	for i := range s.People {
		p := &s.People[i]
		p.Models = slices.DeleteFunc(p.Models, func(m stats.Agreement) bool { return other(m.Model) })
		p.Pairs = slices.DeleteFunc(p.Pairs, func(m stats.AgreementPair) bool { return other(m.A) || other(m.B) })
	}
}
