package vectors

import (
	"errors"
	"fmt"
	"os"

	"github.com/akin-vision/akin/internal/regular"
	"github.com/edsrzf/mmap-go"
)

// ErrReplaced is a file that was written to while it was read.
var ErrReplaced = errors.New("its content changed while it was read; run the command again")

// mapped is a file in memory as it lies, from which it is hashed and read. A file put
// in its place under its name is another file; one written to in place is noticed.
type mapped struct {
	data mmap.MMap
	file *os.File
	info os.FileInfo
}

func mapFile(name string) (*mapped, error) {
	f, size, err := regular.OpenSized(name)
	if err != nil {
		return nil, err
	}
	m := &mapped{file: f}
	if m.info, err = f.Stat(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if size == 0 {
		return nil, errors.Join(fmt.Errorf("%s is empty", name), f.Close())
	}
	if m.data, err = mmap.Map(f, mmap.RDONLY, 0); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return m, nil
}

// unchanged reports whether the file is as it was when it was opened.
func (m *mapped) unchanged() error {
	now, err := m.file.Stat()
	if err != nil {
		return err
	}
	if now.Size() != m.info.Size() || !now.ModTime().Equal(m.info.ModTime()) {
		return ErrReplaced
	}
	return nil
}

func (m *mapped) Close() error { return errors.Join(m.data.Unmap(), m.file.Close()) }
