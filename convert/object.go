package convert

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nlpodyssey/gopickle/types"
)

// A class stands for a Python class or function. It is never run: calling it makes
// an object that remembers its name alone, and what it was given.
type class struct{ name string }

// An object is what a class would have made.
type object struct {
	class string
	args  []any
	state any
	types.Dict
	list []any
}

func (c *class) Call(args ...any) (any, error)   { return &object{class: c.name, args: args}, nil }
func (c *class) PyNew(args ...any) (any, error)  { return c.Call(args...) }
func (o *object) Call(args ...any) (any, error)  { return &object{class: o.class, args: args}, nil }
func (o *object) PyNew(args ...any) (any, error) { return o.Call(args...) }
func (o *object) PySetState(state any) error     { o.state = state; return nil }
func (o *object) Append(v any)                   { o.list = append(o.list, v) }
func (o *object) Add(v any)                      { o.list = append(o.list, v) }

// running are modules whose functions do things: no checkpoint has a reason to hold
// them, and one that does is made to harm.
var running = []string{"os", "posix", "nt", "subprocess", "sys", "shutil", "socket", "runpy", "importlib", "pty", "ctypes",
	"webbrowser", "commands", "multiprocessing", "code", "timeit", "pdb", "pip"}

// harmful reports whether loading the name in Python could run a program.
func harmful(module, name string) bool {
	root, _, _ := strings.Cut(module, ".")
	if root == "builtins" || root == "__builtin__" {
		return slices.Contains([]string{"eval", "exec", "execfile", "compile", "open", "__import__", "input", "breakpoint"}, name)
	}
	return slices.Contains(running, root)
}

// rebuildVersion3 makes a tensor of a storage without a type; the type is its
// seventh argument.
func rebuildVersion3(args []any) (any, error) {
	if len(args) < 7 {
		return nil, fmt.Errorf("tensor of %d arguments", len(args))
	}
	made, err := rebuildTensor(args, 7)
	if err != nil {
		return nil, err
	}
	v, ok := made.(*view)
	if !ok {
		return made, nil
	}
	dtype, ok := args[6].(*class)
	if !ok {
		return nil, errors.New("tensor without a type")
	}
	elem, known := dtypeElement(strings.TrimPrefix(dtype.name, "torch."))
	if !known {
		return &object{class: dtype.name}, nil
	}
	v.elem = elem
	return v, nil
}

func dtypeElement(name string) (element, bool) {
	switch name {
	case "float32":
		return float32s, true
	case "float64":
		return float64s, true
	case "float16":
		return float16s, true
	case "bfloat16":
		return bfloat16s, true
	case "int64", "uint64":
		return int64s, true
	case "int32", "uint32":
		return int32s, true
	case "int16", "uint16":
		return int16s, true
	case "int8":
		return int8s, true
	case "uint8", "bool":
		return uint8s, true
	}
	return 0, false
}

// rebuildSubclass makes a tensor of another class, or one with attributes of its
// own, as the function that it names would.
func rebuildSubclass(args []any) (any, error) {
	if len(args) < 3 {
		return nil, errors.New("tensor of a class without its parts")
	}
	make, ok := args[0].(call)
	parts, isTuple := args[2].(*types.Tuple)
	if !ok || !isTuple {
		return &object{class: "torch._tensor._rebuild_from_type_v2", args: args}, nil
	}
	return make(*parts)
}

// decodeText gives the bytes that Python wrote as text of code points below 256.
func decodeText(args []any) (any, error) {
	text, ok := args[0].(string)
	if !ok {
		return nil, errors.New("text without its characters")
	}
	raw := make([]byte, 0, len(text))
	for _, r := range text {
		if r > 255 {
			return nil, errors.New("text of other characters than bytes")
		}
		raw = append(raw, byte(r))
	}
	return raw, nil
}

// isArray reports whether an object is a NumPy array: with a state, or, of protocol 5,
// a function of its buffer.
func (o *object) isArray() bool {
	return strings.HasSuffix(o.class, "multiarray._reconstruct") || o.isBuffer()
}

func (o *object) isBuffer() bool { return strings.HasSuffix(o.class, "numeric._frombuffer") }

// array reads a NumPy array, whose state is (version, shape, type, order, data).
func (o *object) array() (*tensor, error) {
	if o.isBuffer() {
		if len(o.args) != 4 {
			return nil, errors.New("NumPy array without its parts")
		}
		return arrayOf(o.args[2], o.args[1], o.args[3] == "F", o.args[0])
	}
	state, ok := o.state.(*types.Tuple)
	if !ok || state.Len() != 5 {
		return nil, errors.New("NumPy array without its state")
	}
	return arrayOf(state.Get(1), state.Get(2), state.Get(3) == true, state.Get(4))
}

// arrayOf views the data of an array, in Fortran's order where columns is set.
func arrayOf(sizes, kind any, columns bool, content any) (*tensor, error) {
	shape, err := integers(sizes)
	if err != nil {
		return nil, err
	}
	elem, big, err := arrayElement(kind)
	if err != nil {
		return nil, err
	}
	var data []byte
	switch c := content.(type) {
	case []byte:
		data = c
	case *types.ByteArray:
		data = *c
	case string: // of Python 2
		data = []byte(c)
	default:
		return nil, errors.New("NumPy array of objects")
	}
	t := &tensor{file: bytes.NewReader(data), count: int64(len(data)) / elem.size(), elem: elem, big: big, shape: shape, stride: rowMajor(shape)}
	if columns {
		slices.Reverse(shape)
		t.stride = rowMajor(shape)
		slices.Reverse(shape)
		slices.Reverse(t.stride)
	}
	if err := t.validate(); err != nil {
		return nil, err
	}
	if t.elements() != t.count {
		return nil, fmt.Errorf("NumPy array of shape %v and %d bytes", shape, len(data))
	}
	return t, nil
}

// arrayElement reads numpy.dtype("f4") and its state (version, byte order, ...).
func arrayElement(v any) (elem element, big bool, err error) {
	dtype, ok := v.(*object)
	if !ok || len(dtype.args) == 0 {
		return 0, false, errors.New("NumPy array without a type")
	}
	name, _ := dtype.args[0].(string)
	elem, ok = map[string]element{"f4": float32s, "f8": float64s, "f2": float16s, "i8": int64s, "i4": int32s, "i2": int16s, "i1": int8s, "u1": uint8s, "b1": uint8s}[name]
	if !ok {
		return 0, false, fmt.Errorf("NumPy array of type %q", name)
	}
	if state, ok := dtype.state.(*types.Tuple); ok && state.Len() > 1 {
		big = state.Get(1) == ">"
	}
	return elem, big, nil
}

// byteOrder decodes numbers; files of other machines have the other order.
func byteOrder(big bool) binary.ByteOrder {
	if big {
		return binary.BigEndian
	}
	return binary.LittleEndian
}
