package feature

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"math"
	"path/filepath"
	"strings"

	"github.com/akin-vision/akin/stimuli"
	"github.com/rogpeppe/go-internal/lockedfile"
)

// A file holds the vectors of one Space:
//
//	magic, uint32 n, n bytes of JSON {space, dim}, uint32 CRC of all before
//	then records: 32 bytes picture hash, dim float32, uint32 CRC of the
//	space's digest and both
//
// Integers and floats are little endian, the CRC is Castagnoli's. Records have
// one length, so a damaged one is stepped over and a torn last one cut off. One
// that stood in the file of another space is a damaged one.
const magic = "akin features 2\n"

// anyMagic begins the files of every version. In those of version 1 no record
// says to which space it belongs, so none of theirs is used.
var anyMagic = strings.TrimSuffix(magic, "2\n")

const maxHeader = 1 << 16

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Store is a folder of feature files. Several processes may use one at once:
// readers read whole records only, and each Space has one writer at a time.
type Store struct {
	dir  string
	seen memory
}

// NewStore returns the store in dir, which need not exist yet.
func NewStore(dir string) *Store { return &Store{dir: dir} }

// suffix ends the names of feature files.
const suffix = ".features"

func (s *Store) file(space Space) string {
	d := space.Digest()
	return filepath.Join(s.dir, d[:2], d+suffix)
}

// lockFile is what the writer of a file holds; it stays when the file goes.
func lockFile(name string) string { return name + ".lock" }

type header struct {
	Space Space `json:"space"`
	Dim   int   `json:"dim"`
}

// seal begins the checksums of all records of a space.
func seal(space Space) uint32 { return crc32.Checksum([]byte(space.Digest()), castagnoli) }

func sound(record []byte, seal uint32) bool {
	body := record[:len(record)-4]
	return crc32.Update(seal, castagnoli, body) == binary.LittleEndian.Uint32(record[len(body):])
}

func parseHeader(data []byte) (h header, end int, ok bool) {
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

func (h header) encode() []byte {
	text, err := json.Marshal(h)
	if err != nil {
		panic(err) // strings and an int always marshal
	}
	out := binary.LittleEndian.AppendUint32([]byte(magic), uint32(len(text)))
	out = append(out, text...)
	return binary.LittleEndian.AppendUint32(out, crc32.Checksum(out, castagnoli))
}

func recordSize(dim int) int { return 32 + 4*dim + 4 }

func encode(picture stimuli.Hash, v []float32, seal uint32) []byte {
	out := make([]byte, 0, recordSize(len(v)))
	out = append(out, picture[:]...)
	for _, x := range v {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(x))
	}
	return binary.LittleEndian.AppendUint32(out, crc32.Update(seal, castagnoli, out))
}

func decode(data []byte, v []float32) {
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
	}
}

// lock takes the file lock name; a crashed process's lock is gone with it.
func lock(ctx context.Context, name string) (func(), error) {
	type result struct {
		unlock func()
		err    error
	}
	done := make(chan result, 1)
	go func() {
		unlock, err := lockedfile.MutexAt(name).Lock()
		done <- result{unlock, err}
	}()
	select {
	case r := <-done:
		if r.err != nil {
			return nil, fmt.Errorf("feature store: lock %s: %w", name, r.err)
		}
		return r.unlock, nil
	case <-ctx.Done():
		go func() { // the lock call cannot be interrupted: give the lock back when it comes
			if r := <-done; r.err == nil {
				r.unlock()
			}
		}()
		return nil, ctx.Err()
	}
}
