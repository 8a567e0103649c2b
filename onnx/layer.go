package onnx

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/akin-vision/akin/internal/english"
)

// A Layer is an inner or declared output of a graph.
type Layer struct {
	Name   string  // of the edge: what a session can be asked for
	Op     string  // operator that makes it
	Shape  []int64 // for one input; nil where it cannot be told
	Output bool    // a declared output of the graph
	MACs   int64   // multiply-accumulates of the node that makes it, for one input; 0 beside other outputs of the node

	// Layout names the axes of Shape, a letter each: N the pictures of a batch, C
	// channels, H, W and T places in the picture. Empty where an axis comes from
	// several of these or its origin cannot be told.
	Layout string
	// First is the number of places at the start of T that are not of the
	// picture, such as a class token.
	First int64
}

// PictureShape is the shape of one picture as the graph's input has it: 1, 3, height,
// width, or 1, height, width, 3 where the graph declares its channels last, or
// leaves open where they are and only so its nodes fit.
func (g *Graph) PictureShape(height, width int64) []int64 {
	first, last := []int64{1, 3, height, width}, []int64{1, height, width, 3}
	inputs := g.inputs()
	if len(inputs) != 1 {
		return first
	}
	switch a, b := inputs[0].admits(first), inputs[0].admits(last); {
	case b && !a, a && b && !g.accepts(first) && g.accepts(last):
		return last
	}
	return first
}

// admits reports whether a declared shape, but for the batch, can be this one.
func (v *ValueInfo) admits(shape []int64) bool {
	if v.Shape == nil {
		return true
	}
	if len(v.Shape) != len(shape) {
		return false
	}
	for i, d := range v.Shape[1:] {
		if d.Size > 0 && d.Size != shape[1+i] {
			return false
		}
	}
	return true
}

// accepts reports whether no node contradicts the input's shape.
func (g *Graph) accepts(shape []int64) bool {
	c, err := g.newTracer(shape)
	if err != nil {
		return false
	}
	for _, n := range g.Nodes {
		if err := c.node(n); errors.Is(err, errShape) {
			return false
		}
	}
	return true
}

// trace follows an input of the shape as far as it can be followed.
func (g *Graph) trace(shape []int64) *tracer {
	c, err := g.newTracer(shape)
	if err != nil {
		return &tracer{shapes: map[string][]int64{}, values: map[string][]int64{}}
	}
	for _, n := range g.Nodes {
		_ = c.node(n) // what cannot be told stays unknown
	}
	return c
}

// Layers lists what each node makes of the input, in order, with the shapes for
// one input of the given shape, such as (1, C, H, W). What is made of constants
// alone is left out.
func (g *Graph) Layers(shape ...int64) []Layer {
	one := g.trace(shape)
	many := one
	if inputs := g.inputs(); len(inputs) == 1 && len(shape) > 0 && (len(inputs[0].Shape) == 0 || inputs[0].Shape[0].Size <= 0) {
		pair := slices.Clone(shape) // of two pictures, so that the batch is told from other axes of one
		pair[0] = 2
		many = g.trace(pair)
	}
	for _, v := range g.Values {
		if fixed := v.fixed(); fixed != nil && one.shapes[v.Name] == nil {
			one.shapes[v.Name] = fixed
		}
	}
	declared := map[string]bool{}
	for _, v := range g.Outputs {
		declared[v.Name] = true
	}
	var list []Layer
	for n, name := range g.varying() {
		l := Layer{Name: name, Op: n.Op, Shape: one.shapes[name], Output: declared[name], MACs: one.costs[name]}
		axes := many.axes[name]
		if axes == nil {
			axes = one.axes[name]
		}
		if l.Shape != nil && len(axes) == len(l.Shape) {
			l.place(axes)
		}
		list = append(list, l)
	}
	return list
}

// place fills in what the layer's axes are.
func (l *Layer) place(axes []axis) {
	text := layout(axes, l.Shape)
	if !known(text) {
		return
	}
	l.Layout = text
	if i := strings.IndexByte(text, 'T'); i >= 0 {
		l.First = axes[i].lead()
	}
}

// varying gives the edges that depend on the input, with the nodes that make them.
func (g *Graph) varying() iter.Seq2[*Node, string] {
	return func(yield func(*Node, string) bool) {
		varies := map[string]bool{}
		for _, v := range g.inputs() {
			varies[v.Name] = true
		}
		for _, n := range g.Nodes {
			if !slices.ContainsFunc(n.Inputs, func(name string) bool { return varies[name] }) {
				continue
			}
			for _, name := range n.Outputs {
				if varies[name] = name != ""; varies[name] && !yield(n, name) {
					return
				}
			}
		}
	}
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

// HoldsHalf reports whether anything in the graph is known to have half precision.
func (g *Graph) HoldsHalf() bool {
	return slices.ContainsFunc(g.constants(), func(t *Tensor) bool { return t.Type.isHalf() }) ||
		slices.ContainsFunc(slices.Concat(g.Inputs, g.Outputs, g.Values), func(v *ValueInfo) bool { return v.Type.isHalf() }) ||
		slices.ContainsFunc(g.Nodes, func(n *Node) bool { return n.Op == "Cast" && DataType(n.Int("to", 0)).isHalf() })
}

// AppendCast declares the float32 form of an edge of an encoded model as an output,
// without decoding it.
func AppendCast(model []byte, edge, name string) []byte {
	e := &encoder{}
	e.message(1, func(e *encoder) {
		e.node(&Node{Op: "Cast", Inputs: []string{edge}, Outputs: []string{name}, Attributes: []*Attribute{{Name: "to", Kind: KindInt, Int: int64(Float32)}}})
	})
	e.message(12, func(e *encoder) { e.valueInfo(&ValueInfo{Name: name, Type: Float32}) })
	return protowire.AppendBytes(protowire.AppendTag(slices.Clip(model), 7, bytesTy), *e.tail())
}

// A LayerError is a name that no node of a graph makes.
type LayerError struct {
	Name string
	Like []string // layers whose names hold it, or the one that was probably meant
}

func (e *LayerError) Error() string {
	if len(e.Like) == 0 {
		return fmt.Sprintf("the graph has no layer %q", e.Name)
	}
	if len(e.Like) == 1 {
		return fmt.Sprintf("the graph has no layer %q; did you mean %s?", e.Name, e.Like[0])
	}
	return fmt.Sprintf("the graph has no layer %q; similar names: %s", e.Name, strings.Join(e.Like, ", "))
}

// Inner returns which of the named layers are not declared outputs, sorted, or
// a *LayerError for a name that is none of the layers.
func Inner(layers []Layer, names []string) ([]string, error) {
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

// like lists at most five layers whose names hold the wanted one, short names first;
// without any, the one that was probably meant.
func like(layers []Layer, name string) []string {
	var list []string
	for _, l := range layers {
		if strings.Contains(strings.ToLower(l.Name), strings.ToLower(name)) {
			list = append(list, l.Name)
		}
	}
	slices.SortStableFunc(list, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	if len(list) == 0 {
		var names []string
		for _, l := range layers {
			names = append(names, l.Name)
		}
		if meant := english.Meant(name, names); meant != "" {
			list = append(list, meant)
		}
	}
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
