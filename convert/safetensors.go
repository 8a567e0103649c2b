package convert

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

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
func readSafeTensors(_ context.Context, f file) (stateDict, error) {
	length, data, err := safeTensorsHeader(f)
	if err != nil {
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
	return d, nil
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
			return nil, fmt.Errorf("shape %v", info.Shape)
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
