package ingest

import (
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/vectors"
)

// readArray is the rows of an array of numbers or text, below no header. Of several
// arrays in a file sheet names one.
func readArray(ending string, data []byte, sheet string) ([]record, error) {
	contents, err := vectors.Contents(ending, data)
	if err != nil {
		return nil, err
	}
	var tables []vectors.Content
	var found []string
	for _, c := range contents {
		found = append(found, fmt.Sprintf("%s %v", c.Name, c.Shape))
		if len(c.Shape) == 2 && (sheet != "" || !c.Field()) && (c.Number != nil || c.Text != nil) && (sheet == "" || c.Name == sheet) {
			tables = append(tables, c)
		}
	}
	switch {
	case len(tables) > 1:
		return nil, fmt.Errorf("has several tables: %s; say which by sheet", english.Few(found))
	case len(tables) == 0 && sheet != "":
		return nil, fmt.Errorf("has no table %q, but %s", sheet, english.Few(found))
	case len(tables) == 0 || tables[0].Shape[0] == 0 || tables[0].Shape[1] > maxColumns:
		return nil, fmt.Errorf("has %s; expected rows of numbers or text", strings.TrimSpace(english.Few(found)))
	}
	c := tables[0]
	rows, columns := c.Shape[0], c.Shape[1]
	if rows*columns > maxCells {
		return nil, errCells
	}
	records := make([]record, rows)
	for i := range records {
		records[i] = record{line: i + 1, cells: make([]string, columns)}
		for k := range columns {
			if c.Text != nil {
				records[i].cells[k] = c.Text[i*columns+k]
			} else {
				records[i].cells[k] = strconv.FormatFloat(c.Decimal(i*columns+k), 'f', -1, 64)
			}
		}
	}
	return records, nil
}

// arrayMatrices are those of a .npy, .npz or .mat: n x n, people x n x n, a vector or
// people x pairs. A list of text as long as there are items names them.
func arrayMatrices(file, array string, data []byte, names int) ([]personMatrix, error) {
	contents, err := vectors.Contents(strings.ToLower(path.Ext(file)), data)
	if err != nil {
		return nil, err
	}
	if list := meadowsVectors(file, contents); list != nil && array == "" {
		return list, nil
	}
	var found []string
	var texts [][]string
	var list [][]personMatrix
	variables, named := fieldsOf(contents, array)
	if named != nil {
		return named.matrices(file, names)
	}
	for _, c := range variables {
		what := ""
		if c.Number == nil && c.Text == nil {
			what = insideOf(c.Name, contents)
		}
		found = append(found, strings.TrimSpace(fmt.Sprintf("%s %v", c.Name, c.Shape))+what)
		if c.Text != nil && len(c.Shape) == 1 {
			texts = append(texts, c.Text)
		}
		if m := matricesOf(file, c, names); m != nil && (array == "" || c.Name == array) {
			list = append(list, m)
		}
	}
	switch {
	case len(list) > 1:
		return nil, fmt.Errorf("has several arrays that can be matrices: %s; say which by sheet", english.Few(found))
	case len(list) == 0:
		return nil, fmt.Errorf("has no matrix or vector of pairs, but %s", english.Few(found))
	}
	for i := range list[0] {
		for _, text := range texts {
			if len(text) == list[0][i].items() {
				list[0][i].names = text
			}
		}
	}
	return list[0], nil
}

// matricesOf are those of one array, nil where it has none. names is the number of
// names that were given, 0 for none.
func matricesOf(file string, c vectors.Content, names int) (list []personMatrix) {
	if c.Number == nil || len(c.Shape) == 0 {
		return nil
	}
	sides := c.Shape
	if len(sides) == 2 && sides[0] != sides[1] && min(sides[0], sides[1]) == 1 {
		sides = []int{max(sides[0], sides[1])}
	}
	last, people := sides[len(sides)-1], 1
	square := len(sides) >= 2 && sides[len(sides)-2] == last && (names == 0 || names == last)
	size := last
	switch {
	case last < 2, len(sides) > 3, len(sides) == 3 && !square:
		return nil
	case square:
		size = last * last
		if len(sides) == 3 {
			people = sides[0]
		}
	case len(sides) == 2:
		people = sides[0]
	}
	for p := range people {
		person := personOf(file)
		if people > 1 {
			person += "-" + strconv.Itoa(p+1)
		}
		m := personMatrix{person: person, at: stimuli.Place{File: file}, square: square, count: size, value: func(i int) float64 { return c.Decimal(p*size + i) }}
		if m.items() == 0 {
			return nil
		}
		list = append(list, m)
	}
	return list
}
