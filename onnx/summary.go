package onnx

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// A Summary counts what a graph holds and what it costs to run.
type Summary struct {
	Inputs     []*ValueInfo // less those that only name an initializer
	Outputs    []*ValueInfo
	Nodes      int
	Parameters int64 // see Graph.Parameters

	// MACs counts the multiply-accumulates of convolutions and matrix
	// products for one input. It is 0 where Unknown says why not.
	MACs    int64
	Unknown string
}

// Summary describes the graph and what one input of the shape (1, C, H, W)
// costs. Without a shape, the declared one is used, with batch size 1.
func (g *Graph) Summary(shape ...int64) Summary {
	s := Summary{Inputs: g.inputs(), Outputs: g.Outputs, Nodes: len(g.Nodes), Parameters: g.Parameters()}
	macs, err := g.MACs(shape...)
	if err != nil {
		s.Unknown = err.Error()
		return s
	}
	s.MACs = macs
	return s
}

// Parameters counts the elements of floating-point constants as PyTorch
// counts parameters: without the running statistics of batch norm.
func (g *Graph) Parameters() int64 {
	skip := map[string]bool{}
	source := map[string]string{} // of casts
	for _, n := range g.Nodes {
		if n.Op == "BatchNormalization" && len(n.Inputs) == 5 {
			skip[n.Inputs[3]], skip[n.Inputs[4]] = true, true
		}
		if n.Op == "Cast" && len(n.Inputs) == 1 && len(n.Outputs) == 1 {
			source[n.Outputs[0]] = n.Inputs[0]
		}
	}
	for output, input := range source {
		skip[input] = skip[input] || skip[output]
	}
	var total int64
	for _, t := range g.constants() {
		if n, ok := t.Elements(); ok && t.Type.IsFloat() && !skip[t.Name] {
			total += n
		}
	}
	return total
}

// constants gives the initializers and the tensors of Constant nodes, under
// the names by which nodes refer to them.
func (g *Graph) constants() []*Tensor {
	list := slices.Clone(g.Initializers)
	for _, n := range g.Nodes {
		if a := n.Attribute("value"); n.Op == "Constant" && a != nil && a.Tensor != nil && len(n.Outputs) == 1 {
			t := *a.Tensor
			t.Name = n.Outputs[0]
			list = append(list, &t)
		}
	}
	return list
}

func (g *Graph) inputs() []*ValueInfo {
	initialized := map[string]bool{}
	for _, t := range g.Initializers {
		initialized[t.Name] = true
	}
	return slices.DeleteFunc(slices.Clone(g.Inputs), func(v *ValueInfo) bool { return initialized[v.Name] })
}

// MACs counts the multiply-accumulates of one run at the input shape (N, C, H,
// W), by following shapes from node to node. Only convolutions and matrix
// products count. It gives an error, not a guess, where a node's output shape
// cannot be told: an operator outside the convolutional ones, a shape known
// only at run time.
func (g *Graph) MACs(shape ...int64) (int64, error) {
	c, err := g.newCounter(shape)
	if err != nil {
		return 0, err
	}
	for _, n := range g.Nodes {
		if err := c.node(n); err != nil {
			return 0, fmt.Errorf("count operations: node %q (%s): %w", n.Name, n.Op, err)
		}
	}
	return c.macs, nil
}

// A counter follows shapes through a graph.
type counter struct {
	shapes map[string][]int64
	consts map[string]*Tensor
	macs   int64
}

func (g *Graph) newCounter(shape []int64) (*counter, error) {
	inputs := g.inputs()
	if len(inputs) != 1 {
		return nil, fmt.Errorf("count operations: %d inputs, only graphs with one are counted", len(inputs))
	}
	if len(shape) == 0 {
		for i, d := range inputs[0].Shape {
			if i == 0 {
				d = Dim{Size: 1}
			}
			shape = append(shape, d.Size)
		}
	}
	if n, ok := product(shape); !ok || n == 0 || len(shape) == 0 {
		return nil, fmt.Errorf("count operations: input %q has no fixed shape, give one", inputs[0].Name)
	}
	c := &counter{shapes: map[string][]int64{inputs[0].Name: shape}, consts: map[string]*Tensor{}}
	for _, t := range g.constants() {
		if _, ok := product(t.Dims); !ok {
			return nil, fmt.Errorf("count operations: constant %q has shape %v", t.Name, t.Dims)
		}
		c.shapes[t.Name], c.consts[t.Name] = t.Dims, t
	}
	return c, nil
}

// product multiplies sizes. It refuses negative ones and results beyond what
// any network reaches.
func product(dims []int64) (int64, bool) {
	const limit = 1 << 50
	n := int64(1)
	for _, d := range dims {
		if d < 0 || d > 0 && n > limit/d {
			return 0, false
		}
		n *= d
	}
	return n, true
}

var (
	errShape     = errors.New("shapes do not fit")
	errOperator  = errors.New("operator without a known cost")
	errNotStatic = errors.New("shape known only at run time")
)

