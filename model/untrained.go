package model

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/akin-vision/akin/onnx"
)

// UntrainedTwin returns the graph of a trained network with fresh weights:
// each weight tensor (two or more dimensions) is drawn from a normal
// distribution of variance 2 / fan-in (He et al. 2015, equation 10), each bias
// is zero. Single numbers, such as the bounds of ReLU6, belong to the architecture and
// stay. The same seed gives the same bytes. Only the architecture is left of the
// network, so its score shows what training adds.
func UntrainedTwin(graph []byte, seed uint64) ([]byte, error) {
	m, err := onnx.Parse(graph)
	if err != nil {
		return nil, fmt.Errorf("untrained twin: %w", err)
	}
	random := rand.New(rand.NewPCG(seed, 0))
	for _, t := range m.Graph.Initializers {
		if !t.Type.IsFloat() || len(t.Raw) == t.Type.Size() {
			continue // shapes, axes and bounds are part of the architecture
		}
		if err := redraw(t, random); err != nil {
			return nil, fmt.Errorf("untrained twin: %w", err)
		}
	}
	return m.Marshal()
}

// redraw replaces the tensor's values in place.
func redraw(t *onnx.Tensor, random *rand.Rand) error {
	put := map[onnx.DataType]func([]byte, float64){
		onnx.Float32: func(b []byte, v float64) { binary.LittleEndian.PutUint32(b, math.Float32bits(float32(v))) },
		onnx.Float16: func(b []byte, v float64) { binary.LittleEndian.PutUint16(b, float16(v)) },
	}[t.Type]
	if put == nil || len(t.Raw) == 0 {
		return fmt.Errorf("tensor %q: only float32 and float16 values inside the file can be drawn anew", t.Name)
	}
	deviation := 0.0
	if len(t.Dims) >= 2 {
		fanIn := int64(1) // Conv: out, in/groups, kH, kW; Gemm with transB: out, in
		for _, d := range t.Dims[1:] {
			fanIn *= d
		}
		deviation = math.Sqrt(2 / float64(fanIn))
	}
	size := t.Type.Size()
	for at := 0; at < len(t.Raw); at += size {
		v := 0.0
		if deviation > 0 {
			v = random.NormFloat64() * deviation
		}
		put(t.Raw[at:], v)
	}
	return nil
}

// float16 rounds to IEEE 754 half precision, to nearest; the values of a fresh
// network are far below its overflow, and its subnormals become zero.
func float16(v float64) uint16 {
	bits := math.Float32bits(float32(v))
	sign := uint16(bits >> 16 & 0x8000)
	exponent := int(bits>>23&0xff) - 127 + 15
	if exponent <= 0 {
		return sign
	}
	mantissa := bits & 0x7fffff
	half := uint32(exponent)<<10 | mantissa>>13
	if mantissa&0x1fff > 0x1000 || mantissa&0x1fff == 0x1000 && half&1 == 1 {
		half++ // carries into the exponent as it should
	}
	return sign | uint16(half)
}
