// Package regular opens regular files and nothing else, without ever waiting: a
// pipe, a device or a socket under the name of a picture or a table is refused
// where the system would wait for another process.
package regular

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// KindError is a name that stands for something else than a regular file.
type KindError struct{ Kind string }

func (e *KindError) Error() string {
	return "is " + e.Kind + ", not a regular file; save what it holds in a file"
}

// check refuses whatever is not a regular file.
func check(mode fs.FileMode) error {
	kinds := []struct {
		bits fs.FileMode
		kind string
	}{
		{fs.ModeDir, "a folder"}, {fs.ModeNamedPipe, "a pipe"}, {fs.ModeSocket, "a socket"}, {fs.ModeDevice, "a device"},
	}
	for _, k := range kinds {
		if mode&k.bits != 0 {
			return &KindError{k.kind}
		}
	}
	if !mode.IsRegular() {
		return &KindError{"something else"}
	}
	return nil
}

// nonBlocking makes the opening of a pipe return at once. Reading a regular file
// is the same with it.
const nonBlocking = syscall.O_NONBLOCK

// Open opens a regular file to be read.
func Open(name string) (*os.File, error) {
	info, err := os.Stat(name)
	if err == nil {
		err = check(info.Mode()) // first: the opening of some devices is an act
	}
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: cause(err)}
	}
	f, err := os.OpenFile(name, os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return nil, err
	}
	return checked(f, name)
}

// checked is f if it is regular now that it is open.
func checked(f *os.File, name string) (*os.File, error) {
	info, err := f.Stat()
	if err == nil {
		err = check(info.Mode())
	}
	if err != nil {
		f.Close()
		return nil, &fs.PathError{Op: "open", Path: name, Err: cause(err)}
	}
	return f, nil
}

// cause drops operation and path, which the caller names.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// OpenSized is Open, and the size of the file.
func OpenSized(name string) (*os.File, int64, error) { return sized(Open(name)) }

func sized(f *os.File, err error) (*os.File, int64, error) {
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, info.Size(), nil
}

// buffer has room for a size: growing would take twice the memory.
func buffer(size int64) *bytes.Buffer { return bytes.NewBuffer(make([]byte, 0, size+bytes.MinRead)) }

// ReadFile reads a regular file whole.
func ReadFile(name string) ([]byte, error) {
	f, err := Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	b := buffer(info.Size())
	_, err = b.ReadFrom(f)
	return b.Bytes(), err
}

// ReadDir lists a folder by name, as os.ReadDir does, which a pipe would hold up.
func ReadDir(name string) ([]os.DirEntry, error) {
	if err := mustBeFolder(name); err != nil {
		return nil, err
	}
	return os.ReadDir(name)
}

// mustBeFolder asks before a folder is opened: opening a pipe waits for its other end.
func mustBeFolder(name string) error {
	info, err := os.Stat(name)
	if err == nil && !info.IsDir() {
		err = &fs.PathError{Op: "open", Path: name, Err: syscall.ENOTDIR}
	}
	return err
}

// Folder is a folder of which only regular files and folders can be opened, and
// nothing outside it, not even through a symbolic link.
type Folder struct{ root *os.Root }

// OpenFolder opens a folder. Close it.
func OpenFolder(name string) (*Folder, error) {
	if err := mustBeFolder(name); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	return &Folder{root}, nil
}

// Name is the folder's, as it was opened.
func (f *Folder) Name() string { return f.root.Name() }

// Close lets the folder go.
func (f *Folder) Close() error { return f.root.Close() }

// Open opens a regular file or a folder.
func (f *Folder) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	info, err := f.root.Stat(name)
	if err != nil {
		return nil, plain(err)
	}
	if info.IsDir() {
		dir, err := f.root.FS().Open(name)
		return dir, plain(err)
	}
	return f.file(name, info)
}

// file opens a regular file that info describes.
func (f *Folder) file(name string, info fs.FileInfo) (*os.File, error) {
	if err := check(info.Mode()); err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	file, err := f.root.OpenFile(name, os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return nil, plain(err)
	}
	return checked(file, name)
}

// OpenSized opens a regular file, and says its size.
func (f *Folder) OpenSized(name string) (*os.File, int64, error) {
	info, err := f.root.Stat(name)
	if err != nil {
		return nil, 0, plain(err)
	}
	return sized(f.file(name, info))
}

// Stat describes a file of the folder.
func (f *Folder) Stat(name string) (fs.FileInfo, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrInvalid}
	}
	info, err := f.root.Stat(name)
	return info, plain(err)
}

// errOutside is what os.Root calls a path that escapes from its parent.
var errOutside = errors.New("leads out of the folder of the files, by a link or by \"..\"; copy what it leads to into that folder")

// plain says in other words what os.Root has no name for, or names after system calls.
func plain(err error) error {
	var path *fs.PathError
	if !errors.As(err, &path) {
		return err
	}
	reason := path.Err
	if reason.Error() == "path escapes from parent" {
		reason = errOutside
	}
	op := path.Op
	switch op {
	case "statat", "lstatat":
		op = "stat"
	case "openat":
		op = "open"
	}
	return &fs.PathError{Op: op, Path: path.Path, Err: reason}
}

// TooLargeError is a file above its limit.
type TooLargeError struct{ Size, Limit int64 }

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("has %d bytes, the limit is %d", e.Size, e.Limit)
}

// Read reads a file of at most limit bytes whole, whatever its description says
// of its size. Its error does not name the file.
func Read(fsys fs.FS, name string, limit int64) ([]byte, error) {
	return read(fsys, name, limit, func(f io.Reader) io.Reader { return f })
}

func read(fsys fs.FS, name string, limit int64, through func(io.Reader) io.Reader) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, cause(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, cause(err)
	}
	if err := check(info.Mode()); err != nil {
		return nil, err
	}
	if info.Size() > limit {
		return nil, &TooLargeError{info.Size(), limit}
	}
	room := int64(0)
	if _, ours := f.(*os.File); ours { // an archive's sizes may lie
		room = info.Size()
	}
	b := buffer(room)
	_, err = b.ReadFrom(through(io.LimitReader(f, limit+1)))
	if err == nil && int64(b.Len()) > limit {
		err = &TooLargeError{int64(b.Len()), limit}
	}
	return b.Bytes(), cause(err)
}

// Dir is a folder of which only regular files and folders can be opened. Unlike
// OpenFolder's it follows symbolic links that lead outside.
func Dir(name string) fs.FS { return dir(name) }

type dir string

func (d dir) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	full := filepath.Join(string(d), filepath.FromSlash(name))
	if info, err := os.Stat(full); err == nil && info.IsDir() {
		return os.Open(full)
	}
	return Open(full)
}
