package vectors

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/internal/hdf5"
)

// openMAT takes the one two-dimensional variable of numbers; a variable of text
// with as many rows names them.
func openMAT(data []byte) (*array, error) {
	variables, err := matlabContents(data)
	if err != nil {
		return nil, err
	}
	variables = slices.DeleteFunc(variables, Content.Field)
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
		return nil, fmt.Errorf("holds %d matrices of numbers, expected one: %s", len(tables), english.Few(found))
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

// mat73Contents are the variables of a file of MATLAB 7.3: HDF5, with the axes in
// reverse. Below the root are the parts of cells and structures.
func mat73Contents(data []byte) ([]Content, error) {
	f, err := hdf5.Parse(data)
	if err != nil {
		return nil, err
	}
	var list []Content
	for _, d := range f.Datasets {
		if strings.Count(d.Path, "/") > 1 {
			continue
		}
		c := Content{Name: strings.TrimPrefix(d.Path, "/"), Shape: slices.Clone(d.Shape)}
		slices.Reverse(c.Shape)
		if d.Numbers {
			if d.Class == "char" && d.Len() > mostLetters {
				return nil, fmt.Errorf("%s is a text of %d letters, more than %d", c.Name, d.Len(), mostLetters)
			}
			value, err := d.Values()
			if err != nil {
				return nil, err
			}
			shape := c.Shape
			c.Single = d.Class == "single"
			if c.Number = func(i int) float64 { return value(columnPlace(shape, i)) }; d.Class == "char" {
				units := make([]uint16, d.Len())
				for i := range units {
					units[i] = uint16(value(i))
				}
				c.Number = nil
				c.setText(utf16.Decode(units))
			}
		}
		list = append(list, c)
	}
	return list, nil
}

// setText makes the rows of a matrix of characters, which lie column by column, the
// content, without their padding.
func (c *Content) setText(letters []rune) {
	if len(c.Shape) != 2 || len(letters) != c.Shape[0]*c.Shape[1] {
		return
	}
	rows := c.Shape[0]
	c.Text, c.Shape = make([]string, rows), c.Shape[:1]
	for i := range c.Text {
		var b strings.Builder
		for k := i; k < len(letters); k += rows {
			b.WriteRune(letters[k])
		}
		c.Text[i] = strings.TrimRight(b.String(), " \x00")
	}
}
