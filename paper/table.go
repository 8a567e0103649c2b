package paper

import (
	"bytes"
	"embed"
	"fmt"
	"math"
	"strings"

	"github.com/akin-vision/akin/figure"
	"github.com/akin-vision/akin/internal/tex"
	"github.com/akin-vision/akin/page"
)

// Table is one table of the paper. Its cells are text as it was read; each
// format escapes what it would take for its own marks.
type Table struct {
	Name    string // of its files
	Caption string
	Header  []string
	Rows    [][]string
	Notes   []string
}

// CSV is header and rows alone.
func (t Table) CSV() ([]byte, error) {
	return figure.CSV(append([][]string{t.Header}, t.Rows...))
}

// Markdown is a table of GitHub's kind.
func (t Table) Markdown() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", markdown(t.Caption))
	row := func(cells []string, escape func(string) string) {
		for _, cell := range cells {
			b.WriteString("| " + escape(cell) + " ")
		}
		b.WriteString("|\n")
	}
	row(t.Header, markdown)
	row(make([]string, len(t.Header)), func(string) string { return "---" })
	for _, cells := range t.Rows {
		row(cells, markdown)
	}
	for _, note := range t.Notes {
		fmt.Fprintf(&b, "\n%s\n", markdown(note))
	}
	return []byte(b.String())
}

// markdown escapes every mark of Markdown and HTML.
func markdown(s string) string {
	var b strings.Builder
	for _, r := range figure.Plain(s) {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case strings.ContainsRune("\\`*_{}[]#|~$!", r):
			b.WriteRune('\\')
			b.WriteRune(r)
		case r == ':': // bare addresses would become links
			b.WriteString("&#58;")
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// wideTable is the number of columns from which a table takes both columns of a page.
const wideTable = 5

// LaTeX is a table environment for booktabs; the document also needs tabularx. Every
// column may break its lines, so that the table fits its width.
func (t Table) LaTeX() []byte {
	environment := "table"
	if len(t.Header) >= wideTable {
		environment = "table*"
	}
	var b strings.Builder
	b.WriteString("% \\usepackage[T1]{fontenc}\n% \\usepackage{booktabs,tabularx}\n")
	fmt.Fprintf(&b, "\\begin{%s}\n\\centering\n\\footnotesize\n\\setlength{\\tabcolsep}{2.5pt}\n", environment)
	fmt.Fprintf(&b, "\\caption{%s}\n\\label{tab:%s}\n", latex(t.Caption), t.Name)
	fmt.Fprintf(&b, "\\begin{tabularx}{\\linewidth}{%s}\n\\toprule\n", t.columns())
	row := func(cells []string) {
		escaped := make([]string, len(cells))
		for i, cell := range cells {
			escaped[i] = latex(cell)
		}
		// {} keeps a cell in brackets from being read as an option of \\.
		b.WriteString("{}" + strings.Join(escaped, " & ") + " \\\\\n")
	}
	row(t.Header)
	b.WriteString("\\midrule\n")
	for _, cells := range t.Rows {
		row(cells)
	}
	b.WriteString("\\bottomrule\n\\end{tabularx}\n")
	for _, note := range t.Notes {
		fmt.Fprintf(&b, "\\par\\smallskip\\raggedright %s\n", latex(note))
	}
	fmt.Fprintf(&b, "\\end{%s}\n", environment)
	return []byte(b.String())
}

// columns share the width by what they hold: more where cells are long, and no less
// than a longest word needs. Each is set ragged, the first and those of sentences to
// the left, numbers to the right.
func (t Table) columns() string {
	const sentence = 28 // characters
	weights, total := make([]float64, len(t.Header)), 0.0
	left := make([]bool, len(t.Header))
	for i, name := range t.Header {
		longest, word := len([]rune(name))/2, longestWord(name)
		for _, row := range t.Rows {
			longest, word = max(longest, len([]rune(row[i]))), max(word, longestWord(row[i]))
		}
		left[i] = i == 0 || longest > sentence
		weights[i] = max(1.2*float64(word)+1.5, 2*math.Sqrt(float64(longest)))
		total += weights[i]
	}
	var spec strings.Builder
	for i, w := range weights {
		side := "\\raggedleft"
		if left[i] {
			side = "\\raggedright"
		}
		fmt.Fprintf(&spec, ">{\\hsize=%.3f\\hsize%s\\hspace{0pt}\\arraybackslash}X", w*float64(len(weights))/total, side)
	}
	return "@{}" + spec.String() + "@{}"
}

// longestWord is about the length of the longest part of a cell that stays on one
// line, see tex.Breakable.
func longestWord(cell string) int {
	const short, most = 10, 13
	longest := 0
	for _, word := range strings.Fields(cell) {
		if len([]rune(word)) <= short {
			longest = max(longest, len([]rune(word)))
			continue
		}
		for _, part := range strings.FieldsFunc(word, func(r rune) bool { return strings.ContainsRune("-_/.@+:,=", r) }) {
			longest = max(longest, min(len([]rune(part))+1, most)) // with its mark; divided where it is longer
		}
	}
	return longest
}

func latex(s string) string { return tex.Breakable(figure.Plain(s)) }

//go:embed table.html table.css
var tableFiles embed.FS

var tableView = page.MustView(tableFiles, "table", nil)

// HTML is a page of its own.
func (t Table) HTML() ([]byte, error) {
	clean := Table{Name: t.Name, Caption: figure.Plain(t.Caption), Header: plain(t.Header), Notes: plain(t.Notes)}
	for _, row := range t.Rows {
		clean.Rows = append(clean.Rows, plain(row))
	}
	var b bytes.Buffer
	err := page.Page{View: tableView, Title: clean.Caption, Content: clean}.Write(&b)
	return b.Bytes(), err
}

func plain(cells []string) []string {
	list := make([]string, len(cells))
	for i, cell := range cells {
		list[i] = figure.Plain(cell)
	}
	return list
}
