package vectors

import (
	"fmt"

	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/internal/hdf5"
)

// openHDF5 takes the one two-dimensional dataset of numbers, and the one dataset of
// text with as many entries as its rows.
func openHDF5(data []byte) (*array, error) {
	f, err := hdf5.Parse(data)
	if err != nil {
		return nil, err
	}
	var found []string
	var texts [][]string
	var tables []*hdf5.Dataset
	for _, d := range f.Datasets {
		found = append(found, fmt.Sprintf("%s %v", d.Path, d.Shape))
		switch {
		case d.Numbers && len(d.Shape) == 2:
			tables = append(tables, d)
		case d.Text && len(d.Shape) == 1:
			text, err := d.Strings()
			if err != nil {
				return nil, err
			}
			texts = append(texts, text)
		}
	}
	if len(tables) != 1 {
		return nil, fmt.Errorf("holds %d two-dimensional datasets of whole or floating-point numbers, expected one: %s", len(tables), english.Few(found))
	}
	value, err := tables[0].Values()
	if err != nil {
		return nil, err
	}
	rows, dim := tables[0].Shape[0], tables[0].Shape[1]
	if rows == 0 || dim == 0 {
		return nil, fmt.Errorf("has the shape %v; expected rows x values", tables[0].Shape)
	}
	a := &array{rows: rows, dim: dim, row: func(i int, dst []float32) {
		for k := range dst {
			dst[k] = float32(value(i*dim + k))
		}
	}}
	a.names, err = onlyList(texts, rows, found)
	return a, err
}
