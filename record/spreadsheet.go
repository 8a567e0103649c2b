package record

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/internal/regular"
)

// WriteSpreadsheets copies the CSV tables of the record in dir into the folder out,
// for programs that take some texts for formulas: labels and tags are written by
// others. See [Inert]. The record itself keeps every text as it is.
func WriteSpreadsheets(dir, out string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.csv"))
	if err != nil {
		return err
	}
	anew := func(entries []os.DirEntry) error {
		for _, e := range entries {
			if filepath.Ext(e.Name()) != ".csv" {
				return fmt.Errorf("the folder %s holds other files than tables; choose an empty or new folder", out)
			}
		}
		return nil
	}
	return atomicfile.WriteFolder(out, anew, func(f atomicfile.Folder) error {
		for _, file := range files {
			if err := copyInert(f, file); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
		}
		return nil
	})
}

func copyInert(f atomicfile.Folder, file string) error {
	in, err := regular.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer in.Close()
	rows := csv.NewReader(in)
	rows.FieldsPerRecord, rows.ReuseRecord = -1, true
	return f.PutFunc(filepath.Base(file), func(w io.Writer) error {
		out := csv.NewWriter(w)
		for {
			row, err := rows.Read()
			if err == io.EOF {
				out.Flush()
				return out.Error()
			}
			if err != nil {
				return err
			}
			for i, cell := range row {
				row[i] = Inert(cell)
			}
			if err := out.Write(row); err != nil {
				return err
			}
		}
	})
}

// Inert puts an apostrophe before a text that a spreadsheet would take for a formula:
// one that begins with = + - @, also in their full-width forms, a tab or a carriage
// return. Numbers stay.
func Inert(cell string) string {
	if !strings.ContainsAny(firstRune(cell), "=+-@＝＋－＠\t\r") {
		return cell
	}
	if _, err := strconv.ParseFloat(cell, 64); err == nil {
		return cell
	}
	return "'" + cell
}

func firstRune(text string) string {
	for _, r := range text {
		return string(r)
	}
	return ""
}
