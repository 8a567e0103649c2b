package onnx

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"

	"google.golang.org/protobuf/encoding/protowire"
)

// External is the place, in another file, of a tensor's data.
type External struct {
	Location string // of the file, relative to the model's folder
	Offset   int64
	Length   int64 // -1: as much as the shape wants

	raw []byte // the fields as they came
}

// read notes one field of a tensor if it is about external data.
func (x *External) read(f field) (bool, error) {
	switch f.key() {
	case key{13, bytesTy}:
		e, err := parseEntry(f.bytes)
		if err != nil {
			return true, err
		}
		if err := x.set(e.Key, e.Value); err != nil {
			return true, err
		}
	case key{14, varint}:
	default:
		return false, nil
	}
	x.raw = append(x.raw, f.raw...)
	return true, nil
}

func (x *External) set(key, value string) (err error) {
	switch key {
	case "location":
		x.Location = value
	case "offset":
		x.Offset, err = strconv.ParseInt(value, 10, 64)
	case "length":
		x.Length, err = strconv.ParseInt(value, 10, 64)
	}
	if err != nil {
		return fmt.Errorf("external data: %s %q is no number", key, value)
	}
	return nil
}

// Part gives the tensor's data out of the whole file of its External place.
func (t *Tensor) Part(file []byte) ([]byte, error) {
	n, sound := t.Elements()
	want := n * int64(t.Type.Size())
	x := t.External
	switch {
	case !sound || t.Type.Size() == 0:
		return nil, fmt.Errorf("tensor %q: no known size for shape %v of type %d", t.Name, t.Dims, t.Type)
	case x.Length >= 0 && x.Length != want:
		return nil, fmt.Errorf("tensor %q: %d bytes in %s, shape %v wants %d", t.Name, x.Length, x.Location, t.Dims, want)
	case x.Offset < 0 || x.Offset > int64(len(file)) || want > int64(len(file))-x.Offset:
		return nil, fmt.Errorf("tensor %q: its %d bytes from byte %d on run over the end of %s, which has %d", t.Name, want, x.Offset, x.Location, len(file))
	}
	return file[x.Offset : x.Offset+want : x.Offset+want], nil
}

// Externals are the tensors of the model whose data stand in other files.
func (m *Model) Externals() []*Tensor {
	var list []*Tensor
	add := func(t *Tensor) {
		if t != nil && t.External != nil {
			list = append(list, t)
		}
	}
	for _, t := range m.Graph.Initializers {
		add(t)
	}
	for _, n := range m.Graph.Nodes {
		for _, a := range n.Attributes {
			add(a.Tensor)
		}
	}
	return list
}

// Locations lists the other files that the encoded model in r refers to, wherever
// in it, sorted. It reads around the weights, and finds a file that was cut short.
func Locations(r io.ReaderAt, size int64) ([]string, error) {
	s := &scanner{found: map[string]bool{}}
	if err := s.message(modelMessage, section{&buffered{ReaderAt: r}, 0, size}, 0); err != nil {
		return nil, fmt.Errorf("read onnx model: %w; the file is of another kind, damaged or cut short", err)
	}
	if !s.graph {
		return nil, errNoGraph
	}
	return slices.Sorted(maps.Keys(s.found)), nil
}

var errNoGraph = errors.New("read onnx model: no graph in it; is the file an .onnx model?")

// kind is a message of the format that may hold tensors.
type kind int

const (
	modelMessage kind = iota + 1
	graphMessage
	functionMessage
	nodeMessage
	attributeMessage
	sparseMessage
	tensorMessage
)

// holds tells which fields of a message hold others with tensors in them.
var holds = map[kind]map[protowire.Number]kind{
	modelMessage:     {7: graphMessage, 25: functionMessage},
	graphMessage:     {1: nodeMessage, 5: tensorMessage, 15: sparseMessage},
	functionMessage:  {7: nodeMessage},
	nodeMessage:      {5: attributeMessage},
	attributeMessage: {5: tensorMessage, 6: graphMessage, 10: tensorMessage, 11: graphMessage, 22: sparseMessage, 23: sparseMessage},
	sparseMessage:    {1: tensorMessage, 2: tensorMessage},
}

