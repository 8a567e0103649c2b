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
// column may break its lines, so that the table fits its width. What would be longer than
// a page goes on in further environments.
func (t Table) LaTeX() []byte {
	var b strings.Builder
	b.WriteString("% \\usepackage[T1]{fontenc}\n% \\usepackage{booktabs,tabularx}\n")
	parts := t.pages()
	for i, rows := range parts {
		t.float(&b, rows, i > 0, i+1 == len(parts))
	}
	return []byte(b.String())
}

// float is one environment, with the table's notes under its last rows.
func (t Table) float(b *strings.Builder, rows [][]string, continued, last bool) {
	environment := "table"
	if len(t.Header) >= wideTable {
		environment = "table*"
	}
	fmt.Fprintf(b, "\\begin{%s}\n\\centering\n\\footnotesize\n\\setlength{\\tabcolsep}{2.5pt}\n", environment)
	if continued {
		fmt.Fprintf(b, "\\addtocounter{table}{-1}\n\\caption{%s (continued)}\n", latex(t.Caption))
	} else {
		fmt.Fprintf(b, "\\caption{%s}\n\\label{tab:%s}\n", latex(t.Caption), t.Name)
	}
	fmt.Fprintf(b, "\\begin{tabularx}{\\linewidth}{%s}\n\\toprule\n", t.columns())
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
	for _, cells := range rows {
		row(cells)
	}
	b.WriteString("\\bottomrule\n\\end{tabularx}\n")
	if last {
		for _, note := range t.Notes {
			fmt.Fprintf(b, "\\par\\smallskip\\raggedright %s\n", latex(note))
		}
	}
	fmt.Fprintf(b, "\\end{%s}\n", environment)
}

// pages are the rows that a page has room for, by an estimate on the safe side: LaTeX
// breaks no float, and what is too long runs over the page's foot.
func (t Table) pages() [][][]string {
	const page = 48.0 // lines
	room := t.room()
	lines := func(text string, width float64) float64 { return math.Ceil(float64(len([]rune(text))+1) / width) }
	height := lines(t.Caption, room) + 2
	for _, note := range t.Notes {
		height += lines(note, room) + 1
	}
	least := max(page-height, page/4)
	widths, _ := t.widths()
	parts, used := [][][]string{nil}, 0.0
	for _, row := range t.Rows {
		tall := 1.0
		for i, cell := range row {
			tall = max(tall, lines(cell, room*widths[i]*0.8)) // the ends of lines stay empty
		}
		if used += tall; used > least && len(parts[len(parts)-1]) > 0 {
			parts, used = append(parts, nil), tall
		}
		parts[len(parts)-1] = append(parts[len(parts)-1], row)
	}
	return parts
}

// widths are the columns' shares of the width. A short cell, such as an interval, stays on
// one line where there is room for all of these.
func (t Table) widths() (shares []float64, left []bool) {
	shares, left, total := t.weights(14)
	if total > t.room() {
		shares, left, total = t.weights(0)
	}
	for i := range shares {
		shares[i] /= total
	}
	return shares, left
}

// room is about the number of characters of a line, of one column or of both.
func (t Table) room() float64 {
	if len(t.Header) >= wideTable {
		return 76
	}
	return 46
}

// weights are the columns' wishes by what they hold, in about characters: more where cells
// are long, and no less than a longest word or a cell of up to short characters needs.
// Left are the first and those of sentences.
func (t Table) weights(short int) (weights []float64, left []bool, total float64) {
	const sentence = 28 // characters
	weights, left = make([]float64, len(t.Header)), make([]bool, len(t.Header))
	for i, name := range t.Header {
		longest, word := len([]rune(name))/2, longestWord(name)
		for _, row := range t.Rows {
			length := len([]rune(row[i]))
			longest, word = max(longest, length), max(word, longestWord(row[i]))
			if length <= short {
				word = max(word, length)
			}
		}
		left[i] = i == 0 || longest > sentence
		weights[i] = max(1.2*float64(word)+1.5, 2*math.Sqrt(float64(longest)))
		total += weights[i]
	}
	return weights, left, total
}

// columns sets each column ragged, numbers to the right.
func (t Table) columns() string {
	shares, left := t.widths()
	var spec strings.Builder
	for i, w := range shares {
		side := "\\raggedleft"
		if left[i] {
			side = "\\raggedright"
		}
		fmt.Fprintf(&spec, ">{\\hsize=%.3f\\hsize%s\\hspace{0pt}\\arraybackslash}X", w*float64(len(shares)), side)
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
