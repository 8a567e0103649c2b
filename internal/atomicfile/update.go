package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/akin-vision/akin/internal/regular"
)

// UpdateFolder changes files of the folder name in one step, or makes it.
// acceptable judges what stands there; write puts and removes files, and what it
// does not name stays. Where the folder itself cannot be exchanged, being the working
// folder, a mount point or below a folder that may not be written, its files are moved in
// one by one; a process that dies then leaves the rest to the next Sweep of the folder.
func UpdateFolder(name string, acceptable func([]os.DirEntry) error, write func(Folder) error) error {
	name, err := target(name)
	if err != nil {
		return err
	}
	changed := changing(name, write)
	if holdsWorkingFolder(name) {
		return moveIn(name, acceptable, changed)
	}
	err = errors.Join(Sweep(filepath.Dir(name)), Sweep(name))
	if err == nil {
		err = writeFolder(name, acceptable, changed)
	}
	for _, fixed := range []error{syscall.EBUSY, syscall.EXDEV, syscall.EROFS, fs.ErrPermission} {
		if errors.Is(err, fixed) {
			return moveIn(name, acceptable, changed)
		}
	}
	return err
}

// changing is write for a new folder that already holds what the folder name does.
func changing(name string, write func(Folder) error) func(Folder) error {
	return func(f Folder) error {
		if err := share(name, f.root.Name()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return write(f)
	}
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
	entries, err := regular.ReadDir(old)
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
	removed = "removed" // the names of what goes
)

// moveIn gives the folder name the content of a new one, file by file.
func moveIn(name string, acceptable func([]os.DirEntry) error, write func(Folder) error) error {
	w, err := newWork(name)
	if err != nil {
		return err
	}
	defer w.remove()
	if err := Accept(name, acceptable); err != nil {
		return err
	}
	made := filepath.Join(w.dir, grown)
	if err := os.Mkdir(made, 0o777); err != nil {
		return err
	}
	if err := fill(made, write); err != nil {
		return err
	}
	gone, err := lacking(made, name)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(w.dir, removed), []byte(strings.Join(gone, "\n")), 0o666); err != nil {
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

// lacking are the files and folders of old that made has no longer, what is in a folder
// before the folder.
func lacking(made, old string) ([]string, error) {
	var list []string
	err := filepath.WalkDir(old, func(file string, e fs.DirEntry, err error) error {
		below, relErr := filepath.Rel(old, file)
		switch {
		case err != nil || relErr != nil:
			return errors.Join(err, relErr)
		case strings.HasPrefix(e.Name(), prefix) && e.IsDir():
			return fs.SkipDir
		case strings.HasPrefix(e.Name(), prefix):
			return nil
		}
		if _, err := os.Lstat(filepath.Join(made, below)); errors.Is(err, fs.ErrNotExist) {
			list = append(list, below)
		}
		return nil
	})
	slices.Reverse(list)
	return list, err
}

// finish moves the files of a work folder that is ready to where they belong.
func finish(dir string) error {
	from, to := filepath.Join(dir, ready), filepath.Dir(dir)
	if _, err := os.Stat(from); errors.Is(err, fs.ErrNotExist) {
		return nil // it was not ready, or is done
	}
	gone, err := os.ReadFile(filepath.Join(dir, removed))
	if err != nil {
		return err
	}
	err = filepath.WalkDir(from, func(file string, e fs.DirEntry, err error) error {
		below, relErr := filepath.Rel(from, file)
		if err := errors.Join(err, relErr); err != nil {
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
	for name := range strings.Lines(string(gone)) {
		err := os.Remove(filepath.Join(to, strings.TrimSuffix(name, "\n")))
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTEMPTY) { // somebody put a file there meanwhile
			return err
		}
	}
	step("moved", to)
	return os.Rename(from, filepath.Join(dir, "done")) // from here on it must not be done again
}
