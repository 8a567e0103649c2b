package convert

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// An element is a number format of a weight file, little endian.
type element int

const (
	float32s element = iota + 1
	float64s
	float16s
	bfloat16s
	int64s
	int32s
	int16s
	int8s
	uint8s
	complex64s
	complex128s
)

func (e element) size() int64 {
	switch e {
	case complex128s:
		return 16
	case float64s, int64s, complex64s:
		return 8
	case float32s, int32s:
		return 4
	case float16s, bfloat16s, int16s:
		return 2
	}
	return 1
}

func (e element) isFloat() bool { return e >= float32s && e <= bfloat16s }

// float32At decodes the element at the start of b.
func (e element) float32At(b []byte, order binary.ByteOrder) float32 {
	switch e {
	case float32s:
		return math.Float32frombits(order.Uint32(b))
	case float64s:
		return float32(math.Float64frombits(order.Uint64(b)))
	case float16s:
		return halfToFloat(order.Uint16(b))
	case bfloat16s:
		return math.Float32frombits(uint32(order.Uint16(b)) << 16)
	}
	panic("not a float element")
}

// halfToFloat converts IEEE 754 binary16 to binary32, which holds all its
// values exactly.
func halfToFloat(h uint16) float32 {
	sign := uint32(h>>15) << 31
	exponent, fraction := uint32(h>>10)&31, uint32(h)&1023
	switch exponent {
	case 0:
		v := float32(fraction) * (1.0 / (1 << 24))
		return math.Float32frombits(math.Float32bits(v) | sign)
	case 31:
		return math.Float32frombits(sign | 0x7f800000 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+112)<<23 | fraction<<13)
}

// A tensor is a strided view of the numbers that stand at one place of a file.
// Its numbers are read only when they are needed.
type tensor struct {
	file   io.ReaderAt
	at     int64 // of the storage, in bytes
	count  int64 // of the storage, in elements
	elem   element
	big    bool  // the most significant byte stands first
	offset int64 // of the first element within the storage
	shape  []int64
	stride []int64 // in elements
}

// maxRepeated bounds a tensor that repeats its storage, as an expanded one does.
const maxRepeated = 1 << 12 // more channels than any batch norm has here

// validate checks that every element lies within the storage, and that there
// are no more than it has, or few, so that a small file cannot grow to a large model.
func (t *tensor) validate() error {
	if len(t.shape) != len(t.stride) {
		return fmt.Errorf("%d sizes, but %d strides", len(t.shape), len(t.stride))
	}
	if t.offset < 0 || t.offset > t.count {
		return fmt.Errorf("offset %d in a storage of %d elements", t.offset, t.count)
	}
	elements, last := int64(1), t.offset
	for i, size := range t.shape {
		if size < 0 || t.stride[i] < 0 || size > 0 && elements > max(t.count, maxRepeated)/size {
			return fmt.Errorf("shape %v, strides %v in a storage of %d elements", t.shape, t.stride, t.count)
		}
		elements *= size
	}
	if elements == 0 {
		return nil
	}
	for i, size := range t.shape {
		if size > 1 && t.stride[i] > (t.count-last)/(size-1) {
			return fmt.Errorf("shape %v, strides %v run over the end of a storage of %d elements", t.shape, t.stride, t.count)
		}
		last += t.stride[i] * (size - 1)
	}
	if last >= t.count {
		return fmt.Errorf("shape %v at offset %d runs over the end of a storage of %d elements", t.shape, t.offset, t.count)
	}
	return nil
}

func (t *tensor) elements() int64 {
	n := int64(1)
	for _, size := range t.shape {
		n *= size
	}
	return n
}

// contiguous reports whether the elements stand in row-major order without gaps.
func (t *tensor) contiguous() bool {
	next := int64(1)
	for i, size := range slices.Backward(t.shape) {
		if size != 1 && t.stride[i] != next {
			return false
		}
		next *= size
	}
	return true
}

// reshaped views a contiguous tensor in another shape of as many elements.
func (t *tensor) reshaped(shape ...int64) (*tensor, error) {
	v := *t
	v.shape, v.stride = shape, rowMajor(shape)
	if v.elements() != t.elements() || !t.contiguous() {
		return nil, fmt.Errorf("shape %v, wants %v", t.shape, shape)
	}
	return &v, nil
}

