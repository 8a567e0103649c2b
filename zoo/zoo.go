// Package zoo is the catalogue of known models: those inside akin, and cards
// for published files that users may have.
package zoo

import (
	"embed"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/akin-vision/akin/model"
)

//go:embed cards/*.toml
var cards embed.FS

//go:embed weights/*.onnx
var weights embed.FS

// untrainedSeed fixes the weights of the untrained twin; its card names it.
const untrainedSeed = 1

// Default returns the models that a run without --model compares: the two
// embedded networks, their untrained twin, and the baselines.
func Default() ([]*model.Model, error) {
	networks, err := embedded()
	if err != nil {
		return nil, err
	}
	return append(networks, model.Baselines()...), nil
}

// Find returns a model by name, or by the path of an .onnx file. A file
// without a card of its own gets the catalogue's, if its SHA-256 is known.
func Find(nameOrFile string) (*model.Model, error) {
	if strings.EqualFold(filepath.Ext(nameOrFile), ".onnx") {
		return load(nameOrFile)
	}
	defaults, err := Default()
	if err != nil {
		return nil, err
	}
	for _, m := range defaults {
		if m.Name == nameOrFile {
			return m, nil
		}
	}
	names := make([]string, len(defaults))
	for i, m := range defaults {
		names[i] = m.Name
	}
	return nil, fmt.Errorf("no model is named %q; choose %s, or give the path of an .onnx file", nameOrFile, strings.Join(names, ", "))
}

func load(file string) (*model.Model, error) {
	m, err := model.Load(file)
	var noCard *model.CardError
	if !errors.As(err, &noCard) {
		return m, err
	}
	known, err := Cards()
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(known, func(c model.Card) bool { return c.SHA256 == noCard.Hash })
	if i < 0 {
		return nil, noCard
	}
	return model.FromFile(known[i], file, noCard.Hash)
}

// Cards returns every card of the catalogue, by file name.
func Cards() ([]model.Card, error) {
	files, err := cards.ReadDir("cards")
	if err != nil {
		return nil, err
	}
	list := make([]model.Card, len(files))
	for i, f := range files {
		if list[i], err = card(f.Name()); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func card(name string) (model.Card, error) {
	data, err := cards.ReadFile(path.Join("cards", name))
	if err != nil {
		return model.Card{}, err
	}
	return model.ParseCard(data, name)
}

// embedded returns the networks inside akin, the best trained first.
func embedded() ([]*model.Model, error) {
	var models []*model.Model
	for _, name := range []string{"small-resnet", "small-resnet-early"} {
		c, err := card(name + ".toml")
		if err != nil {
			return nil, err
		}
		models = append(models, model.FromBytes(c, c.SHA256, graph(name)))
	}
	c, err := card("small-resnet-untrained.toml")
	if err != nil {
		return nil, err
	}
	untrained, err := model.NewUntrained(c, graph("small-resnet"), untrainedSeed)
	if err != nil {
		return nil, err
	}
	return append(models, untrained), nil
}

func graph(name string) func() ([]byte, error) {
	return func() ([]byte, error) { return weights.ReadFile(path.Join("weights", name+".onnx")) }
}
