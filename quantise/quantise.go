// Package quantise rewrites a float32 convolutional graph for 8-bit integer
// arithmetic, as ONNX Runtime's static quantisation does: weights int8,
// symmetric, one scale for each output channel; activations uint8, their range
// measured on a sample of pictures, after channels were brought to like ranges.
// The graph keeps its inputs and outputs in float32, and its stem computes so;
// QuantizeLinear and DequantizeLinear nodes (QDQ) around each later operator tell
// the engine what it may run on integers.
//
// The scheme is that of Jacob et al. (2018), Quantization and training of neural
// networks for efficient integer-arithmetic-only inference, CVPR; see equalise
// for the ranges.
package quantise

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/akin-vision/akin/onnx"
)

// Version names the scheme in keys: it changes whenever a rewritten graph may.
const Version = "qdq-3"

// Range is the smallest and largest value that each channel of an activation took.
type Range struct{ Min, Max []float32 }

// ends are the smallest and largest value of all channels.
func (r Range) ends() (low, high float64) {
	return float64(slices.Min(r.Min)), float64(slices.Max(r.Max))
}

// magnitudes are the largest absolute values, by channel.
func (r Range) magnitudes() []float64 {
	m := make([]float64, len(r.Max))
	for c := range m {
		m[c] = math.Abs(float64(max(r.Max[c], -r.Min[c])))
	}
	return m
}

// scale is the step and the zero point of a uint8 that covers the range and
// represents zero exactly, as padding needs it.
func (r Range) scale() (step float32, zero uint8) {
	low, high := r.ends()
	low, high = min(low, 0), max(high, 0)
	if high == low {
		return 1, 0
	}
	width := (high - low) / 255
	return float32(width), uint8(math.Round(-low / width))
}

// Graph is a graph on its way to 8 bits: batch normalisation is folded into the
// convolution before it.
type Graph struct {
	model   *onnx.Model
	kernels map[*onnx.Node]kernel // of convolutions to quantise
	maps    map[string]bool       // edges that hold float32 activations of the convolutional part
	traced  map[string]bool       // edges whose axes are pictures, channels, height and width, of more than one place
	macs    map[string]int64      // multiply-accumulates of a picture, by the first edge that a node makes; nil where not known
	depth   map[string]int        // convolutions between the picture and an edge
	edges   []string              // activations to quantise, in the order of the graph
	like    map[string]string     // edges that take the scale of another: a maximum invents no value
}

// kernel is what a convolution multiplies with.
type kernel struct {
	dims    []int64   // channels out first
	weights []float32 // channels out, rest
	bias    []float32 // nil where there is none
}

func (k kernel) channels() int { return int(k.dims[0]) }
func (k kernel) inputs() int   { return int(k.dims[1]) } // of one group

// size is the number of weights of one output channel.
func (k kernel) size() int { return len(k.weights) / k.channels() }

// scaleOut divides what the kernel makes, scaleIn multiplies what it reads (and
// is of one group), by channel.
func (k kernel) scaleOut(factors []float64) {
	size := k.size()
	for i := range k.weights {
		k.weights[i] = float32(float64(k.weights[i]) / factors[i/size])
	}
	copy(k.bias, divided(k.bias, factors))
}

func (k kernel) scaleIn(factors []float64) {
	size := k.size()
	taps := size / len(factors)
	for i := range k.weights {
		k.weights[i] = float32(float64(k.weights[i]) * factors[i%size/taps])
	}
}

// New reads an encoded model for pictures of a size. Graphs without a convolution
// that can be quantised, and operator sets that have no scale per channel, are refused.
func New(data []byte, height, width int) (*Graph, error) {
	m, err := onnx.Parse(data)
	if err != nil {
		return nil, err
	}
	for _, o := range m.Opsets {
		if (o.Domain == "" || o.Domain == "ai.onnx") && o.Version < 13 {
			return nil, fmt.Errorf("operator set %d has no scales per channel; export the model with opset 13 or later", o.Version)
		}
	}
	g := &Graph{model: m, kernels: map[*onnx.Node]kernel{}, maps: map[string]bool{}, traced: map[string]bool{}, depth: map[string]int{}, like: map[string]string{}}
	if err := fold(m.Graph); err != nil {
		return nil, err
	}
	g.trace(height, width)
	if err := g.read(); err != nil {
		return nil, err
	}
	g.choose()
	if len(g.edges) == 0 {
		return nil, errors.New("the graph has no convolution with constant float32 weights after its stem: nothing would run on 8 bits")
	}
	return g, nil
}

// keepsMaps are the operators, besides convolutions, whose outputs are float32
// maps where their inputs are. Others end the convolutional part: a Concat of
// shapes, say, must stay what it is.
var keepsMaps = []string{"Add", "AveragePool", "BatchNormalization", "Clip", "Concat", "Dropout", "Elu", "HardSigmoid",
	"HardSwish", "Identity", "LeakyRelu", "MaxPool", "Mul", "PRelu", "Relu", "Sigmoid", "Tanh"}

