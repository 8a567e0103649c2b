package ingest

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/internal/npy"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/stimuli"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

var tableExtensions = []string{".csv", ".tsv", ".tab", ".txt", ".xlsx", ".npy"}

func isTable(name string) bool {
	return slices.Contains(tableExtensions, strings.ToLower(path.Ext(name)))
}

// Bounds of a table that is read into memory. A spreadsheet has at most as many
// columns.
const (
	maxColumns = 16384
	maxCells   = 50_000_000 // of text; five million trials have 15 million
)

// errColumns and errCells say that a table is above them.
var (
	errColumns = fmt.Errorf("has more than %d columns", maxColumns)
	errCells   = fmt.Errorf("has more than %d cells; split it", maxCells)
)

// sheet is a table that was read. Its rows are as wide as its header.
type sheet struct {
	file   string // as problems name it, with its sheet
	header []string
	rows   []record
	comma  bool // numbers may have a decimal comma
	proven bool // a number of the table can only have one
}

type record struct {
	line  int
	cells []string
}

func (s *sheet) has(column string) bool { return slices.Contains(s.header, column) }

// cell is the value of a column, trimmed, empty where the table has no such column.
func (s *sheet) cell(r record, column string) string {
	if i := slices.Index(s.header, column); i >= 0 && column != "" {
		return r.cells[i]
	}
	return ""
}

func (s *sheet) at(r record) stimuli.Place { return stimuli.Place{File: s.file, Line: r.line} }

// missing are the words that tables write for no answer.
var missing = []string{"", "NA", "N/A", "NaN", "nan", "null", ".", "-", "#N/A"}

// decimalComma is a number whose comma cannot group thousands; grouped one
// whose comma may do either.
var (
	decimalComma = regexp.MustCompile(`^[-+]?(\d*,(\d{1,2}|\d{4,})|0*,\d+|\d{4,},\d+)$`)
	grouped      = regexp.MustCompile(`^[-+]?[1-9]\d{0,2},\d{3}$`)
)

// number reads a rating between two limits; NaN stands for no answer. Where 1,200
// may be 1.2 or 1200, the other numbers of the table or the limits decide, else
// it is refused.
func (s *sheet) number(text string, low, high float64) (float64, error) {
	if slices.Contains(missing, text) {
		return math.NaN(), nil
	}
	plain := text
	if s.comma {
		plain = strings.Replace(text, ",", ".", 1)
	}
	if s.comma && s.proven && strings.Contains(text, ".") {
		return 0, fmt.Errorf("%q has a point, other numbers of the table a decimal comma; write all in one way", text)
	}
	v, err := strconv.ParseFloat(plain, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, fmt.Errorf("%q is not a number", text)
	}
	if s.comma && !s.proven && grouped.MatchString(text) {
		switch decimal, thousands := low <= v && v <= high, low <= 1000*v && 1000*v <= high; {
		case decimal && thousands:
			return 0, fmt.Errorf("%q may be %v or %v; write it without a comma between thousands, or say on what scale the ratings are", text, v, 1000*v)
		case thousands:
			return math.Round(1000 * v), nil
		}
	}
	return v, nil
}

// readSheet reads a table whole. Its faults are problems; a table that cannot
// be read at all is nil.
func readSheet(source fs.FS, t Table, problems *problems) *sheet {
	s := &sheet{file: t.File}
	data, err := regular.Read(source, t.File, maxTable)
	if err != nil {
		problems.add(stimuli.Place{File: t.File}, "cannot be read: %v", err)
		return nil
	}
	var records []record
	if strings.EqualFold(path.Ext(t.File), ".npy") {
		if records, err = readArray(data); err != nil {
			problems.add(stimuli.Place{File: s.file}, "cannot be read: %v", err)
			return nil
		}
	} else if strings.EqualFold(path.Ext(t.File), ".xlsx") {
		s.file, records, err = readWorkbook(data, t)
		if err != nil {
			problems.add(stimuli.Place{File: s.file}, "cannot be read: %v", err)
			return nil
		}
	} else if records = s.readText(data, problems); records == nil {
		return nil
	}
	return s.takeHeader(records, t.Headless || strings.EqualFold(path.Ext(t.File), ".npy"), problems)
}

// readArray is the rows of a NumPy array of numbers.
func readArray(data []byte) ([]record, error) {
	a, err := npy.Parse(data)
	if err != nil {
		return nil, err
	}
	if a.Text() || len(a.Shape) != 2 || a.Shape[0] == 0 || a.Shape[1] > maxColumns {
		return nil, fmt.Errorf("has the shape %v; expected rows of numbers", a.Shape)
	}
	value, records := a.At(), make([]record, a.Shape[0])
	for i := range records {
		records[i] = record{i + 1, make([]string, a.Shape[1])}
		for k := range records[i].cells {
			records[i].cells[k] = strconv.FormatFloat(value(i, k), 'f', -1, 64)
		}
	}
	return records, nil
}

