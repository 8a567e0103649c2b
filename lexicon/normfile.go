package lexicon

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/internal/tomlfile"
	"github.com/akin-vision/akin/stimuli"
)

// Layout says what a table of norms holds and which of its columns hold it.
type Layout struct {
	Source string `toml:"source"`
	Kind   Kind   `toml:"kind"`
	// Columns by name, or by number from 1 where the table has no header; B
	// stays empty for concreteness.
	A        string  `toml:"a"`
	B        string  `toml:"b"`
	Value    string  `toml:"value"`
	Min      float64 `toml:"min"`
	Max      float64 `toml:"max"`
	Directed bool    `toml:"directed"`
}

// known is a published file, recognised by its header or, where it has none,
// by a part of its name.
type known struct {
	header []string // columns that must be there
	name   string   // part of the file's name, in lower case
	Layout
}

// published lists the files as their authors distribute them.
var published = []known{
	// Hill, Reichart & Korhonen 2015; the association is that of the USF norms, rescaled to 0..10.
	{[]string{"word1", "word2", "simlex999"}, "", Layout{"SimLex-999", Similarity, "word1", "word2", "simlex999", 0, 10, false}},
	{[]string{"word1", "word2", "assoc(usf)"}, "", Layout{"USF in SimLex-999", Association, "word1", "word2", "assoc(usf)", 0, 10, true}},
	// Finkelstein et al. 2002, combined.csv.
	{[]string{"word 1", "word 2", "human (mean)"}, "", Layout{"WordSim-353", Relatedness, "word 1", "word 2", "human (mean)", 0, 10, false}},
	// De Deyne et al. 2019: strength.SWOW-EN.R123.csv (separated by tabs) and the same of first responses.
	{[]string{"cue", "response", "r123.strength"}, "", Layout{"SWOW R123", Association, "cue", "response", "r123.strength", 0, 1, true}},
	{[]string{"cue", "response", "r1.strength"}, "", Layout{"SWOW R1", Association, "cue", "response", "r1.strength", 0, 1, true}},
	// Nelson, McEvoy & Schreiber 1998: Appendix A, and a table of its forward strengths.
	{[]string{"cue", "target", "fsg"}, "", Layout{"USF", Association, "cue", "target", "fsg", 0, 1, true}},
	{[]string{"cue", "target", "forward_strength"}, "", Layout{"USF", Association, "cue", "target", "forward_strength", 0, 1, true}},
	// Brysbaert, Warriner & Kuperman 2014, and a table of its means.
	{[]string{"word", "conc.m"}, "", Layout{"Brysbaert", Concreteness, "word", "", "conc.m", 1, 5, false}},
	{[]string{"word", "concreteness_1_5"}, "", Layout{"Brysbaert", Concreteness, "word", "", "concreteness_1_5", 1, 5, false}},
	// Bruni, Tran & Baroni 2014.
	{nil, "men", Layout{"MEN", Relatedness, "1", "2", "3", 0, 50, false}},
	// Agirre et al. 2009 split WordSim-353.
	{nil, "ws-353-sim", wordSim(Similarity)},
	{nil, "wordsim_similarity", wordSim(Similarity)},
	{nil, "ws-353-rel", wordSim(Relatedness)},
	{nil, "wordsim_relatedness", wordSim(Relatedness)},
	{nil, "ws-353", wordSim(Relatedness)},
	{nil, "wordsim353", wordSim(Relatedness)},
	// Halawi et al. 2012.
	{nil, "mturk-771", Layout{"MTurk-771", Relatedness, "1", "2", "3", 1, 5, false}},
	// Rubenstein & Goodenough 1965.
	{nil, "rg-65", Layout{"RG-65", Similarity, "1", "2", "3", 0, 4, false}},
	{nil, "rg65", Layout{"RG-65", Similarity, "1", "2", "3", 0, 4, false}},
}

func wordSim(kind Kind) Layout {
	return Layout{"WordSim-353", kind, "1", "2", "3", 0, 10, false}
}

// errUnknownLayout is a table that is none of the published ones.
var errUnknownLayout = errors.New("is no published table of norms that akin knows")

// ReadNorms reads tables of norms: each path is a file, or a folder of which
// every file that is laid out like a known one is read. The others of a folder
// are returned as skipped. The faults of all files come together.
func ReadNorms(paths ...string) (norms []Norm, skipped []string, err error) {
	var faults []error
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		folder, names := filepath.Dir(p), []string{filepath.Base(p)}
		if info.IsDir() {
			folder = p
			if names, err = tableNames(p); err != nil {
				faults = append(faults, err)
			}
		}
		for _, name := range names {
			read, err := readNormFile(regular.Dir(folder), name)
			switch {
			case info.IsDir() && errors.Is(err, errUnknownLayout):
				skipped = append(skipped, filepath.Join(folder, name))
			case err != nil:
				faults = append(faults, err)
			}
			norms = append(norms, read...)
		}
	}
	return norms, skipped, errors.Join(faults...)
}

