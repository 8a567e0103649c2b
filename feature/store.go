package feature

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/rogpeppe/go-internal/lockedfile"
)

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
