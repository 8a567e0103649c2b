package onnx

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// Parse decodes a model. Tensor data are slices of data, not copies. Bytes
// that are no model give an error; sub-graphs, external data and fields of
// later ONNX versions are kept undecoded.
func Parse(data []byte) (*Model, error) {
	m, err := parseModel(data)
	if err != nil {
		return nil, fmt.Errorf("read onnx model: %w", err)
	}
	if m.Graph == nil {
		return nil, errNoGraph
	}
	return m, nil
}

// A field is one field of a protobuf message. Of number and bytes, the one
// that fits its wire type is set.
type field struct {
	num    protowire.Number
	typ    protowire.Type
	number uint64
	bytes  []byte
	raw    []byte // tag and value
}

// key joins field number and wire type, to switch on both: a known number
// with a wire type it cannot have is an unknown field.
type key struct {
	num protowire.Number
	typ protowire.Type
}

const (
	varint  = protowire.VarintType
	fixed32 = protowire.Fixed32Type
	fixed64 = protowire.Fixed64Type
	bytesTy = protowire.BytesType
)

func fields(data []byte) iter.Seq2[field, error] {
	return func(yield func(field, error) bool) {
		for len(data) > 0 {
			f, n := consumeField(data)
			if n < 0 {
				yield(field{}, protowire.ParseError(n))
				return
			}
			if !yield(f, nil) {
				return
			}
			data = data[n:]
		}
	}
}

func consumeField(data []byte) (field, int) {
	num, typ, tagLen := protowire.ConsumeTag(data)
	if tagLen < 0 {
		return field{}, tagLen
	}
	f, n := field{num: num, typ: typ}, 0
	switch value := data[tagLen:]; typ {
	case varint, fixed32, fixed64:
		f.number, n = consumeNumber(typ, value)
	case bytesTy:
		f.bytes, n = protowire.ConsumeBytes(value)
	default:
		n = protowire.ConsumeFieldValue(num, typ, value)
	}
	if n < 0 {
		return field{}, n
	}
	f.raw = data[:tagLen+n]
	return f, tagLen + n
}

func (f field) key() key { return key{f.num, f.typ} }

// holds reports whether the field can be an occurrence of a repeated number
// of wire type elem: a single one, or a packed run.
func (f field) holds(elem protowire.Type) bool {
	return elem >= 0 && (f.typ == elem || f.typ == bytesTy)
}

// numbers gives the values of a field that holds numbers of wire type elem.
func (f field) numbers(elem protowire.Type) iter.Seq2[uint64, error] {
	return func(yield func(uint64, error) bool) {
		if f.typ == elem {
			yield(f.number, nil)
			return
		}
		for b := f.bytes; len(b) > 0; {
			v, n := consumeNumber(elem, b)
			if n < 0 {
				yield(0, protowire.ParseError(n))
				return
			}
			if !yield(v, nil) {
				return
			}
			b = b[n:]
		}
	}
}

func consumeNumber(elem protowire.Type, b []byte) (v uint64, n int) {
	switch elem {
	case fixed32:
		v, n := protowire.ConsumeFixed32(b)
		return uint64(v), n
	case fixed64:
		return protowire.ConsumeFixed64(b)
	}
	return protowire.ConsumeVarint(b)
}

// each decodes one occurrence of a repeated message onto the end of list.
func each[T any](list *[]*T, data []byte, parse func([]byte) (*T, error)) error {
	v, err := parse(data)
	if err != nil {
		return err
	}
	*list = append(*list, v)
	return nil
}

func parseModel(data []byte) (*Model, error) {
	m := &Model{}
	for f, err := range fields(data) {
		if err != nil {
			return nil, err
		}
		switch f.key() {
		case key{1, varint}:
			m.IRVersion = int64(f.number)
		case key{2, bytesTy}:
			m.ProducerName = string(f.bytes)
		case key{3, bytesTy}:
			m.ProducerVersion = string(f.bytes)
		case key{7, bytesTy}:
			if m.Graph != nil {
				return nil, errors.New("two graphs in one model")
			}
			m.Graph, err = parseGraph(f.bytes)
		case key{8, bytesTy}:
			err = each(&m.Opsets, f.bytes, parseOpset)
		case key{14, bytesTy}:
			err = each(&m.Metadata, f.bytes, parseEntry)
		default:
			m.rest = append(m.rest, f.raw...)
		}
		if err != nil {
			return nil, err
		}
	}
	return m, nil
}

