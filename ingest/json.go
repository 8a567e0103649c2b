package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
)

// errNoObjects is JSON of another shape than that of a table.
var errNoObjects = errors.New("is no list of objects, nor an object of lists of one length")

// readJSON is the header and the rows of a list of objects; of several lists or objects
// one after the other, as servers store them line by line; or of an object of lists of
// one length, each a column. What is inside an object or a list gets columns of its own.
func readJSON(data []byte) ([]record, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if bytes.Count(data, []byte(",")) > maxCells { // before there is memory for each value
		return nil, errCells
	}
	t := &jsonTable{data: data, line: 1, columns: map[string]int{}}
	d := json.NewDecoder(bytes.NewReader(data))
	for {
		var value json.RawMessage
		err := d.Decode(&value)
		if err == io.EOF {
			break
		}
		if err == nil && !(value[0] == '{' && t.columnar(value)) {
			err = t.value(value, int(d.InputOffset())-len(value), 1)
		}
		if err != nil {
			return nil, err
		}
	}
	if len(t.rows) == 0 {
		return nil, errNoObjects
	}
	if len(t.header)*len(t.rows) > maxCells {
		return nil, errCells
	}
	for i := range t.rows {
		t.rows[i].cells = append(t.rows[i].cells, make([]string, len(t.header)-len(t.rows[i].cells))...)
	}
	return append([]record{{line: 1, cells: t.header}}, t.rows...), nil
}

// jsonTable gathers rows.
type jsonTable struct {
	data    []byte
	from    int // bytes whose lines were counted
	line    int
	header  []string
	columns map[string]int
	rows    []record
	cells   int
}

// value takes a value that begins at a place in the file, and lies so deep in lists.
func (t *jsonTable) value(value json.RawMessage, at, depth int) error {
	switch {
	case value[0] == '[' && depth <= deepest:
		d := json.NewDecoder(bytes.NewReader(value))
		d.Token()
		for d.More() {
			var entry json.RawMessage
			if err := d.Decode(&entry); err != nil {
				return err
			}
			if err := t.value(entry, at+int(d.InputOffset())-len(entry), depth+1); err != nil {
				return err
			}
		}
		return nil
	case value[0] == '{':
		return t.add(t.lineOf(at), flatten("", value))
	}
	return errNoObjects
}

// lineOf counts lines up to a place, which is not before the last one.
func (t *jsonTable) lineOf(at int) int {
	if at > t.from {
		t.line += bytes.Count(t.data[t.from:at], []byte("\n"))
		t.from = at
	}
	return t.line
}

// add takes a row.
func (t *jsonTable) add(line int, parts []part) error {
	if len(parts) > maxColumns {
		return errColumns
	}
	row := record{line: line}
	for _, p := range parts {
		name := strings.TrimPrefix(p.name, ".")
		at, known := t.columns[name]
		if !known {
			at = len(t.header)
			t.columns[name], t.header = at, append(t.header, name)
		}
		row.cells = append(row.cells, make([]string, max(0, at+1-len(row.cells)))...)
		row.cells[at] = p.value
	}
	if len(t.header) > maxColumns {
		return errColumns
	}
	t.rows = append(t.rows, row)
	return bounded(row.cells, &t.cells, maxCells)
}

// columnar takes an object whose fields are lists of one length, each a column; false
// where it is none.
func (t *jsonTable) columnar(object json.RawMessage) bool {
	var columns [][]json.RawMessage
	names := fields(object)
	for _, f := range names {
		var list []json.RawMessage
		if json.Unmarshal([]byte(f.value), &list) != nil || list == nil {
			return false
		}
		columns = append(columns, list)
	}
	if len(columns) < 2 || slices.ContainsFunc(columns, func(list []json.RawMessage) bool { return len(list) != len(columns[0]) || len(list) < 2 }) {
		return false
	}
	for i := range columns[0] {
		var parts []part
		for k, f := range names {
			parts = append(parts, flatten("."+f.name, columns[k][i])...)
		}
		if t.add(i+1, parts) != nil {
			return false
		}
	}
	return true
}
