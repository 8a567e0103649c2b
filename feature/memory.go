package feature

import (
	"io/fs"
	"os"
	"sync"

	"github.com/akin-vision/akin/feature/format"
)

// maxRemembered pictures, of all spaces together, are remembered: some 150 MB.
const maxRemembered = 2 << 20

// memory holds where the records of files stand that were scanned before, so that
// a run which first asks what is missing and then reads scans each file once.
// Files only grow, or are replaced; and every record that is read is checked again.
type memory struct {
	mu    sync.Mutex
	files map[string]scanned // by name
	held  int                // pictures
}

// scanned is what a scan found in a file, and which state of the file it saw.
type scanned struct {
	records format.Records
	end     int64
	info    fs.FileInfo
	space   Space
}

// same reports whether a file is still in the state that was scanned.
func (s scanned) same(info fs.FileInfo, space Space) bool {
	return s.info != nil && s.space == space && os.SameFile(s.info, info) && s.info.Size() == info.Size() && s.info.ModTime().Equal(info.ModTime())
}

// find is find of an open file of the store, from memory where it was scanned before.
func (s *Store) find(file *os.File, space Space) (format.Records, int64, error) {
	info, err := file.Stat()
	if err != nil {
		return format.Records{}, 0, err
	}
	s.seen.mu.Lock()
	known := s.seen.files[file.Name()]
	s.seen.mu.Unlock()
	if known.same(info, space) {
		return known.records, known.end, nil
	}
	found, end, err := format.Find(file, info.Size(), space.text())
	if err == nil {
		s.seen.keep(file.Name(), scanned{found, end, info, space})
	}
	return found, end, err
}

func (m *memory) keep(name string, s scanned) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.files == nil {
		m.files = map[string]scanned{}
	}
	m.held -= len(m.files[name].records.At)
	delete(m.files, name)
	if m.held+len(s.records.At) > maxRemembered {
		return
	}
	m.files[name] = s
	m.held += len(s.records.At)
}
