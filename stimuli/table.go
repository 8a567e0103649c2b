package stimuli

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxManifest bounds a manifest file; ten million triplets stay below it.
const maxManifest = 2 << 30

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

// readTable reads file whole. Faults of form (not UTF-8, a doubled or missing
// column, ragged rows, broken quotes) go to problems; what could be read is returned.
func readTable(fsys fs.FS, file string, problems *Problems, required ...string) (*table, []byte) {
	data, err := readFile(fsys, file, maxManifest)
	if err != nil {
		problems.add(file, 0, "cannot be read: %v", unwrapPath(err))
		return nil, nil
	}
	text := bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(text) {
		problems.add(file, firstInvalidLine(text), "is not UTF-8; save it as UTF-8")
		return nil, data
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord = -1
	t := &table{file: file}
	if t.header, err = r.Read(); err != nil {
		problems.add(file, 1, "has no header line")
		return nil, data
	}
	if !t.checkHeader(problems, required) {
		return nil, data
	}
	t.readRows(r, problems)
	return t, data
}

func (t *table) checkHeader(problems *Problems, required []string) bool {
	ok := true
	for i, name := range t.header {
		t.header[i] = strings.TrimSpace(name)
		if slices.Contains(t.header[:i], t.header[i]) {
			problems.add(t.file, 1, "column %q stands twice in the header", t.header[i])
			ok = false
		}
	}
	for _, name := range required {
		if !t.has(name) {
			problems.add(t.file, 1, "column %q is missing; the header has %s", name, strings.Join(t.header, ", "))
			ok = false
		}
	}
	return ok
}

func (t *table) readRows(r *csv.Reader, problems *Problems) {
	for {
		cells, err := r.Read()
		if err == io.EOF {
			return
		}
		var parse *csv.ParseError
		if errors.As(err, &parse) {
			// The rest of the file hangs on this quote: reading on would invent rows.
			problems.add(t.file, parse.StartLine, "%v; nothing after this line was read", parse.Err)
			return
		}
		line, _ := r.FieldPos(0)
		if len(cells) != len(t.header) {
			problems.add(t.file, line, "has %d cells, the header %d", len(cells), len(t.header))
			continue
		}
		t.rows = append(t.rows, row{line, cells})
	}
}

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

// readFile reads a file of at most limit bytes.
func readFile(fsys fs.FS, name string, limit int64) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	if info.Size() > limit {
		return nil, errTooLarge{info.Size(), limit}
	}
	return io.ReadAll(f)
}

// unwrapPath drops the operation and path of a file error: the problem names the file itself.
func unwrapPath(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}