type section struct {
	*buffered
	at, end int64
}

// A buffered file holds the part of a file that was read last: heads of fields stand close
// together but for the weights.
type buffered struct {
	io.ReaderAt
	at   int64
	data []byte
}

// peek gives the next n bytes, which the file must have.
func (w *buffered) peek(at, n int64) ([]byte, error) {
	const size = 16 << 10
	if at < w.at || at+n > w.at+int64(len(w.data)) {
		if w.data == nil {
			w.data = make([]byte, 0, size)
		}
		read, err := w.ReadAt(w.data[:size], at)
		w.at, w.data = at, w.data[:read]
		if int64(read) < n {
			return nil, noEOF(err)
		}
	}
	return w.data[at-w.at:][:n], nil
}

// noEOF says that the end of a file came too early.
func noEOF(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// mostParts bounds the messages of a model, each of which takes more memory than its
// bytes: networks have some ten thousand.
const mostParts = 2_000_000

type scanner struct {
	found map[string]bool
	graph bool
	parts int
}

// message walks over the fields of one message.
func (s *scanner) message(k kind, in section, depth int) error {
	const deepest = 64
	if depth > deepest {
		return errors.New("its parts nest too deeply")
	}
	if s.parts++; s.parts > mostParts {
		return fmt.Errorf("it has more than %d parts", mostParts)
	}
	x, external := External{Length: -1}, false
	for in.at < in.end {
		f, err := in.field()
		if err != nil {
			return err
		}
		inner := holds[k][f.num]
		switch {
		case inner != 0 && f.typ == bytesTy:
			s.graph = s.graph || inner == graphMessage
			if err := s.message(inner, section{in.buffered, in.at - f.length, in.at}, depth+1); err != nil {
				return err
			}
		case k == tensorMessage && f.num == 14 && f.typ == varint:
			external = f.number == 1
		case k == tensorMessage && f.num == 13 && f.typ == bytesTy:
			if err := in.entry(&x, f.length); err != nil {
				return err
			}
		}
	}
	if external {
		s.found[x.Location] = true
	}
	return nil
}

// place is a field whose content was stepped over.
type place struct {
	num    protowire.Number
	typ    protowire.Type
	number uint64
	length int64 // of bytes
}

// field reads the head of the next field, and steps over its content.
func (in *section) field() (p place, err error) {
	const longest = 20 // of a tag and a number
	head, err := in.peek(in.at, min(longest, in.end-in.at))
	if err != nil {
		return p, err
	}
	num, typ, n := protowire.ConsumeTag(head)
	if n < 0 {
		return p, protowire.ParseError(n)
	}
	p.num, p.typ = num, typ
	size := 0
	switch typ {
	case varint, bytesTy:
		p.number, size = protowire.ConsumeVarint(head[n:])
	case fixed32:
		size = 4
	case fixed64:
		size = 8
	default:
		return p, fmt.Errorf("field %d of an unknown kind", num)
	}
	if size < 0 {
		return p, protowire.ParseError(size)
	}
	in.at += int64(n + size)
	if typ == bytesTy {
		if p.number > uint64(max(in.end-in.at, 0)) {
			return p, io.ErrUnexpectedEOF
		}
		p.length = int64(p.number)
		in.at += p.length
	}
	if in.at > in.end {
		return p, io.ErrUnexpectedEOF
	}
	return p, nil
}

// entry reads the key and value that were stepped over last.
func (in section) entry(x *External, length int64) error {
	const longest = 1 << 16
	if length > longest {
		return fmt.Errorf("an entry of %d bytes about external data", length)
	}
	data := make([]byte, length)
	if _, err := in.ReadAt(data, in.at-length); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	e, err := parseEntry(data)
	if err != nil {
		return err
	}
	return x.set(e.Key, e.Value)
}
