package hdf5

import (
	"bytes"
	"compress/bzip2"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"slices"
)

// filter is one step of packing a chunk.
type filter struct {
	id     int
	values []uint32
}

// Filters that are undone here, by the numbers that the HDF Group registers.
const (
	filterDeflate  = 1
	filterShuffle  = 2
	filterFletcher = 3
	filterBZip2    = 307
	filterLZF      = 32000
)

func (f filter) known() bool {
	return slices.Contains([]int{filterDeflate, filterShuffle, filterFletcher, filterBZip2, filterLZF}, f.id)
}

// unpack undoes the filters, but those that mask leaves out, the last one first. What
// comes must have the full size of a chunk.
func unpack(data []byte, filters []filter, mask uint64, full int) ([]byte, error) {
	for i, f := range slices.Backward(filters) {
		if mask>>i&1 == 1 {
			continue
		}
		var err error
		switch f.id {
		case filterDeflate:
			data, err = inflate(data, full)
		case filterBZip2:
			data, err = readAll(bzip2.NewReader(bytes.NewReader(data)), full)
		case filterLZF:
			data, err = unpackLZF(data, full)
		case filterShuffle:
			data, err = unshuffle(data, f.values)
		case filterFletcher:
			data = data[:max(len(data)-4, 0)]
		}
		if err != nil {
			return nil, err
		}
	}
	if len(data) < full {
		return nil, fmt.Errorf("has %d bytes, want %d", len(data), full)
	}
	return data, nil
}

// slack is what checksums may add to a chunk's size within its filters.
const slack = 64

func inflate(data []byte, full int) ([]byte, error) {
	if full > mostInflated*(len(data)+slack) {
		return nil, fmt.Errorf("has %d packed bytes, which cannot become %d", len(data), full)
	}
	z, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	out := bytes.NewBuffer(make([]byte, 0, full+slack+bytes.MinRead)) // growing would take twice the memory
	_, err = out.ReadFrom(io.LimitReader(z, int64(full)+slack))
	return out.Bytes(), err
}

func readAll(r io.Reader, full int) ([]byte, error) {
	return io.ReadAll(io.LimitReader(r, int64(full)+slack))
}

// unshuffle gathers the bytes of each element, which were laid out by their place in it.
func unshuffle(data []byte, values []uint32) ([]byte, error) {
	if len(values) == 0 || values[0] == 0 {
		return nil, errors.New("has a shuffle without the size of elements")
	}
	size := int(values[0])
	n := len(data) / size
	out := make([]byte, len(data))
	for k := range size {
		if n == 0 {
			break
		}
		for i := range n {
			out[i*size+k] = data[k*n+i]
		}
	}
	copy(out[n*size:], data[n*size:])
	return out, nil
}

// unpackLZF undoes the compression of Marc Lehmann's LibLZF: runs of bytes as they are,
// and copies of earlier ones.
func unpackLZF(data []byte, full int) ([]byte, error) {
	damaged := errors.New("is no LZF")
	var out []byte
	r := &reader{data: data}
	for r.left() > 0 {
		control := int(r.uint(1))
		if control < 32 {
			out = append(out, r.bytes(uint64(control+1))...)
		} else {
			length := control >> 5
			if length == 7 {
				length += int(r.uint(1))
			}
			from := len(out) - (control&31)<<8 - int(r.uint(1)) - 1
			if from < 0 {
				return nil, damaged
			}
			for range length + 2 {
				out = append(out, out[from])
				from++
			}
		}
		if r.err != nil || len(out) > full+slack {
			return nil, damaged
		}
	}
	return out, nil
}