func (c *counter) node(n *Node) error {
	if n.Op == "Constant" && n.Domain == "" {
		return nil // a constant of another kind has no shape, and its reader will say so
	}
	var in [][]int64
	for _, name := range n.Inputs {
		shape, ok := c.shapes[name]
		if name != "" && !ok {
			return fmt.Errorf("input %q: %w", name, errNotStatic)
		}
		in = append(in, shape)
	}
	if len(in) == 0 || len(n.Outputs) == 0 || n.Domain != "" {
		return errOperator
	}
	out, depth, err := c.infer(n, in)
	if err != nil {
		return err
	}
	size, ok := product(out)
	macs, fits := product([]int64{size, depth})
	if !ok || !fits {
		return fmt.Errorf("output shape %v: %w", out, errShape)
	}
	c.shapes[n.Outputs[0]] = out
	c.macs += macs
	return nil
}

// infer gives the shape of the node's first output and the number of
// multiply-accumulates behind each of its elements.
func (c *counter) infer(n *Node, in [][]int64) (out []int64, depth int64, err error) {
	switch n.Op {
	case "Conv":
		return convolve(n, in)
	case "Gemm":
		return gemm(n, in)
	case "MatMul":
		return matMul(in)
	case "BatchNormalization", "Cast", "Clip", "Dropout", "Elu", "Identity", "LeakyRelu", "Relu", "Sigmoid", "Softmax", "Tanh":
		return in[0], 0, nil
	case "Add", "Sub", "Mul", "Div":
		out, err = broadcast(in)
	case "MaxPool", "AveragePool":
		out, err = window(n, in[0], n.Ints("kernel_shape"))
	case "GlobalAveragePool", "GlobalMaxPool":
		out, err = globalPool(in[0])
	case "Concat":
		out, err = concat(n, in)
	case "Flatten":
		out, err = flatten(n, in[0])
	case "Reshape":
		out, err = c.reshape(n, in[0])
	case "Slice":
		out, err = c.slice(n, in[0])
	default:
		err = errOperator
	}
	return out, 0, err
}

func convolve(n *Node, in [][]int64) ([]int64, int64, error) {
	if len(in) < 2 || len(in[0]) < 3 || len(in[1]) != len(in[0]) {
		return nil, 0, errShape
	}
	x, w := in[0], in[1]
	if x[1] != w[1]*n.Int("group", 1) {
		return nil, 0, fmt.Errorf("input %v, weight %v: %w", x, w, errShape)
	}
	out, err := window(n, x, w[2:])
	if err != nil {
		return nil, 0, err
	}
	out[1] = w[0]
	depth, _ := product(w[1:])
	return out, depth, nil
}

// window gives the output shape of a sliding window over the spatial axes.
func window(n *Node, x, kernel []int64) ([]int64, error) {
	axes := len(x) - 2
	if a := n.Attribute("auto_pad"); a != nil && a.String != "NOTSET" {
		return nil, fmt.Errorf("auto_pad %s: %w", a.String, errOperator)
	}
	strides, dilations := sizes(n, "strides", axes, 1), sizes(n, "dilations", axes, 1)
	pads := sizes(n, "pads", 2*axes, 0)
	if axes < 1 || len(kernel) != axes || len(strides) != axes || len(dilations) != axes || len(pads) != 2*axes {
		return nil, errShape
	}
	out := slices.Clone(x)
	for i := range axes {
		const limit = 1 << 20 // keeps the sums far from overflow
		if max(x[2+i], pads[i], pads[axes+i]) > limit || min(pads[i], pads[axes+i]) < 0 || max(dilations[i], kernel[i]) > limit || min(dilations[i], kernel[i]) < 1 {
			return nil, errShape
		}
		free := x[2+i] + pads[i] + pads[axes+i] - dilations[i]*(kernel[i]-1) - 1
		if strides[i] < 1 || free < 0 {
			return nil, errShape
		}
		steps := free / strides[i]
		if n.Int("ceil_mode", 0) == 1 && free%strides[i] != 0 && (steps+1)*strides[i] < x[2+i]+pads[i] {
			steps++ // a window must start within the picture or the padding before it
		}
		out[2+i] = steps + 1
	}
	return out, nil
}

// sizes gives an integers attribute, or count times the fallback.
func sizes(n *Node, name string, count int, fallback int64) []int64 {
	if v := n.Ints(name); v != nil {
		return v
	}
	return slices.Repeat([]int64{fallback}, max(count, 0))
}

func gemm(n *Node, in [][]int64) ([]int64, int64, error) {
	if len(in) < 2 || len(in[0]) != 2 || len(in[1]) != 2 {
		return nil, 0, errShape
	}
	a, b := slices.Clone(in[0]), slices.Clone(in[1])
	if n.Int("transA", 0) == 1 {
		slices.Reverse(a)
	}
	if n.Int("transB", 0) == 1 {
		slices.Reverse(b)
	}
	if a[1] != b[0] {
		return nil, 0, fmt.Errorf("%v times %v: %w", a, b, errShape)
	}
	return []int64{a[0], b[1]}, a[1], nil
}

