package quantise

import (
	"bytes"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/akin-vision/akin/onnx"
	"pgregory.net/rapid"
)

// network is Conv, Conv, batch norm, Relu, MaxPool, Conv, Add of both branches, and a
// Concat of shapes that must stay what it is.
func network() *onnx.Model {
	value := func(name string) *onnx.ValueInfo { return &onnx.ValueInfo{Name: name, Type: onnx.Float32} }
	node := func(op, out string, in ...string) *onnx.Node {
		return &onnx.Node{Op: op, Name: out, Inputs: in, Outputs: []string{out}}
	}
	return &onnx.Model{IRVersion: 8, Opsets: []*onnx.Opset{{Version: 13}}, Graph: &onnx.Graph{
		Inputs: []*onnx.ValueInfo{value("x")}, Outputs: []*onnx.ValueInfo{value("y")},
		Initializers: []*onnx.Tensor{
			float32s("w1", []float32{1, -2, 0.5, 4}, 2, 2, 1, 1), float32s("w2", []float32{1, -2, 0.5, 4}, 2, 2, 1, 1),
			float32s("scale", []float32{2, 3}, 2), float32s("shift", []float32{1, -1}, 2),
			float32s("mean", []float32{0.5, 0}, 2), float32s("variance", []float32{4, 1}, 2),
		},
		Nodes: []*onnx.Node{
			node("Conv", "c0", "x", "w1"), node("Conv", "c1", "c0", "w1"),
			node("BatchNormalization", "bn", "c1", "scale", "shift", "mean", "variance"),
			node("Relu", "r", "bn"), node("MaxPool", "p", "r"), node("Conv", "c2", "p", "w2"),
			node("Add", "a", "c2", "p"),
			node("Shape", "s", "a"), node("Concat", "ss", "s", "s"),
			node("Reshape", "y", "a", "ss"),
		},
	}}
}