// readText reads lines of separated cells.
func (s *sheet) readText(data []byte, problems *problems) []record {
	text, _, err := transform.Bytes(unicode.BOMOverride(unicode.UTF8.NewDecoder()), data)
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		data = text // UTF-16, as spreadsheets export "Unicode text"
	}
	if err != nil {
		problems.add(stimuli.Place{File: s.file}, "cannot be read: %v", err)
		return nil
	}
	if line, what := stimuli.CheckText(data); what != "" {
		problems.add(stimuli.Place{File: s.file, Line: line}, "%s", what)
		return nil
	}
	told, text := toldSeparator(text)
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord = -1
	r.Comma = cmp.Or(told, separator(s.file, text))
	s.comma = r.Comma != ','
	var records []record
	total := 0
	for {
		cells, err := r.Read()
		if err == io.EOF {
			break
		}
		if err := bounded(cells, &total, maxCells); err != nil {
			problems.add(stimuli.Place{File: s.file, Line: len(records) + 1}, "cannot be read: %v", err)
			return nil
		}
		var parse *csv.ParseError
		if errors.As(err, &parse) {
			// The rest hangs on this quote: reading on would invent rows.
			problems.add(stimuli.Place{File: s.file, Line: parse.StartLine}, "%v; nothing after this line was read", parse.Err)
			break
		}
		line, _ := r.FieldPos(0)
		if told != 0 {
			line++
		}
		records = append(records, record{line, cells})
	}
	if records == nil {
		problems.add(stimuli.Place{File: s.file}, "is empty")
	}
	return records
}

// bounded adds a row's cells to the total and refuses what is above the bounds.
func bounded(cells []string, total *int, most int) error {
	if *total += len(cells); len(cells) > maxColumns {
		return errColumns
	} else if *total > most {
		return errCells
	}
	return nil
}

// toldSeparator is what a first line such as sep=; says, as spreadsheets write and
// read it, and the text after it; 0 where there is none.
func toldSeparator(text []byte) (rune, []byte) {
	first, rest, _ := bytes.Cut(text, []byte("\n"))
	told, is := strings.CutPrefix(strings.TrimRight(string(first), "\r"), "sep=")
	if !is || len(told) != 1 || !strings.Contains(",;\t| ", told) {
		return 0, text
	}
	return rune(told[0]), rest
}

// separator is the most frequent one of the first line.
func separator(file string, text []byte) rune {
	first, _, _ := bytes.Cut(text, []byte("\n"))
	best, most := ',', bytes.Count(first, []byte(","))
	for _, c := range []rune{';', '\t'} {
		if n := bytes.Count(first, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	if most == 0 && strings.EqualFold(path.Ext(file), ".txt") {
		return ' '
	}
	return best
}

// takeHeader names the columns and drops rows that are empty or ragged.
func (s *sheet) takeHeader(records []record, headless bool, problems *problems) *sheet {
	for _, r := range records {
		for i, cell := range r.cells {
			r.cells[i] = strings.TrimSpace(cell)
		}
	}
	if headless {
		for i := range records[0].cells {
			s.header = append(s.header, strconv.Itoa(i+1))
		}
	} else {
		head := records[0]
		records, s.header = records[1:], head.cells
		if rowNamed(head, records) {
			s.header = append([]string{""}, s.header...)
		}
		seen := map[string]bool{}
		for _, name := range s.header {
			if name != "" && seen[name] {
				problems.add(s.at(head), "column %q stands twice in the header", name)
				return nil
			}
			seen[name] = true
		}
	}
	for _, r := range records {
		switch {
		case strings.Join(r.cells, "") == "":
		case len(r.cells) != len(s.header):
			problems.add(s.at(r), "has %d cells, the header %d", len(r.cells), len(s.header))
		default:
			s.rows = append(s.rows, r)
			s.proven = s.proven || s.comma && slices.ContainsFunc(r.cells, decimalComma.MatchString)
		}
	}
	return s
}

// rowNamed reports whether every row has one cell more than the header, as where R
// writes a table with the names of its rows.
func rowNamed(head record, records []record) bool {
	some := false
	for _, r := range records {
		if strings.Join(r.cells, "") == "" {
			continue
		}
		if len(r.cells) != len(head.cells)+1 {
			return false
		}
		some = true
	}
	return some
}

// want reports whether the table has the columns that a mapping names.
func (s *sheet) want(problems *problems, names ...string) bool {
	all := true
	for _, name := range names {
		if name != "" && !s.has(name) {
			problems.add(stimuli.Place{File: s.file, Line: 1}, "column %q is missing; the header has %s", name, strings.Join(s.header, ", "))
			all = false
		}
	}
	return all
}

// problems gathers what cannot be placed.
type problems stimuli.Problems

func (p *problems) add(at stimuli.Place, format string, args ...any) {
	*p = append(*p, stimuli.Problem{File: at.File, Line: at.Line, What: fmt.Sprintf(format, args...)})
}
