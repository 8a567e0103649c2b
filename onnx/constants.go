package onnx

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// WeightError is a constant that no sound network holds: damage, or a training that
// diverged. An engine may hide it, since a maximum with 0 can make 0 of NaN.
type WeightError struct {
	Tensor string
	At     int // place of the value, row by row
	Value  float64
}

func (e *WeightError) Error() string {
	if e.Value < 0 && !math.IsInf(e.Value, 0) {
		return fmt.Sprintf("tensor %q holds variances, and value %d of it is %v; the file is damaged", e.Tensor, e.At, e.Value)
	}
	return fmt.Sprintf("tensor %q holds %v as its value %d; the file is damaged, or its training diverged", e.Tensor, e.Value, e.At)
}

// weighted are operators whose constants are weights. Elsewhere infinity has its use:
// masks of attention are added.
var weighted = []string{"Conv", "ConvTranspose", "Gemm", "MatMul", "BatchNormalization", "InstanceNormalization", "LayerNormalization",
	"GroupNormalization", "PRelu", "LSTM", "GRU", "RNN", "QuantizeLinear", "DequantizeLinear", "QLinearConv", "QLinearMatMul"}

// CheckConstants gives an error for two constants of one name, and a *WeightError for
// a constant that is NaN, a weight that is infinite, and a variance below 0. It reads the graph's own constants; what stands in
// sub-graphs and functions is not decoded.
func (g *Graph) CheckConstants() error {
	weights, variances := map[string]bool{}, map[string]bool{}
	for _, n := range slices.Backward(g.Nodes) { // readers come first
		switch {
		case slices.Contains(weighted, n.Op):
			for _, in := range n.Inputs {
				weights[in] = true
			}
			if n.Op == "BatchNormalization" && len(n.Inputs) == 5 {
				variances[n.Inputs[4]] = true
			}
		case n.Op == "Cast" || n.Op == "Identity" || n.Op == "Transpose" || n.Op == "Reshape":
			if len(n.Inputs) > 0 && len(n.Outputs) > 0 {
				weights[n.Inputs[0]] = weights[n.Inputs[0]] || weights[n.Outputs[0]]
				variances[n.Inputs[0]] = variances[n.Inputs[0]] || variances[n.Outputs[0]]
			}
		}
	}
	seen := map[string]bool{}
	for _, t := range g.constants() {
		if seen[t.Name] {
			return fmt.Errorf("the graph has the constant %q twice; the file is damaged", t.Name)
		}
		seen[t.Name] = true
		for at, v := range t.unusual(variances[t.Name]) {
			if math.IsNaN(v) || v < 0 && !math.IsInf(v, 0) || weights[t.Name] {
				return &WeightError{t.Name, at, v}
			}
		}
	}
	return nil
}

// unusual are the values that are not finite, and, of variances, those below 0.
func (t *Tensor) unusual(variances bool) func(yield func(int, float64) bool) {
	order := binary.LittleEndian
	read, known := map[DataType]func(b []byte) float64{
		Float32:  func(b []byte) float64 { return float64(math.Float32frombits(order.Uint32(b))) },
		Float64:  func(b []byte) float64 { return math.Float64frombits(order.Uint64(b)) },
		Float16:  func(b []byte) float64 { return float64(half(order.Uint16(b))) },
		BFloat16: func(b []byte) float64 { return float64(math.Float32frombits(uint32(order.Uint16(b)) << 16)) },
	}[t.Type]
	return func(yield func(int, float64) bool) {
		if !known {
			return
		}
		size := t.Type.Size()
		for at := range len(t.Raw) / size {
			v := read(t.Raw[at*size:])
			if (v-v != 0 || variances && v < 0) && !yield(at, v) { // only of finite values the difference is 0
				return
			}
		}
	}
}
