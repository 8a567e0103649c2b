// Package atomicfile writes a file or a folder that appears whole or not at all.
//
// A file grows under another name, .akin-RANDOM, beside its target; a folder
// grows in a work folder of such a name. Its process holds a lock on it, which
// ends with the process, however that ends. So one that nobody locks was left by
// a process that died: the next writer of the same parent folder removes it,
// after it has put back what the dead process had moved out of the way.
package atomicfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// File grows under another name until Commit gives it its own.
type File struct {
	*bufio.Writer
	name string
	file *os.File // nil when it is committed or discarded
}

// Create begins the file name, in a folder that is there. What stood under the
// name stays until Commit. A link is followed; a device or a pipe is refused.
func Create(name string) (*File, error) {
	name, err := target(name)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no regular file; name another", name)
	}
	parent := filepath.Dir(name)
	if err := sweepOnce(parent); err != nil {
		return nil, err
	}
	for {
		step("create", name)
		grown := filepath.Join(parent, fmt.Sprintf("%s%016x", prefix, rand.Uint64()))
		file, err := os.OpenFile(grown, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
		if err != nil {
			return nil, err
		}
		if !errors.Is(lockFile(file), ErrBusy) && stands(file) {
			return &File{bufio.NewWriterSize(file, 1<<16), name, file}, nil
		}
		file.Close() // another process swept it before it was locked
	}
}

// Commit puts the file under its name, safe against a loss of power.
func (f *File) Commit() error { return f.commit(true) }

func (f *File) commit(sync bool) error {
	defer f.Discard()
	if err := f.settle(sync); err != nil {
		return err
	}
	return f.takeName(sync)
}

// settle brings what was written to the disk.
func (f *File) settle(sync bool) error {
	step("flush", f.name)
	if err := f.Flush(); err != nil || !sync {
		return err
	}
	return f.file.Sync()
}

func (f *File) takeName(sync bool) error {
	defer f.Discard()
	step("rename", f.name)
	if err := f.rename(); err != nil {
		return err
	}
	step("renamed", f.name)
	if sync {
		return syncFolder(filepath.Dir(f.name))
	}
	return nil
}

// CommitAll puts files that belong together under their names, none before all of them
// are on the disk: a full one leaves what was there. Discard each after an error.
func CommitAll(files ...*File) error {
	for _, f := range files {
		if err := f.settle(true); err != nil {
			return fmt.Errorf("write %s: %w", f.name, err)
		}
	}
	for _, f := range files {
		if err := f.takeName(true); err != nil {
			return fmt.Errorf("write %s: %w", f.name, err)
		}
	}
	return nil
}

// Discard drops a file that was not committed; afterwards it does nothing.
func (f *File) Discard() error {
	if f.file == nil {
		return nil
	}
	f.file.Close()
	err := os.Remove(f.file.Name())
	f.file = nil
	return err
}

// Write puts data into the file name.
func Write(name string, data []byte) error {
	return WriteFunc(name, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// WriteFunc puts what write writes into the file name.
func WriteFunc(name string, write func(io.Writer) error) error {
	return writeFunc(name, write, true)
}

// WriteDerived is Write for what can be made anew, many files at a time: it does
// not wait for the disk. After a loss of power such a file may be damaged.
func WriteDerived(name string, data []byte) error {
	return writeFunc(name, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	}, false)
}

func writeFunc(name string, write func(io.Writer) error, sync bool) error {
	f, err := Create(name)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := write(f); err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", name, err), f.Discard())
	}
	if err := f.commit(sync); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// target follows a link, so that the link stays one, and gives the working folder and
// those above it, written with dots, their names.
func target(name string) (string, error) {
	name = filepath.Clean(name)
	if base := filepath.Base(name); base == "." || base == ".." {
		return filepath.Abs(name)
	}
	if info, err := os.Lstat(name); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return filepath.EvalSymlinks(name)
	}
	return name, nil
}
