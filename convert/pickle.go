package convert

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/nlpodyssey/gopickle/pickle"
	"github.com/nlpodyssey/gopickle/types"
)

// Bounds on a pickle. That of DenseNet-264, the longest here, takes 0.2 MB
// and 49,000 operations.
const (
	maxPickle     = maxHeader
	maxOperations = 1 << 19
	maxLine       = 4 << 10
	maxLong       = 64
)

// operands tells how many bytes follow each opcode: n for none, 1 2 4 8 for as
// many, l for a line, L for two, and a b c d for a length of 1, 2, 4 or 8
// bytes and as many bytes again.
//
// The pickle machine allocates the lengths it reads, so a pickle is walked
// with this table first; that also finds the end of each in a run of pickles.
func operands(op byte) byte {
	switch op {
	case '(', '.', '0', '1', '2', 'N', 'Q', 'R', 'a', 'b', 'd', '}', 'e', 'l', ']', 'o', 's', 't', ')', 'u',
		0x81, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8f, 0x90, 0x91, 0x92, 0x93, 0x94:
		return 'n'
	case 'K', 'h', 'q', 0x80:
		return '1'
	case 'M':
		return '2'
	case 'J', 'j', 'r':
		return '4'
	case 'G', 0x95:
		return '8'
	case 'F', 'I', 'L', 'P', 'S', 'V', 'g', 'p':
		return 'l'
	case 'c', 'i':
		return 'L'
	case 'U', 'C', 0x8a, 0x8c:
		return 'a'
	case 'T', 'X', 'B', 0x8b:
		return 'c'
	case 0x8d, 0x8e, 0x96:
		return 'd'
	}
	return 0
}

// pickleLength walks over the pickle at the start of r and gives its length.
func pickleLength(r *bufio.Reader) (int64, error) {
	w := walker{r: r}
	for range maxOperations {
		op := w.byte()
		w.operand(op)
		if w.err != nil {
			return 0, fmt.Errorf("pickle: byte %d: %w", w.at, noEOF(w.err))
		}
		if op == '.' {
			return w.at, nil
		}
	}
	return 0, fmt.Errorf("pickle: more than %d operations", maxOperations)
}

// A walker steps over the operations of a pickle. The first error sticks.
type walker struct {
	r   *bufio.Reader
	at  int64
	err error
}

func (w *walker) byte() byte {
	if w.err != nil {
		return 0
	}
	b, err := w.r.ReadByte()
	w.at, w.err = w.at+1, err
	return b
}

func (w *walker) operand(op byte) {
	if w.err != nil {
		return
	}
	switch kind := operands(op); kind {
	case 'n':
	case '1', '2', '4':
		w.skip(uint64(kind - '0'))
	case '8':
		n := w.number(8)
		if op == 0x95 && n > maxPickle {
			w.err = fmt.Errorf("frame of %d bytes", n)
		}
	case 'l':
		w.line()
	case 'L':
		w.line()
		w.line()
	case 'a', 'c', 'd':
		n := w.number(1 << (kind - 'a'))
		if op == 0x8b && n > maxLong {
			w.err = fmt.Errorf("number of %d bytes", n)
			return
		}
		w.skip(n)
	default:
		w.err = fmt.Errorf("unknown operation 0x%02x", op)
	}
}

func (w *walker) number(size int) uint64 {
	var b [8]byte
	for i := range size {
		b[i] = w.byte()
	}
	return binary.LittleEndian.Uint64(b[:])
}

func (w *walker) skip(n uint64) {
	if w.err != nil {
		return
	}
	if n > maxPickle || w.at+int64(n) > maxPickle {
		w.err = fmt.Errorf("%d bytes more make it longer than %d", n, maxPickle)
		return
	}
	skipped, err := w.r.Discard(int(n))
	w.at, w.err = w.at+int64(skipped), err
}

func (w *walker) line() {
	for range maxLine {
		if w.byte() == '\n' || w.err != nil {
			return
		}
	}
	w.err = fmt.Errorf("line of more than %d bytes", maxLine)
}

// unpickle runs the pickle at offset at of f, and gives its value and its
// length. No code runs: classes are looked up among torchClasses, and
// storages are handed to load.
func unpickle(f io.ReaderAt, at, size int64, load func(id any) (any, error)) (value any, length int64, err error) {
	section := io.NewSectionReader(f, at, size-at)
	length, err = pickleLength(bufio.NewReader(io.LimitReader(section, maxPickle)))
	if err != nil {
		return nil, 0, err
	}
	data := make([]byte, length)
	if _, err := section.ReadAt(data, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, 0, err
	}
	value, err = runPickle(data, load)
	return value, length, err
}

func runPickle(data []byte, load func(id any) (any, error)) (value any, err error) {
	// The machine indexes its stack, its tables and foreign maps unchecked.
	defer func() {
		if p := recover(); p != nil {
			value, err = nil, fmt.Errorf("pickle: damaged: %v", p)
		}
	}()
	u := pickle.NewUnpickler(bytes.NewReader(data))
	u.FindClass = torchClass
	u.PersistentLoad = load
	value, err = u.Load()
	if err != nil {
		return nil, fmt.Errorf("pickle: %w", noEOF(err))
	}
	return value, nil
}

// A storageClass is what a pickle says of the elements of a storage.
type storageClass struct{ elem element }

// A call is a class whose instances are made by a function.
type call func(args []any) (any, error)

func (c call) Call(args ...any) (any, error) { return c(args) }

