package onnx

import (
	"errors"
	"fmt"
	"slices"
)

// A tracer follows shapes, the small integers that shapes are computed from, and
// the origin of each axis through a graph.
type tracer struct {
	shapes map[string][]int64
	axes   map[string][]axis // where they are known, as many as the shape has sizes
	values map[string][]int64
	real   map[string]bool // of values: those that need not be whole in the graph
	consts map[string]*Tensor
	costs  map[string]int64 // multiply-accumulates behind an edge, where there are any
	macs   int64
}

func (g *Graph) newTracer(shape []int64) (*tracer, error) {
	inputs := g.inputs()
	if len(inputs) != 1 {
		return nil, fmt.Errorf("%d inputs, only graphs with one are counted", len(inputs))
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
		return nil, fmt.Errorf("input %q has no fixed shape, give one", inputs[0].Name)
	}
	c := &tracer{
		shapes: map[string][]int64{inputs[0].Name: shape}, axes: map[string][]axis{inputs[0].Name: pictureAxes(shape)},
		values: map[string][]int64{}, real: map[string]bool{}, consts: map[string]*Tensor{}, costs: map[string]int64{},
	}
	for _, t := range g.constants() {
		if _, ok := product(t.Dims); !ok {
			return nil, fmt.Errorf("constant %q has shape %v", t.Name, t.Dims)
		}
		c.shapes[t.Name], c.consts[t.Name], c.axes[t.Name] = t.Dims, t, constantAxes(t.Dims)
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

// made is what a node makes.
type made struct {
	shape []int64
	axes  []axis // nil: their origin is not known
	depth int64  // multiply-accumulates behind each element
}

// node traces one node. An error leaves its outputs unknown.
func (c *tracer) node(n *Node) error {
	if n.Op == "Constant" && n.Domain == "" {
		return nil // a constant of another kind has no shape, and its reader will say so
	}
	var in []made
	for _, name := range n.Inputs {
		shape, ok := c.shapes[name]
		if name != "" && !ok {
			return fmt.Errorf("input %q: %w", name, errNotStatic)
		}
		in = append(in, made{shape: shape, axes: c.axes[name]})
	}
	if len(n.Outputs) == 0 || len(in) == 0 && n.Op != "Range" {
		return errOperator
	}
	c.fold(n)
	outputs, err := c.infer(n, in)
	if err != nil {
		return err
	}
	for i, out := range outputs {
		size, ok := product(out.shape)
		macs, fits := product([]int64{size, out.depth})
		if !ok || !fits {
			return fmt.Errorf("output shape %v: %w", out.shape, errShape)
		}
		c.macs += macs
		if i >= len(n.Outputs) || n.Outputs[i] == "" {
			continue
		}
		if macs > 0 {
			c.costs[n.Outputs[i]] = macs
		}
		c.shapes[n.Outputs[i]] = out.shape
		if len(out.axes) == len(out.shape) {
			c.axes[n.Outputs[i]] = out.axes
		}
	}
	return nil
}

// sameShape are the operators whose output has the shape and the axes of their
// first input.
var sameShape = []string{"Abs", "BatchNormalization", "Bernoulli", "BiasGelu", "Cast", "CastLike", "Ceil", "Celu", "Clip", "Cos", "CumSum",
	"DequantizeLinear", "Dropout", "DynamicQuantizeLinear", "Elu", "Erf", "Exp", "FastGelu", "Floor", "Gelu", "GroupNormalization", "HardSigmoid",
	"HardSwish", "Hardmax", "Identity", "InstanceNormalization", "LRN", "LayerNormalization", "LeakyRelu", "Log", "LogSoftmax",
	"LpNormalization", "MeanVarianceNormalization", "Mish", "Neg", "Not", "PRelu", "QuantizeLinear", "QuickGelu", "RMSNormalization",
	"RandomNormalLike", "RandomUniformLike", "Reciprocal", "Relu", "Round", "Selu", "Sigmoid", "Sign",
	"SimplifiedLayerNormalization", "Sin", "Softmax", "Softplus", "Softsign", "Sqrt", "Tanh", "ThresholdedRelu", "Trilu"}

// broadcasting are those whose output has the common shape of their inputs.
var broadcasting = []string{"Add", "And", "Div", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Max", "Mean", "Min",
	"Mod", "Mul", "Or", "Pow", "Sub", "Sum", "Where", "Xor"}

var reducing = []string{"ReduceL1", "ReduceL2", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare"}

// infer gives what the node makes, output by output; those that it does not know
// are left out.
func (c *tracer) infer(n *Node, in []made) ([]made, error) {
	if n.Domain != "" && n.Domain != "ai.onnx" && n.Domain != "com.microsoft" {
		return nil, errOperator
	}
	var out made
	var err error
	switch {
	case slices.Contains(sameShape, n.Op):
		out = made{shape: in[0].shape, axes: in[0].axes}
	case slices.Contains(broadcasting, n.Op):
		out, err = broadcast(in)
	case slices.Contains(reducing, n.Op):
		out, err = c.reduce(n, in[0])
	case n.Op == "Split":
		return c.split(n, in[0])
	default:
		infer := c.operator(n.Op)
		if infer == nil {
			return nil, errOperator
		}
		out, err = infer(n, in)
	}
	return []made{out}, err
}

// operator gives the rule of an operator with one of its own, else nil.
func (c *tracer) operator(op string) func(*Node, []made) (made, error) {
	switch op {
	case "Conv":
		return convolve
	case "Gemm":
		return gemm
	case "MatMul":
		return matMul
	case "Einsum":
		return einsum
	case "MaxPool", "AveragePool", "LpPool":
		return pooled
	case "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool":
		return globalPool
	case "Concat":
		return concat
	case "Flatten":
		return flatten
	case "Transpose":
		return transpose
	case "DepthToSpace", "SpaceToDepth":
		return blocks
	}
	return c.reshaping(op)
}

// reshaping gives the rule of an operator that reads integers, else nil.
func (c *tracer) reshaping(op string) func(*Node, []made) (made, error) {
	switch op {
	case "Reshape":
		return c.reshape
	case "Slice":
		return c.slice
	case "Squeeze":
		return c.squeeze
	case "Unsqueeze":
		return c.unsqueeze
	case "Gather":
		return c.gather
	case "Pad":
		return c.pad
	case "Resize", "Upsample":
		return c.resize
	case "Expand":
		return c.expand
	case "ScatterND":
		return scattered
	case "Shape", "ConstantOfShape", "Range":
		return c.integers
	}
	return nil
}
