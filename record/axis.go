package record

import (
	"maps"
	"slices"
)

// AxisValue heads a column: one value of an axis and how many triplets have it.
type AxisValue struct {
	Value    string
	Triplets int
}

// AxisValues lists the values that an axis takes, the known ones first.
func AxisValues(s Summary, axis func(ModelSummary) map[string]Figures, known ...string) []AxisValue {
	var list []AxisValue
	add := func(value string) {
		for _, m := range s.Models {
			if f, ok := axis(m)[value]; ok {
				list = append(list, AxisValue{value, f.Triplets})
				return
			}
		}
	}
	for _, value := range known {
		add(value)
	}
	for _, value := range s.values(axis) {
		if !slices.Contains(known, value) {
			add(value)
		}
	}
	return list
}

// values lists the values that an axis takes in any model, sorted.
func (s Summary) values(axis func(ModelSummary) map[string]Figures) []string {
	all := map[string]bool{}
	for _, m := range s.Models {
		for value := range axis(m) {
			all[value] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// InState names the networks in a state of the gate; variants share their network's.
func (s Summary) InState(state CheckState) []string {
	var names []string
	for _, m := range s.Models {
		if m.Check == state && m.VariantOf == "" {
			names = append(names, m.Name)
		}
	}
	return names
}
