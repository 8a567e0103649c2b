package format

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"slices"
	"testing"
)

var space = json.RawMessage(`{"model":"m","recipe":"r","node":"features"}`)

// threeRecords is a sound file.
func threeRecords() []byte {
	file := Header{space, 3}.Encode()
	for i := range byte(3) {
		file = append(file, Records{seal: seal(space)}.Encode(sha256.Sum256([]byte{i}), []float32{float32(i), 3.14, -1e-30})...)
	}
	return file
}

// TestFind finds every record of a sound file, and none in that of another space.
func TestFind(t *testing.T) {
	file := threeRecords()
	for _, c := range []struct {
		space json.RawMessage
		want  int
	}{{space, 3}, {json.RawMessage(`{"model":"n"}`), 0}} {
		found, end, err := Find(bytes.NewReader(file), int64(len(file)), c.space)
		if err != nil || len(found.At) != c.want || c.want > 0 && (end != int64(len(file)) || found.Dim != 3) {
			t.Errorf("%s: %d records of %d values up to byte %d, error %v; want %d", c.space, len(found.At), found.Dim, end, err, c.want)
		}
	}
}

// FuzzScan patches a file: it is read within its own size, and only records whose
// checksum is right are found. The fuzzer's own work for an execution costs more than
// reading a small file, so that each tries the patch at 24 places, the file cut off
// behind it, and mended: a header with the checksum that it should have, which chance
// would never find. The patch is small, since Go tries for a minute to make a large
// input smaller.
func FuzzScan(f *testing.F) {
	whole := threeRecords()
	huge := Header{space, 1 << 40}.Encode()
	f.Add(uint16(0), uint16(0), []byte{}, false)
	f.Add(uint16(len(whole)-5), uint16(5), []byte{}, false)
	f.Add(uint16(0), uint16(len(huge)), huge, false)
	f.Add(uint16(len(huge)-5), uint16(1), []byte("9"), true)
	f.Add(uint16(len(whole)), uint16(0), Records{seal: seal(space)}.Encode(sha256.Sum256([]byte{0}), []float32{1, 2, 3}), false)
	f.Fuzz(func(t *testing.T, at, cut uint16, patch []byte, mend bool) {
		for k := range 24 {
			from := (min(int(at), len(whole)) + 11*k) % (len(whole) + 1)
			data := slices.Concat(whole[:from], patch, whole[min(from+int(cut), len(whole)):])
			checkScan(t, data)
			checkScan(t, data[:from+len(patch)])
			if mend {
				mendHeader(data)
				checkScan(t, data)
			}
		}
	})
}

func checkScan(t *testing.T, data []byte) {
	found, end, err := Find(bytes.NewReader(data), int64(len(data)), space)
	if err != nil || end < 0 || end > int64(len(data)) {
		t.Fatalf("%d bytes are read up to %d, error %v", len(data), end, err)
	}
	v, record := make([]float32, found.Dim), make([]byte, RecordSize(found.Dim))
	for picture, at := range found.At {
		if err := found.Read(bytes.NewReader(data), at, picture, record, v); err != nil {
			t.Fatal(err)
		}
		if again := found.Encode(picture, v); !bytes.Equal(again, data[at:at+int64(len(again))]) {
			t.Fatalf("the record at %d encodes to other bytes", at)
		}
	}
}

// mendHeader writes the checksum of a header where its length says that it stands.
func mendHeader(data []byte) {
	if len(data) < len(magic)+4 {
		return
	}
	end := len(magic) + 4 + int(binary.LittleEndian.Uint32(data[len(magic):]))
	if end+4 <= len(data) {
		binary.LittleEndian.PutUint32(data[end:], crc32.Checksum(data[:end], castagnoli))
	}
}
