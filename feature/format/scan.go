package format

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
)

// Scan visits every whole record of a file of size bytes, one in memory at a
// time, and returns where they end. A file whose header is damaged is not ok.
func Scan(r io.ReaderAt, size int64, visit func(at int64, record []byte, sound bool)) (h Header, end int64, ok bool, err error) {
	start := make([]byte, min(size, int64(len(magic)+4+maxHeader+4)))
	n, err := r.ReadAt(start, 0)
	if err != nil && err != io.EOF {
		return h, 0, false, err
	}
	h, from, ok := parseHeader(start[:n])
	if !ok {
		return h, 0, false, nil
	}
	end = int64(from)
	if int64(h.Dim) > (size-end)/4 { // a dimension that the file has no room for
		return h, end, true, nil
	}
	seal, record := seal(h.Space), make([]byte, RecordSize(h.Dim))
	buffered := bufio.NewReaderSize(io.NewSectionReader(r, end, size-end), int(min(size-end, 1<<20)))
	for {
		if _, err := io.ReadFull(buffered, record); err == io.EOF || err == io.ErrUnexpectedEOF {
			return h, end, true, nil
		} else if err != nil {
			return h, end, true, err
		}
		visit(end, record, sound(record, seal))
		end += int64(len(record))
	}
}

// Records are where the sound records of a file stand.
type Records struct {
	Dim int // 0 where there is none
	At  map[[32]byte]int64

	seal uint32
}

// Find notes the sound records of a file of the space, of several of one
// picture the first, and returns where all end. A file whose header is damaged
// or of another space has none, nor has one without a sound record: then
// nothing shows that its dimension is right.
func Find(file io.ReaderAt, size int64, space json.RawMessage) (Records, int64, error) {
	found := Records{seal: seal(space), At: map[[32]byte]int64{}}
	h, end, ok, err := Scan(file, size, func(offset int64, record []byte, sound bool) {
		picture := Picture(record)
		if _, there := found.At[picture]; sound && !there {
			found.At[picture] = offset
		}
	})
	if !ok || !bytes.Equal(h.Space, space) || len(found.At) == 0 {
		clear(found.At)
		return found, 0, err
	}
	found.Dim = h.Dim
	return found, end, err
}

// Encode returns a record of the space.
func (r Records) Encode(picture [32]byte, v []float32) []byte {
	out := make([]byte, 0, RecordSize(len(v)))
	out = append(out, picture[:]...)
	for _, x := range v {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(x))
	}
	return binary.LittleEndian.AppendUint32(out, crc32.Update(r.seal, castagnoli, out))
}

// Read checks the record at an offset anew and puts its vector into dst.
// record is room for it.
func (r Records) Read(file io.ReaderAt, offset int64, picture [32]byte, record []byte, dst []float32) error {
	if _, err := file.ReadAt(record, offset); err != nil {
		return fmt.Errorf("feature store: %w", err)
	}
	if !sound(record, r.seal) || Picture(record) != picture {
		return errors.New("feature store: a record was damaged while it was in use; run the command again")
	}
	decode(record[32:len(record)-4], dst)
	return nil
}
