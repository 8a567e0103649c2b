package onnx

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// Marshal encodes the model into memory.
func (m *Model) Marshal() ([]byte, error) {
	var b bytes.Buffer
	_, err := m.WriteTo(&b)
	return b.Bytes(), err
}

// WriteTo writes the model and returns the number of bytes written. Tensor
// data are copied straight from where they stand, so that memory holds only
// the rest of the model. The same model gives the same bytes.
func (m *Model) WriteTo(w io.Writer) (int64, error) {
	e := &encoder{}
	e.model(m)
	if e.err != nil {
		return 0, fmt.Errorf("write onnx model: %w", e.err)
	}
	if e.size > math.MaxInt32 {
		return 0, fmt.Errorf("write onnx model: %d bytes, but a protobuf message ends at 2 GiB", e.size)
	}
	var written int64
	for _, p := range e.parts {
		n, err := p.writeTo(w)
		written += n
		if err != nil {
			return written, fmt.Errorf("write onnx model: %w", err)
		}
	}
	return written, nil
}

// An encoder lays out a message as runs of bytes and the tensors between
// them: lengths of messages come before their content, and so must be known
// before any tensor is read.
type encoder struct {
	parts []part
	size  int64
	err   error
}

type part struct {
	bytes  []byte
	tensor *Tensor
}

func (p part) writeTo(w io.Writer) (int64, error) {
	if p.tensor == nil {
		n, err := w.Write(p.bytes)
		return int64(n), err
	}
	size, err := p.tensor.ByteSize()
	if err != nil {
		return 0, err
	}
	r, err := p.tensor.Reader()
	if err != nil {
		return 0, fmt.Errorf("tensor %q: %w", p.tensor.Name, err)
	}
	n, err := io.CopyN(w, r, size)
	if errors.Is(err, io.EOF) {
		err = fmt.Errorf("%d of %d bytes: %w", n, size, io.ErrUnexpectedEOF)
	}
	if err = errors.Join(err, r.Close()); err != nil {
		return n, fmt.Errorf("tensor %q: %w", p.tensor.Name, err)
	}
	return n, nil
}

// tail is the run of bytes at the end of the layout.
func (e *encoder) tail() *[]byte {
	if n := len(e.parts); n == 0 || e.parts[n-1].tensor != nil {
		e.parts = append(e.parts, part{})
	}
	return &e.parts[len(e.parts)-1].bytes
}

func (e *encoder) raw(b []byte) {
	if len(b) == 0 {
		return
	}
	t := e.tail()
	*t = append(*t, b...)
	e.size += int64(len(b))
}

func (e *encoder) varint(num protowire.Number, v uint64) {
	e.raw(protowire.AppendVarint(protowire.AppendTag(nil, num, varint), v))
}

func (e *encoder) float(num protowire.Number, v float32) {
	e.raw(protowire.AppendFixed32(protowire.AppendTag(nil, num, fixed32), math.Float32bits(v)))
}

func (e *encoder) bytes(num protowire.Number, b []byte) {
	e.raw(protowire.AppendBytes(protowire.AppendTag(nil, num, bytesTy), b))
}

// text writes a string field that is left out where it is empty.
func (e *encoder) text(num protowire.Number, s string) {
	if s != "" {
		e.bytes(num, []byte(s))
	}
}

func (e *encoder) header(num protowire.Number, size int64) {
	e.raw(protowire.AppendVarint(protowire.AppendTag(nil, num, bytesTy), uint64(size)))
}

func (e *encoder) message(num protowire.Number, write func(*encoder)) {
	inner := &encoder{}
	write(inner)
	e.err = errors.Join(e.err, inner.err)
	e.header(num, inner.size)
	for _, p := range inner.parts {
		if p.tensor == nil {
			e.raw(p.bytes)
			continue
		}
		e.parts = append(e.parts, p)
	}
	e.size += inner.payload()
}

// payload is the size of the tensors in the layout.
func (e *encoder) payload() int64 {
	n := e.size
	for _, p := range e.parts {
		n -= int64(len(p.bytes))
	}
	return n
}

func (e *encoder) model(m *Model) {
	e.varint(1, uint64(m.IRVersion))
	e.text(2, m.ProducerName)
	e.text(3, m.ProducerVersion)
	if m.Graph != nil {
		e.message(7, func(e *encoder) { e.graph(m.Graph) })
	}
	for _, o := range m.Opsets {
		e.message(8, func(e *encoder) {
			if o.named || o.Domain != "" {
				e.bytes(1, []byte(o.Domain))
			}
			e.varint(2, uint64(o.Version))
			e.raw(o.rest)
		})
	}
	for _, p := range m.Metadata {
		e.message(14, func(e *encoder) {
			e.text(1, p.Key)
			e.text(2, p.Value)
			e.raw(p.rest)
		})
	}
	e.raw(m.rest)
}

