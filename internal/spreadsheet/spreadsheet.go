// Package spreadsheet keeps texts that others wrote from being run as formulas
// where a table is opened in a spreadsheet.
package spreadsheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/internal/regular"
)

// page/csv.js has the same two patterns; a test there holds them together.
var (
	formula = regexp.MustCompile(`^[\t\r]|^[ \n]*[=+\-@＝＋－＠]`)
	number  = regexp.MustCompile(`(?i)^[+-]?(\d+\.?\d*(e[+-]?\d+)?|\.\d+(e[+-]?\d+)?|inf)$`)
)

// Inert puts an apostrophe before a text that a spreadsheet would take for a formula:
// one that begins with = + - @, also in their full-width forms, a tab or a carriage
// return. Numbers stay. [Text] gives the text back.
func Inert(cell string) string {
	if risky(strings.TrimLeft(cell, "'")) {
		return "'" + cell
	}
	return cell
}

// Text is the text of which Inert made the cell.
func Text(cell string) string {
	if text, marked := strings.CutPrefix(cell, "'"); marked && risky(strings.TrimLeft(text, "'")) {
		return text
	}
	return cell
}

func risky(text string) bool { return formula.MatchString(text) && !number.MatchString(text) }

// Copy writes copies of CSV files into the folder out, with every cell inert. It
// takes a new folder, an empty one, or one with tables alone.
func Copy(out string, files []string) error {
	tablesAlone := func(entries []os.DirEntry) error {
		for _, e := range entries {
			if filepath.Ext(e.Name()) != ".csv" {
				return fmt.Errorf("the folder %s holds other files than tables; choose an empty or new folder", out)
			}
		}
		return nil
	}
	return atomicfile.WriteFolder(out, tablesAlone, func(f atomicfile.Folder) error {
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