// tableNames lists the files of a folder that may be tables, by name.
func tableNames(folder string) (names []string, err error) {
	entries, err := regular.ReadDir(folder)
	for _, e := range entries {
		if slices.Contains([]string{".csv", ".tsv", ".txt", ".tab"}, strings.ToLower(path.Ext(e.Name()))) && !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// Bounds of a table of norms; the largest published has 40 MB and 7 million cells.
const (
	maxNorms     = 256 << 20
	maxLine      = 1 << 20
	maxCells     = 20_000_000
	mostProblems = 1000
)

// readNormFile reads a table of norms in folder: as NAME.toml beside it
// describes (the fields of Layout), else as one of the published files
// (MEN, WordSim-353 and its parts, SimLex-999, MTurk-771, RG-65, USF, SWOW,
// Brysbaert) is laid out. Columns are separated by commas, tabs, semicolons
// or, without any of these, by spaces. Faults are stimuli.Problems, all at
// once; errUnknownLayout says that the file is something else.
func readNormFile(folder fs.FS, name string) ([]Norm, error) {
	data, err := regular.ReadLines(folder, name, maxNorms, maxLine)
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	card := strings.TrimSuffix(name, path.Ext(name)) + ".toml"
	described, err := tomlfile.Read(folder, card)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return readNorms(name, data, nil)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", card, err)
	}
	var l Layout
	var faults tomlfile.Faults
	if err := tomlfile.Decode(described, &l); errors.As(err, &faults) {
		return nil, errors.New(faults.In(card))
	} else if err != nil {
		return nil, fmt.Errorf("%s: %w", card, err)
	}
	if err := l.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", card, err)
	}
	return readNorms(name, data, []Layout{l})
}

func (l Layout) check() error {
	switch {
	case !slices.Contains(kinds, l.Kind):
		return fmt.Errorf("kind %q is unknown; use %s, %s, %s or %s", l.Kind, kinds[0], kinds[1], kinds[2], kinds[3])
	case l.A == "" || l.Value == "" || (l.B == "") != (l.Kind == Concreteness):
		return errors.New("needs the columns a, b and value (without b for concreteness)")
	case l.Source == "":
		return errors.New("needs a source")
	case !(l.Min < l.Max) || math.IsInf(l.Max-l.Min, 0):
		return fmt.Errorf("the scale min %v to max %v is empty", l.Min, l.Max)
	}
	return nil
}

// normTable is a file split into cells.
type normTable struct {
	file  string
	cells [][]string
	lines []int
	size  int // cells in all
}

func readNorms(name string, data []byte, layouts []Layout) ([]Norm, error) {
	t, err := splitTable(name, data)
	if err != nil {
		return nil, err
	}
	if layouts == nil {
		layouts = t.recognise()
	}
	if len(layouts) == 0 {
		return nil, fmt.Errorf("%s %w", name, errUnknownLayout)
	}
	var norms []Norm
	var problems stimuli.Problems
	for _, l := range layouts {
		norms = append(norms, t.read(l, &problems)...)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return norms, nil
}

func splitTable(name string, data []byte) (*normTable, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	first, _, _ := bytes.Cut(data, []byte("\n"))
	if !utf8.Valid(first) {
		return nil, fmt.Errorf("%s %w", name, errUnknownLayout)
	}
	t := &normTable{file: name}
	if tab := bytes.ContainsRune(first, '\t'); tab || !bytes.ContainsAny(first, ";,") {
		return t, t.splitLines(data, tab)
	}
	separator := ','
	if !bytes.ContainsRune(first, ',') {
		separator = ';'
	}
	return t, t.splitCSV(data, separator)
}

// splitLines splits at tabs or spaces; a quote is a part of a word such as 6",
// but for those around a whole cell.
func (t *normTable) splitLines(data []byte, tab bool) error {
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		cells := strings.Fields(line)
		if tab {
			cells = strings.Split(line, "\t")
		}
		for i, cell := range cells {
			cell = strings.TrimSpace(cell)
			if len(cell) > 1 && cell[0] == '"' && cell[len(cell)-1] == '"' {
				cell = cell[1 : len(cell)-1]
			}
			cells[i] = cell
		}
		if strings.TrimSpace(line) != "" {
			if err := t.add(cells, number); err != nil {
				return err
			}
		}
	}
	return nil
}

