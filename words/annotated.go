package words

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
)

// Annotated is the statistics with a "reading" beside each figure that has a
// sentence, for programs: what [Text] says, as JSON.
func Annotated(of record.Statistics) (map[string]any, error) {
	plain, err := json.Marshal(of)
	if err != nil {
		return nil, err
	}
	numbers := json.NewDecoder(bytes.NewReader(plain))
	numbers.UseNumber() // seeds exceed what a float64 holds
	var tree map[string]any
	if err := numbers.Decode(&tree); err != nil {
		return nil, err
	}
	s := statistics{of}
	comparison := tree["comparison"].(map[string]any)
	comparison["reading"] = s.comparison()
	if len(of.Comparison.Pairs) == 0 {
		comparison["reading"] = s.model(of.Comparison.Models[0])
	}
	read(comparison["models"], len(of.Comparison.Models), func(i int) string { return s.model(of.Comparison.Models[i]) })
	read(comparison["pairs"], len(of.Comparison.Pairs), func(i int) string { return s.pair(of.Comparison.Pairs[i]) })
	retired(comparison["models"].([]any))
	axes := tree["axes"].(map[string]any)
	for _, axis := range of.PresentAxes() {
		node := axes[axis.Name].(map[string]any)
		read(node["effects"], len(axis.Effects), func(i int) string { return s.effect(axis, axis.Effects[i]) })
		if axis.Interaction != nil {
			node["interaction"].(map[string]any)["reading"] = s.interaction(axis)
		}
	}
	read(tree["people"], len(of.People), func(i int) string { return s.people(of.People[i]) })
	for i, p := range of.People {
		if p.Ceiling != nil {
			tree["people"].([]any)[i].(map[string]any)["ceiling"].(map[string]any)["reading"] = ceiling(p)
		}
	}
	across := tree["across_models"].(map[string]any)
	across["reading"] = s.across()
	read(across["nearest"], len(of.Across.Nearest), func(i int) string { return s.nearest(of.Across.Nearest[i]) })
	return tree, nil
}

// read puts a reading into each of so many entries of a list.
func read(list any, entries int, reading func(i int) string) {
	for i := range entries {
		list.([]any)[i].(map[string]any)["reading"] = reading(i)
	}
}

// retired puts in the names of intervals that are no longer computed, null, for
// programs that ask for them; docs/record.md says what took their place.
func retired(models []any) {
	for _, m := range models {
		model := m.(map[string]any)
		model["clustered_by"], model["error_percentile"], model["error_bca"] = "any picture", nil, nil
		auc := model["auc"].(map[string]any)
		auc["clustered"], auc["bca"] = nil, nil
	}
}

// nearest compares two models of nearly equal ImageNet error.
func (s statistics) nearest(n stats.Nearest) string {
	return fmt.Sprintf("%s against %s, whose ImageNet errors lie within %s points: matching error %s points apart (%s)",
		n.A, n.B, notation.Percent(s.Across.Caliper), notation.Percent(n.MatchingDifference), notation.PEquals(n.P))
}