func (e *encoder) graph(g *Graph) {
	for _, n := range g.Nodes {
		e.message(1, func(e *encoder) { e.node(n) })
	}
	e.text(2, g.Name)
	for _, t := range g.Initializers {
		e.message(5, func(e *encoder) { e.tensor(t) })
	}
	for _, list := range []struct {
		num    protowire.Number
		values []*ValueInfo
	}{{11, g.Inputs}, {12, g.Outputs}, {13, g.Values}} {
		for _, v := range list.values {
			e.message(list.num, func(e *encoder) { e.valueInfo(v) })
		}
	}
	e.raw(g.rest)
}

func (e *encoder) node(n *Node) {
	// An empty name stands for an input or output left out, so it is written.
	for _, name := range n.Inputs {
		e.bytes(1, []byte(name))
	}
	for _, name := range n.Outputs {
		e.bytes(2, []byte(name))
	}
	e.text(3, n.Name)
	e.text(4, n.Op)
	for _, a := range n.Attributes {
		e.message(5, func(e *encoder) { e.attribute(a) })
	}
	e.text(7, n.Domain)
	e.raw(n.rest)
}

func (e *encoder) attribute(a *Attribute) {
	e.text(1, a.Name)
	switch a.Kind {
	case KindFloat:
		e.float(2, a.Float)
	case KindInt:
		e.varint(3, uint64(a.Int))
	case KindString:
		e.bytes(4, []byte(a.String))
	case KindTensor:
		if a.Tensor != nil {
			e.message(5, func(e *encoder) { e.tensor(a.Tensor) })
		}
	case KindFloats:
		for _, v := range a.Floats {
			e.float(7, v)
		}
	case KindInts:
		for _, v := range a.Ints {
			e.varint(8, uint64(v))
		}
	}
	if a.Kind != 0 {
		e.varint(20, uint64(a.Kind))
	}
	e.raw(a.rest)
}

func (e *encoder) tensor(t *Tensor) {
	for _, d := range t.Dims {
		e.varint(1, uint64(d))
	}
	e.varint(2, uint64(t.Type))
	e.text(8, t.Name)
	if t.External != nil {
		e.external(t.External)
	}
	if t.Raw != nil || t.Open != nil {
		size, err := t.ByteSize()
		e.err = errors.Join(e.err, err)
		e.header(9, size)
		e.parts = append(e.parts, part{tensor: t})
		e.size += size
	}
	e.raw(t.rest)
}

// external writes where data stand, as it was read if it was.
func (e *encoder) external(x *External) {
	if x.raw != nil {
		e.raw(x.raw)
		return
	}
	entries := []Entry{{Key: "location", Value: x.Location}, {Key: "offset", Value: fmt.Sprint(x.Offset)}}
	if x.Length >= 0 {
		entries = append(entries, Entry{Key: "length", Value: fmt.Sprint(x.Length)})
	}
	for _, p := range entries {
		e.message(13, func(e *encoder) {
			e.text(1, p.Key)
			e.text(2, p.Value)
		})
	}
	e.varint(14, 1)
}

func (e *encoder) valueInfo(v *ValueInfo) {
	e.text(1, v.Name)
	if v.Type != 0 || v.Shape != nil || v.typeRest != nil || v.tensorRest != nil {
		e.message(2, func(e *encoder) {
			if v.Type != 0 || v.Shape != nil || v.tensorRest != nil {
				e.message(1, func(e *encoder) { e.tensorType(v) })
			}
			e.raw(v.typeRest)
		})
	}
	e.raw(v.rest)
}

func (e *encoder) tensorType(v *ValueInfo) {
	if v.Type != 0 {
		e.varint(1, uint64(v.Type))
	}
	if v.Shape != nil {
		e.message(2, func(e *encoder) {
			for _, d := range v.Shape {
				e.message(1, func(e *encoder) { e.dim(d) })
			}
			e.raw(v.shapeRest)
		})
	}
	e.raw(v.tensorRest)
}

func (e *encoder) dim(d Dim) {
	switch {
	case d.Name != "":
		e.text(2, d.Name)
	case !d.unset:
		e.varint(1, uint64(d.Size))
	}
	e.raw(d.rest)
}
