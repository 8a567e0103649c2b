package vectors

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf16"

	"github.com/akin-vision/akin/internal/unpacked"
)

// Parts of a MATLAB 5 file (MAT-File Format, MathWorks).
const (
	mat5Head = 128 // bytes before the first variable

	mat5Matrix     = 14 // types of elements
	mat5Compressed = 15
	mat5UTF8       = 16

	mat5Cell     = 1 // classes of arrays
	mat5Struct   = 2
	mat5Char     = 4
	mat5Single   = 7
	firstNumeric = 6 // double, single, integers of 8 to 64 bits
	lastNumeric  = 15

	mat5Complex = 0x08 // flag
)

// mat5 reads elements. The library for these files takes another word for the class
// of an array, gives the first numbers inside structures, cells and sparse matrices
// as their values, and takes as much memory as a file says.
type mat5 struct {
	order binary.ByteOrder
	rest  []byte
}

// mostLetters bounds a text of a .mat.
const mostLetters = 16 << 20

// mat5Contents are the variables of a file, in order.
func mat5Contents(data []byte) (list []Content, err error) {
	if len(data) < mat5Head {
		return nil, io.ErrUnexpectedEOF
	}
	r, room := mat5{binary.LittleEndian, data[mat5Head:]}, unpacked.Of(len(data))
	switch string(data[126:128]) {
	case "IM":
	case "MI":
		r.order = binary.BigEndian
	default:
		return nil, errors.New("is no file of MATLAB 5 to 7; those of MATLAB 4 are not read: save it as version 7")
	}
	for len(r.rest) > 0 {
		kind, body, err := r.element()
		if err == nil && kind == mat5Compressed {
			kind, body, err = r.unpacked(body, room)
		}
		if err != nil {
			return nil, err
		}
		if kind != mat5Matrix {
			continue
		}
		c, fields, err := mat5{r.order, body}.variable(0)
		if err != nil {
			return nil, err
		}
		if list = append(append(list, c), fields...); len(list) > mostArrays {
			return nil, fmt.Errorf("holds more than %d variables", mostArrays)
		}
	}
	return list, nil
}

// element is the next one: its type and its bytes.
func (r *mat5) element() (kind uint32, body []byte, err error) {
	if len(r.rest) < 8 {
		return 0, nil, io.ErrUnexpectedEOF
	}
	kind, size, from := r.order.Uint32(r.rest), uint64(r.order.Uint32(r.rest[4:])), uint64(8)
	if small := uint64(kind >> 16); small > 0 { // size, type and up to four bytes in one tag
		kind, size, from = kind&0xffff, small, 4
		if small > 4 {
			return 0, nil, errors.New("has a damaged element")
		}
	}
	if size > uint64(len(r.rest))-from {
		return 0, nil, io.ErrUnexpectedEOF
	}
	body = r.rest[from : from+size]
	end := from + size
	if kind != mat5Compressed {
		end = (end + 7) / 8 * 8
	}
	r.rest = r.rest[min(uint64(len(r.rest)), end):]
	return kind, body, nil
}

// unpacked is the element inside a compressed one, of the size that its first bytes say.
func (r *mat5) unpacked(packed []byte, room *unpacked.Budget) (kind uint32, body []byte, err error) {
	z, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return 0, nil, err
	}
	defer z.Close()
	const tag, mostInflated = 8, 1100
	var head [tag]byte
	if _, err := io.ReadFull(z, head[:]); err != nil {
		return 0, nil, err
	}
	size := int64(r.order.Uint32(head[4:]))
	if r.order.Uint32(head[:])>>16 > 0 { // size, type and values in one tag
		size = 0
	}
	if size > mostInflated*int64(len(packed)) {
		return 0, nil, fmt.Errorf("is damaged: %d packed bytes cannot become %d", len(packed), size)
	}
	if err := room.Take(tag + size); err != nil {
		return 0, nil, err
	}
	data := make([]byte, tag+size)
	copy(data, head[:])
	if _, err := io.ReadFull(z, data[tag:]); err != nil {
		return 0, nil, err
	}
	if _, err := io.CopyN(io.Discard, z, 1<<10); !errors.Is(err, io.EOF) { // its checksum is compared at its end
		return 0, nil, errors.Join(errors.New("is damaged"), err)
	}
	inner := mat5{r.order, data}
	return inner.element()
}

