package onnx

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// A DataType is an ONNX element type.
type DataType int32

// Element types, as TensorProto.DataType numbers them.
const (
	Float32  DataType = 1
	Uint8    DataType = 2
	Int8     DataType = 3
	Uint16   DataType = 4
	Int16    DataType = 5
	Int32    DataType = 6
	Int64    DataType = 7
	String   DataType = 8
	Bool     DataType = 9
	Float16  DataType = 10
	Float64  DataType = 11
	Uint32   DataType = 12
	Uint64   DataType = 13
	BFloat16 DataType = 16
)

// Size is the number of bytes of an element, or 0 where elements have no
// whole fixed size or the type is unknown.
func (t DataType) Size() int {
	switch t {
	case Uint8, Int8, Bool:
		return 1
	case Uint16, Int16, Float16, BFloat16:
		return 2
	case Float32, Int32, Uint32:
		return 4
	case Float64, Int64, Uint64:
		return 8
	}
	return 0
}

// String is the type's name as NumPy has it.
func (t DataType) String() string {
	names := [...]string{"an unknown type", "float32", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16",
		"float64", "uint32", "uint64", "complex64", "complex128", "bfloat16"}
	if t < 0 || int(t) >= len(names) {
		return fmt.Sprintf("type %d", int32(t))
	}
	return names[t]
}

// isHalf reports whether elements have half precision.
func (t DataType) isHalf() bool { return t == Float16 || t == BFloat16 }

// IsFloat reports whether elements are floating-point numbers.
func (t DataType) IsFloat() bool {
	return t == Float32 || t == Float16 || t == Float64 || t == BFloat16
}

// A Tensor is a named constant.
type Tensor struct {
	Name string
	Type DataType
	Dims []int64

	// Raw holds the elements in row-major order, little endian. [Parse] puts
	// the typed data fields of a file here too; a tensor of strings, or one
	// whose data stand in another file, has none.
	Raw []byte

	// External is where the data stand instead; nil where they are in the model.
	External *External

	// Open, where set, gives the raw bytes in place of Raw, so that a tensor
	// need not stand in memory to be written.
	Open func() (io.ReadCloser, error)

	rest []byte
}

// Elements is the product of the dimensions, and whether they are sound:
// none negative, and the number of bytes within an int64.
func (t *Tensor) Elements() (int64, bool) {
	n := int64(1)
	for _, d := range t.Dims {
		if d < 0 || d > 0 && n > math.MaxInt64/16/d {
			return 0, false
		}
		n *= d
	}
	return n, true
}

// ByteSize is the length of the tensor's raw data.
func (t *Tensor) ByteSize() (int64, error) {
	if t.Open == nil {
		return int64(len(t.Raw)), nil
	}
	n, ok := t.Elements()
	if !ok || t.Type.Size() == 0 {
		return 0, fmt.Errorf("tensor %q: no known size for shape %v of type %d", t.Name, t.Dims, t.Type)
	}
	return n * int64(t.Type.Size()), nil
}

// Reader opens the raw data.
func (t *Tensor) Reader() (io.ReadCloser, error) {
	if t.Open != nil {
		return t.Open()
	}
	return io.NopCloser(bytes.NewReader(t.Raw)), nil
}

// Floats gives the elements of a tensor of single or half precision.
func (t *Tensor) Floats() ([]float32, error) {
	r, err := t.Reader()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	n, ok := t.Elements()
	if t.Type != Float32 && t.Type != Float16 || !ok || n*int64(t.Type.Size()) != int64(len(raw)) {
		return nil, fmt.Errorf("tensor %q: %d bytes of element type %d for the shape %v; single and half precision are read", t.Name, len(raw), t.Type, t.Dims)
	}
	values := make([]float32, n)
	for i := range values {
		if t.Type == Float32 {
			values[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
		} else {
			values[i] = half(binary.LittleEndian.Uint16(raw[2*i:]))
		}
	}
	return values, nil
}

// half widens an IEEE 754 binary16.
func half(bits uint16) float32 {
	sign, exponent, fraction := float64(1), int(bits>>10&31), float64(bits&1023)
	if bits>>15 == 1 {
		sign = -1
	}
	switch exponent {
	case 0:
		return float32(sign * math.Ldexp(fraction, -24))
	case 31:
		if fraction != 0 {
			return float32(math.NaN())
		}
		return float32(math.Inf(int(sign)))
	}
	return float32(sign * math.Ldexp(1024+fraction, exponent-25))
}
