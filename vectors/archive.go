package vectors

import (
	"archive/zip"
	"fmt"
	"path/filepath"
	"strings"
)

// Array is one array of numbers of an archive.
type Array struct {
	Shape  []int     // empty for a single number
	Values []float32 // row by row
}

// ReadArchive reads the arrays of numbers in a .npz by their names, and the hex
// SHA-256 of the file.
func ReadArchive(file string) (arrays map[string]Array, hash string, err error) {
	if hash, err = hashFiles([]string{file}); err != nil {
		return nil, "", err
	}
	z, err := zip.OpenReader(file)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", file, err)
	}
	defer z.Close()
	arrays = map[string]Array{}
	for _, f := range z.File {
		n, err := readNPZEntry(f)
		if err != nil {
			return nil, "", fmt.Errorf("%s: %s: %w", file, f.Name, err)
		}
		if !n.text() {
			arrays[strings.TrimSuffix(filepath.Base(f.Name), ".npy")] = n.values()
		}
	}
	return arrays, hash, nil
}

// values are all of an array's, in the order of rows; of more than two axes that
// lie column by column, none has been seen.
func (n *numpy) values() Array {
	a := Array{Shape: n.shape}
	read, count := n.reader(), 1
	for _, side := range n.shape {
		count *= side
	}
	a.Values = make([]float32, count)
	for i := range a.Values {
		at := i
		if n.columns && len(n.shape) == 2 {
			at = i%n.shape[1]*n.shape[0] + i/n.shape[1]
		}
		a.Values[i] = read(n.data[at*n.size : (at+1)*n.size])
	}
	return a
}
