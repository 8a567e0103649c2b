package convert

import (
	"encoding/binary"
	"fmt"
	"math"
)

// torchBinary is Torch7's binary form. Numbers are little endian; an int has 4
// bytes, a double 8, a long 8, or 4 if the file was written for that.
type torchBinary struct{ ofLong element }

func (b torchBinary) long() element { return b.ofLong }

func (torchBinary) least() int64 { return 4 }

func (torchBinary) int(w *torchWindow) (int32, error) {
	b, err := w.bytes(4)
	if err != nil {
		return 0, err
	}
	return int32(binary.LittleEndian.Uint32(b)), nil
}

func (b torchBinary) longs(w *torchWindow, n int64) ([]int64, error) {
	list := make([]int64, n)
	for i := range list {
		part, err := w.bytes(b.ofLong.size())
		if err != nil {
			return nil, err
		}
		var padded [8]byte
		copy(padded[:], part)
		list[i] = wholeNumber(b.ofLong, padded)
	}
	return list, nil
}

func (torchBinary) double(w *torchWindow) (float64, error) {
	b, err := w.bytes(8)
	if err != nil {
		return 0, err
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b)), nil
}

// numbers skips them: the storage says where they stand.
func (torchBinary) numbers(w *torchWindow, s *torchStorage) error {
	if s.count < 0 || s.count > (w.file.size-w.at)/s.elem.size() {
		return storageError(s)
	}
	w.at += s.count * s.elem.size()
	return nil
}

func storageError(s *torchStorage) error {
	return fmt.Errorf("byte %d: %s of %d elements runs over the end of the file; the file is damaged or cut short", s.at, s.class, s.count)
}

func (torchBinary) textEnd(*torchWindow) error { return nil }
