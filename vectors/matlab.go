package vectors

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/internal/regular"
	"github.com/scigolib/hdf5"
	"github.com/scigolib/matlab"
	"github.com/scigolib/matlab/types"
)

// openMAT takes the one two-dimensional variable of numbers; a variable of text
// with as many rows names them. MATLAB keeps matrices column by column.
func openMAT(file string) (a *array, err error) {
	defer recovered(&err)
	f, err := regular.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := matlab.Open(f)
	if err != nil {
		return nil, err
	}
	var tables []*types.Variable
	var found []string
	for _, v := range m.Variables {
		found = append(found, fmt.Sprintf("%s %v", v.Name, v.Dimensions))
		if _, err := v.GetFloat64Array(); err == nil && len(v.Dimensions) == 2 && min(v.Dimensions[0], v.Dimensions[1]) > 1 && !v.IsSparse {
			tables = append(tables, v)
		}
	}
	if len(tables) != 1 {
		return nil, fmt.Errorf("holds %d matrices of numbers, expected one: %s", len(tables), strings.Join(found, ", "))
	}
	values, err := tables[0].GetFloat64Array()
	if err != nil {
		return nil, err
	}
	rows, dim := tables[0].Dimensions[0], tables[0].Dimensions[1]
	if len(values) != rows*dim {
		return nil, fmt.Errorf("%s %v holds %d values", tables[0].Name, tables[0].Dimensions, len(values))
	}
	a = &array{rows: rows, dim: dim, row: func(i int, dst []float32) {
		for k := range dst {
			dst[k] = float32(values[k*rows+i])
		}
	}}
	var lists [][]string
	for _, v := range m.Variables {
		if names := paddedText(v, rows); names != nil {
			lists = append(lists, names)
		}
	}
	a.names, err = onlyList(lists, rows, found)
	return a, err
}

// paddedText are the rows of a matrix of characters, without their padding.
func paddedText(v *types.Variable, rows int) []string {
	text, ok := v.Data.(string)
	if len(v.Dimensions) != 2 || v.Dimensions[0] != rows || !ok {
		return nil
	}
	letters := []rune(text)
	if len(letters) != rows*v.Dimensions[1] {
		return nil
	}
	names := make([]string, rows)
	for i := range names {
		var b strings.Builder
		for k := range v.Dimensions[1] {
			b.WriteRune(letters[k*rows+i])
		}
		names[i] = strings.TrimRight(b.String(), " \x00")
	}
	return names
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