// read finds the kernels and the edges that hold maps.
func (g *Graph) read() error {
	for _, v := range g.model.Graph.Inputs {
		g.maps[v.Name] = v.Type == onnx.Float32
	}
	for _, n := range g.model.Graph.Nodes {
		if t := weights(g.model.Graph, n); t != nil && g.maps[n.Inputs[0]] {
			k, err := readKernel(g.model.Graph, n, t)
			if err != nil {
				return fmt.Errorf("node %q: %w", n.Outputs[0], err)
			}
			g.kernels[n], g.maps[n.Outputs[0]] = k, true
			g.depth[n.Outputs[0]] = g.depthOf(n) + 1
			continue
		}
		for _, out := range n.Outputs {
			g.depth[out] = g.depthOf(n)
		}
		if slices.Contains(keepsMaps, n.Op) && g.readsMaps(n) || len(n.Outputs) > 0 && g.traced[n.Outputs[0]] && makesFloats(n) {
			g.maps[n.Outputs[0]] = true
		}
	}
	return nil
}

// trace notes what the graph shows of its edges: maps also lie behind a squeeze and
// excitation, whose gates are vectors, and behind blocks with channels last.
func (g *Graph) trace(height, width int) {
	graph := g.model.Graph
	g.macs = map[string]int64{}
	for _, l := range graph.Layers(graph.PictureShape(int64(height), int64(width))...) {
		if l.Layout == "NCHW" && l.Shape[2]*l.Shape[3] > 1 {
			g.traced[l.Name] = true
		}
		if l.Shape == nil && slices.Contains([]string{"Conv", "ConvTranspose", "Einsum", "Gemm", "MatMul"}, l.Op) {
			g.macs = nil
		}
		if g.macs != nil {
			g.macs[l.Name] = l.MACs
		}
	}
}

// makesFloats reports whether a node that reads float32 makes it, too.
func makesFloats(n *onnx.Node) bool {
	others := []string{"And", "Equal", "Greater", "GreaterOrEqual", "IsInf", "IsNaN", "Less", "LessOrEqual", "Not", "Or", "QuantizeLinear", "DynamicQuantizeLinear", "Xor"}
	return n.Domain == "" && !slices.Contains(others, n.Op) && (n.Op != "Cast" || onnx.DataType(n.Int("to", 0)) == onnx.Float32)
}

// Share is the part of the multiply-accumulates that the rewritten graph has on 8 bits,
// from 0 to 1, and whether it can be told.
func (g *Graph) Share() (float64, bool) {
	var all, eight int64
	for _, n := range g.model.Graph.Nodes {
		if len(n.Outputs) == 0 {
			continue
		}
		macs := g.macs[n.Outputs[0]]
		all += macs
		if _, convolution := g.kernels[n]; convolution && !g.isStem(n) {
			eight += macs
		}
	}
	if g.macs == nil || all == 0 {
		return 0, false
	}
	return float64(eight) / float64(all), true
}

// depthOf is the largest depth of what a node reads.
func (g *Graph) depthOf(n *onnx.Node) (depth int) {
	for _, in := range n.Inputs {
		depth = max(depth, g.depth[in])
	}
	return depth
}

// isStem reports whether a node stays in float32 because no more than one
// convolution lies between the picture and it. The first maps hold small
// differences beside large ones, all later layers inherit what rounding takes
// from them, and few of the products are there.
func (g *Graph) isStem(n *onnx.Node) bool { return g.depthOf(n) < 2 }

func readKernel(g *onnx.Graph, n *onnx.Node, t *onnx.Tensor) (k kernel, err error) {
	k.dims = t.Dims
	if k.weights, err = t.Floats(); err != nil || len(n.Inputs) < 3 || n.Inputs[2] == "" {
		return k, err
	}
	k.bias, err = constant(g, n.Inputs[2], int(t.Dims[0]))
	return k, err
}

// readsMaps reports whether every input that is no constant holds a map.
func (g *Graph) readsMaps(n *onnx.Node) bool {
	any := false
	for _, in := range n.Inputs {
		if g.maps[in] {
			any = true
		} else if in != "" && g.model.Graph.Constant(in) == nil {
			return false
		}
	}
	return any
}

// choose lists the edges that a quantised operator reads.
func (g *Graph) choose() {
	if len(g.kernels) == 0 {
		return
	}
	for _, n := range g.model.Graph.Nodes {
		for _, edge := range g.integerInputs(n) {
			if !slices.Contains(g.edges, edge) {
				g.edges = append(g.edges, edge)
			}
		}
	}
	for _, n := range g.model.Graph.Nodes {
		if n.Op != "MaxPool" || !slices.Contains(g.edges, n.Outputs[0]) || !slices.Contains(g.edges, n.Inputs[0]) {
			continue
		}
		// The first of a chain of pools has the range; a file may lead in circles.
		if source := cmp.Or(g.like[n.Inputs[0]], n.Inputs[0]); source != n.Outputs[0] {
			g.like[n.Outputs[0]] = source
		}
	}
}

