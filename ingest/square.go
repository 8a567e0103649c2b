package ingest

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/stimuli"
)

// textMatrices finds matrices in a table of text: a square with or without names at the
// heads of rows and columns, or vectors, one a row or a single column. It is false
// where the table has another shape.
func textMatrices(file string, records []record) ([]personMatrix, bool) {
	cells := make([][]string, 0, len(records))
	var lines []int
	for _, r := range records {
		if strings.Join(r.cells, "") != "" {
			cells, lines = append(cells, r.cells), append(lines, r.line)
		}
	}
	if len(cells) == 0 {
		return nil, false
	}
	person := personOf(file)
	rows, columns, last := len(cells), len(cells[0]), len(cells[len(cells)-1])
	numeric := numbersIn(cells[0]) == columns && (strings.TrimSpace(cells[0][0]) != "" || emptyDiagonal(cells))
	switch {
	case rows == last && columns == last && numeric: // bare
		return []personMatrix{squareOf(person, file, nil, lines, cells, 0)}, true
	case rows == last && (columns == last || columns == last-1) && !numeric: // heads of rows and columns
		names := cells[0][columns-(last-1):]
		for i, name := range names {
			if strings.TrimSpace(cells[i+1][0]) != strings.TrimSpace(name) {
				return nil, false
			}
		}
		m := squareOf(person, file, names, lines[1:], cells[1:], 1)
		return []personMatrix{m}, true
	case rows == last+1 && columns == last && numbersIn(cells[0]) == 0: // heads of columns
		return []personMatrix{squareOf(person, file, cells[0], lines[1:], cells[1:], 0)}, true
	case columns == 1 && numeric: // one column
		column := make([]string, rows)
		for i := range cells {
			column[i] = cells[i][0]
		}
		return []personMatrix{vectorOf(person, stimuli.Place{File: file}, column)}, true
	}
	return textVectors(file, cells, lines)
}

// emptyDiagonal tells a square without its diagonal from one with an empty corner.
func emptyDiagonal(cells [][]string) bool {
	for i, row := range cells {
		if i >= len(row) || strings.TrimSpace(row[i]) != "" {
			return false
		}
	}
	return true
}

// textVectors are a person's values a row, with the person's name before or not.
func textVectors(file string, cells [][]string, lines []int) (list []personMatrix, ok bool) {
	for i, row := range cells {
		person, values := personOf(file), row
		if len(cells) > 1 {
			person += "-" + strconv.Itoa(i+1)
		}
		if numbersIn(row[:1]) == 0 {
			person, values = strings.TrimSpace(row[0]), row[1:]
		}
		m := vectorOf(person, stimuli.Place{File: file, Line: lines[i]}, values)
		if numbersIn(values) != len(values) || m.items() == 0 || len(row) != len(cells[0]) {
			return nil, false
		}
		list = append(list, m)
	}
	return list, true
}

func numbersIn(cells []string) (n int) {
	for _, cell := range cells {
		if _, ok := matrixNumber(cell); ok {
			n++
		}
	}
	return n
}

// matrixNumber reads a cell of a matrix, NaN for none.
func matrixNumber(cell string) (float64, bool) {
	cell = strings.TrimSpace(cell)
	if slices.Contains(missing, cell) {
		return math.NaN(), true
	}
	if decimalComma.MatchString(cell) {
		cell = strings.Replace(cell, ",", ".", 1)
	}
	v, err := strconv.ParseFloat(cell, 64)
	return v, err == nil && !math.IsInf(v, 0)
}

func squareOf(person, file string, names []string, lines []int, cells [][]string, from int) personMatrix {
	n := len(cells)
	values := make([]float64, n*n)
	for i, row := range cells {
		for k := range n {
			values[i*n+k] = math.Inf(1) // no number
			if from+k < len(row) {
				if v, ok := matrixNumber(row[from+k]); ok {
					values[i*n+k] = v
				}
			}
		}
	}
	trimmed := slices.Clone(names)
	for i := range trimmed {
		trimmed[i] = strings.TrimSpace(trimmed[i])
	}
	return personMatrix{person: person, at: stimuli.Place{File: file}, lines: lines, names: trimmed, square: true, count: n * n, value: func(i int) float64 { return values[i] }}
}

func vectorOf(person string, at stimuli.Place, cells []string) personMatrix {
	values := make([]float64, len(cells))
	for i, cell := range cells {
		values[i], _ = matrixNumber(cell)
	}
	return personMatrix{person: person, at: at, count: len(values), value: func(i int) float64 { return values[i] }}
}
