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
	step("flush", name)
	if err := errors.Join(f.Flush(), f.file.Sync()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	step("link", name)
	// A rename would replace what another process wrote meanwhile; a second name does
	// not, on local disks and on NFS.
	if err := os.Link(f.file.Name(), name); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	step("linked", name)
	return syncFolder(filepath.Dir(name))
}
