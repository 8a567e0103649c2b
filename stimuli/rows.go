package stimuli

import "io/fs"

// Row is a line of a CSV table, its cells by column.
type Row struct {
	Line  int
	table *table
	row   row
}

// Cell returns the trimmed value of a column, empty where the table has none.
func (r Row) Cell(column string) string { return r.table.cell(r.row, column) }

// ReadRows reads a CSV table of which some columns must be there, as strictly
// as Read reads those of a set. Faults of form are Problems, all at once.
func ReadRows(folder fs.FS, file string, required ...string) ([]Row, error) {
	var problems Problems
	t, _ := readTable(folder, file, &problems, columns{required: required})
	if len(problems) > 0 {
		return nil, problems
	}
	rows := make([]Row, len(t.rows))
	for i, row := range t.rows {
		rows[i] = Row{row.line, t, row}
	}
	return rows, nil
}
