package atomicfile

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/akin-vision/akin/internal/regular"
)

// Folder is a folder that grows.
type Folder struct{ root *os.Root }

// WriteFolder makes the folder name: write fills a new one, which then takes
// the place of what stood there, in one step where the system can exchange two
// folders. What stood there goes if replaceable says so, given its entries; an
// empty folder always does. On any error the folder is as it was.
func WriteFolder(name string, replaceable func([]os.DirEntry) error, write func(Folder) error) error {
	name, err := target(name)
	if err != nil {
		return err
	}
	if holdsWorkingFolder(name) {
		return moveIn(name, replaceable, write)
	}
	return writeFolder(name, replaceable, write)
}

// holdsWorkingFolder reports whether this process, and so the shell that started it,
// works in the folder name or below it. Exchanged for another, it would leave them in a
// folder that is gone.
func holdsWorkingFolder(name string) bool {
	folder, err := os.Stat(name)
	if err != nil {
		return false
	}
	for dir, err := os.Getwd(); err == nil; dir = filepath.Dir(dir) {
		if above, err := os.Stat(dir); err == nil && os.SameFile(folder, above) {
			return true
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	return false
}

func writeFolder(name string, replaceable func([]os.DirEntry) error, write func(Folder) error) error {
	w, err := newWork(filepath.Dir(name)) // first, since it may put back what stood at name
	if err != nil {
		return err
	}
	defer w.remove()
	if err := Accept(name, replaceable); err != nil {
		return err
	}
	made := filepath.Join(w.dir, grown)
	step("create", name)
	if err := os.Mkdir(made, 0o777); err != nil {
		return err
	}
	if err := fill(made, write); err != nil {
		return err
	}
	if err := syncTree(made); err != nil {
		return err
	}
	if err := Accept(name, replaceable); err != nil { // again: something may have been added meanwhile
		return err
	}
	if err := w.replace(made, name); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(name))
}

// Accept asks replaceable about the folder name, if it is there and not empty. It is
// for those who want to know before they compute what is to be written.
func Accept(name string, replaceable func([]os.DirEntry) error) error {
	entries, err := regular.ReadDir(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if entries = foreign(entries); err == nil && len(entries) > 0 {
		err = replaceable(entries)
	}
	return err
}

// foreign are the entries but for what akin grows or grew beside them.
func foreign(entries []os.DirEntry) []os.DirEntry {
	return slices.DeleteFunc(entries, func(e os.DirEntry) bool { return strings.HasPrefix(e.Name(), prefix) })
}

func fill(made string, write func(Folder) error) error {
	root, err := os.OpenRoot(made)
	if err != nil {
		return err
	}
	return errors.Join(write(Folder{root}), root.Close())
}

// Put writes a file, by its path with slashes, and the folders above it.
func (f Folder) Put(file string, data []byte) error {
	return f.PutFunc(file, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// PutFunc puts what write writes.
func (f Folder) PutFunc(file string, write func(io.Writer) error) error {
	step("put", file)
	if err := f.root.MkdirAll(path.Dir(file), 0o777); err != nil {
		return err
	}
	if err := f.Remove(file); err != nil { // its content may be shared with the old folder
		return err
	}
	out, err := f.root.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(out, 1<<16)
	if err = write(buffered); err == nil {
		err = buffered.Flush()
	}
	if err = errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	return nil
}

// Remove takes a file away, if it is there.
func (f Folder) Remove(file string) error {
	if err := f.root.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// PutTables writes CSV files of their rows.
func (f Folder) PutTables(tables map[string][][]string) error {
	for file, rows := range tables {
		var b bytes.Buffer
		if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
			return fmt.Errorf("write %s: %w", file, err)
		}
		if err := f.Put(file, b.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// FS is what the folder holds so far.
func (f Folder) FS() fs.FS { return f.root.FS() }

// replace puts the folder made in the place of name. Where the two cannot be
// exchanged in one step, a process that dies between two steps leaves the old
// folder in the work folder, from where Sweep puts it back.
func (w *work) replace(made, name string) error {
	step("exchange", name)
	err := exchange(made, name)
	if err == nil {
		step("exchanged", name)
		return nil
	}
	old := filepath.Join(w.dir, moved)
	if err := os.Mkdir(old, 0o777); err != nil {
		return err
	}
	kept := filepath.Join(old, filepath.Base(name))
	if err := os.Rename(name, kept); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	step("rename", name)
	if err := os.Rename(made, name); err != nil {
		if back := os.Rename(kept, name); back != nil && !errors.Is(back, fs.ErrNotExist) {
			return errors.Join(err, fmt.Errorf("the old folder stands in %s: %w", kept, back))
		}
		return err
	}
	step("renamed", name)
	return os.Rename(old, filepath.Join(w.dir, "done")) // from here on it must not be put back
}
