package objects

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/internal/regular"
)

// folder keeps each object as a file. The folder itself must be there: one that a
// machine has not mounted must not look like an empty store.
type folder string

func openFolder(dir string) (backend, error) {
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is no folder", dir)
	}
	return folder(dir), err
}

func (f folder) file(key string) (string, error) {
	if !fs.ValidPath(key) {
		return "", &fs.PathError{Op: "open", Path: key, Err: fs.ErrInvalid}
	}
	return filepath.Join(string(f), filepath.FromSlash(key)), nil
}

func (f folder) get(_ context.Context, key string) ([]byte, error) {
	name, err := f.file(key)
	if err != nil {
		return nil, err
	}
	data, err := regular.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, f.missing(err)
	}
	return data, err
}

// missing tells an absent object from an absent store.
func (f folder) missing(err error) error {
	if _, lost := openFolder(string(f)); lost != nil {
		return gone(lost)
	}
	return err
}

func gone(err error) error { return fmt.Errorf("%w: its folder is gone: %v", ErrNoAccess, err) }

func (f folder) has(_ context.Context, key string) (bool, error) {
	name, err := f.file(key)
	if err != nil {
		return false, err
	}
	if _, err = os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		if err = f.missing(err); errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
	}
	return err == nil, err
}

func (f folder) create(_ context.Context, key string, data []byte) error {
	name, err := f.writable(key)
	if err != nil {
		return err
	}
	return atomicfile.WriteNew(name, data)
}

func (f folder) replace(_ context.Context, key string, data []byte) error {
	name, err := f.writable(key)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	return atomicfile.Write(name, data)
}

// writable makes nothing where the store's own folder is gone.
func (f folder) writable(key string) (string, error) {
	if _, err := openFolder(string(f)); err != nil {
		return "", gone(err)
	}
	return f.file(key)
}

func (folder) close() error { return nil }
