package stimuli

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/akin-vision/akin/internal/regular"
)

// Bounds of a table. maxColumns is what a spreadsheet has at most; maxRow keeps a quote
// that is never closed from taking the rest of the file into memory three times.
const (
	maxColumns = 16384
	maxCells   = 200_000_000
	maxRow     = 16 << 20 // bytes
)

var errRow = fmt.Errorf("has a row of more than %d bytes; close its quotes, and end its lines with LF or CRLF", maxRow)

// readText is a table's file, unless it has lines that no row has.
func readText(folder fs.FS, file string) ([]byte, error) {
	data, err := regular.ReadLines(folder, file, maxManifest, maxRow)
	var long *regular.LongLineError
	if errors.As(err, &long) {
		err = errRow
	}
	return data, err
}

// rows are those of a CSV file of any width, each within bounds.
type rows struct {
	*csv.Reader
	text *rowText
}

// rowText gives the bytes of a text until too many were read for one row.
type rowText struct {
	text io.Reader
	left int
}

func (r *rowText) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, errRow
	}
	n, err := r.text.Read(p)
	r.left -= n
	return n, err
}

func newRows(text []byte) *rows {
	bounded := &rowText{bytes.NewReader(text), maxRow}
	r := &rows{csv.NewReader(bounded), bounded}
	r.FieldsPerRecord = -1
	return r
}

// readHeader is the first row; nil, with a problem, where there is none.
func (r *rows) readHeader(file string, problems *Problems) []string {
	header, err := r.Read()
	switch {
	case err == errRow:
		problems.add(file, 1, "%v", errRow)
	case err != nil:
		problems.add(file, 1, "has no header line")
	case len(header) > maxColumns:
		problems.add(file, 1, "has %d columns, the limit is %d", len(header), maxColumns)
	default:
		return header
	}
	return nil
}

// read is the next row and its line. There are no more at the end, and after a fault of
// form, which is a problem: the rest of the file hangs on it, and reading on would
// invent rows.
func (r *rows) read(file string, problems *Problems) (cells []string, line int, more bool) {
	r.text.left = maxRow
	before, _ := r.FieldPos(0)
	cells, err := r.Read()
	var parse *csv.ParseError
	switch {
	case err == io.EOF:
		return nil, 0, false
	case errors.As(err, &parse):
		problems.add(file, parse.StartLine, "%v; nothing after this line was read", parse.Err)
		return nil, 0, false
	case err != nil:
		problems.add(file, before+1, "%v; nothing after this line was read", err)
		return nil, 0, false
	}
	line, _ = r.FieldPos(0)
	return cells, line, true
}