func encoded(t testing.TB, m *onnx.Model) []byte {
	t.Helper()
	data, err := m.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func find(g *onnx.Graph, output string) *onnx.Node {
	i := slices.IndexFunc(g.Nodes, func(n *onnx.Node) bool { return slices.Contains(n.Outputs, output) })
	if i < 0 {
		return nil
	}
	return g.Nodes[i]
}

func TestBatchNormIsFolded(t *testing.T) {
	g, err := New(encoded(t, network()), 8, 8)
	if err != nil {
		t.Fatal(err)
	}
	conv := find(g.model.Graph, "bn")
	if conv == nil || conv.Op != "Conv" || find(g.model.Graph, "c1") != nil {
		t.Fatal("the convolution does not make what batch norm made")
	}
	k := g.kernels[conv]
	s0, s1 := 2/math.Sqrt(4+1e-5), 3/math.Sqrt(1+1e-5)
	for i, want := range []float64{s0, -2 * s0, 0.5 * s1, 4 * s1} {
		if math.Abs(float64(k.weights[i])-want) > 1e-6 {
			t.Errorf("weight %d is %v, want %v", i, k.weights[i], want)
		}
	}
	for i, want := range []float64{-0.5*s0 + 1, -1} {
		if math.Abs(float64(k.bias[i])-want) > 1e-6 {
			t.Errorf("bias %d is %v, want %v", i, k.bias[i], want)
		}
	}
}

func TestRewrite(t *testing.T) {
	rewrite := func() []byte {
		g, err := New(encoded(t, network()), 8, 8)
		if err != nil {
			t.Fatal(err)
		}
		if want := []string{"r", "p", "c2"}; !slices.Equal(g.edges, want) || g.like["p"] != "r" {
			t.Fatalf("quantised are %v, want %v", g.edges, want)
		}
		_, outputs, err := g.Observer()
		if err != nil || len(outputs) != 4 {
			t.Fatalf("observed are %v, error %v", outputs, err)
		}
		ranges, err := g.Ranges([][][]float32{{{0, 0}, {0, 0}}, {{1, 5.1}, {2, 2}}, {{-3, -1}, {-2, -2}}, {{0, 1}, {0, 0}}})
		if err != nil {
			t.Fatal(err)
		}
		data, err := g.Rewrite(ranges)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	data := rewrite()
	if !bytes.Equal(data, rewrite()) {
		t.Error("the same ranges give other bytes")
	}
	m, err := onnx.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	if n := find(m.Graph, "bn"); !slices.Equal(n.Inputs, []string{"c0", "bn.akin.w", "bn.akin.b"}) || m.Graph.Constant("bn.akin.w").Type != onnx.Float32 {
		t.Errorf("the stem reads %v, want float32", n.Inputs)
	}
	if n := find(m.Graph, "c2"); !slices.Equal(n.Inputs, []string{"p.akin.dq", "c2.akin.wdq"}) {
		t.Errorf("the first convolution after the stem reads %v", n.Inputs)
	}
	if n := find(m.Graph, "a"); !slices.Equal(n.Inputs, []string{"c2.akin.dq", "p.akin.dq"}) {
		t.Errorf("the sum reads %v", n.Inputs)
	}
	if n := find(m.Graph, "ss"); !slices.Equal(n.Inputs, []string{"s", "s"}) {
		t.Errorf("a Concat of shapes reads %v", n.Inputs)
	}
	scale, err := m.Graph.Constant("p.akin.scale").Floats()
	if err != nil || math.Abs(float64(scale[0])-5.1/255) > 1e-7 {
		t.Errorf("the pooled map has the scale %v, want that of its input, 0.02", scale)
	}
	if w := m.Graph.Constant("c2.akin.w"); w.Type != onnx.Int8 || !bytes.Equal(w.Raw, []byte{64, 129, 16, 127}) { // 129 is -127
		t.Errorf("weights %v of type %d", w.Raw, w.Type)
	}
	if m.Graph.Constant("w1") != nil {
		t.Error("the float32 weights are still there")
	}
}

// TestCirclesEnd: a damaged file whose pools read one another is rewritten or
// refused, not followed for ever.
func TestCirclesEnd(t *testing.T) {
	m := network()
	pool := func(out, in string) *onnx.Node {
		return &onnx.Node{Op: "MaxPool", Inputs: []string{in}, Outputs: []string{out}}
	}
	m.Graph.Nodes = append(m.Graph.Nodes, pool("r", "r"), pool("x", "p"), pool("p", "x"))
	g, err := New(encoded(t, m), 8, 8)
	if err != nil {
		t.Fatal(err)
	}
	ranges := map[string]Range{}
	for _, edge := range g.observed() {
		ranges[edge] = Range{[]float32{0, 0}, []float32{1, 1}}
	}
	_, _ = g.Rewrite(ranges)
}

func TestNewRefuses(t *testing.T) {
	old, plain := network(), network()
	old.Opsets[0].Version = 12
	plain.Graph.Nodes = plain.Graph.Nodes[7:]
	for name, m := range map[string]*onnx.Model{"an operator set without scales per channel": old, "a graph without convolutions": plain} {
		if _, err := New(encoded(t, m), 8, 8); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	g, err := New(encoded(t, network()), 8, 8)
	if err != nil {
		t.Fatal(err)
	}
	inf := float32(math.Inf(1))
	if _, err := g.Ranges([][][]float32{{{0}}, {{inf}}, {{0}}, {{1}}}); err == nil {
		t.Error("an infinite range was taken")
	}
}

// TestScaleCoversItsRange: zero is exact, the ends are within half a step.
func TestScaleCoversItsRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.Float32Range(-1e6, 1e6).Draw(t, "min")
		high := low + rapid.Float32Range(0, 1e6).Draw(t, "width")
		step, zero := Range{[]float32{low, 0}, []float32{0, high}}.scale()
		if step <= 0 {
			t.Fatalf("step %v", step)
		}
		for _, v := range []float32{low, high, 0} {
			q := max(0, min(255, math.RoundToEven(float64(v/step))+float64(zero)))
			back := (q - float64(zero)) * float64(step)
			if math.Abs(back-float64(v)) > 1.01*float64(step) || v == 0 && back != 0 {
				t.Fatalf("%v comes back as %v, step %v, zero %d", v, back, step, zero)
			}
		}
	})
}

func FuzzNew(f *testing.F) {
	f.Add(encoded(f, network()))
	if data, err := os.ReadFile("../zoo/weights/small-resnet.onnx"); err == nil {
		f.Add(data[:4096])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		g, err := New(data, 8, 8)
		if err != nil {
			return
		}
		values := make([][][]float32, 2*len(g.observed()))
		for i := range values {
			values[i] = [][]float32{{float32(i % 2), float32(i % 2)}}
		}
		ranges, err := g.Ranges(values)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = g.Rewrite(ranges) // may refuse, must not panic
	})
}
