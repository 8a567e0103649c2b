package vectors

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/internal/regular"
	"github.com/edsrzf/mmap-go"
	"github.com/sbinet/npyio/npy"
	"github.com/x448/float16"
)

// openNPY maps the file into memory and reads rows where they lie.
func openNPY(file string) (*array, error) {
	f, err := regular.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close() // the mapping stays
	data, err := mmap.Map(f, mmap.RDONLY, 0)
	if err != nil {
		return nil, err
	}
	n, err := parseNPY(data)
	if err == nil && n.text() {
		err = errors.New("holds text; expected numbers")
	}
	var a *array
	if err == nil {
		a, err = n.array()
	}
	if err != nil {
		return nil, errors.Join(err, data.Unmap())
	}
	a.close = data.Unmap
	return a, nil
}

// numpy is an array in NumPy's format: its header read, its values as they lie.
type numpy struct {
	kind    string // NumPy's type, such as <f4 or <U20
	order   binary.ByteOrder
	shape   []int
	columns bool // values lie column by column (Fortran order)
	size    int  // bytes of a value
	data    []byte
}

func parseNPY(data []byte) (n *numpy, err error) {
	defer recovered(&err)
	counting := bytes.NewReader(data)
	r, err := npy.NewReader(counting)
	if err != nil {
		return nil, err
	}
	d := r.Header.Descr
	n = &numpy{kind: d.Type, shape: d.Shape, columns: d.Fortran, order: binary.LittleEndian, data: data[len(data)-counting.Len():]}
	if strings.HasPrefix(n.kind, ">") {
		n.order = binary.BigEndian
	}
	if n.size, err = valueSize(n.kind); err != nil {
		return nil, err
	}
	values := 1
	for _, side := range n.shape {
		if side < 0 || side > 0 && values > math.MaxInt/side {
			return nil, fmt.Errorf("has the shape %v", n.shape)
		}
		values *= side
	}
	if values > len(n.data)/n.size {
		return nil, fmt.Errorf("is cut off: its shape %v takes %d values of %d bytes, %d bytes are there", n.shape, values, n.size, len(n.data))
	}
	return n, nil
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

func (n *numpy) text() bool { return strings.Contains(n.kind, "U") }

// array reads the values row by row, where they lie.
func (n *numpy) array() (*array, error) {
	if len(n.shape) != 2 || n.shape[0] == 0 || n.shape[1] == 0 {
		return nil, fmt.Errorf("has the shape %v; expected rows x values", n.shape)
	}
	rows, dim := n.shape[0], n.shape[1]
	read := n.reader()
	start, step := func(i int) int { return i * dim * n.size }, n.size
	if n.columns {
		start, step = func(i int) int { return i * n.size }, rows*n.size
	}
	return &array{rows: rows, dim: dim, row: func(i int, dst []float32) {
		at := start(i)
		for k := range dst {
			dst[k] = read(n.data[at : at+n.size])
			at += step
		}
	}}, nil
}

// reader reads one value as float32.
func (n *numpy) reader() func([]byte) float32 {
	order := n.order
	switch strings.TrimLeft(n.kind, "<>|=") {
	case "f2":
		return func(b []byte) float32 { return float16.Frombits(order.Uint16(b)).Float32() }
	case "f4":
		return func(b []byte) float32 { return math.Float32frombits(order.Uint32(b)) }
	case "f8":
		return func(b []byte) float32 { return float32(math.Float64frombits(order.Uint64(b))) }
	case "i1":
		return func(b []byte) float32 { return float32(int8(b[0])) }
	case "i2":
		return func(b []byte) float32 { return float32(int16(order.Uint16(b))) }
	case "i4":
		return func(b []byte) float32 { return float32(int32(order.Uint32(b))) }
	case "i8":
		return func(b []byte) float32 { return float32(int64(order.Uint64(b))) }
	case "u1":
		return func(b []byte) float32 { return float32(b[0]) }
	case "u2":
		return func(b []byte) float32 { return float32(order.Uint16(b)) }
	case "u4":
		return func(b []byte) float32 { return float32(order.Uint32(b)) }
	}
	return func(b []byte) float32 { return float32(order.Uint64(b)) }
}

// strings are the values of a one-dimensional array of text: UTF-32, padded.
func (n *numpy) strings() []string {
	list := make([]string, n.shape[0])
	for i := range list {
		var b strings.Builder
		for at := i * n.size; at < (i+1)*n.size; at += 4 {
			if r := rune(n.order.Uint32(n.data[at:])); r != 0 {
				b.WriteRune(r)
			}
		}
		list[i] = b.String()
	}
	return list
}

// mostBytes bounds an entry of a .npz, which can claim anything.
const mostBytes = 8 << 30

// openNPZ takes the one table of numbers in an archive, and the one list of text
// as long as that as its names.
func openNPZ(file string) (*array, error) {
	z, err := zip.OpenReader(file)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	var tables []*numpy
	var lists [][]string
	var found []string
	for _, f := range z.File {
		if filepath.Ext(f.Name) != ".npy" {
			continue
		}
		n, err := readNPZEntry(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		found = append(found, fmt.Sprintf("%s %v", strings.TrimSuffix(f.Name, ".npy"), n.shape))
		switch {
		case len(n.shape) == 2 && !n.text():
			tables = append(tables, n)
		case len(n.shape) == 1 && n.text():
			lists = append(lists, n.strings())
		}
	}
	if len(tables) != 1 {
		return nil, fmt.Errorf("holds %d tables of rows x values, expected one: %s", len(tables), strings.Join(found, ", "))
	}
	a, err := tables[0].array()
	if err != nil {
		return nil, err
	}
	a.names, err = onlyList(lists, a.rows, found)
	return a, err
}

func readNPZEntry(f *zip.File) (*numpy, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var data bytes.Buffer
	if f.Method == zip.Store && f.UncompressedSize64 == f.CompressedSize64 && f.CompressedSize64 < mostBytes {
		data.Grow(int(f.CompressedSize64) + bytes.MinRead) // as NumPy writes: the size is the file's own, no claim
	}
	if _, err := data.ReadFrom(io.LimitReader(r, mostBytes)); err != nil {
		return nil, err
	}
	return parseNPY(data.Bytes())
}
