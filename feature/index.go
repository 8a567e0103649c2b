package feature

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"sync"

	"github.com/akin-vision/akin/feature/format"
	"github.com/akin-vision/akin/stimuli"
)

// file is the part of *os.File that an Index uses.
type file interface {
	io.ReaderAt
	io.WriterAt
	Truncate(size int64) error
	Sync() error
	Stat() (fs.FileInfo, error)
	Close() error
}

// Index reads and appends to one space without holding its vectors: in memory
// is only where each picture's record stands. It is the space's only writer
// until closed. Methods may be called concurrently.
type Index struct {
	store  *Store
	space  Space
	name   string
	file   file
	unlock func()

	mu      sync.Mutex
	records format.Records
	end     int64 // of the last whole record
}

// Open opens a space to be read and filled, waiting for another writer to
// finish or ctx to end. A torn last record, left by a crash, is cut off; damaged
// ones count as absent.
func (s *Store) Open(ctx context.Context, space Space) (*Index, error) {
	name := s.file(space)
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return nil, fmt.Errorf("feature store: %w", err)
	}
	unlock, err := lock(ctx, lockFile(name))
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		unlock()
		return nil, fmt.Errorf("feature store: %w", err)
	}
	x := &Index{store: s, space: space, name: name, file: f, unlock: unlock}
	if x.records, x.end, err = s.find(f, space); err == nil {
		x.records.At = maps.Clone(x.records.At) // views may share it
		err = f.Truncate(x.end)
	}
	if err != nil {
		err = errors.Join(err, f.Close())
		unlock()
		return nil, fmt.Errorf("feature store: %w", err)
	}
	return x, nil
}

// Has reports whether the space holds the picture's vector.
func (x *Index) Has(picture stimuli.Hash) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	_, ok := x.records.At[picture]
	return ok
}

// Vector reads the picture's vector from the file; nil where there is none.
func (x *Index) Vector(picture stimuli.Hash) ([]float32, error) {
	x.mu.Lock()
	offset, ok := x.records.At[picture]
	dim := x.records.Dim
	x.mu.Unlock()
	if !ok {
		return nil, nil
	}
	v := make([]float32, dim)
	return v, x.records.Read(x.file, offset, picture, make([]byte, format.RecordSize(dim)), v)
}

// Add appends one picture's vector; one that is there already is left as it is.
// A record that could not be written whole is taken back, so that the file stays
// usable.
func (x *Index) Add(picture stimuli.Hash, v []float32) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if _, there := x.records.At[picture]; there {
		return nil
	}
	if !finite(v) {
		return errors.New("the model's output holds NaN or infinity; leave the model out, or export it anew: half precision overflows where float32 does not")
	}
	var data []byte
	if x.records.Dim == 0 {
		if len(v) == 0 {
			return errors.New("the model's output is empty")
		}
		data = format.Header{Space: x.space.text(), Dim: len(v)}.Encode()
	} else if len(v) != x.records.Dim {
		return fmt.Errorf("the model's output has %d values, earlier ones %d", len(v), x.records.Dim)
	}
	at := x.end + int64(len(data))
	data = append(data, x.records.Encode(picture, v)...)
	if _, err := x.file.WriteAt(data, x.end); err != nil {
		return errors.Join(fmt.Errorf("feature store: %w", err), x.file.Truncate(x.end))
	}
	x.records.Dim, x.end, x.records.At[picture] = len(v), x.end+int64(len(data)), at
	return nil
}

// Close syncs the file and lets the next writer in.
func (x *Index) Close() error {
	err := x.file.Sync()
	info, statErr := x.file.Stat()
	if err = errors.Join(err, statErr, x.file.Close()); err == nil {
		x.store.seen.keep(x.name, scanned{x.records, x.end, info, x.space})
	}
	x.unlock()
	if err != nil {
		return fmt.Errorf("feature store: %w", err)
	}
	return nil
}
