package stimuli

import (
	"bytes"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/akin-vision/akin/internal/english"
)

// Bounds in bytes: of a manifest file, ten million triplets stay below it; of a key that
// a problem quotes.
const (
	maxManifest = 2 << 30
	maxKey      = 100
)

// byteOrderMark is what Windows programs begin UTF-8 files with.
var byteOrderMark = []byte("\xef\xbb\xbf")

// table is a CSV file with its header by name; cells are read by column name.
type table struct {
	file   string
	header []string
	rows   []row
}

type row struct {
	line  int
	cells []string
}

func (t *table) has(column string) bool { return slices.Contains(t.header, column) }

// cell returns the trimmed value of a column, empty where the column is absent.
func (t *table) cell(r row, column string) string {
	i := slices.Index(t.header, column)
	if i < 0 {
		return ""
	}
	return strings.TrimSpace(r.cells[i])
}

// columns are those that a file must and may have. Whether any other is kept,
// as a tag, or ignored, its reader says.
type columns struct {
	required, optional []string
	corner             bool // the first needs no name, as in a matrix
}

func (c columns) known() []string { return slices.Concat(c.required, c.optional) }

// readTable reads file whole. Faults of form (not UTF-8, a doubled, missing or
// miswritten column, ragged rows, broken quotes) go to problems; what could be
// read is returned.
func readTable(fsys fs.FS, file string, problems *Problems, want columns) (*table, []byte) {
	data, err := readText(fsys, file)
	if err != nil {
		problems.add(file, 0, "cannot be read: %v", unwrapPath(err))
		return nil, nil
	}
	text := bytes.TrimPrefix(data, byteOrderMark)
	if line, what := CheckText(text); what != "" {
		problems.add(file, line, "%s", what)
		return nil, data
	}
	r := newRows(text)
	t := &table{file: file}
	if t.header = r.readHeader(file, problems); t.header == nil {
		return nil, data
	}
	if !t.checkHeader(problems, want) {
		return nil, data
	}
	t.readRows(r, problems)
	return t, data
}

func (t *table) checkHeader(problems *Problems, want columns) bool {
	before, seen := len(*problems), map[string]bool{}
	for i, name := range t.header {
		t.header[i] = strings.TrimSpace(name)
		switch name, miswritten := t.header[i], want.miswritten(t.header[i]); {
		case name == "" && i == 0 && want.corner:
		case name == "":
			problems.add(t.file, 1, "column %d has no name; name it or delete it", i+1)
		case seen[name]:
			problems.add(t.file, 1, "column %q stands twice in the header", name)
		case miswritten != "":
			problems.add(t.file, 1, "column %q must be written %q", name, miswritten)
			seen[miswritten] = true // one fault, said once
		}
		seen[t.header[i]] = true
	}
	if len(t.header) == 1 && strings.ContainsAny(t.header[0], ";\t") {
		problems.add(t.file, 1, "has one column, %q; separate columns by commas, not by semicolons or tabs", t.header[0])
		return false
	}
	for _, name := range want.required {
		if !t.has(name) && !seen[name] {
			*problems = append(*problems, MissingColumn(t.file, name, t.header))
		}
	}
	return len(*problems) == before
}

// miswritten returns the known column that a name differs from only in case,
// spaces or hyphens, empty where there is none: taken as it stands, the column
// would be lost without a word.
func (c columns) miswritten(name string) string {
	plain := plainColumn(name)
	if plain != name && slices.Contains(c.known(), plain) {
		return plain
	}
	return ""
}

// plainColumn is a name as akin writes those of columns.
func plainColumn(name string) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(name)))
}

// TripletColumn is a name as akin writes those of columns, and whether
// triplets.csv has one of its own of that name.
func TripletColumn(name string) (plain string, own bool) {
	plain = plainColumn(name)
	return plain, slices.Contains(tripletColumns.known(), plain)
}

// similar returns the known column that a name was probably meant to be, empty
// where there is none. Names as short as id have too many neighbours.
func (c columns) similar(name string) string {
	return english.Meant(name, slices.DeleteFunc(c.known(), func(known string) bool { return len(known) <= 3 }))
}

func (t *table) readRows(r *rows, problems *Problems) {
	for {
		cells, line, more := r.read(t.file, problems)
		if !more {
			return
		}
		if len(cells) != len(t.header) {
			problems.add(t.file, line, "has %s, the header %d", english.Count(len(cells), "cell"), len(t.header))
			continue
		}
		if strings.TrimSpace(strings.Join(cells, "")) == "" {
			problems.add(t.file, line, "is an empty row; delete it")
			continue
		}
		t.rows = append(t.rows, row{line, cells})
		if len(t.rows)*len(t.header) > maxCells {
			problems.add(t.file, line, "is past the limit of %d cells; split the file", maxCells)
			return
		}
	}
}

// CheckText says what keeps a text from being read by lines, and where; what is
// empty if nothing does.
func CheckText(text []byte) (line int, what string) {
	if line := firstInvalidLine(text); line > 0 {
		return line, notUTF8
	}
	if bytes.ContainsRune(text, '\r') && !bytes.ContainsRune(text, '\n') {
		return 1, "is one line: its lines end in CR alone; save it with LF or CRLF"
	}
	return 0, ""
}

const notUTF8 = "is not UTF-8; save it as UTF-8"

// firstInvalidLine is the first line that is not UTF-8, 0 where all are.
func firstInvalidLine(text []byte) int {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return 1 + bytes.Count(text[:i], []byte("\n"))
		}
		i += size
	}
	return 0
}

// unwrapPath drops the operation and path of a file error: the problem names the file itself.
func unwrapPath(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}
