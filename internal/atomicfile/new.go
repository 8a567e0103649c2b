package atomicfile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// WriteNew puts data into the file name if nothing stands under it, in one step
// also where several processes, on several machines that share the folder, try at
// once: one of them writes, the others get an error that is fs.ErrExist and leave
// the file as it is. It makes the folder.
func WriteNew(name string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	if _, err := os.Lstat(name); err == nil {
		return fmt.Errorf("write %s: %w", name, os.ErrExist)
	}
	f, err := Create(name)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	defer f.Discard()
	f.Write(data) // an error stays until Flush
	if err := f.settle(true); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return link(f.file.Name(), name)
}

// link gives a written file its name. A rename would replace what another process wrote
// meanwhile; a second name does not, on local disks and on NFS.
func link(made, name string) error {
	step("link", name)
	if err := os.Link(made, name); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	step("linked", name)
	return syncFolder(filepath.Dir(name))
}

// MakeNew puts a file under name if nothing stands there, which write makes itself under
// the name it gets, such as a database. Beside that file write may leave others: they
// are removed. Errors are those of WriteNew. On a disk without second names, such as a
// memory stick, a file that another process puts there at the same instant is replaced.
func MakeNew(name string, write func(file string) error) error {
	w, err := newWork(filepath.Dir(name))
	if err != nil {
		return err
	}
	defer w.remove()
	if _, err := os.Lstat(name); err == nil {
		return fmt.Errorf("write %s: %w", name, os.ErrExist)
	}
	made := filepath.Join(w.dir, grown)
	step("create", name)
	if err := write(made); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := syncTree(w.dir); err != nil {
		return err
	}
	if err := link(made, name); err == nil || errors.Is(err, os.ErrExist) {
		return err
	}
	if err := os.Rename(made, name); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(name))
}
