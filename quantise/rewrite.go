package quantise

import (
	"cmp"
	"fmt"
	"maps"
	"math"

	"github.com/akin-vision/akin/onnx"
)

// Rewrite returns the encoded graph with 8-bit weights and activations. The
// same ranges give the same bytes. It uses the graph up.
func (g *Graph) Rewrite(ranges map[string]Range) ([]byte, error) {
	w := &writer{graph: g.model.Graph, kernels: g.kernels, isStem: g.isStem, integer: map[string]string{}, steps: map[string]float32{}}
	for _, edge := range g.observed() {
		if len(ranges[edge].Max) == 0 {
			return nil, fmt.Errorf("the range of activation %q is not known", edge)
		}
	}
	ranges = maps.Clone(ranges)
	g.equalise(ranges)
	chosen := map[string]Range{}
	for _, edge := range g.edges {
		chosen[edge] = ranges[cmp.Or(g.like[edge], edge)]
	}
	nodes := w.graph.Nodes
	w.graph.Nodes = nil
	for _, v := range w.graph.Inputs {
		w.quantise(v.Name, chosen)
	}
	for _, n := range nodes {
		w.node(n)
		for _, out := range n.Outputs {
			w.quantise(out, chosen)
		}
	}
	prune(w.graph)
	return g.model.Marshal()
}

// writer lays out the rewritten graph.
type writer struct {
	graph   *onnx.Graph
	kernels map[*onnx.Node]kernel
	isStem  func(*onnx.Node) bool
	integer map[string]string  // edge to its form that went through 8 bits
	steps   map[string]float32 // edge to its scale
}

func (w *writer) constant(t *onnx.Tensor) string {
	w.graph.Initializers = append(w.graph.Initializers, t)
	return t.Name
}

func (w *writer) add(op string, output string, axis *int64, inputs ...string) {
	n := &onnx.Node{Op: op, Name: output, Inputs: inputs, Outputs: []string{output}}
	if axis != nil {
		n.Attributes = []*onnx.Attribute{{Name: "axis", Kind: onnx.KindInt, Int: *axis}}
	}
	w.graph.Nodes = append(w.graph.Nodes, n)
}

// quantise sends a chosen edge through 8 bits; all nodes after it read that form.
func (w *writer) quantise(edge string, chosen map[string]Range) {
	r, ok := chosen[edge]
	if !ok {
		return
	}
	step, zero := r.scale()
	scale := w.constant(float32s(edge+".akin.scale", []float32{step}))
	point := w.constant(&onnx.Tensor{Name: edge + ".akin.zero", Type: onnx.Uint8, Raw: []byte{zero}})
	w.add("QuantizeLinear", edge+".akin.q", nil, edge, scale, point)
	w.add("DequantizeLinear", edge+".akin.dq", nil, edge+".akin.q", scale, point)
	w.integer[edge], w.steps[edge] = edge+".akin.dq", step
}

// node writes a node that reads the 8-bit forms of its inputs.
func (w *writer) node(n *onnx.Node) {
	stem := w.isStem(n)
	if k, ok := w.kernels[n]; ok && stem {
		n.Inputs = append(n.Inputs[:1:1], w.plain(n.Outputs[0], k)...)
	} else if ok {
		n.Inputs = append(n.Inputs[:1:1], w.kernel(n.Outputs[0], k, w.steps[n.Inputs[0]])...)
	}
	for i, in := range n.Inputs {
		if integer := w.integer[in]; integer != "" && !stem {
			n.Inputs[i] = integer
		}
	}
	w.graph.Nodes = append(w.graph.Nodes, n)
}

// plain writes a convolution's weights and bias as they are, and returns their edges.
func (w *writer) plain(name string, k kernel) []string {
	edges := []string{w.constant(float32s(name+".akin.w", k.weights, k.dims...))}
	if k.bias != nil {
		edges = append(edges, w.constant(float32s(name+".akin.b", k.bias, k.dims[0])))
	}
	return edges
}

// kernel writes a convolution's weights as int8 with one scale a channel, and
// its bias as int32 in units of that scale times the input's, and returns the
// edges of their float32 forms.
func (w *writer) kernel(name string, k kernel, input float32) []string {
	channels, size := k.channels(), k.size()
	raw := make([]byte, len(k.weights))
	scales, sums := make([]float32, channels), make([]float32, channels)
	for c := range channels {
		row := k.weights[c*size : (c+1)*size]
		scales[c] = symmetric(row)
		sums[c] = scales[c] * input
		for i, v := range row {
			raw[c*size+i] = byte(int8(round(v, scales[c], 127)))
		}
	}
	axis := int64(0)
	scale := w.constant(float32s(name+".akin.wscale", scales, int64(channels)))
	integers := w.constant(&onnx.Tensor{Name: name + ".akin.w", Type: onnx.Int8, Dims: k.dims, Raw: raw})
	zeros := w.constant(&onnx.Tensor{Name: name + ".akin.wzero", Type: onnx.Int8, Dims: []int64{int64(channels)}, Raw: make([]byte, channels)})
	w.add("DequantizeLinear", name+".akin.wdq", &axis, integers, scale, zeros)
	if k.bias == nil {
		return []string{name + ".akin.wdq"}
	}
	bias := make([]int32, channels)
	for c, b := range k.bias {
		bias[c] = int32(round(b, sums[c], math.MaxInt32))
	}
	integers = w.constant(int32s(name+".akin.b", bias))
	scale = w.constant(float32s(name+".akin.bscale", sums, int64(channels)))
	zeros = w.constant(int32s(name+".akin.bzero", make([]int32, channels)))
	w.add("DequantizeLinear", name+".akin.bdq", &axis, integers, scale, zeros)
	return []string{name + ".akin.wdq", name + ".akin.bdq"}
}

// symmetric is the step at which -127..127 covers the values.
func symmetric(values []float32) float32 {
	var most float32
	for _, v := range values {
		most = max(most, v, -v)
	}
	if most == 0 {
		return 1
	}
	return most / 127
}

// round counts steps, to even, within a symmetric limit.
func round(v, step float32, limit float64) float64 {
	return max(-limit, min(limit, math.RoundToEven(float64(v)/float64(step))))
}
