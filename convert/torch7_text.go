package convert

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
)

// torchText is Torch7's ASCII form: numbers as C's printf writes them, a space between
// those of one array and a new line behind the last; characters and bytes as they
// are, and a new line. Longs are kept in 64 bits. Every separator is asked for, so that
// a file cut within a number does not read as another number. Source: DiskFile.c of
// torch7, and the objects' write methods.
type torchText struct{}

// isTorch7Text knows files whose line ends were changed, too, to say so.
func isTorch7Text(head []byte) bool {
	plain := bytes.ReplaceAll(head, []byte("\r\n"), []byte("\n"))
	return bytes.HasPrefix(plain, []byte("4\n1\n")) || bytes.HasPrefix(plain, []byte("3\n1\n"))
}

func (torchText) long() element { return int64s }

func (torchText) least() int64 { return 2 }

const longestNumber = 32 // characters; %.17g writes up to 24

// number reads a number and the separator behind it.
func (torchText) number(w *torchWindow, separator byte) (string, error) {
	at := w.at
	b, err := w.bytes(min(longestNumber+1, w.file.size-w.at))
	if err != nil {
		return "", err
	}
	end := bytes.IndexByte(b, separator)
	if end > 0 && b[end-1] == '\r' {
		return "", fmt.Errorf("byte %d: its line ends were changed to those of Windows; copy the file anew, as binary", at)
	}
	if end <= 0 || bytes.ContainsAny(b[:end], " \n_xX") { // Go would read 1_0 and 0x1
		return "", fmt.Errorf("byte %d: no number with %q behind it; the file is damaged or cut short", at, separator)
	}
	w.at = at + int64(end) + 1
	return string(b[:end]), nil
}

// array reads n numbers, each by parse.
func (t torchText) array(w *torchWindow, n int64, parse func(text string) error) error {
	for i := range n {
		separator := byte(' ')
		if i == n-1 {
			separator = '\n'
		}
		at := w.at
		text, err := t.number(w, separator)
		if err != nil {
			return err
		}
		if err := parse(text); err != nil {
			return fmt.Errorf("byte %d: %w", at, err)
		}
	}
	return nil
}

func (t torchText) int(w *torchWindow) (n int32, err error) {
	err = t.array(w, 1, func(text string) error {
		v, err := strconv.ParseInt(text, 10, 32)
		n = int32(v)
		return err
	})
	return n, err
}

func (t torchText) longs(w *torchWindow, n int64) (list []int64, err error) {
	err = t.array(w, n, func(text string) error {
		v, err := strconv.ParseInt(text, 10, 64)
		list = append(list, v)
		return err
	})
	return list, err
}

func (t torchText) double(w *torchWindow) (v float64, err error) {
	err = t.array(w, 1, func(text string) error {
		v, err = strconv.ParseFloat(text, 64)
		return err
	})
	return v, err
}

// numbers keeps the numbers of a storage in memory, half as float32, which holds each;
// characters and bytes stand in the file as they are.
func (t torchText) numbers(w *torchWindow, s *torchStorage) error {
	raw := s.elem == int8s || s.elem == uint8s
	least := int64(2) // a digit and a separator
	if raw {
		least = 1
	}
	switch {
	case s.count < 0 || s.count > (w.file.size-w.at)/least:
		return storageError(s)
	case s.count == 0:
		return nil
	case raw:
		w.at += s.count
		return t.textEnd(w)
	case s.elem == float16s:
		s.elem = float32s
	}
	values := make([]byte, 0, s.count*s.elem.size()) // growing would take twice the memory
	err := t.array(w, s.count, func(text string) (err error) {
		values, err = appendNumber(values, s.elem, text)
		return err
	})
	s.file, s.at = bytes.NewReader(values), 0
	return err
}

// appendNumber appends what a text says as an element of a storage.
func appendNumber(values []byte, e element, text string) ([]byte, error) {
	bits := int(8 * e.size())
	if e.isFloat() {
		v, err := strconv.ParseFloat(text, bits)
		if bits == 32 {
			return appendFloat(values, float32(v)), err
		}
		return binary.LittleEndian.AppendUint64(values, math.Float64bits(v)), err
	}
	v, err := strconv.ParseInt(text, 10, bits)
	switch bits {
	case 16:
		return binary.LittleEndian.AppendUint16(values, uint16(v)), err
	case 32:
		return binary.LittleEndian.AppendUint32(values, uint32(v)), err
	}
	return binary.LittleEndian.AppendUint64(values, uint64(v)), err
}

func (torchText) textEnd(w *torchWindow) error {
	at := w.at
	if b, err := w.bytes(1); err != nil || b[0] != '\n' {
		return fmt.Errorf("byte %d: no new line behind characters; the file is damaged or cut short", at)
	}
	return nil
}