func rowMajor(shape []int64) []int64 {
	stride, next := make([]int64, len(shape)), int64(1)
	for i, size := range slices.Backward(shape) {
		stride[i] = next
		next *= size
	}
	return stride
}

// open streams the elements in row-major order as little-endian float32.
func (t *tensor) open() (io.ReadCloser, error) {
	if t.elements() == 0 {
		return io.NopCloser(eof{}), nil
	}
	if !t.contiguous() {
		return t.gather()
	}
	size := t.elem.size()
	section := io.NewSectionReader(t.file, t.at+t.offset*size, t.elements()*size)
	if t.elem == float32s && !t.big {
		return io.NopCloser(section), nil
	}
	return io.NopCloser(&widener{source: section, elem: t.elem, order: byteOrder(t.big)}), nil
}

type eof struct{}

func (eof) Read([]byte) (int, error) { return 0, io.EOF }

// floats reads the whole tensor.
func (t *tensor) floats() ([]float32, error) {
	r, err := t.open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	if int64(len(raw)) != 4*t.elements() {
		return nil, io.ErrUnexpectedEOF
	}
	values := make([]float32, len(raw)/4)
	for i := range values {
		values[i] = float32s.float32At(raw[4*i:], binary.LittleEndian)
	}
	return values, nil
}

// A widener converts a stream of elements to float32.
type widener struct {
	source io.Reader
	elem   element
	order  binary.ByteOrder
	in     [8 << 10]byte
	out    [32 << 10]byte
	ready  []byte
}

func (w *widener) Read(p []byte) (int, error) {
	if len(w.ready) == 0 {
		if err := w.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, w.ready)
	w.ready = w.ready[n:]
	return n, nil
}

func (w *widener) fill() error {
	n, err := io.ReadFull(w.source, w.in[:])
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	w.ready = w.out[:0]
	size := int(w.elem.size())
	for b := w.in[:n]; len(b) >= size; b = b[size:] {
		w.ready = appendFloat(w.ready, w.elem.float32At(b, w.order))
	}
	return nil
}

func appendFloat(b []byte, v float32) []byte {
	return binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
}

// gather reads a view whose elements do not follow each other, as PyTorch's
// channels-last weights, through one copy of the part of the storage that it
// spans.
func (t *tensor) gather() (io.ReadCloser, error) {
	last := int64(0)
	for i, size := range t.shape {
		last += t.stride[i] * (size - 1)
	}
	size := t.elem.size()
	span := make([]byte, (last+1)*size)
	if _, err := t.file.ReadAt(span, t.at+t.offset*size); err != nil {
		return nil, fmt.Errorf("read %d bytes: %w", len(span), noEOF(err))
	}
	return io.NopCloser(&gatherer{tensor: t, span: span, index: make([]int64, len(t.shape))}), nil
}

// noEOF says that the end of a file came too early.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

type gatherer struct {
	tensor *tensor
	span   []byte
	index  []int64
	out    [32 << 10]byte
	ready  []byte
	done   bool
}

func (g *gatherer) Read(p []byte) (int, error) {
	if len(g.ready) == 0 {
		if g.done {
			return 0, io.EOF
		}
		g.fill()
	}
	n := copy(p, g.ready)
	g.ready = g.ready[n:]
	return n, nil
}

func (g *gatherer) fill() {
	size := g.tensor.elem.size()
	g.ready = g.out[:0]
	for !g.done && len(g.ready) < cap(g.ready) {
		at := int64(0)
		for i, x := range g.index {
			at += x * g.tensor.stride[i]
		}
		g.ready = appendFloat(g.ready, g.tensor.elem.float32At(g.span[at*size:], byteOrder(g.tensor.big)))
		g.next()
	}
}

// next steps to the following element in row-major order.
func (g *gatherer) next() {
	for i := len(g.index) - 1; i >= 0; i-- {
		if g.index[i]++; g.index[i] < g.tensor.shape[i] {
			return
		}
		g.index[i] = 0
	}
	g.done = true
}

// wholeNumber decodes one element of an integer format.
func wholeNumber(e element, b [8]byte) int64 {
	if e == int32s {
		return int64(int32(binary.LittleEndian.Uint32(b[:])))
	}
	return int64(binary.LittleEndian.Uint64(b[:]))
}
