// Package vectors reads tables of vectors that other programs computed, one row an
// item: NumPy's .npy and .npz, CSV, Parquet, MATLAB's .mat and HDF5.
package vectors

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/internal/regular"
)

// Table is an N x D table with a name for each row. It may stay in its file and be
// read row by row: close it.
type Table struct {
	Names []string // of the rows
	Dim   int      // D
	Hash  string   // SHA-256 of the file; of a file of names beside it, too

	row    func(i int, dst []float32) // fills dst, of length Dim
	source *mapped
}

// Len is the number of rows.
func (t *Table) Len() int { return len(t.Names) }

// Row puts row i into dst, of length Dim. Whether it is that of the file that was
// hashed, Unchanged tells afterwards.
func (t *Table) Row(i int, dst []float32) {
	regular.WhileMapped(ErrReplaced, func() error { // which Unchanged gives, too
		t.row(i, dst)
		return nil
	})
}

// Unchanged gives ErrReplaced where the file was written to since it was opened: rows
// may then be others than those that were hashed.
func (t *Table) Unchanged() error { return t.source.unchanged() }

// Close releases the file.
func (t *Table) Close() error { return t.source.Close() }

// NamesNeededError is a file that does not say what its rows are.
type NamesNeededError struct {
	File string
	Rows int
	Near []string // where names were looked for
}

func (e *NamesNeededError) Error() string {
	return fmt.Sprintf("%s has %d rows and does not say what they are; looked for names in %s", e.File, e.Rows, strings.Join(e.Near, ", "))
}

// array is what a reader of a format found: names may be missing.
type array struct {
	rows, dim int
	names     []string
	row       func(i int, dst []float32)
}

// Open reads a table. names is a file that names the rows in order: .txt, one name
// a line, or .csv with a header (the column path, name, file or item, else the
// only one); empty where the file itself names them, or where one of the files
// lies beside it that akin (FILE.csv) and thingsvision (file_names.txt) write.
//
// Numbers become float32. Arrays must be two-dimensional.
func Open(file, names string) (*Table, error) {
	read, known := map[string]func(data []byte) (*array, error){
		".npy": openNPY, ".npz": openNPZ, ".csv": openCSV, ".tsv": openTSV, ".parquet": openParquet,
		".mat": openMAT, ".h5": openHDF5, ".hdf5": openHDF5,
	}[strings.ToLower(filepath.Ext(file))]
	if !known {
		return nil, fmt.Errorf("%s: the ending says no format that is known here: .npy, .npz, .csv, .tsv, .parquet, .mat, .h5, .hdf5", file)
	}
	source, err := mapFile(file)
	if err != nil {
		return nil, err
	}
	t := &Table{source: source}
	err = regular.WhileMapped(fmt.Errorf("%s: %w", file, ErrReplaced), func() error {
		a, err := read(source.data)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		t.Names, t.Dim, t.row = a.names, a.dim, a.row
		return t.name(file, names, a.rows)
	})
	if err := errors.Join(err, t.Unchanged()); err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

// name completes the table by names and hash.
func (t *Table) name(file, names string, rows int) error {
	hash := sha256.New()
	hash.Write(t.source.data)
	said := file
	if names == "" && t.Names == nil {
		near := []string{file + ".csv", filepath.Join(filepath.Dir(file), "file_names.txt")}
		for _, beside := range near {
			if _, err := os.Stat(beside); err == nil {
				names = beside
				break
			}
		}
		if names == "" {
			return &NamesNeededError{file, rows, near}
		}
	}
	if names != "" {
		data, err := regular.ReadFile(names)
		if err != nil {
			return err
		}
		if t.Names, err = readNames(names, data); err != nil {
			return err
		}
		hash.Write(data)
		said = names
	}
	if len(t.Names) != rows {
		return fmt.Errorf("%s has %d rows, but %d names were given (%s)", file, rows, len(t.Names), said)
	}
	t.Hash = hex.EncodeToString(hash.Sum(nil))
	return nil
}

// onlyList is the one list of text with an entry for each row; nil without one.
// Of several, nothing says which has the names. found is all that the file holds.
func onlyList(lists [][]string, rows int, found []string) ([]string, error) {
	lists = slices.DeleteFunc(lists, func(list []string) bool { return len(list) != rows })
	if len(lists) > 1 {
		return nil, fmt.Errorf("holds %d lists of text with %d entries, expected one with the names: %s", len(lists), rows, english.Few(found))
	}
	if len(lists) == 0 {
		return nil, nil
	}
	return lists[0], nil
}

// inMemory is an array of rows of equal length.
func inMemory(names []string, rows [][]float32) (*array, error) {
	if len(rows) == 0 {
		return nil, errors.New("has no rows")
	}
	for i, row := range rows {
		if len(row) != len(rows[0]) {
			return nil, fmt.Errorf("row %d has %d values, row 1 has %d", i+1, len(row), len(rows[0]))
		}
	}
	if len(rows[0]) == 0 {
		return nil, errors.New("has no columns of numbers")
	}
	return &array{rows: len(rows), dim: len(rows[0]), names: names, row: func(i int, dst []float32) { copy(dst, rows[i]) }}, nil
}

// unusable says why a vector cannot be compared with others, empty where it can.
func unusable(v []float32) string {
	constant := true
	for _, x := range v {
		if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
			return "holds a value that is not finite"
		}
		constant = constant && x == v[0]
	}
	if constant && len(v) > 1 {
		return fmt.Sprintf("holds %v throughout", v[0])
	}
	return ""
}

// recovered turns a panic of a library on a damaged file into an error.
func recovered(err *error) {
	if fault := recover(); fault != nil {
		*err = fmt.Errorf("cannot be read: %v", fault)
	}
}
