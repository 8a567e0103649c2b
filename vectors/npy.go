package vectors

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/internal/npy"
	"github.com/akin-vision/akin/internal/unpacked"
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
		return nil, fmt.Errorf("holds %d tables of rows x values, expected one: %s", len(tables), english.Few(found))
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
	z, err := newNPZ(data)
	if err != nil {
		return nil, err
	}
	for _, f := range z.File {
		name, isArray := strings.CutSuffix(f.Name, ".npy")
		if !isArray {
			continue
		}
		n, err := z.array(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		list = append(list, npzEntry{name, n})
	}
	return list, nil
}

// npz is an archive of arrays, and what they may still take in memory.
type npz struct {
	*zip.Reader
	size int64 // bytes of the archive
	room *unpacked.Budget
}

// mostArrays bounds how many arrays a file may hold.
const mostArrays = 100_000

func newNPZ(data []byte) (*npz, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	if len(z.File) > mostArrays {
		return nil, fmt.Errorf("holds %d files, more than %d", len(z.File), mostArrays)
	}
	return &npz{z, int64(len(data)), unpacked.Of(len(data))}, nil
}

// array reads one of an archive. What the archive says of its size is not believed
// above what its packed bytes can become.
func (z *npz) array(f *zip.File) (*npy.Array, error) {
	const mostInflated, head = 1100, 1 << 10 // of each byte, and beside them
	claimed, packed := int64(f.UncompressedSize64), min(int64(f.CompressedSize64), z.size)
	if claimed < 0 || packed < 0 || claimed > packed*mostInflated+head {
		return nil, fmt.Errorf("is damaged: %d bytes cannot become %d", f.CompressedSize64, f.UncompressedSize64)
	}
	if err := z.room.Take(claimed); err != nil {
		return nil, err
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data := make([]byte, claimed)
	if _, err := io.ReadFull(r, data); err != nil {
		return nil, err
	}
	if _, err := io.CopyN(io.Discard, r, 1); !errors.Is(err, io.EOF) { // its checksum is compared at its end
		return nil, errors.Join(errors.New("is damaged"), err)
	}
	return npy.Parse(data)
}
