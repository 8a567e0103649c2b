package quantise

import (
	"math"
	"slices"
	"testing"

	"github.com/akin-vision/akin/onnx"
)

// residual is Conv, Conv, Relu, MaxPool, Conv, Add of both branches, Relu, Conv; its
// second channel is a hundred times as large as its first.
func residual() *onnx.Model {
	m := network()
	node := func(op, out string, in ...string) *onnx.Node {
		return &onnx.Node{Op: op, Name: out, Inputs: in, Outputs: []string{out}}
	}
	m.Graph.Outputs[0].Name = "c3"
	m.Graph.Initializers = []*onnx.Tensor{
		float32s("w0", []float32{1, 0, 0, 1}, 2, 2, 1, 1),
		float32s("w1", []float32{1, 0.5, -100, 100}, 2, 2, 1, 1), float32s("b1", []float32{0.5, 50}, 2),
		float32s("w2", []float32{1, -1, 100, 100}, 2, 2, 1, 1), float32s("w3", []float32{1, -1, 2, 2}, 2, 2, 1, 1),
	}
	m.Graph.Nodes = []*onnx.Node{
		node("Conv", "c0", "x", "w0"), node("Conv", "c1", "c0", "w1", "b1"), node("Relu", "r", "c1"), node("MaxPool", "p", "r"),
		node("Conv", "c2", "p", "w2"), node("Add", "a", "c2", "p"), node("Relu", "b", "a"), node("Conv", "c3", "b", "w3"),
	}
	return m
}

// compute runs the graph on one pixel.
func compute(g *Graph, pixel ...float64) map[string][]float64 {
	edges := map[string][]float64{"x": pixel}
	for _, n := range g.model.Graph.Nodes {
		in, out := edges[n.Inputs[0]], make([]float64, 2)
		for c := range out {
			switch n.Op {
			case "Conv":
				k := g.kernels[n]
				out[c] = float64(k.weights[2*c])*in[0] + float64(k.weights[2*c+1])*in[1]
				if k.bias != nil {
					out[c] += float64(k.bias[c])
				}
			case "Relu":
				out[c] = max(in[c], 0)
			case "Add":
				out[c] = in[c] + edges[n.Inputs[1]][c]
			default:
				out[c] = in[c]
			}
		}
		edges[n.Outputs[0]] = out
	}
	return edges
}

func residualGraph(t *testing.T, change func(*onnx.Graph)) (*Graph, map[string]Range) {
	t.Helper()
	m := residual()
	change(m.Graph)
	g, err := New(encoded(t, m), 8, 8)
	if err != nil {
		t.Fatal(err)
	}
	ranges := map[string]Range{}
	for _, edge := range g.observed() {
		ranges[edge] = Range{[]float32{0, 0}, []float32{1, 100}}
	}
	return g, ranges
}

func TestEqualise(t *testing.T) {
	g, ranges := residualGraph(t, func(*onnx.Graph) {})
	pixels := [][]float64{{1, 2}, {-1, 0.5}, {0, 0}}
	var before []map[string][]float64
	for _, p := range pixels {
		before = append(before, compute(g, p...))
	}
	g.equalise(ranges)
	for i, p := range pixels {
		after := compute(g, p...)
		for c, want := range before[i]["c3"] {
			if math.Abs(after["c3"][c]-want) > 1e-4*math.Abs(want) {
				t.Errorf("pixel %v gives %v, before %v", p, after["c3"], before[i]["c3"])
			}
		}
		for _, edge := range []string{"r", "c2", "b"} { // activations 1:100, weights alike: factors 0.1 and 1
			if want := 10 * before[i][edge][0]; math.Abs(after[edge][0]-want) > 1e-4*math.Abs(want) || after[edge][1] != before[i][edge][1] {
				t.Errorf("activation %s is %v, before %v", edge, after[edge], before[i][edge])
			}
			if r := ranges[edge]; !slices.Equal(r.Max, []float32{10, 100}) {
				t.Errorf("the range of %s is %v", edge, r)
			}
		}
	}
}

// TestEqualiseKeeps what others see, what not every reader can undo, and
// channels of which the sample says nothing.
func TestEqualiseKeeps(t *testing.T) {
	for name, change := range map[string]func(*onnx.Graph){
		"a graph's output": func(g *onnx.Graph) {
			g.Outputs = append(g.Outputs, &onnx.ValueInfo{Name: "p", Type: onnx.Float32})
		},
		"what is not linear": func(g *onnx.Graph) { g.Nodes[2].Op = "Sigmoid" },
		"a depthwise reader's input": func(g *onnx.Graph) {
			g.Initializers[4].Dims = []int64{4, 1, 1, 1}
			g.Nodes[7].Attributes = []*onnx.Attribute{{Name: "group", Kind: onnx.KindInt, Int: 2}}
		},
	} {
		g, ranges := residualGraph(t, change)
		g.equalise(ranges)
		if r := ranges["b"]; !slices.Equal(r.Max, []float32{1, 100}) {
			t.Errorf("%s was rescaled to %v", name, r)
		}
	}
	g, ranges := residualGraph(t, func(*onnx.Graph) {})
	for _, r := range ranges {
		r.Max[0] = 0
	}
	g.equalise(ranges)
	if w := g.kernels[find(g.model.Graph, "c1")].weights; w[0] != 1 {
		t.Errorf("a silent channel was rescaled to %v", w)
	}
}
