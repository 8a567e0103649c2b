package model

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/akin-vision/akin/imaging"
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
	file     string
	graph    func() ([]byte, error) // nil where file holds the graph
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
	// Run takes a tensor n, 3, H, W and returns n vectors of each output.
	Run(ctx context.Context, tensor []float32, n int) ([][][]float32, error)
	// Embed returns the n vectors of the first output.
	Embed(ctx context.Context, tensor []float32, n int) ([][]float32, error)
	Close() error
}

// CardError says that a graph has no card; Hash lets a catalogue step in.
type CardError struct {
	File, Card, Hash string
}

func (e *CardError) Error() string {
	return fmt.Sprintf("model %s has no card: %s does not exist, and no known model has this SHA-256", e.File, e.Card)
}

// Load reads the model in an .onnx file and the card beside it: the same name
// ending in .toml. Without a card it returns a *CardError.
func Load(file string) (*Model, error) {
	hash, err := hashFile(file)
	if err != nil {
		return nil, err
	}
	cardFile := strings.TrimSuffix(file, filepath.Ext(file)) + ".toml"
	data, err := os.ReadFile(cardFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &CardError{File: file, Card: cardFile, Hash: hash}
	}
	if err != nil {
		return nil, err
	}
	card, err := ParseCard(data, cardFile)
	if err != nil {
		return nil, err
	}
	return FromFile(card, file, hash)
}

// FromFile joins a card with the graph file whose hash is given.
func FromFile(card Card, file, hash string) (*Model, error) {
	if card.SHA256 != "" && !strings.EqualFold(card.SHA256, hash) {
		return nil, fmt.Errorf("model %s: %s has the SHA-256 %s, its card says %s; one of the two is the wrong file", card.Name, file, hash, card.SHA256)
	}
	return &Model{Card: card, Hash: hash, file: file}, nil
}

// FromBytes joins a card with a graph held or made in memory; graph is called
// when the model is opened.
func FromBytes(card Card, hash string, graph func() ([]byte, error)) *Model {
	return &Model{Card: card, Hash: hash, graph: graph}
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
		return nil, fmt.Errorf("model %s: %w", m.Name, ErrNoLibrary)
	}
	var graph []byte
	if m.graph != nil || len(o.Taps) > 0 {
		var err error
		if graph, err = m.Graph(); err != nil {
			return nil, err
		}
	}
	o.wideSums = m.WideSums
	s, err := openSession(rt, m.Card, m.file, graph, o)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", m.Name, err)
	}
	return s, nil
}

// Graph returns the bytes of the model's graph, nil for a baseline.
func (m *Model) Graph() (graph []byte, err error) {
	switch {
	case m.baseline != nil:
		return nil, nil
	case m.graph != nil:
		graph, err = m.graph()
	default:
		graph, err = os.ReadFile(m.file)
	}
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", m.Name, err)
	}
	return graph, nil
}

// Taps returns which of the nodes are inner ones, which a session must declare
// as outputs before it can be asked for them. A node that the graph lacks is an
// error that wraps *onnx.LayerError.
func (m *Model) Taps(nodes []string) ([]string, error) {
	if m.baseline != nil {
		return nil, fmt.Errorf("model %s: a baseline has no layers", m.Name)
	}
	data, err := m.Graph()
	if err != nil {
		return nil, err
	}
	graph, err := onnx.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", m.Name, err)
	}
	taps, err := graph.Graph.Inner(nodes)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", m.Name, err)
	}
	return taps, nil
}

// Engine names what computes the model's features.
func (m *Model) Engine(rt *Runtime) string {
	if m.baseline != nil {
		return baselineEngine
	}
	return rt.Engine()
}

func hashFile(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("read %s: %w", file, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
