// Package onnx reads and writes the part of the ONNX format that akin needs.
//
// [Parse] decodes a model into plain structs that can be edited; [Model.WriteTo]
// writes it back, streaming tensors whose data come from elsewhere. Fields that
// the structs do not name are kept as they came and written after the named
// ones, so that nothing of a model is lost on the way. [Graph.Summary] counts
// parameters and multiply-accumulates.
//
// The messages and field numbers are those of the public onnx.proto, IR
// version 8 and operator set 13.
package onnx

// A Model is a graph with the operator sets its nodes are taken from.
type Model struct {
	IRVersion       int64
	ProducerName    string
	ProducerVersion string
	Opsets          []*Opset
	Graph           *Graph
	Metadata        []*Entry

	rest []byte
}

// An Opset names a version of an operator set. The empty domain is ai.onnx.
type Opset struct {
	Domain  string
	Version int64

	named bool // the file has the domain, even if empty
	rest  []byte
}

// An Entry is one pair of a model's metadata.
type Entry struct {
	Key, Value string

	rest []byte
}

// A Graph is a list of nodes in topological order. Edges are names.
type Graph struct {
	Name         string
	Nodes        []*Node
	Initializers []*Tensor
	Inputs       []*ValueInfo
	Outputs      []*ValueInfo
	Values       []*ValueInfo // types of inner edges, where the file records them

	rest []byte
}

// A Node applies the operator Op to its inputs. An empty input name leaves an
// optional input out.
type Node struct {
	Name       string
	Op         string
	Domain     string
	Inputs     []string
	Outputs    []string
	Attributes []*Attribute

	rest []byte
}

// Attribute gives the attribute of the name, or nil.
func (n *Node) Attribute(name string) *Attribute {
	for _, a := range n.Attributes {
		if a.Name == name {
			return a
		}
	}
	return nil
}

// Int gives the integer attribute of the name, or otherwise.
func (n *Node) Int(name string, otherwise int64) int64 {
	if a := n.Attribute(name); a != nil && a.Kind == KindInt {
		return a.Int
	}
	return otherwise
}

// Ints gives the integers attribute of the name, or nil.
func (n *Node) Ints(name string) []int64 {
	if a := n.Attribute(name); a != nil && a.Kind == KindInts {
		return a.Ints
	}
	return nil
}

// A Kind says which field of an [Attribute] holds its value.
type Kind int32

// The kinds that the package decodes. Values of other kinds (graphs, lists of
// strings or tensors) are kept undecoded.
const (
	KindFloat  Kind = 1
	KindInt    Kind = 2
	KindString Kind = 3
	KindTensor Kind = 4
	KindFloats Kind = 6
	KindInts   Kind = 7
)

// An Attribute is a constant argument of a node.
type Attribute struct {
	Name   string
	Kind   Kind
	Float  float32
	Int    int64
	String string
	Tensor *Tensor
	Floats []float32
	Ints   []int64

	rest []byte
}

// A ValueInfo is the type of an edge.
type ValueInfo struct {
	Name  string
	Type  DataType // 0 where the edge is no tensor or has no type
	Shape []Dim    // nil where the rank is unknown, empty for a scalar

	rest, typeRest, tensorRest, shapeRest []byte
}

// A Dim is a size, or the name of a size that is known only at run time.
type Dim struct {
	Size int64
	Name string // "" for a known size

	unset bool
	rest  []byte
}
