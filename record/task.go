package record

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/akin-vision/akin/internal/atomicfile"
)

// WriteAs writes the record of a run whose files are others than those of triplets,
// in one step, in the place of an earlier record. What that one held besides is
// removed.
func (r *Run) WriteAs(dir string, files []File) error {
	r.Files, r.Seal = map[string]string{}, ""
	data, err := readRun(filepath.Join(dir, RunFile))
	if err == nil {
		if old, err := unseal(filepath.Join(dir, RunFile), data); err == nil {
			for name := range old.Files {
				if !slices.ContainsFunc(files, func(f File) bool { return f.Name == name }) {
					files = append(files, File{Name: name})
				}
			}
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return r.update(dir, files)
}

// RebuildAs writes files of a record anew that was read back from dir by OpenAs.
func (r *Run) RebuildAs(dir string, files []File) error { return r.update(dir, files) }

// OpenAs reads run.json of a record of any task. read reads another of its files and
// compares it with its hash.
func OpenAs(dir string) (r *Run, read func(name string) ([]byte, error), err error) {
	file := filepath.Join(dir, RunFile)
	if err := atomicfile.Recover(dir); err != nil {
		return nil, nil, err
	}
	data, err := readRun(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, &NoRunError{dir}
	}
	if err != nil {
		return nil, nil, err
	}
	if r, err = unseal(file, data); err != nil {
		return nil, nil, err
	}
	return r, func(name string) ([]byte, error) { return r.read(dir, name) }, nil
}
