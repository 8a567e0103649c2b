// Package format is a file of a feature store as bytes: a header, and records that
// each carry a checksum. It knows nothing of networks and pictures, and so its fuzz
// target, whose cost grows with all that is linked, runs without them.
//
// A file holds the vectors of one space:
//
//	magic, uint32 n, n bytes of JSON {space, dim}, uint32 CRC of all before
//	then records: 32 bytes picture hash, dim float32, uint32 CRC of the
//	space's digest and both
//
// Integers and floats are little endian, the CRC is Castagnoli's. Records have
// one length, so a damaged one is stepped over and a torn last one cut off. One
// that stood in the file of another space is a damaged one.
package format

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"hash/crc32"
	"io"
	"math"
	"strings"
)

const magic = "akin features 2\n"

// anyMagic begins the files of every version. In those of version 1 no record
// says to which space it belongs, so none of theirs is used.
var anyMagic = strings.TrimSuffix(magic, "2\n")

const maxHeader = 1 << 16

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Header says what all records of a file have in common.
type Header struct {
	Space json.RawMessage `json:"space"` // as its owner writes it; equal spaces have equal bytes
	Dim   int             `json:"dim"`   // of every vector
}

// Digest is the hex SHA-256 of a space.
func Digest(space json.RawMessage) string {
	sum := sha256.Sum256(space)
	return hex.EncodeToString(sum[:])
}

// seal begins the checksums of all records of a space.
func seal(space json.RawMessage) uint32 { return crc32.Checksum([]byte(Digest(space)), castagnoli) }

func sound(record []byte, seal uint32) bool {
	body := record[:len(record)-4]
	return crc32.Update(seal, castagnoli, body) == binary.LittleEndian.Uint32(record[len(body):])
}

// IsOlder reports whether a file is one of an earlier version.
func IsOlder(file io.ReaderAt) bool {
	start := make([]byte, len(magic))
	_, err := file.ReadAt(start, 0)
	return err == nil && string(start) != magic && strings.HasPrefix(string(start), anyMagic)
}

func parseHeader(data []byte) (h Header, end int, ok bool) {
	if len(data) < len(magic)+4 || string(data[:len(magic)]) != magic {
		return h, 0, false
	}
	n := int(binary.LittleEndian.Uint32(data[len(magic):]))
	end = len(magic) + 4 + n
	if n > maxHeader || len(data) < end+4 || crc32.Checksum(data[:end], castagnoli) != binary.LittleEndian.Uint32(data[end:]) {
		return h, 0, false
	}
	err := json.Unmarshal(data[len(magic)+4:end], &h)
	return h, end + 4, err == nil && h.Dim > 0
}

// Encode returns the bytes that begin a file.
func (h Header) Encode() []byte {
	text, err := json.Marshal(h)
	if err != nil {
		panic(err) // a space is JSON
	}
	out := binary.LittleEndian.AppendUint32([]byte(magic), uint32(len(text)))
	out = append(out, text...)
	return binary.LittleEndian.AppendUint32(out, crc32.Checksum(out, castagnoli))
}

// RecordSize is the length in bytes of a record whose vector has dim values.
func RecordSize(dim int) int { return 32 + 4*dim + 4 }

// Picture is the hash of the picture that a record belongs to.
func Picture(record []byte) [32]byte { return [32]byte(record[:32]) }

func decode(data []byte, v []float32) {
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
	}
}
