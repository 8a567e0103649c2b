package zoo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash/maphash"
	"io"
	"sync"

	"github.com/akin-vision/akin/model"
)

// hashed is a file that was hashed whole, and gives out no other bytes than those: each
// chunk that is read has the sum that it had then. A file that is written to or replaced
// meanwhile is model.ErrReplaced.
type hashed struct {
	size int64
	hash string // hex SHA-256

	file io.ReaderAt
	seed maphash.Seed
	sums []uint64 // of chunks

	mu   sync.Mutex
	last int64  // chunk that was read last
	data []byte // its bytes; nil: none
}

const chunkSize = 1 << 20

// hashWhole reads the file once.
func hashWhole(ctx context.Context, file io.ReaderAt) (*hashed, error) {
	h := &hashed{file: file, seed: maphash.MakeSeed()}
	whole, buffer := sha256.New(), make([]byte, chunkSize)
	for {
		n, err := file.ReadAt(buffer, h.size)
		if n > 0 {
			whole.Write(buffer[:n])
			h.sums = append(h.sums, maphash.Bytes(h.seed, buffer[:n]))
			h.size += int64(n)
		}
		switch {
		case errors.Is(err, io.EOF):
			h.hash = hex.EncodeToString(whole.Sum(nil))
			return h, nil
		case err != nil:
			return nil, err
		case ctx.Err() != nil:
			return nil, ctx.Err()
		}
	}
}

// ReadAt gives bytes that were hashed.
func (h *hashed) ReadAt(p []byte, at int64) (n int, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for n < len(p) && at < h.size {
		data, err := h.chunk(at / chunkSize)
		if err != nil {
			return n, err
		}
		k := copy(p[n:], data[at%chunkSize:])
		n, at = n+k, at+int64(k)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (h *hashed) chunk(i int64) ([]byte, error) {
	if h.data != nil && h.last == i {
		return h.data, nil
	}
	data := make([]byte, min(chunkSize, h.size-i*chunkSize))
	if n, err := h.file.ReadAt(data, i*chunkSize); n < len(data) && !errors.Is(err, io.EOF) {
		return nil, err
	} else if n < len(data) || maphash.Bytes(h.seed, data) != h.sums[i] {
		return nil, model.ErrReplaced
	}
	h.last, h.data = i, data
	return data, nil
}

// all are the bytes that were hashed.
func (h *hashed) all() ([]byte, error) {
	return io.ReadAll(io.NewSectionReader(h, 0, h.size))
}