func parseOpset(data []byte) (*Opset, error) {
	o := &Opset{}
	for f, err := range fields(data) {
		if err != nil {
			return nil, err
		}
		switch f.key() {
		case key{1, bytesTy}:
			o.Domain, o.named = string(f.bytes), true
		case key{2, varint}:
			o.Version = int64(f.number)
		default:
			o.rest = append(o.rest, f.raw...)
		}
	}
	return o, nil
}

func parseEntry(data []byte) (*Entry, error) {
	e := &Entry{}
	for f, err := range fields(data) {
		if err != nil {
			return nil, err
		}
		switch f.key() {
		case key{1, bytesTy}:
			e.Key = string(f.bytes)
		case key{2, bytesTy}:
			e.Value = string(f.bytes)
		default:
			e.rest = append(e.rest, f.raw...)
		}
	}
	return e, nil
}

func parseGraph(data []byte) (*Graph, error) {
	g := &Graph{}
	for f, err := range fields(data) {
		if err != nil {
			return nil, err
		}
		switch f.key() {
		case key{1, bytesTy}:
			err = each(&g.Nodes, f.bytes, parseNode)
		case key{2, bytesTy}:
			g.Name = string(f.bytes)
		case key{5, bytesTy}:
			err = each(&g.Initializers, f.bytes, parseTensor)
		case key{11, bytesTy}:
			err = each(&g.Inputs, f.bytes, parseValueInfo)
		case key{12, bytesTy}:
			err = each(&g.Outputs, f.bytes, parseValueInfo)
		case key{13, bytesTy}:
			err = each(&g.Values, f.bytes, parseValueInfo)
		default:
			g.rest = append(g.rest, f.raw...)
		}
		if err != nil {
			return nil, err
		}
	}
	return g, nil
}

func parseNode(data []byte) (*Node, error) {
	n := &Node{}
	for f, err := range fields(data) {
		if err != nil {
			return nil, err
		}
		switch f.key() {
		case key{1, bytesTy}:
			n.Inputs = append(n.Inputs, string(f.bytes))
		case key{2, bytesTy}:
			n.Outputs = append(n.Outputs, string(f.bytes))
		case key{3, bytesTy}:
			n.Name = string(f.bytes)
		case key{4, bytesTy}:
			n.Op = string(f.bytes)
		case key{5, bytesTy}:
			err = each(&n.Attributes, f.bytes, parseAttribute)
		case key{7, bytesTy}:
			n.Domain = string(f.bytes)
		default:
			n.rest = append(n.rest, f.raw...)
		}
		if err != nil {
			return nil, fmt.Errorf("node %q: %w", n.Name, err)
		}
	}
	return n, nil
}

func parseAttribute(data []byte) (*Attribute, error) {
	a := &Attribute{}
	var found Kind
	for f, err := range fields(data) {
		if err != nil {
			return nil, err
		}
		kind := Kind(0)
		switch f.key() {
		case key{1, bytesTy}:
			a.Name = string(f.bytes)
		case key{2, fixed32}:
			kind, a.Float = KindFloat, math.Float32frombits(uint32(f.number))
		case key{3, varint}:
			kind, a.Int = KindInt, int64(f.number)
		case key{4, bytesTy}:
			kind, a.String = KindString, string(f.bytes)
		case key{5, bytesTy}:
			if a.Tensor != nil {
				return nil, fmt.Errorf("attribute %q: two tensors in it", a.Name)
			}
			kind = KindTensor
			a.Tensor, err = parseTensor(f.bytes)
		case key{7, fixed32}, key{7, bytesTy}:
			kind = KindFloats
			err = f.appendFloats(&a.Floats)
		case key{8, varint}, key{8, bytesTy}:
			kind = KindInts
			err = f.appendInts(&a.Ints)
		case key{20, varint}:
			a.Kind = Kind(f.number)
		default:
			a.rest = append(a.rest, f.raw...)
		}
		if err != nil {
			return nil, fmt.Errorf("attribute %q: %w", a.Name, err)
		}
		if kind != 0 && found != 0 && kind != found {
			return nil, fmt.Errorf("attribute %q: values of kinds %d and %d in one attribute", a.Name, found, kind)
		}
		found = max(found, kind)
	}
	if a.Kind == 0 { // IR versions before 2 leave the kind to the field
		a.Kind = found
	}
	if found != 0 && a.Kind != found {
		return nil, fmt.Errorf("attribute %q: declared kind %d, value of kind %d", a.Name, a.Kind, found)
	}
	return a, nil
}

