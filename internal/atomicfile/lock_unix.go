//go:build unix && !solaris && !aix

package atomicfile

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// lockFile locks an open file until it is closed, or gives ErrBusy. Other errors
// say that the file system has no locks.
func lockFile(f *os.File) error {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if err == unix.EWOULDBLOCK {
		return ErrBusy
	}
	return err
}

// rename gives the file its name while it is locked.
func (f *File) rename() error {
	grown := f.file
	f.file = nil
	if err := os.Rename(grown.Name(), f.name); err != nil {
		return errors.Join(err, grown.Close(), os.Remove(grown.Name()))
	}
	return grown.Close()
}
