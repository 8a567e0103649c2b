package feature

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/akin-vision/akin/feature/format"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/stimuli"
)

// View reads the vectors of one space as they stood when it was opened. In
// memory is only where each picture's record stands. Its methods are for one
// goroutine; several views of a space may be open at once, beside its writer.
type View struct {
	records format.Records
	file    *os.File // nil: the space has no file yet
	record  []byte   // the last one read
}

// View opens a space to be read; one that was never written to is empty.
// Damaged records count as absent: their pictures are computed anew. Close it.
func (s *Store) View(space Space) (*View, error) {
	f, err := regular.Open(s.file(space))
	if errors.Is(err, fs.ErrNotExist) {
		return &View{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("feature store: %w", err)
	}
	found, _, err := s.find(f, space)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("feature store: %w", err), f.Close())
	}
	return &View{found, f, make([]byte, format.RecordSize(found.Dim))}, nil
}

// Dim is the length of every vector; 0 where there is none yet.
func (v *View) Dim() int { return v.records.Dim }

// Len is the number of pictures that have a vector.
func (v *View) Len() int { return len(v.records.At) }

// Has reports whether the picture has a vector.
func (v *View) Has(picture stimuli.Hash) bool {
	_, ok := v.records.At[picture]
	return ok
}

// Read puts the picture's vector, which the space must have, into dst, of length Dim.
func (v *View) Read(picture stimuli.Hash, dst []float32) error {
	offset, ok := v.records.At[picture]
	if !ok {
		return errors.New("feature store: no vector is kept of the picture")
	}
	return v.records.Read(v.file, offset, picture, v.record, dst)
}

// Close lets the file go.
func (v *View) Close() error {
	if v.file == nil {
		return nil
	}
	return v.file.Close()
}