// variable reads an array: flags, sides, name, values; of cells also those in them,
// but no cells in cells; of structures the fields.
func (r mat5) variable(depth int) (c Content, fields []Content, err error) {
	var parts [3][]byte
	for i := range parts {
		if _, parts[i], err = r.element(); err != nil {
			return c, nil, err
		}
	}
	if len(parts[0]) < 4 || len(parts[1])%4 != 0 {
		return c, nil, errors.New("has a damaged variable")
	}
	flags := r.order.Uint32(parts[0])
	c.Name = strings.TrimRight(string(parts[2]), "\x00")
	count := 1
	for at := 0; at < len(parts[1]); at += 4 {
		side := int(int32(r.order.Uint32(parts[1][at:])))
		if side < 0 || side > 0 && count > math.MaxInt/side {
			return c, nil, fmt.Errorf("%s has damaged sides", c.Name)
		}
		c.Shape, count = append(c.Shape, side), count*side
	}
	class := byte(flags)
	numeric := firstNumeric <= class && class <= lastNumeric && flags>>8&mat5Complex == 0
	if class == mat5Cell && depth < deepest && count > 0 {
		if c.Text = r.cells(count); c.Text != nil {
			c.Shape = []int{count}
		}
		return c, nil, nil
	}
	if class == mat5Struct && depth < deepest && count > 0 {
		return c, r.fields(c.Name, count, depth), nil
	}
	if !numeric && class != mat5Char || count == 0 {
		return c, nil, nil
	}
	kind, body, err := r.element()
	if err != nil {
		return c, nil, err
	}
	if class == mat5Char {
		if len(body) > mostLetters {
			return c, nil, fmt.Errorf("%s is a text of %d bytes, more than %d", c.Name, len(body), mostLetters)
		}
		c.setText(r.letters(kind, body))
		return c, nil, nil
	}
	size, value := r.values(kind, body)
	if value == nil || size*count != len(body) {
		return c, nil, fmt.Errorf("%s %v holds %d bytes of type %d", c.Name, c.Shape, len(body), kind)
	}
	shape := c.Shape
	c.Number = func(i int) float64 { return value(columnPlace(shape, i)) } // MATLAB keeps columns
	c.Single = class == mat5Single
	return c, nil, nil
}

// values returns the size of a value of a type and a function that reads one.
func (r mat5) values(kind uint32, b []byte) (size int, value func(i int) float64) {
	switch order := r.order; kind {
	case 1:
		return 1, func(i int) float64 { return float64(int8(b[i])) }
	case 2:
		return 1, func(i int) float64 { return float64(b[i]) }
	case 3:
		return 2, func(i int) float64 { return float64(int16(order.Uint16(b[2*i:]))) }
	case 4:
		return 2, func(i int) float64 { return float64(order.Uint16(b[2*i:])) }
	case 5:
		return 4, func(i int) float64 { return float64(int32(order.Uint32(b[4*i:]))) }
	case 6:
		return 4, func(i int) float64 { return float64(order.Uint32(b[4*i:])) }
	case 7:
		return 4, func(i int) float64 { return float64(math.Float32frombits(order.Uint32(b[4*i:]))) }
	case 9:
		return 8, func(i int) float64 { return math.Float64frombits(order.Uint64(b[8*i:])) }
	case 12:
		return 8, func(i int) float64 { return float64(int64(order.Uint64(b[8*i:]))) }
	case 13:
		return 8, func(i int) float64 { return float64(order.Uint64(b[8*i:])) }
	}
	return 0, nil
}

// letters decodes text.
func (r mat5) letters(kind uint32, body []byte) []rune {
	if kind == mat5UTF8 {
		return []rune(string(body))
	}
	size, value := r.values(kind, body)
	if size == 0 {
		return nil
	}
	var units []uint16
	for i := range len(body) / size {
		units = append(units, uint16(value(i)))
	}
	return utf16.Decode(units)
}

// cells are the texts of a list of cells; nil where one holds anything else.
func (r mat5) cells(count int) []string {
	var list []string
	for range count {
		kind, body, err := r.element()
		if err != nil || kind != mat5Matrix {
			return nil
		}
		c, _, err := mat5{r.order, body}.variable(deepest)
		if err != nil || len(c.Text) != 1 {
			return nil
		}
		list = append(list, c.Text[0])
	}
	return list
}

// deepest is how far structures in structures are followed; mostFields bounds what is
// listed of one.
const deepest, mostFields = 4, 10_000

// fields are those of a structure, called NAME.FIELD, or NAME(2).FIELD in an array of
// structures; nil where they cannot be read.
func (r mat5) fields(name string, count, depth int) (list []Content) {
	_, length, err := r.element()
	if err != nil || len(length) != 4 {
		return nil
	}
	_, text, err := r.element()
	width := int(r.order.Uint32(length))
	if err != nil || width < 1 || len(text)%width != 0 || len(text)/width > mostFields/count {
		return nil
	}
	for k := range count {
		owner := name
		if count > 1 {
			owner = fmt.Sprintf("%s(%d)", name, k+1)
		}
		for at := 0; at < len(text); at += width {
			field, _, _ := strings.Cut(string(text[at:at+width]), "\x00")
			kind, body, err := r.element()
			if err != nil || kind != mat5Matrix {
				return nil
			}
			inner := mat5{r.order, body}
			c, more, err := inner.variable(depth + 1)
			if err != nil {
				return nil
			}
			c.Name = owner + "." + field
			for i := range more {
				more[i].Name = c.Name + more[i].Name
			}
			list = append(append(list, c), more...)
		}
	}
	return list
}