// integerInputs are the activations that a node can read as integers; none
// where it stays in float32, as the stem does, and pooling over the whole map and
// what follows: that costs little, and the features keep their precision.
func (g *Graph) integerInputs(n *onnx.Node) []string {
	if g.isStem(n) {
		return nil
	}
	if _, convolution := g.kernels[n]; convolution {
		return n.Inputs[:1]
	}
	if slices.Contains([]string{"Add", "Concat", "MaxPool", "AveragePool"}, n.Op) && len(n.Inputs) > 0 &&
		!slices.ContainsFunc(n.Inputs, func(in string) bool { return !g.maps[in] }) {
		return n.Inputs
	}
	return nil
}

// weights is the constant float tensor of a convolution, else nil.
func weights(g *onnx.Graph, n *onnx.Node) *onnx.Tensor {
	if n.Op != "Conv" || n.Domain != "" || len(n.Inputs) < 2 {
		return nil
	}
	t := g.Constant(n.Inputs[1])
	if t == nil || !t.Type.IsFloat() || t.Type.Size() > 4 || len(t.Dims) < 3 || slices.Min(t.Dims) < 1 {
		return nil
	}
	if len(n.Inputs) > 2 && n.Inputs[2] != "" && g.Constant(n.Inputs[2]) == nil {
		return nil
	}
	return t
}

// Observer returns the encoded graph with two more outputs for each edge whose
// range must be known, one value for each channel of each picture, and their
// names: smallest and largest in turn.
func (g *Graph) Observer() (data []byte, outputs []string, err error) {
	graph := *g.model.Graph
	graph.Nodes = slices.Clone(graph.Nodes)
	graph.Outputs = slices.Clone(graph.Outputs)
	graph.Initializers = slices.Clone(graph.Initializers)
	positions, shape := int64s("akin.positions", 2), int64s("akin.shape", 0, 0, -1) // N, C, positions
	graph.Initializers = append(graph.Initializers, positions, shape)
	for _, edge := range g.observed() {
		flat := edge + ".akin.flat"
		graph.Nodes = append(graph.Nodes, &onnx.Node{Op: "Reshape", Inputs: []string{edge, shape.Name}, Outputs: []string{flat}})
		for _, op := range []string{"ReduceMin", "ReduceMax"} {
			out := edge + ".akin." + op
			n := &onnx.Node{Op: op, Inputs: []string{flat}, Outputs: []string{out}}
			if g.opset() < 18 { // from then on the axes are an input
				n.Attributes = []*onnx.Attribute{{Name: "axes", Kind: onnx.KindInts, Ints: []int64{2}}}
			} else {
				n.Inputs = append(n.Inputs, positions.Name)
			}
			graph.Nodes = append(graph.Nodes, n)
			graph.Outputs = append(graph.Outputs, &onnx.ValueInfo{Name: out, Type: onnx.Float32})
			outputs = append(outputs, out)
		}
	}
	m := *g.model
	m.Graph = &graph
	data, err = m.Marshal()
	return data, outputs, err
}

// observed are the edges with a scale of their own.
func (g *Graph) observed() []string {
	return slices.DeleteFunc(slices.Clone(g.edges), func(edge string) bool { return g.like[edge] != "" })
}

// Ranges joins what an observer's outputs were for some pictures: by output and
// picture, one value for each channel.
func (g *Graph) Ranges(values [][][]float32) (map[string]Range, error) {
	edges := g.observed()
	if len(values) != 2*len(edges) {
		return nil, fmt.Errorf("%d observed outputs for %d activations", len(values), len(edges))
	}
	least := func(a, b float32) float32 { return min(a, b) }
	most := func(a, b float32) float32 { return max(a, b) }
	ranges := map[string]Range{}
	for i, edge := range edges {
		r := Range{folded(values[2*i], least), folded(values[2*i+1], most)}
		if len(r.Min) == 0 || len(r.Min) != len(r.Max) {
			return nil, errors.New("no picture was observed")
		}
		low, high := r.ends()
		if w := high - low; math.IsNaN(w) || math.IsInf(w, 0) {
			return nil, fmt.Errorf("activation %q has the range %v to %v, which 8 bits cannot hold", edge, low, high)
		}
		ranges[edge] = r
	}
	return ranges, nil
}

// folded joins the pictures' values, channel by channel.
func folded(pictures [][]float32, join func(a, b float32) float32) []float32 {
	var all []float32
	for i, values := range pictures {
		if i == 0 {
			all = slices.Clone(values)
		}
		for c, v := range values {
			all[c] = join(all[c], v)
		}
	}
	return all
}

func (g *Graph) opset() int64 {
	for _, o := range g.model.Opsets {
		if o.Domain == "" || o.Domain == "ai.onnx" {
			return o.Version
		}
	}
	return 0
}
