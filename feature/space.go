// Package feature keeps the vectors that models made of pictures, bound to
// everything they depend on, so that a figure can never come from stale
// features.
package feature

import (
	"encoding/json"
	"math"

	"github.com/akin-vision/akin/feature/format"
)

// Space is what all vectors of one file have in common. Two vectors may be
// compared only within one Space; together with a picture's hash it is the
// full key of a vector.
type Space struct {
	Model   string `json:"model"`   // hex SHA-256 of the graph
	Recipe  string `json:"recipe"`  // digest of the preprocessing
	Node    string `json:"node"`    // output of the graph
	Decoder string `json:"decoder"` // what turned files into pixels
	Engine  string `json:"engine"`  // what computed the network, and on what

	// Parts that not every vector has. An empty one does not change a key.
	Pooling   string `json:"pooling,omitempty"`   // from a map or tokens to a vector: avg, max, flatten, cls
	Taps      string `json:"taps,omitempty"`      // inner nodes made outputs, comma between: the engine then optimises otherwise
	Precision string `json:"precision,omitempty"` // empty: float32; int8 and what its scales were measured on
}

// Session is the space but for its output: spaces equal in it are computed by
// one and the same inference.
func (s Space) Session() Space {
	s.Node, s.Pooling = "", ""
	return s
}

// Digest is the hex SHA-256 of the key, the name of its file.
func (s Space) Digest() string { return format.Digest(s.text()) }

// text is the space as its file's header holds it.
func (s Space) text() json.RawMessage {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // a struct of strings always marshals
	}
	return text
}

// finite reports whether every value is a number: a network that overflowed
// has no features worth keeping.
func finite(v []float32) bool {
	for _, x := range v {
		if f := float64(x); math.IsNaN(f) || math.IsInf(f, 0) {
			return false
		}
	}
	return true
}
