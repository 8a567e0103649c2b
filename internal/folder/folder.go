// Package folder writes a folder of files that appears whole or not at all.
package folder

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// Write makes the folder out: write puts its files into a new one, which then
// takes the place of out. What stood there goes if replaceable says so, given
// its entries; an empty folder always does. On any error out is as it was, and
// nothing else is left behind.
func Write(out string, replaceable func([]os.DirEntry) error, write func(*os.Root) error) error {
	out = filepath.Clean(out)
	entries, err := os.ReadDir(out)
	if err == nil && len(entries) > 0 {
		err = replaceable(entries)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o777); err != nil {
		return err
	}
	made, err := os.MkdirTemp(filepath.Dir(out), ".making-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(made)
	if err := into(made, write); err != nil {
		return err
	}
	if err := os.Chmod(made, 0o755); err != nil {
		return err
	}
	return replace(made, out)
}

func into(made string, write func(*os.Root) error) error {
	root, err := os.OpenRoot(made)
	if err != nil {
		return err
	}
	return errors.Join(write(root), root.Close())
}

// replace puts the folder made in the place of out.
func replace(made, out string) error {
	old := made + ".old"
	if err := os.Rename(out, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(made, out); err != nil {
		return errors.Join(err, os.Rename(old, out))
	}
	return os.RemoveAll(old)
}

// Put writes a file and the folders above it.
func Put(root *os.Root, file string, data []byte) error {
	if err := root.MkdirAll(path.Dir(file), 0o755); err != nil {
		return err
	}
	return root.WriteFile(file, data, 0o644)
}

// PutAll writes files by their names.
func PutAll(root *os.Root, files map[string][]byte) error {
	for file, data := range files {
		if err := Put(root, file, data); err != nil {
			return err
		}
	}
	return nil
}

// Tables are CSV files by name, of their rows.
func Tables(rows map[string][][]string) (map[string][]byte, error) {
	files := map[string][]byte{}
	for file, rows := range rows {
		var b bytes.Buffer
		if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
			return nil, fmt.Errorf("write %s: %w", file, err)
		}
		files[file] = b.Bytes()
	}
	return files, nil
}
