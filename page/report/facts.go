package report

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/record"
)

// modelFacts is what was run, of a form of a network only what differs from it.
type modelFacts struct {
	Name    string
	Network string // empty for the network itself
	Facts   []fact
}

// fact is a line of a model's record.
type fact struct {
	Term, Text string
	Code       bool // not prose: a name of a node, a recipe, a digest
}

// newModelFacts takes the network of each model by its place.
func newModelFacts(models []record.Model, networks []int) ([]modelFacts, error) {
	all := make([][]fact, len(models))
	for i := range models {
		var err error
		if all[i], err = factsOf(&models[i]); err != nil {
			return nil, err
		}
	}
	list := make([]modelFacts, len(models))
	for i, network := range networks {
		list[i] = modelFacts{Name: models[i].Name, Facts: all[i]}
		if network != i {
			list[i].Network = models[network].Name
			list[i].Facts = slices.DeleteFunc(slices.Clone(all[i]), func(f fact) bool { return slices.Contains(all[network], f) })
		}
	}
	return list, nil
}

func factsOf(m *record.Model) ([]fact, error) {
	recipe, err := recipeText(m.Recipe)
	if err != nil {
		return nil, err
	}
	kind := string(m.Kind)
	if m.Family != "" {
		kind += ", family " + m.Family
	}
	list := []fact{
		{Term: "title", Text: m.Title}, {Term: "kind", Text: kind},
		{"features", m.Node, true}, {Term: "dimensions", Text: strconv.Itoa(m.Dim)},
		{Term: "engine", Text: m.Engine}, {Term: "licence", Text: m.Licence}, {Term: "source", Text: m.Source},
		{Term: "citation", Text: m.Citation}, {Term: "note", Text: m.Note},
		{"SHA-256", m.Hash, true}, {"recipe", recipe, true}, {"its digest", m.RecipeDigest, true},
	}
	return slices.DeleteFunc(list, func(f fact) bool { return f.Text == "" }), nil
}

func recipeText(r imaging.Recipe) (string, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return "", fmt.Errorf("recipe: %w", err)
	}
	return string(text), nil
}
