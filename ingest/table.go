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

	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/stimuli"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

var (
	arrayExtensions = []string{".npy", ".npz", ".mat"}
	jsonExtensions  = []string{".json", ".jsonl", ".ndjson"}
	tableExtensions = slices.Concat([]string{".csv", ".tsv", ".tab", ".txt", ".xlsx"}, arrayExtensions, jsonExtensions)
)

func isTable(name string) bool {
	return slices.Contains(tableExtensions, strings.ToLower(path.Ext(name)))
}

// isArray reports whether a file holds arrays, which have no header.
func isArray(name string) bool {
	return slices.Contains(arrayExtensions, strings.ToLower(path.Ext(name)))
}

// Bounds of a table that is read into memory. A spreadsheet has at most as many
// columns.
const (
	maxColumns = 16384
	maxCells   = 50_000_000 // of text; five million trials have 15 million
	maxSpread  = 10_000_000 // of JSON inside cells
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
	file  string // where the table is of several
}

func (s *sheet) has(column string) bool { return slices.Contains(s.header, column) }

// cell is the value of a column, trimmed, empty where the table has no such column.
func (s *sheet) cell(r record, column string) string {
	if i := slices.Index(s.header, column); i >= 0 && column != "" {
		return r.cells[i]
	}
	return ""
}

func (s *sheet) at(r record) stimuli.Place {
	return stimuli.Place{File: cmp.Or(r.file, s.file), Line: r.line}
}

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
	files := filesOf(source, t.File)
	if len(files) == 0 {
		problems.add(stimuli.Place{File: t.File}, "fits no file of the source%s", beside(source, t.File))
		return nil
	}
	var all *sheet
	for _, file := range files {
		one := t
		one.File = file
		s := readOne(source, one, problems)
		if s == nil {
			return nil
		}
		if len(files) > 1 {
			s.nameFile()
		}
		if all = all.joined(s, problems); all == nil {
			return nil
		}
	}
	return all.where(t.Where, problems)
}

func readOne(source fs.FS, t Table, problems *problems) *sheet {
	s := &sheet{file: t.File}
	records := s.records(source, t, problems)
	if records == nil {
		return nil
	}
	s = s.takeHeader(records, t.Headless || isArray(t.File), problems)
	if s == nil {
		return nil
	}
	if err := s.spreadJSON(); err != nil {
		problems.add(stimuli.Place{File: s.file}, "cannot be read: %v", err)
		return nil
	}
	return s
}

// records are the rows of a table with its header, if it has one; nil where it
// cannot be read.
func (s *sheet) records(source fs.FS, t Table, problems *problems) (records []record) {
	ending := strings.ToLower(path.Ext(t.File))
	if ending != ".xlsx" && !isArray(t.File) && !slices.Contains(jsonExtensions, ending) {
		if data := s.read(source, problems); data != nil {
			records = s.readText(data, problems)
		}
		return records
	}
	data, err := regular.Read(source, t.File, maxTable)
	switch {
	case err != nil:
	case ending == ".xlsx":
		s.file, records, err = readWorkbook(data, t)
	case isArray(t.File):
		records, err = readArray(ending, data, t.Sheet)
	default:
		records, err = readJSON(data)
	}
	if err != nil {
		problems.add(stimuli.Place{File: s.file}, "cannot be read: %v", err)
		return nil
	}
	return records
}

// read is a file of text as UTF-8, without a mark of its order of bytes.
func (s *sheet) read(source fs.FS, problems *problems) []byte {
	data, err := regular.ReadLines(source, s.file, maxTable, maxLine)
	if err != nil {
		problems.add(stimuli.Place{File: s.file}, "cannot be read: %v", err)
		return nil
	}
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
	if len(text) == 0 {
		problems.add(stimuli.Place{File: s.file}, "is empty")
		return nil
	}
	return text
}

// readText reads lines of separated cells.
func (s *sheet) readText(text []byte, problems *problems) []record {
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
		records = append(records, record{line: line, cells: cells})
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
	qualtrics := importIDs(records)
	s.rows = records[:0] // in place: there may be millions
	for i, r := range records {
		switch {
		case strings.Join(r.cells, "") == "":
		case i < 2 && qualtrics: // what each column asks, and its number
		case len(r.cells) != len(s.header):
			problems.add(s.at(r), "has %s, the header %d", english.Count(len(r.cells), "cell"), len(s.header))
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

// importIDs reports whether the second row below a header is as Qualtrics writes it.
func importIDs(records []record) bool {
	return len(records) > 1 && strings.HasPrefix(strings.Join(records[1].cells, ""), `{"ImportId"`)
}

// want reports whether the table has the columns that a mapping names.
func (s *sheet) want(problems *problems, names ...string) bool {
	all := true
	for _, name := range names {
		if name != "" && !s.has(name) {
			*problems = append(*problems, stimuli.MissingColumn(s.file, name, s.header))
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
