package hdf5

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/x448/float16"
)

// Dataset is an array of numbers or text.
type Dataset struct {
	Path    string
	Shape   []int
	Class   string // what MATLAB notes: its class of the array
	Numbers bool   // floats or whole numbers
	Text    bool

	file     *File
	messages messages
	kind     datatype
}

// classes of types.
const (
	classInteger = 0
	classFloat   = 1
	classString  = 3
	classVLen    = 9
)

// datatype is the type of a dataset's elements.
type datatype struct {
	class  int
	bits   uint64 // that the class defines
	size   int    // bytes of an element
	format [2]int // bits of exponent and of mantissa of a float
}

func (f *File) dataset(path string, m messages) (*Dataset, error) {
	d := &Dataset{Path: path, file: f, messages: m}
	var err error
	if d.Shape, err = f.shape(m); err != nil {
		return nil, err
	}
	r, err := m.one(msgDatatype)
	if err != nil {
		return nil, err
	}
	d.kind = readType(r)
	d.Class = f.attribute(m, "MATLAB_class")
	d.Numbers = d.kind.value() != nil
	d.Text = d.kind.class == classString || d.kind.class == classVLen && d.kind.bits&15 == 1
	return d, r.err
}

func readType(r *reader) datatype {
	t := datatype{class: int(r.uint(1) & 15), bits: r.uint(3), size: int(r.uint(4))}
	if t.class == classFloat {
		r.skip(5)
		t.format[0] = int(r.uint(1))
		r.skip(1)
		t.format[1] = int(r.uint(1))
	}
	if r.err == nil && t.size == 0 {
		r.fail("elements of no bytes")
	}
	return t
}

func (f *File) shape(m messages) ([]int, error) {
	r, err := m.one(msgDataspace)
	if err != nil {
		return nil, err
	}
	version, rank := r.uint(1), r.uint(1)
	r.skip(2)
	if version == 1 {
		r.skip(4)
	}
	shape := []int{}
	values := 1
	for range rank {
		side := r.uint(f.widths)
		if side > math.MaxInt32 || side > 0 && values > math.MaxInt/64/int(side) {
			return nil, fmt.Errorf("damaged: an axis of %d", side)
		}
		values *= int(side)
		shape = append(shape, int(side))
	}
	return shape, r.err
}

// attribute is the text of a short attribute of an object.
func (f *File) attribute(m messages, name string) string {
	for _, each := range m {
		if each.kind != msgAttribute {
			continue
		}
		r := &reader{data: each.data}
		version := r.uint(1)
		r.skip(1)
		sizes := [3]uint64{r.uint(2), r.uint(2), r.uint(2)}
		if version == 3 {
			r.skip(1)
		}
		if version == 1 {
			for i := range sizes {
				sizes[i] = (sizes[i] + 7) &^ 7
			}
		}
		if text := strings.TrimRight(string(r.bytes(sizes[0])), "\x00"); text != name {
			continue
		}
		kind := readType(&reader{data: r.bytes(sizes[1])})
		r.bytes(sizes[2])
		if kind.class == classString {
			return strings.TrimRight(string(r.bytes(uint64(kind.size))), "\x00")
		}
	}
	return ""
}

// value decodes an element; nil where elements are no numbers that are read here.
func (t datatype) value() func(b []byte) float64 {
	var order binary.ByteOrder = binary.LittleEndian
	if t.bits&1 != 0 {
		order = binary.BigEndian
	}
	signed := t.bits&8 != 0
	switch {
	case t.class == classFloat && t.bits&0x40 == 0:
		return map[[3]int]func([]byte) float64{
			{2, 5, 10}:  func(b []byte) float64 { return float64(float16.Frombits(order.Uint16(b)).Float32()) },
			{2, 8, 7}:   func(b []byte) float64 { return float64(math.Float32frombits(uint32(order.Uint16(b)) << 16)) },
			{4, 8, 23}:  func(b []byte) float64 { return float64(math.Float32frombits(order.Uint32(b))) },
			{8, 11, 52}: func(b []byte) float64 { return math.Float64frombits(order.Uint64(b)) },
		}[[3]int{t.size, t.format[0], t.format[1]}]
	case t.class == classInteger && signed:
		return map[int]func([]byte) float64{
			1: func(b []byte) float64 { return float64(int8(b[0])) },
			2: func(b []byte) float64 { return float64(int16(order.Uint16(b))) },
			4: func(b []byte) float64 { return float64(int32(order.Uint32(b))) },
			8: func(b []byte) float64 { return float64(int64(order.Uint64(b))) },
		}[t.size]
	case t.class == classInteger:
		return map[int]func([]byte) float64{
			1: func(b []byte) float64 { return float64(b[0]) },
			2: func(b []byte) float64 { return float64(order.Uint16(b)) },
			4: func(b []byte) float64 { return float64(order.Uint32(b)) },
			8: func(b []byte) float64 { return float64(order.Uint64(b)) },
		}[t.size]
	}
	return nil
}

