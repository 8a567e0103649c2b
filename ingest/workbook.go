package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// readWorkbook reads a sheet of an .xlsx; file is its name with the sheet's.
func readWorkbook(data []byte, t Table) (file string, records []record, err error) {
	file = t.File
	defer func() {
		if v := recover(); v != nil { // a hostile workbook must not end the program
			err = fmt.Errorf("the workbook is damaged: %v", v)
		}
	}()
	if err := checkWorkbook(data); err != nil {
		return file, nil, err
	}
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: maxTable, UnzipXMLSizeLimit: 16 << 20,
	})
	if err == io.EOF {
		err = errors.New("is no workbook: it says of no sheet")
	}
	if err != nil {
		return file, nil, err
	}
	defer book.Close()
	names := book.GetSheetList()
	if len(names) == 0 {
		return file, nil, errors.New("has no sheet")
	}
	name := t.Sheet
	if name == "" {
		name = names[0]
	}
	if !slices.Contains(names, name) {
		return file, nil, fmt.Errorf("has no sheet %q, only %s", name, strings.Join(names, ", "))
	}
	file += "#" + name
	records, err = readRows(book, name)
	return file, records, err
}

// readRows reads the rows of a sheet that are not empty, all as wide as the first.
func readRows(book *excelize.File, sheet string) (records []record, err error) {
	rows, err := book.Rows(sheet)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	total := 0
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns()
		if err == nil {
			if err = bounded(cells, &total, maxSheetCells); err == errCells {
				err = errSheetCells
			}
		}
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", line, err)
		}
		if len(cells) > 0 {
			records = append(records, record{line: line, cells: cells})
		}
	}
	if err := rows.Error(); err != nil {
		return nil, err
	}
	if records == nil {
		return nil, errors.New("is empty")
	}
	width := len(records[0].cells)
	if width*len(records) > maxSheetCells {
		return nil, errSheetCells
	}
	for i, r := range records { // a workbook leaves trailing empty cells out
		records[i].cells = append(r.cells, make([]string, max(0, width-len(r.cells)))...)
	}
	return records, nil
}