// torchClass finds the few classes and functions that make tensors. Any other is a
// class that makes nothing; one that would run a program in Python is refused.
func torchClass(module, name string) (any, error) {
	switch full := module + "." + name; full {
	case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2":
		return call(func(args []any) (any, error) { return rebuildTensor(args, 6) }), nil
	case "torch._utils._rebuild_tensor_v3":
		return call(rebuildVersion3), nil
	case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state", "torch.nn.parameter.Parameter", "torch.nn.parameter.Buffer":
		return call(rebuildParameter), nil
	case "torch._tensor._rebuild_from_type_v2":
		return call(rebuildSubclass), nil
	case "_codecs.encode":
		return call(decodeText), nil
	case "__builtin__.dict":
		return &types.Dict{}, nil
	case "__builtin__.list":
		return &types.List{}, nil
	}
	if module == "torch" || module == "torch.cuda" {
		if elem, ok := storageElement(name); ok {
			return storageClass{elem}, nil
		}
	}
	if module == "torch.storage" && name == "UntypedStorage" {
		return storageClass{uint8s}, nil
	}
	if harmful(module, name) {
		return nil, fmt.Errorf("it would run %s.%s when Python loads it, which no weights need; do not open it in Python", module, name)
	}
	return &class{module + "." + name}, nil
}

// storageElement reads the names of storages (FloatStorage) and of the tensor
// types (FloatTensor) that the oldest files hold in their place.
func storageElement(name string) (element, bool) {
	switch name {
	case "FloatStorage", "FloatTensor":
		return float32s, true
	case "DoubleStorage", "DoubleTensor":
		return float64s, true
	case "HalfStorage", "HalfTensor":
		return float16s, true
	case "BFloat16Storage", "BFloat16Tensor":
		return bfloat16s, true
	case "LongStorage", "LongTensor":
		return int64s, true
	case "IntStorage", "IntTensor":
		return int32s, true
	case "ShortStorage", "ShortTensor":
		return int16s, true
	case "CharStorage", "CharTensor":
		return int8s, true
	case "ByteStorage", "ByteTensor", "BoolStorage", "BoolTensor", "QInt8Storage", "QUInt8Storage", "UntypedStorage":
		return uint8s, true
	case "QInt32Storage":
		return int32s, true
	case "ComplexFloatStorage":
		return complex64s, true
	case "ComplexDoubleStorage":
		return complex128s, true
	}
	return 0, false
}

// rebuildTensor views a storage. Its arguments are the storage, the offset, the sizes
// and the strides. Of what follows, facts may say that the numbers stand with another
// sign; the others concern training.
func rebuildTensor(args []any, facts int) (any, error) {
	if len(args) < 4 {
		return nil, fmt.Errorf("tensor of %d arguments", len(args))
	}
	if len(args) > facts {
		entries, _ := entriesOf(args[facts])
		if slices.ContainsFunc(entries, func(e entry) bool { return e.value == true }) {
			return &object{class: lazyView}, nil
		}
	}
	storage, ok := args[0].(*storage)
	offset, isInt := args[1].(int)
	if !ok || !isInt {
		return nil, errors.New("tensor without a storage")
	}
	shape, err := integers(args[2])
	if err != nil {
		return nil, err
	}
	stride, err := integers(args[3])
	if err != nil {
		return nil, err
	}
	return &view{storage: storage, offset: int64(offset), shape: shape, stride: stride}, nil
}

// lazyView stands for a tensor whose numbers get their sign, or that of their
// imaginary part, only when they are read.
const lazyView = "a view with a negative or conjugate bit"

func rebuildParameter(args []any) (any, error) {
	if len(args) == 0 {
		return nil, errors.New("parameter without a tensor")
	}
	switch args[0].(type) {
	case *view, *object:
		return args[0], nil
	}
	return nil, errors.New("parameter without a tensor")
}

func integers(v any) ([]int64, error) {
	tuple, ok := v.(*types.Tuple)
	if !ok || tuple.Len() > maxRank {
		return nil, fmt.Errorf("shape is no tuple of at most %d numbers", maxRank)
	}
	list := make([]int64, tuple.Len())
	for i := range list {
		n, ok := tuple.Get(i).(int)
		if !ok {
			return nil, errors.New("shape is no tuple of numbers")
		}
		list[i] = int64(n)
	}
	return list, nil
}

// maxRank bounds the number of dimensions. Weights have four at most.
const maxRank = 16

// A storage is a run of elements. In the older containers its place in the
// file is known only after the pickle that refers to it.
type storage struct {
	elem  element
	count int64
	at    int64 // in bytes; -1 until it is known

	// A view of another storage begins at its element shift.
	root  *storage
	shift int64

	big bool // the most significant byte of an element stands first
}

// A view is a tensor whose storage may not have been found yet.
type view struct {
	storage       *storage
	elem          element // other than the storage's; 0: the storage's
	offset        int64
	shape, stride []int64
}

func (v *view) tensor(f file) (*tensor, error) {
	s, offset := v.storage, v.offset
	if s.root != nil {
		if s.shift < 0 || s.count < 0 || s.shift > s.root.count-s.count || offset > s.count {
			return nil, fmt.Errorf("view of %d elements from %d on of a storage of %d", s.count, s.shift, s.root.count)
		}
		s, offset = s.root, offset+s.shift
	}
	if s.at < 0 {
		return nil, errors.New("its storage is not in the file")
	}
	if s.count < 0 || s.at > f.size || s.count > (f.size-s.at)/s.elem.size() {
		return nil, fmt.Errorf("storage of %d elements at byte %d in a file of %d; the file is damaged or cut short", s.count, s.at, f.size)
	}
	t := &tensor{file: f, at: s.at, count: s.count, elem: s.elem, big: s.big, offset: offset, shape: v.shape, stride: v.stride}
	if v.elem != 0 {
		t.count, t.elem = s.count*s.elem.size()/v.elem.size(), v.elem
	}
	return t, t.validate()
}