func matMul(in [][]int64) ([]int64, int64, error) {
	if len(in) != 2 || len(in[0]) < 2 || len(in[1]) < 2 {
		return nil, 0, errShape
	}
	a, b := in[0], in[1]
	m, n := len(a)-2, len(b)-2
	if a[m+1] != b[n] {
		return nil, 0, fmt.Errorf("%v times %v: %w", a, b, errShape)
	}
	batch, err := broadcast([][]int64{a[:m], b[:n]})
	return append(slices.Clone(batch), a[m], b[n+1]), b[n], err
}

// broadcast gives the common shape, aligned at the last axis.
func broadcast(in [][]int64) ([]int64, error) {
	var out []int64
	for _, shape := range in {
		if len(shape) > len(out) {
			out = append(slices.Repeat([]int64{1}, len(shape)-len(out)), out...)
		}
		for i, d := range shape {
			o := &out[len(out)-len(shape)+i]
			switch {
			case *o == 1:
				*o = d
			case d != 1 && d != *o:
				return nil, fmt.Errorf("%v: %w", in, errShape)
			}
		}
	}
	return out, nil
}

func globalPool(x []int64) ([]int64, error) {
	if len(x) < 3 {
		return nil, errShape
	}
	return append(slices.Clone(x[:2]), slices.Repeat([]int64{1}, len(x)-2)...), nil
}

func concat(n *Node, in [][]int64) ([]int64, error) {
	out := slices.Clone(in[0])
	axis, err := axisOf(n.Int("axis", 0), len(out))
	if err != nil {
		return nil, err
	}
	for _, shape := range in[1:] {
		if len(shape) != len(out) {
			return nil, errShape
		}
		for i, d := range shape {
			if i != axis && d != out[i] {
				return nil, fmt.Errorf("%v: %w", in, errShape)
			}
		}
		out[axis] += shape[axis]
	}
	return out, nil
}

func axisOf(axis int64, rank int) (int, error) {
	if axis < 0 {
		axis += int64(rank)
	}
	if axis < 0 || axis >= int64(rank) {
		return 0, fmt.Errorf("axis %d of %d: %w", axis, rank, errShape)
	}
	return int(axis), nil
}

func flatten(n *Node, x []int64) ([]int64, error) {
	axis, err := axisOf(n.Int("axis", 1), len(x)+1)
	if err != nil {
		return nil, err
	}
	rows, _ := product(x[:axis])
	columns, _ := product(x[axis:])
	return []int64{rows, columns}, nil
}

func (c *counter) reshape(n *Node, x []int64) ([]int64, error) {
	want, ok := c.ints(n, 1)
	if !ok {
		return nil, errNotStatic
	}
	out, free := slices.Clone(want), -1
	for i, d := range want {
		switch {
		case d == 0 && i < len(x) && n.Int("allowzero", 0) == 0:
			out[i] = x[i]
		case d == -1 && free < 0:
			out[i], free = 1, i
		}
	}
	have, _ := product(x)
	size, sound := product(out)
	if sound && free >= 0 && size > 0 && have%size == 0 {
		out[free], size = have/size, have
	}
	if !sound || size != have {
		return nil, fmt.Errorf("%v to %v: %w", x, want, errShape)
	}
	return out, nil
}

func (c *counter) slice(n *Node, x []int64) ([]int64, error) {
	starts, ok1 := c.ints(n, 1)
	ends, ok2 := c.ints(n, 2)
	axes, ok3 := c.ints(n, 3)
	if !ok1 || !ok2 || len(n.Inputs) > 3 && !ok3 || len(n.Inputs) > 4 {
		return nil, errNotStatic
	}
	if axes == nil {
		for i := range starts {
			axes = append(axes, int64(i))
		}
	}
	if len(ends) != len(starts) || len(axes) != len(starts) {
		return nil, errShape
	}
	out := slices.Clone(x)
	for i := range starts {
		axis, err := axisOf(axes[i], len(x))
		if err != nil {
			return nil, err
		}
		out[axis] = max(0, within(ends[i], x[axis])-within(starts[i], x[axis]))
	}
	return out, nil
}

// within turns an end of a slice, which may count from the back, into an
// index from 0 to size.
func within(i, size int64) int64 {
	if i < 0 {
		i += size
	}
	return min(max(i, 0), size)
}

// ints reads a constant integer input.
func (c *counter) ints(n *Node, input int) ([]int64, bool) {
	if input >= len(n.Inputs) {
		return nil, false
	}
	t := c.consts[n.Inputs[input]]
	if t == nil || t.Type != Int64 || t.Raw == nil || len(t.Dims) != 1 {
		return nil, false
	}
	list := make([]int64, len(t.Raw)/8)
	for i := range list {
		list[i] = int64(binary.LittleEndian.Uint64(t.Raw[8*i:]))
	}
	return list, true
}