// Len is the number of elements.
func (d *Dataset) Len() int {
	n := 1
	for _, side := range d.Shape {
		n *= side
	}
	return n
}

// Values returns a function that reads the element at a place, row by row.
func (d *Dataset) Values() (func(at int) float64, error) {
	value := d.kind.value()
	if value == nil {
		return nil, fmt.Errorf("%s holds no numbers", d.Path)
	}
	raw, err := d.raw()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.Path, err)
	}
	size := d.kind.size
	return func(at int) float64 { return value(raw[at*size : at*size+size]) }, nil
}

// Strings are the elements of text, without padding.
func (d *Dataset) Strings() ([]string, error) {
	raw, err := d.raw()
	if err == nil {
		err = d.file.room.Take(int64(len(raw)/d.kind.size) * 16) // what a text takes beside its letters
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.Path, err)
	}
	list := make([]string, d.Len())
	for i := range list {
		element := raw[i*d.kind.size : (i+1)*d.kind.size]
		if d.kind.class == classVLen {
			if element, err = d.file.global(element); err != nil {
				return nil, fmt.Errorf("%s: %w", d.Path, err)
			}
		}
		text, _, _ := bytes.Cut(element, []byte{0})
		if d.kind.class == classString && d.kind.bits&15 == 2 {
			text = bytes.TrimRight(text, " ")
		}
		if err := d.file.room.Take(int64(len(text))); err != nil { // many may point to one
			return nil, fmt.Errorf("%s: %w", d.Path, err)
		}
		list[i] = string(text)
	}
	return list, nil
}

// global is the text to which an element of variable length points.
func (f *File) global(element []byte) ([]byte, error) {
	e := &reader{data: element}
	length, address, index := e.uint(4), e.uint(f.offsets), e.uint(4)
	if e.err != nil || length == 0 {
		return nil, e.err
	}
	texts, known := f.texts[address]
	if !known {
		var err error
		if texts, err = f.collection(address); err != nil {
			return nil, err
		}
		f.texts[address] = texts
	}
	data, there := texts[index]
	switch size := uint64(len(data)); {
	case !there:
		return nil, errors.New("damaged: a text is missing")
	case length > size:
		return nil, fmt.Errorf("damaged: text of %d bytes in %d", length, size)
	}
	return data[:length], nil
}

// collection are the texts that stand together at an address, by their numbers.
func (f *File) collection(address uint64) (map[uint64][]byte, error) {
	r := f.signed(address, "GCOL")
	r.skip(4)
	size := r.uint(f.widths)
	head := uint64(8 + f.widths)
	objects := &reader{data: r.bytes(max(size, head) - head)}
	if err := errors.Join(r.err, f.step(objects.left())); err != nil {
		return nil, err
	}
	texts := map[uint64][]byte{}
	for objects.left() >= 8+f.widths && objects.err == nil {
		id := objects.uint(2)
		objects.skip(6)
		size := objects.uint(f.widths)
		if id == 0 || size > uint64(objects.left()) {
			break
		}
		data := objects.bytes(size)
		if _, twice := texts[id]; !twice {
			texts[id] = data
		}
		objects.bytes(min((8-size%8)%8, uint64(objects.left())))
	}
	return texts, nil
}
