package record

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"path"
	"path/filepath"

	"github.com/akin-vision/akin/internal/atomicfile"
)

// PaperFile lists, under "files", the figures and tables that were made of the record
// in the same folder. They are removed with it where the record changes: figures of one
// run must not lie beside the numbers of another.
const PaperFile = "paper.json"

// removeStale removes figures and tables of the record that stood in the folder, if
// what they were made of is no longer what it was.
func (r *Run) removeStale(f atomicfile.Folder) error {
	data, err := fs.ReadFile(f.FS(), RunFile) // still the old one
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var old struct {
		Files map[string]string `json:"files"`
	}
	if json.Unmarshal(data, &old) == nil && maps.Equal(evidence(old.Files), evidence(r.Files)) {
		return nil
	}
	return RemovePaper(f)
}

// evidence are the hashes of the files that figures follow from.
func evidence(files map[string]string) map[string]string {
	list := map[string]string{}
	for _, name := range sources {
		if hash, has := files[name]; has {
			list[name] = hash
		}
	}
	return list
}

// RemovePaper removes PaperFile, what it lists, and folders that are empty then.
func RemovePaper(f atomicfile.Folder) error {
	data, err := fs.ReadFile(f.FS(), PaperFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var paper struct {
		Files []string `json:"files"`
	}
	if json.Unmarshal(data, &paper) != nil {
		return nil // no list of akin's
	}
	folders := map[string]bool{}
	for _, name := range paper.Files {
		info, err := fs.Stat(f.FS(), filepath.ToSlash(name))
		if err != nil || !info.Mode().IsRegular() || name == RunFile {
			continue
		}
		if err := f.Remove(name); err != nil {
			return err
		}
		folders[path.Dir(filepath.ToSlash(name))] = true
	}
	for folder := range folders { // that of the record holds other files
		if left, err := fs.ReadDir(f.FS(), folder); err == nil && len(left) == 0 {
			if err := f.Remove(folder); err != nil {
				return err
			}
		}
	}
	return f.Remove(PaperFile)
}
