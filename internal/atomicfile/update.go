package atomicfile

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// UpdateFolder changes files of the folder name in one step, or makes it.
// acceptable judges what stands there; write puts and removes files, and what it
// does not name stays. Where the folder itself cannot be exchanged, being a mount
// point or below a folder that may not be written, its files are moved in one by
// one; a process that dies then leaves the rest to the next Sweep of the folder.
func UpdateFolder(name string, acceptable func([]os.DirEntry) error, write func(Folder) error) error {
	name, err := target(name)
	if err != nil {
		return err
	}
	err = exchangeFolder(name, acceptable, write)
	for _, fixed := range []error{syscall.EBUSY, syscall.EXDEV, syscall.EROFS, fs.ErrPermission} {
		if errors.Is(err, fixed) {
			return moveIn(name, acceptable, write)
		}
	}
	return err
}

// exchangeFolder makes a new folder of what the old one holds and what write
// changes, and exchanges the two.
func exchangeFolder(name string, acceptable func([]os.DirEntry) error, write func(Folder) error) error {
	if err := errors.Join(Sweep(filepath.Dir(name)), Sweep(name)); err != nil {
		return err
	}
	return writeFolder(name, acceptable, func(f Folder) error {
		if err := share(name, f.root.Name()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return write(f)
	})
}

// share gives a new folder the files of an old one, as further names of the same
// files where the file system has such, else as copies.
func share(old, made string) error {
	info, err := os.Stat(old)
	if err != nil {
		return err
	}
	if err := os.Chmod(made, info.Mode().Perm()|0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(old)
	if err != nil {
		return err
	}
	for _, e := range entries {
		from, to := filepath.Join(old, e.Name()), filepath.Join(made, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), prefix):
		case e.IsDir():
			if err = os.Mkdir(to, 0o777); err == nil {
				err = share(from, to)
			}
		case e.Type().IsRegular():
			if err = os.Link(from, to); err != nil {
				err = copyFile(from, to)
			}
		case e.Type()&fs.ModeSymlink != 0:
			var link string
			if link, err = os.Readlink(from); err == nil {
				err = os.Symlink(link, to)
			}
		default:
			err = fmt.Errorf("%s is neither a file nor a folder; move it away", from)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// Of a work folder inside the folder that is changed:
const (
	ready   = "ready"   // a grown folder whose files take their names now, whatever happens
	removed = "removed" // in it: the names of files that go
)

func moveIn(name string, acceptable func([]os.DirEntry) error, write func(Folder) error) error {
	w, err := newWork(name)
	if err != nil {
		return err
	}
	defer w.remove()
	entries, err := os.ReadDir(name)
	if err == nil {
		err = acceptable(foreign(entries))
	}
	if err != nil {
		return err
	}
	made := filepath.Join(w.dir, grown)
	if err := os.Mkdir(made, 0o777); err != nil {
		return err
	}
	var gone bytes.Buffer
	if err := fill(made, &gone, write); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(made, removed), gone.Bytes(), 0o666); err != nil {
		return err
	}
	if err := syncTree(made); err != nil {
		return err
	}
	step("commit", name)
	if err := os.Rename(made, filepath.Join(w.dir, ready)); err != nil {
		return err
	}
	return finish(w.dir)
}

// finish moves the files of a work folder that is ready to where they belong.
func finish(dir string) error {
	from, to := filepath.Join(dir, ready), filepath.Dir(dir)
	gone, err := os.ReadFile(filepath.Join(from, removed))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // it was not ready, or is done
	}
	if err != nil {
		return err
	}
	err = filepath.WalkDir(from, func(file string, e fs.DirEntry, err error) error {
		below, relErr := filepath.Rel(from, file)
		if err := errors.Join(err, relErr); err != nil || below == removed {
			return err
		}
		if e.IsDir() {
			return os.MkdirAll(filepath.Join(to, below), 0o777)
		}
		step("move", below)
		return os.Rename(file, filepath.Join(to, below))
	})
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(bytes.NewReader(gone))
	for lines.Scan() {
		if err := os.Remove(filepath.Join(to, lines.Text())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	step("moved", to)
	return errors.Join(lines.Err(), os.Remove(filepath.Join(from, removed)))
}
