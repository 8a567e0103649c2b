package ingest

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/akin-vision/akin/ingest/archive"
	"github.com/xuri/excelize/v2"
)

// Bounds of a workbook, whose cells take far more memory than those of a text.
const (
	maxSheetCells = 4_000_000
	maxTags       = 16_000_000 // a cell has four: <c><v></v></c>
)

var errSheetCells = fmt.Errorf("has more than %d cells; save the sheet as CSV", maxSheetCells)

// checkWorkbook refuses what would take much memory to read: parts that are packed
// as no spreadsheet packs them, and more tags than maxTags. It unpacks every part
// once, and keeps nothing.
func checkWorkbook(data []byte) error {
	parts, err := archive.Read(bytes.NewReader(data), int64(len(data)))
	if errors.Is(err, zip.ErrFormat) {
		return fmt.Errorf("is no workbook: %w", err)
	}
	if err != nil {
		return err
	}
	tags, left, buffer := 0, int64(maxTable), make([]byte, 64<<10)
	for _, f := range parts.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		part, err := f.Open()
		if err != nil {
			return fmt.Errorf("part %s: %w", f.Name, err)
		}
		for {
			n, err := part.Read(buffer)
			tags += bytes.Count(buffer[:n], []byte("<"))
			if left -= int64(n); left < 0 {
				err = fmt.Errorf("the workbook unpacks to more than %d bytes; save the sheet as CSV", int64(maxTable))
			} else if tags > maxTags {
				err = errSheetCells
			}
			if err == io.EOF {
				break
			}
			if err != nil {
				return errors.Join(err, part.Close())
			}
		}
		if err := part.Close(); err != nil {
			return fmt.Errorf("part %s: %w", f.Name, err)
		}
	}
	return nil
}

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
