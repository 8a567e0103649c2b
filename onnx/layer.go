package onnx

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
)

// A Layer is an inner or declared output of a graph.
type Layer struct {
	Name   string  // of the edge: what a session can be asked for
	Op     string  // operator that makes it
	Shape  []int64 // for one input; nil where it cannot be told
	Output bool    // a declared output of the graph
}

// Layers lists what each node makes of the input, in order, with the shapes for
// one input of the given shape (1, C, H, W). What is made of constants alone is
// left out.
func (g *Graph) Layers(shape ...int64) []Layer {
	c, err := g.newCounter(shape)
	if err != nil {
		c = &counter{shapes: map[string][]int64{}}
	}
	for _, v := range g.Values {
		if fixed := v.fixed(); fixed != nil && c.shapes[v.Name] == nil {
			c.shapes[v.Name] = fixed
		}
	}
	varies := map[string]bool{}
	for _, v := range g.inputs() {
		varies[v.Name] = true
	}
	declared := map[string]bool{}
	for _, v := range g.Outputs {
		declared[v.Name] = true
	}
	var list []Layer
	for _, n := range g.Nodes {
		_ = c.node(n) // a shape that cannot be told leaves the layer without one
		if !slices.ContainsFunc(n.Inputs, func(name string) bool { return varies[name] }) {
			continue
		}
		for _, name := range n.Outputs {
			if varies[name] = name != ""; varies[name] {
				list = append(list, Layer{name, n.Op, c.shapes[name], declared[name]})
			}
		}
	}
	return list
}

// fixed is the recorded shape for one input, nil where a size beyond the first is open.
func (v *ValueInfo) fixed() []int64 {
	var shape []int64
	for i, d := range v.Shape {
		switch {
		case i == 0:
			shape = append(shape, 1)
		case d.Size <= 0:
			return nil
		default:
			shape = append(shape, d.Size)
		}
	}
	return shape
}

// AppendOutputs declares inner edges of an encoded model as outputs, without
// decoding it: a message that is given twice is merged by every protobuf reader
// (https://protobuf.dev/programming-guides/encoding/#last-one-wins).
func AppendOutputs(model []byte, names []string) []byte {
	var graph []byte
	for _, name := range names {
		value := protowire.AppendString(protowire.AppendTag(nil, 1, bytesTy), name)
		graph = protowire.AppendBytes(protowire.AppendTag(graph, 12, bytesTy), value)
	}
	return protowire.AppendBytes(protowire.AppendTag(slices.Clip(model), 7, bytesTy), graph)
}

// A LayerError is a name that no node of a graph makes.
type LayerError struct {
	Name string
	Like []string // layers whose names hold it
}

func (e *LayerError) Error() string {
	if len(e.Like) == 0 {
		return fmt.Sprintf("the graph has no layer %q", e.Name)
	}
	return fmt.Sprintf("the graph has no layer %q; like it are %s", e.Name, strings.Join(e.Like, ", "))
}

// Inner returns which of the named layers are not declared outputs, sorted, or
// a *LayerError for a name that the graph lacks.
func (g *Graph) Inner(names []string) ([]string, error) {
	layers := g.Layers()
	var inner []string
	for _, name := range names {
		i := slices.IndexFunc(layers, func(l Layer) bool { return l.Name == name })
		if i < 0 {
			return nil, &LayerError{name, like(layers, name)}
		}
		if !layers[i].Output {
			inner = append(inner, name)
		}
	}
	slices.Sort(inner)
	return slices.Compact(inner), nil
}

// like lists at most five layers whose names hold the wanted one, short names first.
func like(layers []Layer, name string) []string {
	var list []string
	for _, l := range layers {
		if strings.Contains(strings.ToLower(l.Name), strings.ToLower(name)) {
			list = append(list, l.Name)
		}
	}
	slices.SortStableFunc(list, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	return list[:min(5, len(list))]
}

// Constant gives the tensor behind an edge, also through Cast and Identity, or
// nil where the edge is no constant.
func (g *Graph) Constant(name string) *Tensor {
	for range g.Nodes { // at most: a file may lead in circles
		i := slices.IndexFunc(g.Nodes, func(n *Node) bool { return slices.Contains(n.Outputs, name) })
		if i < 0 || (g.Nodes[i].Op != "Cast" && g.Nodes[i].Op != "Identity") {
			break
		}
		name = g.Nodes[i].Inputs[0]
	}
	for _, t := range g.constants() {
		if t.Name == name {
			return t
		}
	}
	return nil
}
