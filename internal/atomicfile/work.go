package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

const (
	prefix = ".akin-" // of a work folder and of a lock

	// Of a work folder:
	lockName = "lock"  // held by its process
	grown    = "new"   // the file or folder that grows
	moved    = "moved" // holds a folder under its own name until the new one has its place
)

// work is a work folder of this process.
type work struct {
	dir  string
	lock *flock.Flock
}

// swept are the folders in which this process looked for what others left.
var swept sync.Map

// sweepOnce sweeps a folder that is written into.
func sweepOnce(parent string) error {
	if _, done := swept.LoadOrStore(parent, true); done {
		return nil
	}
	return Sweep(parent)
}

func newWork(parent string) (*work, error) {
	if err := errors.Join(os.MkdirAll(parent, 0o777), sweepOnce(parent)); err != nil {
		return nil, err
	}
	for {
		dir, err := os.MkdirTemp(parent, prefix+"*")
		if err != nil {
			return nil, err
		}
		if lock, held := hold(filepath.Join(dir, lockName)); held {
			return &work{dir, lock}, nil
		} // another process took it for one of a dead process, before it was locked
	}
}

// remove must come when nothing in the work folder is wanted any more. The lock
// goes last, with the folder around it.
func (w *work) remove() error {
	step("remove", w.dir)
	entries, err := os.ReadDir(w.dir)
	for _, e := range entries {
		if e.Name() != lockName {
			err = errors.Join(err, os.RemoveAll(filepath.Join(w.dir, e.Name())))
		}
	}
	if err != nil {
		return errors.Join(err, w.lock.Close())
	}
	return errors.Join(w.lock.Close(), os.RemoveAll(w.dir))
}

// hold takes a lock without waiting; a lock file that another process removed
// meanwhile does not count. Where a file system has no locks nothing is ever
// held by another, and nothing swept.
func hold(file string) (*flock.Flock, bool) {
	lock := flock.New(file)
	held, err := lock.TryLock()
	if err != nil {
		_, missing := os.Stat(filepath.Dir(file))
		return lock, missing == nil
	}
	if held {
		mine, err1 := lock.Stat()
		there, err2 := os.Stat(file)
		if err1 == nil && err2 == nil && os.SameFile(mine, there) {
			return lock, true
		}
	}
	lock.Close()
	return nil, false
}

// Sweep removes what dead processes left in a folder, after it has put back the
// folders that they had moved and finished what they had begun to move. What it
// may not remove stays; an error is a folder that could not be put back or finished.
func Sweep(parent string) error {
	entries, _ := os.ReadDir(parent) // where it is absent or may not be read nothing can be swept
	var err error
	for _, e := range entries {
		name := filepath.Join(parent, e.Name())
		switch {
		case !strings.HasPrefix(e.Name(), prefix):
		case e.IsDir():
			err = errors.Join(err, sweepWork(name))
		case strings.HasSuffix(e.Name(), lockSuffix):
			if lock, held := hold(name); held {
				unlock(lock)
			}
		case e.Type().IsRegular():
			sweepFile(name)
		}
	}
	return err
}

// sweepFile removes a file that nobody locks.
func sweepFile(name string) {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return
	}
	defer f.Close()
	if lockFile(f) == nil && stands(f) {
		os.Remove(name)
	}
}

// stands reports whether a file is still the one of its name.
func stands(f *os.File) bool {
	mine, err1 := f.Stat()
	there, err2 := os.Stat(f.Name())
	return err1 == nil && err2 == nil && os.SameFile(mine, there)
}

func sweepWork(dir string) error {
	lock, held := hold(filepath.Join(dir, lockName))
	if !held {
		return nil // its process lives
	}
	if !lock.Locked() {
		return lock.Close() // no locks here: its process may live
	}
	folders, err := os.ReadDir(filepath.Join(dir, moved))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(err, lock.Close())
	}
	for _, e := range folders {
		home := filepath.Join(filepath.Dir(dir), e.Name())
		if _, err := os.Lstat(home); !errors.Is(err, fs.ErrNotExist) {
			continue // the new folder has its place
		}
		if err := os.Rename(filepath.Join(dir, moved, e.Name()), home); err != nil {
			return errors.Join(fmt.Errorf("put %s back: %w", home, err), lock.Close())
		}
	}
	if err := finish(dir); err != nil {
		return errors.Join(fmt.Errorf("finish %s: %w", filepath.Dir(dir), err), lock.Close())
	}
	(&work{dir, lock}).remove() // what may not be removed stays
	return nil
}

const lockSuffix = ".lock"

// ErrBusy says that another process writes to the same place.
var ErrBusy = errors.New("another process writes to it; wait until it is done, or choose another place")

// Lock claims name for this process until release. It fails with ErrBusy where
// another process keeps it longer than patience. name need not exist.
func Lock(name string, patience time.Duration) (release func() error, err error) {
	name, err = target(name)
	if err != nil {
		return nil, err
	}
	parent := filepath.Dir(name)
	if err := os.MkdirAll(parent, 0o777); err != nil {
		return nil, err
	}
	for start := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		if lock, held := hold(filepath.Join(parent, prefix+filepath.Base(name)+lockSuffix)); held {
			return func() error { return unlock(lock) }, nil
		}
		if time.Since(start) >= patience {
			return nil, fmt.Errorf("%s: %w", name, ErrBusy)
		}
	}
}

// unlock removes the lock file while it is held, so that none is left behind.
func unlock(lock *flock.Flock) error {
	if !lock.Locked() {
		return lock.Close() // no locks here: another process may want the file
	}
	err := os.Remove(lock.Path())
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, lock.Close())
}

// Recover brings back what a dead process had moved away from the file or folder
// name, and finishes what it had begun to move into it. It is for those who read.
func Recover(name string) error {
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		return Sweep(filepath.Dir(name))
	}
	return Sweep(name)
}
