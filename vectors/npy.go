package vectors

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/akin-vision/akin/internal/npy"
)

// openNPY reads rows where they lie in the file.
func openNPY(data []byte) (*array, error) {
	n, err := npy.Parse(data)
	if err != nil {
		return nil, err
	}
	if n.Text() {
		return nil, errors.New("holds text; expected numbers")
	}
	return tableOf(n)
}

// tableOf reads the values row by row, where they lie.
func tableOf(n *npy.Array) (*array, error) {
	if len(n.Shape) != 2 || n.Shape[0] == 0 || n.Shape[1] == 0 {
		return nil, fmt.Errorf("has the shape %v; expected rows x values", n.Shape)
	}
	value := n.At()
	return &array{rows: n.Shape[0], dim: n.Shape[1], row: func(i int, dst []float32) {
		for k := range dst {
			dst[k] = float32(value(i, k))
		}
	}}, nil
}

// mostBytes bounds an entry of a .npz, which can claim anything.
const mostBytes = 8 << 30

// openNPZ takes the one table of numbers in an archive, and the one list of text
// as long as that as its names.
func openNPZ(data []byte) (*array, error) {
	entries, err := npzEntries(data)
	if err != nil {
		return nil, err
	}
	var tables []*npy.Array
	var lists [][]string
	var found []string
	for _, e := range entries {
		n := e.Array
		found = append(found, fmt.Sprintf("%s %v", e.name, n.Shape))
		switch {
		case len(n.Shape) == 2 && !n.Text():
			tables = append(tables, n)
		case len(n.Shape) == 1 && n.Text():
			lists = append(lists, n.Strings())
		}
	}
	if len(tables) != 1 {
		return nil, fmt.Errorf("holds %d tables of rows x values, expected one: %s", len(tables), strings.Join(found, ", "))
	}
	a, err := tableOf(tables[0])
	if err != nil {
		return nil, err
	}
	a.names, err = onlyList(lists, a.rows, found)
	return a, err
}

// npzEntry is an array of an archive, by its name.
type npzEntry struct {
	name string
	*npy.Array
}

func npzEntries(data []byte) (list []npzEntry, err error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	for _, f := range z.File {
		name, isArray := strings.CutSuffix(f.Name, ".npy")
		if !isArray {
			continue
		}
		n, err := readNPZEntry(f, len(data))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		list = append(list, npzEntry{name, n})
	}
	return list, nil
}

// readNPZEntry reads an array of an archive of so many bytes.
func readNPZEntry(f *zip.File, archive int) (*npy.Array, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var data bytes.Buffer
	if f.Method == zip.Store && f.UncompressedSize64 == f.CompressedSize64 && f.CompressedSize64 <= uint64(archive) {
		data.Grow(int(f.CompressedSize64) + bytes.MinRead) // as NumPy writes: at most the file's own size, whatever is claimed
	}
	if _, err := data.ReadFrom(io.LimitReader(r, mostBytes)); err != nil {
		return nil, err
	}
	return npy.Parse(data.Bytes())
}