// add keeps a row, up to the bound of all cells.
func (t *normTable) add(cells []string, line int) error {
	if t.size += len(cells); t.size > maxCells {
		return fmt.Errorf("%s:%d: has more than %d cells so far; keep the columns that are needed", t.file, line, maxCells)
	}
	t.cells, t.lines = append(t.cells, cells), append(t.lines, line)
	return nil
}

func (t *normTable) splitCSV(data []byte, separator rune) error {
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma, r.FieldsPerRecord = separator, -1
	for {
		cells, err := r.Read()
		if err == io.EOF {
			return nil
		}
		var parse *csv.ParseError
		if errors.As(err, &parse) {
			return stimuli.Problems{{File: t.file, Line: parse.StartLine, What: parse.Err.Error() + "; nothing after this line was read"}}
		}
		line, _ := r.FieldPos(0)
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if err := t.add(cells, line); err != nil {
			return err
		}
	}
}

// recognise returns every layout of the header, for one table may hold
// figures of two kinds, or the first layout that the name suggests.
func (t *normTable) recognise() (layouts []Layout) {
	if len(t.cells) == 0 {
		return nil
	}
	for _, k := range published {
		if k.header != nil && !slices.ContainsFunc(k.header, func(h string) bool { return t.column(h) < 0 }) {
			layouts = append(layouts, k.Layout)
		}
	}
	if layouts != nil || len(t.cells[0]) != 3 {
		return layouts
	}
	for _, k := range published {
		if k.header == nil && nameHolds(t.file, k.name) {
			return []Layout{k.Layout}
		}
	}
	return nil
}

// nameHolds looks for whole words, so that "segment.csv" is not MEN.
func nameHolds(file, part string) bool {
	name := strings.ToLower(path.Base(file))
	for from := 0; ; {
		i := strings.Index(name[from:], part)
		if i < 0 {
			return false
		}
		i += from
		end := i + len(part)
		if (i == 0 || !isLetter(name[i-1])) && (end == len(name) || !isLetter(name[end])) {
			return true
		}
		from = end
	}
}

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' }

// column finds a column of the header, case aside.
func (t *normTable) column(name string) int {
	return slices.IndexFunc(t.cells[0], func(cell string) bool { return strings.EqualFold(cell, name) })
}

func (t *normTable) read(l Layout, problems *stimuli.Problems) []Norm {
	fault := func(line int, format string, args ...any) {
		if len(*problems) == mostProblems {
			return
		}
		*problems = append(*problems, stimuli.Problem{File: t.file, Line: line, What: fmt.Sprintf(format, args...)})
	}
	var columns [3]int
	first := 0
	for i, name := range []string{l.A, l.B, l.Value} {
		number, err := strconv.Atoi(name)
		switch {
		case name == "":
			columns[i] = -1
		case err == nil && number > 0:
			columns[i] = number - 1
		case len(t.cells) == 0 || t.column(name) < 0:
			fault(1, "column %q is missing", name)
			return nil
		default:
			columns[i], first = t.column(name), 1
		}
	}
	var norms []Norm
	for i := first; i < len(t.cells); i++ {
		cells, line := t.cells[i], t.lines[i]
		if slices.Max(columns[:]) >= len(cells) {
			fault(line, "has %d columns, needs %d", len(cells), slices.Max(columns[:])+1)
			continue
		}
		n := Norm{
			A: Word(cells[columns[0]]), Min: l.Min, Max: l.Max, Kind: l.Kind,
			Source: l.Source, Directed: l.Directed, File: t.file, Line: line,
		}
		if columns[1] >= 0 {
			n.B = Word(cells[columns[1]])
		}
		text := cells[columns[2]]
		value, err := strconv.ParseFloat(strings.TrimPrefix(text, "+"), 64)
		switch {
		case n.A == "" || columns[1] >= 0 && n.B == "":
			fault(line, "a word is empty")
		case isAbsent(text):
		case err != nil || math.IsNaN(value):
			fault(line, "value %q is not a number", text)
		case value < l.Min || value > l.Max:
			fault(line, "%v is outside the scale %v to %v of %s", value, l.Min, l.Max, l.Source)
		default:
			n.Value = value
			norms = append(norms, n)
		}
	}
	return norms
}

// isAbsent reports how tables write that nobody gave a figure.
func isAbsent(text string) bool { return text == "" || strings.EqualFold(text, "NA") }
