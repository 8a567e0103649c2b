//go:build !unix || solaris || aix

package atomicfile

import (
	"errors"
	"os"
)

// lockFile does nothing: Windows does not let a file go that a process has open.
func lockFile(*os.File) error { return nil }

// rename gives the file its name once it is closed: an open file keeps its own.
func (f *File) rename() error {
	grown := f.file
	f.file = nil
	if err := grown.Close(); err != nil {
		return errors.Join(err, os.Remove(grown.Name()))
	}
	if err := os.Rename(grown.Name(), f.name); err != nil {
		return errors.Join(err, os.Remove(grown.Name()))
	}
	return nil
}
