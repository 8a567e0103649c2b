package vectors

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/internal/regular"
	"github.com/scigolib/hdf5"
)

// openMAT takes the one two-dimensional variable of numbers; a variable of text
// with as many rows names them.
func openMAT(file string) (*array, error) {
	data, err := regular.ReadFile(file)
	if err != nil {
		return nil, err
	}
	variables, err := matlabContents(data)
	if err != nil {
		return nil, err
	}
	var tables []Content
	var lists [][]string
	var found []string
	for _, v := range variables {
		found = append(found, fmt.Sprintf("%s %v", v.Name, v.Shape))
		if v.Number != nil && len(v.Shape) == 2 && min(v.Shape[0], v.Shape[1]) > 1 {
			tables = append(tables, v)
		}
		if v.Text != nil {
			lists = append(lists, v.Text)
		}
	}
	if len(tables) != 1 {
		return nil, fmt.Errorf("holds %d matrices of numbers, expected one: %s", len(tables), strings.Join(found, ", "))
	}
	rows, dim, value := tables[0].Shape[0], tables[0].Shape[1], tables[0].Number
	a := &array{rows: rows, dim: dim, row: func(i int, dst []float32) {
		for k := range dst {
			dst[k] = float32(value(i*dim + k))
		}
	}}
	a.names, err = onlyList(lists, rows, found)
	return a, err
}

// shapeText is how the library describes a two-dimensional dataset.
var shapeText = regexp.MustCompile(`2D array \[(\d+) x (\d+)\]`)

// openHDF5 takes the one two-dimensional dataset of numbers, and the one dataset of
// text with as many entries as its rows.
func openHDF5(file string) (a *array, err error) {
	defer recovered(&err)
	f, err := hdf5.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var found []string
	var texts [][]string
	var tables int
	f.Walk(func(path string, object hdf5.Object) {
		d, is := object.(*hdf5.Dataset)
		if !is {
			return
		}
		info, infoErr := d.Info()
		found = append(found, path+" ("+info+")")
		if infoErr != nil {
			return
		}
		if shape := shapeText.FindStringSubmatch(info); shape != nil {
			tables++
			if a, err = hdf5Table(d, shape); err != nil {
				err = fmt.Errorf("%s: %w", path, err)
			}
			return
		}
		if text, textErr := d.ReadStrings(); textErr == nil {
			texts = append(texts, text)
		}
	})
	if err != nil {
		return nil, err
	}
	if tables != 1 {
		return nil, fmt.Errorf("holds %d two-dimensional datasets, expected one: %s", tables, strings.Join(found, ", "))
	}
	a.names, err = onlyList(texts, a.rows, found)
	return a, err
}

func hdf5Table(d *hdf5.Dataset, shape []string) (*array, error) {
	rows, err1 := strconv.Atoi(shape[1])
	dim, err2 := strconv.Atoi(shape[2])
	values, err3 := d.Read()
	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, err
	}
	if rows == 0 || dim == 0 || len(values) != rows*dim {
		return nil, fmt.Errorf("holds %d values, its shape is %d x %d", len(values), rows, dim)
	}
	return &array{rows: rows, dim: dim, row: func(i int, dst []float32) {
		for k := range dst {
			dst[k] = float32(values[i*dim+k])
		}
	}}, nil
}

// recovered turns a panic of a library on a damaged file into an error.
func recovered(err *error) {
	if fault := recover(); fault != nil {
		*err = fmt.Errorf("cannot be read: %v", fault)
	}
}
