// Package npy reads arrays in NumPy's format where they lie in memory, and writes
// tables of numbers in it.
package npy

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/sbinet/npyio/npy"
	"github.com/x448/float16"
)

// Array is an array whose header was read; its values stay as they lie.
type Array struct {
	Kind    string // NumPy's type, such as <f4 or <U20
	Shape   []int
	Columns bool // values lie column by column (Fortran order)

	order binary.ByteOrder
	size  int // bytes of a value
	data  []byte
}

// mostTexts bounds texts, each of which takes more memory than its letters: all of
// ImageNet-21k has 14 million pictures.
const mostTexts = 1 << 24

// Parse reads the header of an array of numbers or text.
func Parse(data []byte) (a *Array, err error) {
	defer func() { // the library may panic on a damaged header
		if fault := recover(); fault != nil {
			err = fmt.Errorf("cannot be read: %v", fault)
		}
	}()
	if err := checkHeader(data); err != nil {
		return nil, err
	}
	counting := bytes.NewReader(data)
	r, err := npy.NewReader(counting)
	if err != nil {
		return nil, err
	}
	d := r.Header.Descr
	a = &Array{Kind: d.Type, Shape: d.Shape, Columns: d.Fortran, order: binary.LittleEndian, data: data[len(data)-counting.Len():]}
	if strings.HasPrefix(a.Kind, ">") {
		a.order = binary.BigEndian
	}
	if a.size, err = valueSize(a.Kind); err != nil {
		return nil, err
	}
	values := 1
	for _, side := range a.Shape {
		if side < 0 || side > 0 && values > math.MaxInt/side {
			return nil, fmt.Errorf("has the shape %v", a.Shape)
		}
		values *= side
	}
	if a.Text() && values > mostTexts {
		return nil, fmt.Errorf("holds %d texts, more than %d", values, mostTexts)
	}
	if values > len(a.data)/a.size {
		return nil, fmt.Errorf("is cut off: its shape %v takes %d values of %d bytes, %d bytes are there", a.Shape, values, a.size, len(a.data))
	}
	return a, nil
}

// checkHeader bounds the header, whose length the library believes.
func checkHeader(data []byte) error {
	if len(data) < 12 || string(data[:6]) != "\x93NUMPY" {
		return errors.New("is no array of NumPy, or cut short")
	}
	length := uint64(binary.LittleEndian.Uint16(data[8:]))
	if data[6] > 1 {
		length = uint64(binary.LittleEndian.Uint32(data[8:]))
	}
	if length > uint64(len(data)) {
		return fmt.Errorf("is damaged: a header of %d bytes in a file of %d", length, len(data))
	}
	return nil
}

// valueSize is the number of bytes of a value of NumPy's type.
func valueSize(kind string) (int, error) {
	name := strings.TrimLeft(kind, "<>|=")
	if rest, ok := strings.CutPrefix(name, "U"); ok {
		if n, err := strconv.Atoi(rest); err == nil && n > 0 && n < 1<<16 {
			return 4 * n, nil
		}
	}
	size, ok := map[string]int{"f2": 2, "f4": 4, "f8": 8, "i1": 1, "i2": 2, "i4": 4, "i8": 8, "u1": 1, "u2": 2, "u4": 4, "u8": 8}[name]
	if !ok {
		return 0, fmt.Errorf("holds values of NumPy's type %s; expected floats or integers", kind)
	}
	return size, nil
}

// Text reports whether the values are text.
func (a *Array) Text() bool { return strings.Contains(a.Kind, "U") }

// Len is the number of values.
func (a *Array) Len() int {
	n := 1
	for _, side := range a.Shape {
		n *= side
	}
	return n
}

// Numbers returns a function that reads the value at a place in memory, counted
// in values. Whole numbers above 2^53 are rounded.
func (a *Array) Numbers() func(at int) float64 {
	order, data, size := a.order, a.data, a.size
	value := func(at int) []byte { return data[at*size : at*size+size] }
	switch strings.TrimLeft(a.Kind, "<>|=") {
	case "f2":
		return func(at int) float64 { return float64(float16.Frombits(order.Uint16(value(at))).Float32()) }
	case "f4":
		return func(at int) float64 { return float64(math.Float32frombits(order.Uint32(value(at)))) }
	case "f8":
		return func(at int) float64 { return math.Float64frombits(order.Uint64(value(at))) }
	case "i1":
		return func(at int) float64 { return float64(int8(data[at])) }
	case "i2":
		return func(at int) float64 { return float64(int16(order.Uint16(value(at)))) }
	case "i4":
		return func(at int) float64 { return float64(int32(order.Uint32(value(at)))) }
	case "i8":
		return func(at int) float64 { return float64(int64(order.Uint64(value(at)))) }
	case "u1":
		return func(at int) float64 { return float64(data[at]) }
	case "u2":
		return func(at int) float64 { return float64(order.Uint16(value(at))) }
	case "u4":
		return func(at int) float64 { return float64(order.Uint32(value(at))) }
	}
	return func(at int) float64 { return float64(order.Uint64(value(at))) }
}

// At returns a function that reads the value of a row and column of a
// two-dimensional array of numbers.
func (a *Array) At() func(row, column int) float64 {
	read, rows, columns := a.Numbers(), a.Shape[0], a.Shape[1]
	if a.Columns {
		return func(row, column int) float64 { return read(column*rows + row) }
	}
	return func(row, column int) float64 { return read(row*columns + column) }
}

// Strings are the values of an array of text, in the order of memory: UTF-32, padded.
func (a *Array) Strings() []string {
	list := make([]string, a.Len())
	for i := range list {
		var b strings.Builder
		for at := i * a.size; at < (i+1)*a.size; at += 4 {
			if r := rune(a.order.Uint32(a.data[at:])); r != 0 {
				b.WriteRune(r)
			}
		}
		list[i] = b.String()
	}
	return list
}
