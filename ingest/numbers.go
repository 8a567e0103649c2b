package ingest

import (
	"fmt"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/stimuli"
)

// numbering says which picture a number is of. Its zero value takes cells for names.
type numbering struct {
	names []string
	base  int   // the number of the first name
	order []int // of the names that numbers count, where it is another one
}

// Ways to list the names that numbers are of.
const sortedNames = "sorted" // the pictures by path, in the order of their letters

// name is what a cell names.
func (n numbering) name(cell string) (string, error) {
	if n.names == nil {
		return cell, nil
	}
	v, err := strconv.ParseFloat(cell, 64) // lists of THINGS are saved as 1.0 by some programs
	at := v - float64(n.base)
	if err != nil || v != math.Trunc(v) || at < 0 || at >= float64(len(n.names)) {
		return "", fmt.Errorf("%q is no number of a name, %d to %d", cell, n.base, n.base+len(n.names)-1)
	}
	if n.order != nil {
		return n.names[n.order[int(at)]], nil
	}
	return n.names[int(at)], nil
}

// numberingOf decides how the numbers in some columns of a table are to be read, for
// all rows at once.
func (r *reader) numberingOf(s *sheet, columns []string) (n numbering, ok bool) {
	t := &r.mapping.Triplets
	if n.names, ok = r.namesOf(t.Names); !ok || n.names == nil {
		return n, ok
	}
	if n.base, ok = r.numberBase(s, columns, len(n.names)); !ok || t.IndexMap == "" {
		return n, ok
	}
	n.order, ok = r.indexMap(t.IndexMap, len(n.names))
	return n, ok
}

// numberBase is the number of the first name. All numbers must be of names; where
// they could count from 0 or from 1, only the mapping can tell.
func (r *reader) numberBase(s *sheet, columns []string, names int) (int, bool) {
	if base := r.mapping.Triplets.Base; base != nil {
		return *base, true
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, row := range s.rows {
		for _, column := range columns {
			if n, err := strconv.ParseFloat(s.cell(row, column), 64); err == nil {
				low, high = min(low, n), max(high, n)
			}
		}
	}
	switch {
	case low >= 1 && high == float64(names):
		return 1, true
	case low >= 1 && high < float64(names):
		r.problems.add(stimuli.Place{File: s.file}, "numbers of items run from %v to %v, and there are %d names: they may count from 0 or from 1; say which: base = 0 or base = 1", low, high, names)
		return 0, false
	}
	return 0, true
}

// namesOf reads the names that numbers stand for: a line each, a column of a table, or
// the pictures of the source in the order of their paths.
func (r *reader) namesOf(file string) ([]string, bool) {
	switch {
	case file == "":
		return nil, true
	case file == sortedNames:
		var names []string
		for _, f := range r.pictures.files {
			if _, below := r.pictures.below(f.path); below {
				names = append(names, f.path)
			}
		}
		return names, true
	case slices.Contains([]string{".tsv", ".tab", ".csv"}, strings.ToLower(path.Ext(file))):
		return r.nameColumn(file)
	}
	s := &sheet{file: file}
	data := s.read(r.source, &r.problems)
	if data == nil {
		return nil, false
	}
	var names []string
	for line := range strings.Lines(string(data)) {
		names = append(names, strings.TrimSpace(line))
	}
	return names, true
}

// nameColumns are the columns of a table in which names are looked for, in order.
var nameColumns = []string{"uniqueID", "unique_id", "path", "name", "file", "filename", "item", "stimulus"}

// nameColumn reads names from a table: the first known column, or the only one,
// which may have no header.
func (r *reader) nameColumn(file string) ([]string, bool) {
	s := readSheet(r.source, Table{File: file, Headless: true}, &r.problems)
	if s == nil {
		return nil, false
	}
	at, first := -1, 0
	for _, known := range nameColumns {
		if at = slices.IndexFunc(s.rows[0].cells, func(cell string) bool { return strings.EqualFold(cell, known) }); at >= 0 {
			first = 1
			break
		}
	}
	if at < 0 && len(s.header) > 1 {
		r.problems.add(stimuli.Place{File: file, Line: 1}, "no column has names; call one %s", strings.Join(nameColumns, ", "))
		return nil, false
	}
	var names []string
	for _, row := range s.rows[first:] {
		names = append(names, row.cells[max(at, 0)])
	}
	return names, true
}

// indexMap reads the order of the names that numbers count: as many numbers, each once,
// from 0 or from 1.
func (r *reader) indexMap(file string, names int) ([]int, bool) {
	s := readSheet(r.source, Table{File: file, Headless: true}, &r.problems)
	if s == nil {
		return nil, false
	}
	var order []int
	for _, row := range s.rows {
		for _, cell := range row.cells {
			n, err := strconv.ParseFloat(cell, 64)
			if err != nil || n != math.Trunc(n) || math.Abs(n) > 1e9 {
				r.problems.add(s.at(row), "%q is no number of a name", cell)
				return nil, false
			}
			order = append(order, int(n))
		}
	}
	sorted := slices.Sorted(slices.Values(order))
	base := 0
	if len(sorted) > 0 {
		base = sorted[0]
	}
	for i := range sorted {
		if len(sorted) != names || base != 0 && base != 1 || sorted[i] != i+base {
			r.problems.add(stimuli.Place{File: file}, "must hold each number of the %d names once, from 0 or from 1", names)
			return nil, false
		}
	}
	for i := range order {
		order[i] -= base
	}
	return order, true
}
