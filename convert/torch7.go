package convert

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Tags of the objects in a Torch7 file.
const (
	tagNil         = 0
	tagNumber      = 1
	tagString      = 2
	tagTable       = 3
	tagTorch       = 4
	tagBoolean     = 5
	tagOldFunction = 6
	tagFunction    = 7
	tagUpvalues    = 8 // a function whose upvalues carry their names
)

// Bounds on a Torch7 file. ResNet-200 with its gradients has 23,000 objects.
const (
	maxObjects = 1 << 20
	maxDepth   = 500
	maxText    = 1 << 20
)

// isTorch7 looks for the tag of a table or an object with index 1, by which
// every saved network begins.
func isTorch7(head []byte) bool {
	if len(head) < 8 {
		return false
	}
	tag, index := binary.LittleEndian.Uint32(head), binary.LittleEndian.Uint32(head[4:])
	return (tag == tagTable || tag == tagTorch) && index == 1
}

// A torchTable is a Lua table, of which entries under strings and numbers are
// kept.
type torchTable struct {
	fields map[string]any
	items  map[float64]any
}

func (t *torchTable) set(key, value any) {
	switch k := key.(type) {
	case string:
		if t.fields == nil {
			t.fields = map[string]any{}
		}
		t.fields[k] = value
	case float64:
		if t.items == nil {
			t.items = map[float64]any{}
		}
		t.items[k] = value
	}
}

// list gives the values under 1, 2, 3 and so on.
func (t *torchTable) list() []any {
	var list []any
	for {
		v, ok := t.items[float64(len(list)+1)]
		if !ok {
			return list
		}
		list = append(list, v)
	}
}

// A torchObject is an instance of a class other than tensors and storages.
type torchObject struct {
	class string
	*torchTable
}

// A torchStorage is a run of numbers: in the file, or decoded from its text.
type torchStorage struct {
	class string
	elem  element
	file  io.ReaderAt
	at    int64
	count int64
}

// A torchTensor is a view of a storage, of none if it is empty.
type torchTensor struct {
	class         string
	shape, stride []int64
	offset        int64 // from 0
	storage       *torchStorage
}

// view gives the numbers of the tensor.
func (t *torchTensor) view() (*tensor, error) {
	if t.storage == nil {
		return nil, errors.New("empty tensor")
	}
	if !t.storage.elem.isFloat() {
		return nil, fmt.Errorf("%s where floating-point numbers are wanted", t.class)
	}
	v := &tensor{
		file: t.storage.file, at: t.storage.at, count: t.storage.count, elem: t.storage.elem,
		offset: t.offset, shape: t.shape, stride: t.stride,
	}
	return v, v.validate()
}

// A torchReader reads the objects of a Torch7 file: everything but the
// numbers of storages in binary, whose places it records.
type torchReader struct {
	torchWindow
	ctx     context.Context
	form    torchForm
	seen    map[int32]any
	objects int
	depth   int
}

// A torchForm is a way to write numbers: Torch7 has one in binary and one in text.
type torchForm interface {
	int(*torchWindow) (int32, error)
	longs(w *torchWindow, n int64) ([]int64, error)
	double(*torchWindow) (float64, error)
	// numbers finds the numbers of a storage of count elements, which begin here.
	numbers(*torchWindow, *torchStorage) error
	// textEnd reads what follows the characters of a text.
	textEnd(*torchWindow) error
	// long is how longs are kept.
	long() element
	// least is how many bytes an object has at least.
	least() int64
}

// readTorch7 gives the object of the file: in the form that ends where the file does, else
// what the first form says.
func readTorch7(ctx context.Context, f file, forms ...torchForm) (any, error) {
	var first error
	var value any
	for i, form := range forms {
		r := &torchReader{ctx: ctx, torchWindow: torchWindow{file: f}, form: form, seen: map[int32]any{}}
		v, err := r.object()
		if err == nil && r.at == f.size || ctx.Err() != nil {
			return v, err
		}
		if i == 0 {
			value, first = v, err
		}
	}
	return value, first
}

// A torchWindow is the part of a file that is being read.
type torchWindow struct {
	file   file
	at     int64
	buffer []byte // file content from start on
	start  int64
}

const windowSize = 64 << 10

// bytes reads n bytes, at most windowSize, that are good until the next read.
func (w *torchWindow) bytes(n int64) ([]byte, error) {
	if n > w.file.size-w.at {
		return nil, fmt.Errorf("byte %d: %w", w.at, io.ErrUnexpectedEOF)
	}
	if w.at < w.start || w.at+n > w.start+int64(len(w.buffer)) {
		if err := w.refill(n); err != nil {
			return nil, err
		}
	}
	from := w.at - w.start
	w.at += n
	return w.buffer[from : from+n], nil
}

