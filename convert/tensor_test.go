package convert

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestHalfToFloat checks every finite half against its definition.
func TestHalfToFloat(t *testing.T) {
	for h := range uint32(1 << 16) {
		exponent, fraction := int(h>>10&31), float64(h&1023)
		want := math.Ldexp(1+fraction/1024, exponent-15)
		switch {
		case exponent == 31 && fraction == 0:
			want = math.Inf(1)
		case exponent == 31:
			want = math.NaN()
		case exponent == 0:
			want = math.Ldexp(fraction, -24)
		}
		if h>>15 == 1 {
			want = -want
		}
		got := float64(halfToFloat(uint16(h)))
		if got != want && !(math.IsNaN(got) && math.IsNaN(want)) || math.Signbit(got) != math.Signbit(want) && !math.IsNaN(want) {
			t.Fatalf("%04x is %v, want %v", h, got, want)
		}
	}
}

// TestViewsReadTheirElements draws views of a storage whose elements hold
// their own index, and reads each at the place that offset and strides give.
func TestViewsReadTheirElements(t *testing.T) {
	const count = 40_000
	data := make([]float32, count)
	for i := range data {
		data[i] = float32(i)
	}
	var raw bytes.Buffer
	if err := binary.Write(&raw, binary.LittleEndian, data); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		rank := rapid.IntRange(0, 4).Draw(t, "rank")
		v := &tensor{file: bytes.NewReader(raw.Bytes()), count: count, elem: float32s, offset: rapid.Int64Range(0, 9).Draw(t, "offset")}
		for range rank {
			v.shape = append(v.shape, rapid.Int64Range(0, 9).Draw(t, "size"))
			v.stride = append(v.stride, rapid.Int64Range(0, 1000).Draw(t, "stride"))
		}
		if err := v.validate(); err != nil {
			t.Fatal(err)
		}
		values, err := v.floats()
		if err != nil || int64(len(values)) != v.elements() {
			t.Fatalf("%d values, error %v", len(values), err)
		}
		for i, got := range values {
			if want := v.offset + place(v, int64(i)); got != float32(want) {
				t.Fatalf("element %d is at %v, want %d", i, got, want)
			}
		}
	})
}

// place gives the place in the storage of element i in row-major order.
func place(v *tensor, i int64) int64 {
	at := int64(0)
	for axis := len(v.shape) - 1; axis >= 0; axis-- {
		at += i % v.shape[axis] * v.stride[axis]
		i /= v.shape[axis]
	}
	return at
}

func TestViewsBeyondTheirStorageAreRefused(t *testing.T) {
	for _, v := range []tensor{
		{offset: -1, shape: []int64{1}, stride: []int64{1}},
		{offset: 10, shape: []int64{1}, stride: []int64{1}},
		{offset: 3, shape: []int64{8}, stride: []int64{1}},
		{shape: []int64{2, 2}, stride: []int64{9, 1}},
		{shape: []int64{2}, stride: []int64{math.MaxInt64}},
		{shape: []int64{-1}, stride: []int64{1}},
		{shape: []int64{2}, stride: []int64{-1}},
		{shape: []int64{maxRepeated + 1}, stride: []int64{0}}, // many more elements than the storage has
		{shape: []int64{1 << 32, 1 << 32}, stride: []int64{0, 0}},
		{shape: []int64{1}, stride: nil},
	} {
		v.count, v.elem = 10, float32s
		if v.validate() == nil {
			t.Errorf("%v, strides %v, offset %d in 10 elements: no error", v.shape, v.stride, v.offset)
		}
	}
}
