package paper

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
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

// LaTeX is a table environment for booktabs; the document also needs tabularx.
func (t Table) LaTeX() []byte {
	var b strings.Builder
	b.WriteString("% \\usepackage[T1]{fontenc}\n% \\usepackage{booktabs,tabularx}\n\\begin{table}\n\\centering\n\\footnotesize\n")
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
	b.WriteString("\\end{table}\n")
	return []byte(b.String())
}

// columns breaks lines where a column holds sentences.
func (t Table) columns() string {
	const sentence = 28 // characters
	var spec strings.Builder
	for i := range t.Header {
		longest := 0
		for _, row := range t.Rows {
			longest = max(longest, len([]rune(row[i])))
		}
		switch {
		case longest > sentence:
			spec.WriteString(">{\\raggedright\\arraybackslash}X")
		case i == 0:
			spec.WriteString("l")
		default:
			spec.WriteString("r")
		}
	}
	if !strings.Contains(spec.String(), "X") {
		return "@{}" + strings.Replace(spec.String(), "l", "X", 1) + "@{}"
	}
	return "@{}" + spec.String() + "@{}"
}

func latex(s string) string { return tex.Escape(figure.Plain(s)) }

var (
	//go:embed table.html
	tableText string
	//go:embed table.css
	tableStyle string

	tableBody = template.Must(template.New("table").Parse(tableText))
)

// HTML is a page of its own.
func (t Table) HTML() ([]byte, error) {
	clean := Table{Name: t.Name, Caption: figure.Plain(t.Caption), Header: plain(t.Header), Notes: plain(t.Notes)}
	for _, row := range t.Rows {
		clean.Rows = append(clean.Rows, plain(row))
	}
	var b bytes.Buffer
	err := page.Page{Title: clean.Caption, Body: tableBody, Content: clean, Style: tableStyle}.Write(&b)
	return b.Bytes(), err
}

func plain(cells []string) []string {
	list := make([]string, len(cells))
	for i, cell := range cells {
		list[i] = figure.Plain(cell)
	}
	return list
}
