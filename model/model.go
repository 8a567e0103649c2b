package model

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/internal/tomlfile"
	"github.com/akin-vision/akin/onnx"
)

// Model is a card together with what it describes: a graph, in a file or in
// memory, or a baseline's formula.
type Model struct {
	Card
	Hash string // hex SHA-256 of the graph; of name and version for a baseline
	// WideSums keeps sums of products of 8-bit integers from saturating at 16 bits,
	// as they do on processors without VNNI. It is for graphs that akin made; any
	// other's features would change under the key that they have.
	WideSums bool
	graph    func() ([]byte, error) // nil for a baseline
	file     *graphFile             // nil where it has none
	size     int64                  // bytes of its files; 0 where it has none
	baseline *baseline
}

// Embedder turns prepared pictures into vectors; *Session and baselines are.
type Embedder interface {
	// Recipe is how pictures must be prepared.
	Recipe() imaging.Recipe
	// Batch is the largest number of pictures of one Run.
	Batch() int
	// Threads is the number of cores that one Run uses.
	Threads() int
	// Run takes a tensor n, 3, H, W and returns, for each output that the embedder
	// was opened with, n vectors. It may be called concurrently.
	Run(ctx context.Context, tensor []float32, n int) ([][][]float32, error)
	Close() error
}

// CardError says that a graph has no card; a catalogue may know one by its Hash.
type CardError struct {
	File, Card, Hash string

	graph *graphFile
}

func (e *CardError) Error() string {
	return fmt.Sprintf("model %s has no card: %s does not exist, and no known model has this SHA-256", e.File, e.Card)
}

// WithCard is the model with a card from elsewhere.
func (e *CardError) WithCard(card Card) (*Model, error) { return fromGraphFile(card, e.graph) }

// Load reads the model in an .onnx file, with the files that hold its weights, and
// the card beside it: the same name ending in .toml. Without a card it returns a
// *CardError.
func Load(file string) (*Model, error) {
	graph, err := openGraphFile(file)
	if err != nil {
		return nil, err
	}
	cardFile := strings.TrimSuffix(file, filepath.Ext(file)) + ".toml"
	data, err := tomlfile.ReadFile(cardFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &CardError{File: file, Card: cardFile, Hash: graph.digest(), graph: graph}
	}
	if err != nil {
		return nil, err
	}
	if onnx.IsPointer(data) {
		return nil, fmt.Errorf("%s: %w", cardFile, onnx.ErrLFS)
	}
	card, err := ParseCard(data, cardFile)
	if err != nil {
		return nil, err
	}
	return fromGraphFile(card, graph)
}

// FromFile joins a card with a graph file.
func FromFile(card Card, file string) (*Model, error) {
	graph, err := openGraphFile(file)
	if err != nil {
		return nil, err
	}
	return fromGraphFile(card, graph)
}

// HashError is a card of another graph.
type HashError struct {
	Model, File  string
	what         string // the file, and those of its weights
	Hash, Carded string // hex SHA-256: the graph's, the card's
}

func (e *HashError) Error() string {
	return fmt.Sprintf("model %s: %s has the SHA-256 %s, its card says %s; one of the two is the wrong file", e.Model, e.what, e.Hash, e.Carded)
}

func fromGraphFile(card Card, graph *graphFile) (*Model, error) {
	hash := graph.digest()
	if card.SHA256 != "" && !strings.EqualFold(card.SHA256, hash) {
		of := graph.path
		if len(graph.externals) > 0 {
			of += " with the files of its weights"
		}
		return nil, &HashError{card.Name, graph.path, of, hash, card.SHA256}
	}
	if graph.unsound != nil {
		return nil, graph.unsound
	}
	return &Model{Card: card, Hash: hash, graph: graph.read, file: graph, size: graph.size}, nil
}

// FromBytes joins a card with a graph held or made in memory; graph is called
// when the model is opened.
func FromBytes(card Card, hash string, graph func() ([]byte, error)) *Model {
	return &Model{Card: card, Hash: hash, graph: graph}
}

// Named says of which model an error is, once, however many callers add it.
func Named(model string, err error) error {
	if prefix := "model " + model + ": "; err != nil && !strings.HasPrefix(err.Error(), prefix) {
		return fmt.Errorf("%s%w", prefix, err)
	}
	return err
}

// IsBaseline reports whether the model runs without the engine.
func (m *Model) IsBaseline() bool { return m.baseline != nil }

// Node is the output that akin compares.
func (m *Model) Node() string { return m.Outputs.Features }

// Open makes the model ready to embed. rt may be nil for a baseline.
func (m *Model) Open(rt *Runtime, o SessionOptions) (Embedder, error) {
	if m.baseline != nil {
		return m.baseline, nil
	}
	if rt == nil {
		return nil, Named(m.Name, ErrNoLibrary)
	}
	graph, err := m.Graph()
	if err != nil {
		return nil, err
	}
	o.wideSums = m.WideSums
	s, err := openSession(rt, m.Card, graph, o)
	if err != nil {
		return nil, Named(m.Name, err)
	}
	return s, nil
}

// Graph returns the bytes of the model's graph with all its weights inside, nil for
// a baseline. They are those that Hash is of.
func (m *Model) Graph() ([]byte, error) {
	if m.baseline != nil {
		return nil, nil
	}
	graph, err := m.graph()
	if err != nil {
		return nil, Named(m.Name, err)
	}
	return graph, nil
}

// Inspect lets look see the parsed graph of a network, and how many bytes it has with
// all its weights. look may keep nothing of the graph. Weights that look does not touch
// stay on the disk, where one file holds all.
func (m *Model) Inspect(look func(g *onnx.Graph, size int64) error) error {
	var err error
	if m.file != nil && len(m.file.externals) == 0 {
		err = m.file.inspect(func(g *onnx.Graph) error { return look(g, m.size) })
	} else {
		var data []byte
		if data, err = m.graph(); err == nil {
			err = inspect(data, func(g *onnx.Graph) error { return look(g, int64(len(data))) })
		}
	}
	if err != nil {
		return Named(m.Name, err)
	}
	return nil
}

// Engine names what computes the model's features.
func (m *Model) Engine(rt *Runtime) string {
	if m.baseline != nil {
		return baselineEngine
	}
	return rt.Engine()
}