func (w *torchWindow) refill(n int64) error {
	if cap(w.buffer) == 0 {
		w.buffer = make([]byte, windowSize)
	}
	w.buffer = w.buffer[:min(max(n, windowSize), w.file.size-w.at)]
	w.start = w.at
	if _, err := w.file.ReadAt(w.buffer, w.at); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

func (r *torchReader) int() (int32, error) { return r.form.int(&r.torchWindow) }

// length reads an int that counts things of some bytes each.
func (r *torchReader) length(bytes int64) (int64, error) {
	at := r.at
	n, err := r.int()
	if err != nil {
		return 0, err
	}
	if n < 0 || int64(n) > (r.file.size-r.at)/bytes {
		return 0, fmt.Errorf("byte %d: length %d runs over the end of the file", at, n)
	}
	return int64(n), nil
}

func (r *torchReader) text() (string, error) {
	n, err := r.length(1)
	if err != nil || n == 0 {
		return "", err
	}
	var b strings.Builder
	if n > maxText { // byte code of functions, if anything
		r.at += n
		n = 0
	}
	for n > 0 {
		part, err := r.bytes(min(n, windowSize))
		if err != nil {
			return "", err
		}
		b.Write(part)
		n -= int64(len(part))
	}
	return b.String(), r.form.textEnd(&r.torchWindow)
}

// object reads one object of any kind.
func (r *torchReader) object() (any, error) {
	if r.objects++; r.objects > maxObjects {
		return nil, fmt.Errorf("byte %d: more than %d objects", r.at, maxObjects)
	}
	if r.depth++; r.depth > maxDepth {
		return nil, fmt.Errorf("byte %d: objects nest more than %d deep", r.at, maxDepth)
	}
	defer func() { r.depth-- }()
	if err := r.ctx.Err(); err != nil {
		return nil, err
	}
	at := r.at
	tag, err := r.int()
	if err != nil {
		return nil, err
	}
	switch tag {
	case tagNil:
		return nil, nil
	case tagNumber:
		return r.form.double(&r.torchWindow)
	case tagString:
		return r.text()
	case tagBoolean:
		b, err := r.int()
		return b != 0, err
	case tagOldFunction:
		return nil, r.function()
	case tagTable, tagTorch, tagFunction, tagUpvalues:
		return r.indexed(tag)
	}
	return nil, fmt.Errorf("byte %d: unknown tag %d", at, tag)
}

// function skips a function: its byte code is of no use here.
func (r *torchReader) function() error {
	if _, err := r.text(); err != nil {
		return err
	}
	_, err := r.object()
	return err
}

// indexed reads an object with an index, by which later ones refer to it.
// Each is registered before its content is read, for that may refer to it.
func (r *torchReader) indexed(tag int32) (any, error) {
	index, err := r.int()
	if err != nil {
		return nil, err
	}
	if known, ok := r.seen[index]; ok {
		return known, nil
	}
	switch tag {
	case tagTable:
		t := &torchTable{}
		r.seen[index] = t
		return t, r.table(t)
	case tagTorch:
		return r.instance(index)
	}
	r.seen[index] = nil
	return nil, r.function()
}

func (r *torchReader) table(t *torchTable) error {
	n, err := r.length(2 * r.form.least())
	if err != nil {
		return err
	}
	for range n {
		key, err := r.object()
		if err != nil {
			return err
		}
		value, err := r.object()
		if err != nil {
			return err
		}
		t.set(key, value)
	}
	return nil
}

// instance reads a class name, which a version precedes since version 1, and
// what the class writes.
func (r *torchReader) instance(index int32) (any, error) {
	class, err := r.text()
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(class, "V ") {
		if class, err = r.text(); err != nil {
			return nil, err
		}
	}
	elem, kind := numeric(class, r.form.long())
	if kind != "" && r.depth == 1 { // in text, gigabytes would be read to find the same
		return nil, fmt.Errorf("no network in the file: it is a %s alone", class)
	}
	if kind == "Storage" {
		s := &torchStorage{class: class, elem: elem}
		r.seen[index] = s
		return s, r.storage(s)
	} else if kind == "Tensor" {
		t := &torchTensor{class: class}
		r.seen[index] = t
		return t, r.tensor(t)
	}
	o := &torchObject{class: class, torchTable: &torchTable{}}
	r.seen[index] = o
	return o, r.content(o)
}
