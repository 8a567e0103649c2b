package record

import (
	"fmt"
	"reflect"
	"slices"
)

// Alike reports whether the models of two runs can be compared: of one set, by one
// similarity.
func Alike(a, b *Run) bool { return a.Set.Digest == b.Set.Digest && a.Settings == b.Settings }

// Renamed gives a model of the run in dir a name that no other has, and reports whether
// the very same one is among the others.
func Renamed(m Model, others []Model, dir string) (Model, bool) {
	name := m.Name
	for try := 1; ; try++ {
		at := slices.IndexFunc(others, func(o Model) bool { return o.Name == m.Name })
		if at < 0 {
			return m, false
		}
		if same := others[at]; same.Hash == m.Hash && same.RecipeDigest == m.RecipeDigest && same.Node == m.Node &&
			reflect.DeepEqual(same.Choices, m.Choices) && slices.Equal(same.Similarities, m.Similarities) {
			return m, true
		}
		m.Name = fmt.Sprintf("%s (%s)", name, dir)
		if try > 1 {
			m.Name = fmt.Sprintf("%s (%s, %d)", name, dir, try)
		}
	}
}
