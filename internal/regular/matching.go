package regular

import (
	"errors"
	"io/fs"
	"path/filepath"
	"syscall"
)

// Matching are the files in a folder whose names match a pattern (filepath.Match), with
// the folder before them, in order. The folder's own name is no pattern, as it would be
// for filepath.Glob: one with a bracket in it has its files, too. One that is not
// there, or no folder, has none.
func Matching(dir, pattern string) ([]string, error) {
	entries, err := ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
		return nil, err
	}
	var files []string
	for _, e := range entries {
		match, err := filepath.Match(pattern, e.Name())
		if err != nil {
			return nil, err
		}
		if match {
			files = append(files, filepath.Join(dir, e.Name()))
		}
	}
	return files, nil
}
