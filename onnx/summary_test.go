package onnx

import (
	"strings"
	"testing"
)

// graphOf makes a graph of one input "x" (N, 3, 32, 32) and weights of the
// given shapes.
func graphOf(weights map[string][]int64, nodes ...*Node) *Graph {
	g := &Graph{Nodes: nodes, Inputs: []*ValueInfo{
		{Name: "x", Type: Float32, Shape: []Dim{{Name: "batch"}, {Size: 3}, {Size: 32}, {Size: 32}}},
	}}
	for name, dims := range weights {
		g.Initializers = append(g.Initializers, &Tensor{Name: name, Type: Float32, Dims: dims})
	}
	return g
}

func node(op, inputs, output string, attributes ...*Attribute) *Node {
	return &Node{Op: op, Inputs: strings.Fields(inputs), Outputs: []string{output}, Attributes: attributes}
}

func list(name string, values ...int64) *Attribute {
	return &Attribute{Name: name, Kind: KindInts, Ints: values}
}

func number(name string, value int64) *Attribute {
	return &Attribute{Name: name, Kind: KindInt, Int: value}
}

func constant(output string, values ...int64) *Node {
	t := &Tensor{Type: Int64, Dims: []int64{int64(len(values))}, Raw: []byte{}}
	for _, v := range values {
		t.Raw = appendElement(t.Raw, 8, uint64(v))
	}
	return &Node{Op: "Constant", Outputs: []string{output}, Attributes: []*Attribute{{Name: "value", Kind: KindTensor, Tensor: t}}}
}

func TestMACs(t *testing.T) {
	weights := map[string][]int64{"w": {8, 3, 3, 3}, "dw": {8, 1, 3, 3}, "b": {8}, "fc": {10, 8}, "m": {8, 10}, "all": {10, 8192}}
	conv := node("Conv", "x w b", "y", list("pads", 1, 1, 1, 1))
	pooled := []*Node{conv, node("GlobalAveragePool", "y", "g"), node("Flatten", "g", "f")}
	for _, c := range []struct {
		name  string
		nodes []*Node
		want  int64
	}{
		{"convolution", []*Node{conv}, 32 * 32 * 8 * 27},
		{"stride and dilation", []*Node{node("Conv", "x w", "y", list("strides", 2, 2), list("dilations", 2, 2))}, 14 * 14 * 8 * 27},
		{"automatic padding", []*Node{node("Conv", "x w", "y", list("strides", 2, 2), &Attribute{Name: "auto_pad", Kind: KindString, String: "SAME_UPPER"})}, 16 * 16 * 8 * 27},
		{"groups", []*Node{conv, node("Relu", "y", "r"), node("Conv", "r dw", "z", number("group", 8))}, 32*32*8*27 + 30*30*8*9},
		{"fully connected", append(pooled[:3:3], node("Gemm", "f fc", "z", number("transB", 1))), 32*32*8*27 + 80},
		{"product", append(pooled[:3:3], node("MatMul", "f m", "z"), node("Softmax", "z", "p")), 32*32*8*27 + 80},
		{"reshape", []*Node{conv, constant("s", 0, -1), node("Reshape", "y s", "f"), node("Gemm", "f all", "z", number("transB", 1))}, 32*32*8*27 + 81920},
		{
			"pooling, join and sum",
			[]*Node{
				conv, node("MaxPool", "y", "p", list("kernel_shape", 3, 3), list("strides", 2, 2), number("ceil_mode", 1)),
				node("Concat", "p p", "c", number("axis", 1)), constant("from", 0), constant("to", 8), constant("axis", 1),
				node("Slice", "c from to axis", "s"), node("Add", "s p", "a"), node("Conv", "a dw", "z", number("group", 8)),
			},
			32*32*8*27 + 14*14*8*9, // 16 x 16 after the pooling, for the last window may hang over
		},
	} {
		got, err := graphOf(weights, c.nodes...).MACs()
		if err != nil || got != c.want {
			t.Errorf("%s: %d, error %v, want %d", c.name, got, err, c.want)
		}
	}
}

func TestMACsAreNotGuessed(t *testing.T) {
	weights := map[string][]int64{"w": {8, 3, 3, 3}, "huge": {1 << 40, 3, 3, 3}}
	conv := node("Conv", "x w", "y")
	for _, c := range []struct {
		name string
		g    *Graph
		want string
	}{
		{"unknown operator", graphOf(weights, node("Einsum", "x", "y"), conv), "Einsum"},
		{"another domain", graphOf(weights, &Node{Op: "Conv", Domain: "example", Inputs: []string{"x", "w"}, Outputs: []string{"y"}}), "without a known cost"},
		{"channels that do not fit", graphOf(map[string][]int64{"w": {8, 4, 3, 3}}, conv), "do not fit"},
		{"shape at run time", graphOf(weights, node("Relu", "x", "s"), node("Reshape", "x s", "y")), "run time"},
		{"input from nowhere", graphOf(weights, node("Relu", "nowhere", "y")), "nowhere"},
		{"beyond measure", graphOf(weights, node("Conv", "x huge", "y"), node("Conv", "x huge", "z")), "do not fit"},
		{"no input", &Graph{}, "0 inputs"},
	} {
		s := c.g.Summary()
		if s.MACs != 0 || !strings.Contains(s.Unknown, c.want) {
			t.Errorf("%s: %d, unknown %q, want it to say %q", c.name, s.MACs, s.Unknown, c.want)
		}
	}
}

func TestParametersLeaveRunningStatisticsOut(t *testing.T) {
	g := graphOf(map[string][]int64{"w": {8, 3, 3, 3}, "scale": {8}, "shift": {8}, "mean": {8}, "variance16": {8}},
		node("Cast", "variance16", "variance", number("to", 1)),
		node("Conv", "x w", "y"),
		node("BatchNormalization", "y scale shift mean variance", "z"))
	g.Initializers = append(g.Initializers, &Tensor{Name: "shape", Type: Int64, Dims: []int64{4}})
	g.Inputs = append(g.Inputs, &ValueInfo{Name: "w"}) // as files of IR version 3 list initializers
	s := g.Summary()
	if s.Parameters != 8*27+16 || s.Nodes != 3 || len(s.Inputs) != 1 || s.Unknown != "" {
		t.Errorf("%+v, want %d parameters", s, 8*27+16)
	}
}
