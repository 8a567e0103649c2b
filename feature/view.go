package feature

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/stimuli"
)

// records are where the sound records of a file stand.
type records struct {
	seal uint32
	dim  int
	at   map[stimuli.Hash]int64
}

// find notes the sound records of a file of the space, of several of one
// picture the first, and returns where all end. A file whose header is damaged
// or of another space has none, nor has one without a sound record: then
// nothing shows that its dimension is right.
func find(file io.ReaderAt, size int64, space Space) (records, int64, error) {
	found := records{seal: seal(space), at: map[stimuli.Hash]int64{}}
	h, end, ok, err := scan(file, size, func(offset int64, record []byte, sound bool) {
		picture := stimuli.Hash(record[:32])
		if _, there := found.at[picture]; sound && !there {
			found.at[picture] = offset
		}
	})
	if !ok || h.Space != space || len(found.at) == 0 {
		clear(found.at)
		return found, 0, err
	}
	found.dim = h.Dim
	return found, end, err
}

// read checks the record at an offset anew and puts its vector into dst.
// record is room for it.
func (r records) read(file io.ReaderAt, offset int64, picture stimuli.Hash, record []byte, dst []float32) error {
	if _, err := file.ReadAt(record, offset); err != nil {
		return fmt.Errorf("feature store: %w", err)
	}
	if !sound(record, r.seal) || stimuli.Hash(record[:32]) != picture {
		return errors.New("feature store: a record was damaged while it was in use; run the command again")
	}
	decode(record[32:len(record)-4], dst)
	return nil
}

// View reads the vectors of one space as they stood when it was opened. In
// memory is only where each picture's record stands. Its methods are for one
// goroutine; several views of a space may be open at once, beside its writer.
type View struct {
	records
	file   *os.File // nil: the space has no file yet
	record []byte   // the last one read
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
	return &View{found, f, make([]byte, recordSize(found.dim))}, nil
}

// Dim is the length of every vector; 0 where there is none yet.
func (v *View) Dim() int { return v.dim }

// Len is the number of pictures that have a vector.
func (v *View) Len() int { return len(v.at) }

// Has reports whether the picture has a vector.
func (v *View) Has(picture stimuli.Hash) bool {
	_, ok := v.at[picture]
	return ok
}

// Read puts the picture's vector, which the space must have, into dst, of length Dim.
func (v *View) Read(picture stimuli.Hash, dst []float32) error {
	offset, ok := v.at[picture]
	if !ok {
		return errors.New("feature store: no vector is kept of the picture")
	}
	return v.read(v.file, offset, picture, v.record, dst)
}

// Close lets the file go.
func (v *View) Close() error {
	if v.file == nil {
		return nil
	}
	return v.file.Close()
}