func (f field) appendInts(list *[]int64) error {
	for v, err := range f.numbers(varint) {
		if err != nil {
			return err
		}
		*list = append(*list, int64(v))
	}
	return nil
}

func (f field) appendFloats(list *[]float32) error {
	for v, err := range f.numbers(fixed32) {
		if err != nil {
			return err
		}
		*list = append(*list, math.Float32frombits(uint32(v)))
	}
	return nil
}

func parseTensor(data []byte) (*Tensor, error) {
	t := &Tensor{}
	var typed []field
	external, outside := &External{Length: -1}, false
	for f, err := range fields(data) {
		if err != nil {
			return nil, err
		}
		switch f.key() {
		case key{1, varint}, key{1, bytesTy}:
			err = f.appendInts(&t.Dims)
		case key{2, varint}:
			t.Type = DataType(f.number)
		case key{8, bytesTy}:
			t.Name = string(f.bytes)
		case key{9, bytesTy}:
			t.Raw = f.bytes
		default:
			var known bool
			if known, err = external.read(f); !known {
				typed = append(typed, f)
			} else if f.key() == (key{14, varint}) {
				outside = f.number == 1
			}
		}
		if err != nil {
			return nil, fmt.Errorf("tensor %q: %w", t.Name, err)
		}
	}
	if outside {
		t.External = external
	} else {
		t.rest = append(t.rest, external.raw...)
	}
	return t, t.adopt(typed)
}

// adopt moves the typed data among the fields into Raw, keeps the others, and
// checks that the data fill the shape.
func (t *Tensor) adopt(list []field) error {
	t.Raw = slices.Clip(t.Raw) // appending must not run into the next field
	for _, f := range list {
		elem := t.Type.dataField(f.num)
		if !f.holds(elem) {
			t.rest = append(t.rest, f.raw...)
			continue
		}
		for v, err := range f.numbers(elem) {
			if err != nil {
				return fmt.Errorf("tensor %q: %w", t.Name, err)
			}
			t.Raw = appendElement(t.Raw, t.Type.Size(), v)
		}
	}
	n, sound := t.Elements()
	if !sound {
		return fmt.Errorf("tensor %q: impossible shape %v", t.Name, t.Dims)
	}
	if size := int64(t.Type.Size()); size > 0 && t.Raw != nil && int64(len(t.Raw)) != n*size {
		return fmt.Errorf("tensor %q: %d bytes of data, shape %v wants %d", t.Name, len(t.Raw), t.Dims, n*size)
	}
	return nil
}

// dataField gives the wire type of a value in the typed data field num, or -1
// if that field holds no data of elements of type t.
func (t DataType) dataField(num protowire.Number) protowire.Type {
	switch num {
	case 4:
		if t == Float32 {
			return fixed32
		}
	case 5:
		switch t {
		case Int32, Int16, Int8, Uint16, Uint8, Bool, Float16, BFloat16:
			return varint
		}
	case 7:
		if t == Int64 {
			return varint
		}
	case 10:
		if t == Float64 {
			return fixed64
		}
	case 11:
		if t == Uint32 || t == Uint64 {
			return varint
		}
	}
	return -1
}

func appendElement(raw []byte, size int, v uint64) []byte {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], v)
	return append(raw, b[:size]...)
}
