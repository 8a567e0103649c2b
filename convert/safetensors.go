package convert

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/nlpodyssey/safetensors"
)

// maxHeader bounds what is read of a safetensors header or a pickle. Those of
// the longest networks here take 0.2 MB.
const maxHeader = 8 << 20

// isSafeTensors looks for the length of a header, and its opening brace.
func isSafeTensors(head []byte) bool {
	return len(head) > 8 && head[8] == '{' && binary.LittleEndian.Uint64(head) < 1<<40
}

// readSafeTensors reads the header: an 8-byte length, then JSON. Of the
// safetensors package it uses the header's decoding alone, for its other
// readers want the whole file in memory.
func readSafeTensors(_ context.Context, f file) ([]dictionary, error) {
	length, data, err := safeTensorsHeader(f)
	if err != nil {
		return nil, err
	}
	if err := unique(data); err != nil {
		return nil, err
	}
	var header safetensors.Metadata
	if err := json.Unmarshal(data, &header); err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	d := stateDict{}
	for name, info := range header.Tensors() {
		t, err := safeTensor(f, 8+length, info)
		if err != nil {
			return nil, fmt.Errorf("tensor %q: %w", name, err)
		}
		d[name] = t
	}
	if err := whole(header.Tensors(), uint64(f.size-8-length)); err != nil {
		return nil, err
	}
	return []dictionary{{tensors: d}}, nil
}

// whole checks that the tensors follow each other from the first byte of the data to
// the last, as the format demands: bytes with two owners, or none, are of a
// damaged or forged file.
func whole(tensors map[string]*safetensors.TensorInfo, size uint64) error {
	names := slices.SortedFunc(maps.Keys(tensors), func(a, b string) int {
		return cmp.Or(cmp.Compare(tensors[a].DataOffsets[0], tensors[b].DataOffsets[0]), cmp.Compare(tensors[a].DataOffsets[1], tensors[b].DataOffsets[1]), cmp.Compare(a, b))
	})
	at, before := uint64(0), ""
	for _, name := range names {
		switch begin := tensors[name].DataOffsets[0]; {
		case begin < at:
			return fmt.Errorf("the tensors %q and %q claim the same bytes; the file is damaged, save it anew", before, name)
		case begin > at:
			return fmt.Errorf("the bytes %d to %d before tensor %q belong to none; the file is damaged, save it anew", at, begin, name)
		}
		at, before = tensors[name].DataOffsets[1], name
	}
	if len(names) > 0 && at != size {
		return fmt.Errorf("the last %d bytes belong to no tensor; the file is damaged, save it anew", size-at)
	}
	return nil
}

// unique refuses a header that names a tensor twice.
func unique(header []byte) error {
	d := json.NewDecoder(bytes.NewReader(header))
	if token, err := d.Token(); err != nil || token != json.Delim('{') {
		return errors.New("header: no JSON object")
	}
	seen := map[string]bool{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return fmt.Errorf("header: %w", err)
		}
		text, _ := name.(string)
		if seen[text] {
			return fmt.Errorf("tensor %q stands twice in the header; the file is damaged, save it anew", text)
		}
		seen[text] = true
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return fmt.Errorf("header: %w", err)
		}
	}
	return nil
}

func safeTensorsHeader(f file) (length int64, data []byte, err error) {
	var prefix [8]byte
	if _, err := f.ReadAt(prefix[:], 0); err != nil {
		return 0, nil, noEOF(err)
	}
	n := binary.LittleEndian.Uint64(prefix[:])
	if n > maxHeader || int64(n) > f.size-8 {
		return 0, nil, fmt.Errorf("header of %d bytes in a file of %d; the file is damaged or cut short", n, f.size)
	}
	data = make([]byte, n)
	if _, err := f.ReadAt(data, 8); err != nil && !errors.Is(err, io.EOF) {
		return 0, nil, err
	}
	if !utf8.Valid(data) {
		return 0, nil, errors.New("header is not UTF-8; the file is damaged")
	}
	if depth(data) > 8 {
		return 0, nil, errors.New("header nests too deeply")
	}
	return int64(n), data, nil
}

// depth gives the deepest nesting of brackets in JSON text.
func depth(data []byte) int {
	deepest, now := 0, 0
	for _, c := range data {
		switch c {
		case '{', '[':
			now++
			deepest = max(deepest, now)
		case '}', ']':
			now--
		}
	}
	return deepest
}

func safeTensor(f file, base int64, info *safetensors.TensorInfo) (*tensor, error) {
	t := &tensor{file: f}
	switch info.DType {
	case safetensors.F32:
		t.elem = float32s
	case safetensors.F64:
		t.elem = float64s
	case safetensors.F16:
		t.elem = float16s
	case safetensors.BF16:
		t.elem = bfloat16s
	case safetensors.I64, safetensors.U64:
		t.elem = int64s
	case safetensors.I32, safetensors.U32:
		t.elem = int32s
	case safetensors.I16, safetensors.U16:
		t.elem = int16s
	default:
		t.elem = uint8s
	}
	begin, end := info.DataOffsets[0], info.DataOffsets[1]
	if begin > end || end > uint64(f.size-base) {
		return nil, fmt.Errorf("data from byte %d to %d in a file with %d bytes of data; the file is damaged or cut short", begin, end, f.size-base)
	}
	t.at, t.count = base+int64(begin), int64(end-begin)/t.elem.size()
	for _, size := range info.Shape {
		if size > uint64(f.size) {
			return nil, fmt.Errorf("safetensors shape %v is larger than the file", info.Shape)
		}
		t.shape = append(t.shape, int64(size))
	}
	t.stride = rowMajor(t.shape)
	if err := t.validate(); err != nil {
		return nil, err
	}
	if t.elements()*t.elem.size() != int64(end-begin) {
		return nil, fmt.Errorf("shape %v wants %d bytes, but has %d", t.shape, t.elements()*t.elem.size(), end-begin)
	}
	return t, nil
}
