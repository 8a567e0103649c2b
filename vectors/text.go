package vectors

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// nameColumns are the headers under which names of rows are looked for, in order.
var nameColumns = []string{"path", "name", "file", "filename", "file_name", "item", "picture", "image", "stimulus", "label", "id"}

// openCSV reads a table with a header: one column of names, the others numbers. A
// column without a number in its first row that is not the names' is left out,
// such as akin's sha256.
func openCSV(data []byte) (*array, error) { return readTable(data, ',') }

func openTSV(data []byte) (*array, error) { return readTable(data, '\t') }

func readTable(data []byte, comma rune) (*array, error) {
	r := csv.NewReader(bytes.NewReader(data))
	r.ReuseRecord, r.Comma = true, comma
	header, err := r.Read()
	if err != nil {
		return nil, err
	}
	header = slices.Clone(header)
	header[0] = strings.TrimPrefix(header[0], "\ufeff")
	names := nameColumn(header)
	var columns []int
	var list []string
	var rows [][]float32
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		line, _ := r.FieldPos(0)
		if columns == nil {
			if columns, names = numericColumns(cells, names); names < 0 {
				return nil, fmt.Errorf("line %d: no column names the rows; call one %s", line, strings.Join(nameColumns[:4], ", "))
			}
		}
		row := make([]float32, len(columns))
		for k, c := range columns {
			v, err := strconv.ParseFloat(strings.TrimSpace(cells[c]), 64)
			if err != nil {
				return nil, fmt.Errorf("line %d, column %s: %q is no number", line, header[c], cells[c])
			}
			row[k] = float32(v)
		}
		list, rows = append(list, strings.Clone(cells[names])), append(rows, row)
	}
	return inMemory(list, rows)
}

// nameColumn is the place of the column that names rows, -1 where none is known.
func nameColumn(header []string) int {
	for _, name := range nameColumns {
		if at := slices.IndexFunc(header, func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), name) }); at >= 0 {
			return at
		}
	}
	return -1
}

// numericColumns are the columns that hold numbers in a row; without a known
// column of names the first one of text is that.
func numericColumns(cells []string, names int) (numeric []int, named int) {
	for c, cell := range cells {
		_, err := strconv.ParseFloat(strings.TrimSpace(cell), 64)
		switch {
		case c == names:
		case err == nil:
			numeric = append(numeric, c)
		case names < 0:
			names = c
		}
	}
	return numeric, names
}

// readNames reads a list of names: a line each, or a column of a CSV.
func readNames(file string, data []byte) ([]string, error) {
	if !utf8.Valid(data) {
		return nil, fmt.Errorf("%s is not UTF-8", file)
	}
	text := strings.TrimPrefix(string(data), "\ufeff")
	if !strings.EqualFold(filepath.Ext(file), ".csv") {
		lines := strings.Split(strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), "\n")
		for i, line := range lines {
			if strings.TrimSpace(line) == "" {
				return nil, fmt.Errorf("%s:%d: is empty; expected a name on each line", file, i+1)
			}
		}
		return lines, nil
	}
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(records) < 2 {
		return nil, fmt.Errorf("%s has no rows below its header", file)
	}
	at := nameColumn(records[0])
	if at < 0 && len(records[0]) == 1 {
		at = 0
	}
	if at < 0 {
		return nil, fmt.Errorf("%s:1: no column names the rows; call one %s", file, strings.Join(nameColumns[:4], ", "))
	}
	names := make([]string, len(records)-1)
	for i, record := range records[1:] {
		names[i] = record[at]
	}
	return names, nil
}
