// Package zoo is the catalogue of known models: those inside akin, cards for
// published files that users may have, and published weights that it pulls,
// checks and converts into a cache.
package zoo

import (
	"embed"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/onnx"
)

//go:embed cards/*.toml
var cards embed.FS

//go:embed weights/*.onnx
var weights embed.FS

// Catalogue is the known models, of which some are on this machine.
type Catalogue struct {
	Pulls string // folder of the pulled ones; empty where nothing is pulled
}

// Default returns the models that are compared where none is named: an embedded
// network, its untrained twin, and the baselines.
func Default() ([]*model.Model, error) {
	networks, err := embedded("small-mobilenet", "small-mobilenet-untrained")
	if err != nil {
		return nil, err
	}
	return append(networks, model.Baselines()...), nil
}

// Inside returns every model inside akin, the default ones first.
func Inside() ([]*model.Model, error) {
	models, err := Default()
	if err != nil {
		return nil, err
	}
	others, err := embedded("small-resnet", "small-resnet-early", "small-resnet-untrained")
	return append(models, others...), err
}

// Find returns a model inside akin or a pulled one by name, or any by the path
// of an .onnx file. A file without a card of its own gets the catalogue's, if
// its SHA-256 is known. A name that could be pulled gives a *NotPulledError.
func (c Catalogue) Find(nameOrFile string) (*model.Model, error) {
	if isFile(nameOrFile) {
		return load(nameOrFile)
	}
	if isWeights(nameOrFile) {
		return nil, &WeightsError{nameOrFile}
	}
	inside, err := Inside()
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(inside, func(m *model.Model) bool { return m.Name == nameOrFile }); i >= 0 {
		return inside[i], nil
	}
	pulled, err := c.Pulled()
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(pulled, func(p PulledModel) bool { return p.Name == nameOrFile }); i >= 0 {
		return model.Load(pulled[i].File)
	}
	return nil, notFound(nameOrFile, inside, pulled)
}

func isFile(nameOrFile string) bool { return strings.EqualFold(filepath.Ext(nameOrFile), ".onnx") }

// isWeights tells files that hold weights of another framework.
func isWeights(nameOrFile string) bool {
	return slices.Contains([]string{".pth", ".pt", ".safetensors", ".t7", ".bin"}, strings.ToLower(filepath.Ext(nameOrFile)))
}

// WeightsError is a file of weights where a model is wanted: it must be converted
// first.
type WeightsError struct{ File string }

func (e *WeightsError) Error() string {
	return fmt.Sprintf("%s holds weights, which are no .onnx yet", e.File)
}

// Lacking are the published models among names that are not on this machine.
func (c Catalogue) Lacking(names []string) ([]Entry, error) {
	pulled, err := c.Pulled()
	if err != nil {
		return nil, err
	}
	var lacking []Entry
	for _, name := range names {
		entry, err := published(name)
		if err != nil {
			return nil, err
		}
		is := func(name string) bool { return name == entry.Name }
		if entry == nil || slices.ContainsFunc(pulled, func(p PulledModel) bool { return is(p.Name) }) ||
			slices.ContainsFunc(lacking, func(e Entry) bool { return is(e.Name) }) {
			continue
		}
		lacking = append(lacking, *entry)
	}
	return lacking, nil
}

func notFound(name string, inside []*model.Model, pulled []PulledModel) error {
	entry, err := published(name)
	if err != nil {
		return err
	}
	if entry != nil {
		return &NotPulledError{*entry}
	}
	var names []string
	for _, m := range inside {
		names = append(names, m.Name)
	}
	for _, p := range pulled {
		names = append(names, p.Name)
	}
	return &UnknownModelError{name, names, meant(name, names)}
}

// meant is the known or published model that a mistyped name probably stands for.
func meant(name string, known []string) string {
	entries, err := Entries()
	if err != nil {
		return ""
	}
	known = slices.Clone(known)
	for _, e := range entries {
		known = append(known, e.Name)
	}
	return english.Meant(name, known)
}

// UnknownModelError is a name that is neither on this machine nor in the catalogue.
type UnknownModelError struct {
	Name  string
	Known []string // models on this machine; nil where a published one was asked for
	Meant string   // the known or published one that was probably meant; may be empty
}

func (e *UnknownModelError) Error() string {
	switch {
	case e.Meant != "":
		return fmt.Sprintf("no model is named %q; did you mean %s?", e.Name, e.Meant)
	case e.Known == nil:
		return fmt.Sprintf("no published model is named %q", e.Name)
	}
	return fmt.Sprintf("no model is named %q; choose %s, or give the path of an .onnx file", e.Name, strings.Join(e.Known, ", "))
}

// NotPulledError is a model that is known, but not on this machine.
type NotPulledError struct{ Entry Entry }

func (e *NotPulledError) Error() string {
	return fmt.Sprintf("model %s is known, but not on this machine", e.Entry.Name)
}

func load(file string) (*model.Model, error) {
	m, err := model.Load(file)
	var noCard *model.CardError
	if !errors.As(err, &noCard) {
		return m, err
	}
	card, err := knownCard(noCard.Hash)
	if err != nil {
		return nil, err
	}
	if card == nil {
		return nil, noCard
	}
	return noCard.WithCard(*card)
}

// knownCard returns the card of the graph with the hash, or nil.
func knownCard(hash string) (*model.Card, error) {
	list, err := Cards()
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(list, func(c model.Card) bool { return c.SHA256 == hash }); i >= 0 {
		return &list[i], nil
	}
	entry, err := entryOf(hash)
	if err != nil || entry == nil || !entry.inside() {
		return nil, err
	}
	card, err := entry.card()
	return &card, err
}

// Cards returns every card inside akin, by file name.
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

// embedded returns networks inside akin by name.
func embedded(names ...string) ([]*model.Model, error) {
	var models []*model.Model
	for _, name := range names {
		c, err := card(name + ".toml")
		if err != nil {
			return nil, err
		}
		models = append(models, model.FromBytes(c, c.SHA256, graph(name)))
	}
	return models, nil
}

// untrained ends the name of a trained network's twin with random weights.
const untrained = "-" + model.Untrained

// untrainedSeed fixes the weights of untrained twins; their cards name it.
const untrainedSeed = 1

// graph returns what reads a network's graph, or makes it of the trained one.
func graph(name string) func() ([]byte, error) {
	trained, isTwin := strings.CutSuffix(name, untrained)
	read := func() ([]byte, error) { return weights.ReadFile(path.Join("weights", trained+".onnx")) }
	if !isTwin {
		return read
	}
	return sync.OnceValues(func() ([]byte, error) {
		graph, err := read()
		if err != nil {
			return nil, err
		}
		return model.UntrainedTwin(graph, untrainedSeed)
	})
}

// Graph returns the graph of a model that Find finds, nil for a baseline.
func (c Catalogue) Graph(nameOrFile string) (*onnx.Graph, error) {
	found, err := c.Find(nameOrFile)
	if err != nil {
		return nil, err
	}
	data, err := found.Graph()
	if data == nil || err != nil {
		return nil, err
	}
	m, err := onnx.Parse(data)
	if err != nil {
		return nil, model.Named(nameOrFile, err)
	}
	return m.Graph, nil
}
