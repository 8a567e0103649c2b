package quantise

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/akin-vision/akin/onnx"
)

// fold takes batch normalisation into the convolution before it where nothing
// else reads that convolution, and drops what then has no reader:
//
//	y = s (W x + b - mean) + shift,  s = scale / sqrt(variance + epsilon)
func fold(g *onnx.Graph) error {
	made := map[string]*onnx.Node{}
	for _, n := range g.Nodes {
		for _, out := range n.Outputs {
			made[out] = n
		}
	}
	readers := readersOf(g)
	for _, bn := range g.Nodes {
		if bn.Op != "BatchNormalization" || len(bn.Inputs) != 5 || len(bn.Outputs) == 0 {
			continue
		}
		conv := made[bn.Inputs[0]]
		if conv == nil || weights(g, conv) == nil || readers[conv.Outputs[0]] != 1 {
			continue
		}
		if err := foldInto(g, conv, bn); err != nil {
			return fmt.Errorf("node %q: %w", bn.Outputs[0], err)
		}
	}
	prune(g)
	return nil
}

// readersOf counts who reads each edge, the graph's own outputs included.
func readersOf(g *onnx.Graph) map[string]int {
	readers := map[string]int{}
	for _, n := range g.Nodes {
		for _, in := range n.Inputs {
			readers[in]++
		}
	}
	for _, v := range g.Outputs {
		readers[v.Name]++
	}
	return readers
}

func foldInto(g *onnx.Graph, conv, bn *onnx.Node) error {
	tensor := weights(g, conv)
	w, err := tensor.Floats()
	if err != nil {
		return err
	}
	channels := int(tensor.Dims[0])
	var p [4][]float32 // scale, shift, mean, variance
	for i := range p {
		if p[i], err = constant(g, bn.Inputs[1+i], channels); err != nil {
			return err
		}
	}
	bias := make([]float32, channels)
	if len(conv.Inputs) > 2 && conv.Inputs[2] != "" {
		if bias, err = constant(g, conv.Inputs[2], channels); err != nil {
			return err
		}
	}
	epsilon := 1e-5
	if a := bn.Attribute("epsilon"); a != nil {
		epsilon = float64(a.Float)
	}
	size := len(w) / max(channels, 1)
	for c := range channels {
		s := float64(p[0][c]) / math.Sqrt(float64(p[3][c])+epsilon)
		for i := c * size; i < (c+1)*size; i++ {
			w[i] = float32(float64(w[i]) * s)
		}
		bias[c] = float32((float64(bias[c])-float64(p[2][c]))*s + float64(p[1][c]))
	}
	name := bn.Outputs[0]
	g.Initializers = append(g.Initializers, float32s(name+".akin.weight", w, tensor.Dims...), float32s(name+".akin.bias", bias, int64(channels)))
	conv.Inputs = []string{conv.Inputs[0], name + ".akin.weight", name + ".akin.bias"}
	conv.Outputs[0] = name
	bn.Outputs[0] = name + ".akin.folded" // read by none: prune drops the node
	bn.Inputs = nil
	return nil
}

// constant reads n constant values.
func constant(g *onnx.Graph, name string, n int) ([]float32, error) {
	t := g.Constant(name)
	if t == nil {
		return nil, fmt.Errorf("%q is no constant", name)
	}
	values, err := t.Floats()
	if err == nil && len(values) != n {
		err = fmt.Errorf("%q has %d values for %d channels", name, len(values), n)
	}
	return values, err
}

// prune drops nodes and constants that nothing reads.
func prune(g *onnx.Graph) {
	for {
		readers := readersOf(g)
		before := len(g.Nodes)
		g.Nodes = slices.DeleteFunc(g.Nodes, func(n *onnx.Node) bool {
			return !slices.ContainsFunc(n.Outputs, func(out string) bool { return readers[out] > 0 })
		})
		if len(g.Nodes) == before {
			g.Initializers = slices.DeleteFunc(g.Initializers, func(t *onnx.Tensor) bool { return readers[t.Name] == 0 })
			return
		}
	}
}

func float32s(name string, values []float32, dims ...int64) *onnx.Tensor {
	raw := make([]byte, 0, 4*len(values))
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	return &onnx.Tensor{Name: name, Type: onnx.Float32, Dims: dims, Raw: raw}
}

func int32s(name string, values []int32) *onnx.Tensor {
	raw := make([]byte, 0, 4*len(values))
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint32(raw, uint32(v))
	}
	return &onnx.Tensor{Name: name, Type: onnx.Int32, Dims: []int64{int64(len(values))}, Raw: raw}
}

func int64s(name string, values ...int64) *onnx.Tensor {
	raw := make([]byte, 0, 8*len(values))
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint64(raw, uint64(v))
	}
	return &onnx.Tensor{Name: name, Type: onnx.Int64, Dims: []int64{int64(len(values))}, Raw: raw}
}
