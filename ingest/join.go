package ingest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/stimuli"
)

// filesOf are the files that a name or a pattern means, in order.
func filesOf(source fs.FS, name string) []string {
	if strings.ContainsAny(name, "*?[") && !exists(source, name) {
		found, _ := fs.Glob(source, name) // the pattern was checked
		return found
	}
	return []string{name}
}

// beside ends a sentence about a file that is not there with tables of its folder.
func beside(source fs.FS, name string) string {
	const most = 3
	entries, _ := fs.ReadDir(source, path.Dir(name))
	var tables []string
	for _, e := range entries {
		if !e.IsDir() && isTable(e.Name()) {
			tables = append(tables, path.Join(path.Dir(name), e.Name()))
		}
	}
	switch {
	case len(tables) == 0:
		return ""
	case len(tables) > most:
		return fmt.Sprintf("; tables there: %s, ...", strings.Join(tables[:most], ", "))
	}
	return "; tables there: " + strings.Join(tables, ", ")
}

// fileColumn is the column that says of which of several tables a row is.
const fileColumn = "file"

// nameFile marks each row with the table's file.
func (s *sheet) nameFile() {
	stem := strings.TrimSuffix(path.Base(s.file), path.Ext(s.file))
	named := s.has(fileColumn)
	if !named {
		s.header = append(s.header, fileColumn)
	}
	for i := range s.rows {
		s.rows[i].file = s.file
		if !named {
			s.rows[i].cells = append(s.rows[i].cells, stem)
		}
	}
}

// joined is a table with the rows of another one below. Columns are matched by name;
// a column that only one has is empty in the other's rows.
func (s *sheet) joined(next *sheet, problems *problems) *sheet {
	if s == nil {
		return next
	}
	if len(s.header)+len(next.header) > maxColumns {
		problems.add(stimuli.Place{File: next.file}, "%v", errColumns)
		return nil
	}
	if (len(s.header)+len(next.header))*(len(s.rows)+len(next.rows)) > maxCells {
		problems.add(stimuli.Place{File: next.file}, "with the tables before it %v", errCells)
		return nil
	}
	place := make([]int, len(next.header))
	for i, name := range next.header {
		if place[i] = slices.Index(s.header, name); place[i] < 0 {
			place[i] = len(s.header)
			s.header = append(s.header, name)
		}
	}
	for i := range s.rows {
		s.rows[i].cells = append(s.rows[i].cells, make([]string, len(s.header)-len(s.rows[i].cells))...)
	}
	for _, row := range next.rows {
		cells := make([]string, len(s.header))
		for i, cell := range row.cells {
			cells[place[i]] = cell
		}
		row.cells = cells
		s.rows = append(s.rows, row)
	}
	s.comma, s.proven = s.comma || next.comma, s.proven || next.proven
	return s
}

// where keeps the rows in which columns have the wanted values.
func (s *sheet) where(wanted map[string]string, problems *problems) *sheet {
	for _, column := range slices.Sorted(maps.Keys(wanted)) {
		if !s.want(problems, column) {
			return nil
		}
		s.rows = slices.DeleteFunc(s.rows, func(row record) bool { return s.cell(row, column) != wanted[column] })
		if len(s.rows) == 0 {
			problems.add(stimuli.Place{File: s.file}, "has no row in which %s is %q", column, wanted[column])
			return nil
		}
	}
	return s
}

// spreadJSON gives columns of their own to the parts of cells that hold objects or
// lists, as jsPsych writes them: response.Q0, stimulus.1.
func (s *sheet) spreadJSON() error {
	columns := map[string]int{}
	for i, name := range s.header {
		columns[name] = i
	}
	added := 0
	for column, name := range s.header[:len(s.header):len(s.header)] {
		holds := func(row record) bool {
			cell := row.cells[column]
			return len(cell) > 1 && (cell[0] == '{' || cell[0] == '[') && json.Valid([]byte(cell))
		}
		if !slices.ContainsFunc(s.rows, holds) {
			continue
		}
		for i, row := range s.rows {
			if !holds(row) {
				continue
			}
			for _, part := range flatten(name, json.RawMessage(row.cells[column])) {
				added += s.put(i, columns, part)
			}
			if added > maxSpread {
				return errCells
			}
		}
	}
	if len(s.header) > maxColumns {
		return errColumns
	}
	if len(s.header)*len(s.rows) > maxCells {
		return errCells
	}
	for i := range s.rows {
		s.rows[i].cells = append(s.rows[i].cells, make([]string, len(s.header)-len(s.rows[i].cells))...)
	}
	return nil
}

// put writes a cell of a column, which may be new, and returns by how many cells the
// row grew.
func (s *sheet) put(row int, columns map[string]int, p part) int {
	at, known := columns[p.name]
	if !known {
		if len(s.header) > maxColumns {
			return 0 // is refused at the end
		}
		at = len(s.header)
		columns[p.name], s.header = at, append(s.header, p.name)
	}
	cells := &s.rows[row].cells
	grown := max(0, at+1-len(*cells))
	*cells = append(*cells, make([]string, grown)...)
	(*cells)[at] = p.value
	return grown
}

// part is one value inside an object or a list, under a name such as response.Q0.
type part struct{ name, value string }

// deepest is how deep values lie that programs write.
const deepest = 6

// flatten are the values inside a value of JSON. Entries of lists count from 1; what
// lies deeper than any program writes stays text. Of more than maxColumns, which are
// refused, some are left out.
func flatten(name string, value json.RawMessage) (parts []part) {
	if strings.Count(name, ".") > deepest {
		return []part{{name, string(value)}}
	}
	value = bytes.TrimSpace(value)
	var text string
	switch {
	case len(value) == 0 || string(value) == "null":
		return []part{{name, ""}}
	case value[0] == '"' && json.Unmarshal(value, &text) == nil:
		return []part{{name, strings.TrimSpace(text)}}
	case value[0] == '{':
		for _, field := range fields(value) {
			parts = append(parts, flatten(name+"."+field.name, json.RawMessage(field.value))...)
			if len(parts) > maxColumns {
				break
			}
		}
		return parts
	case value[0] == '[':
		var list []json.RawMessage
		if json.Unmarshal(value, &list) == nil {
			for i, entry := range list {
				parts = append(parts, flatten(name+"."+strconv.Itoa(i+1), entry)...)
				if len(parts) > maxColumns {
					break
				}
			}
			return parts
		}
	}
	return []part{{name, string(value)}}
}

// fields are those of an object, in the order of the file.
func fields(object json.RawMessage) (list []part) {
	d := json.NewDecoder(bytes.NewReader(object))
	d.Token()
	for d.More() && len(list) <= maxColumns {
		name, err := d.Token()
		key, is := name.(string)
		var value json.RawMessage
		if err != nil || !is || d.Decode(&value) != nil {
			return list
		}
		list = append(list, part{key, string(value)})
	}
	return list
}
