package words

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"charm.land/lipgloss/v2"
	"charm.land/lipgloss/v2/table"
)

// textWidth is the width in columns that sentences are written for at most.
const textWidth = 80

// text gathers wrapped lines for so many columns; 0 where nobody counts them, as in a
// pipe: no name is cut there.
type text struct {
	strings.Builder
	width int
}

// table adds a grid.
func (t *text) table(g *grid) { t.lines(g.fit(t.width)) }

// wraps is the width of sentences.
func (t *text) wraps() int {
	if t.width == 0 {
		return textWidth
	}
	return min(t.width, textWidth)
}

func (t *text) heading(s string) {
	if t.Len() > 0 {
		t.WriteByte('\n')
	}
	fmt.Fprintf(t, "%s\n", s)
}

func (t *text) lines(s string) { fmt.Fprintln(t, s) }

// item prints a name, and what is said of it indented beside it.
func (t *text) item(name, s string) {
	const indent = 24
	for i, line := range wrap(s, t.wraps()-indent) {
		if i > 0 {
			name = ""
		}
		if i == 0 && len([]rune(name)) > indent-2 { // a long name has a line of its own
			fmt.Fprintf(t, " %s\n", name)
			name = ""
		}
		fmt.Fprintf(t, " %-*s%s\n", indent-1, name, line)
	}
}

// sentence is a paragraph of what a finding says.
func (t *text) sentence(s string) { t.paragraph(capital(s) + ".") }

func (t *text) paragraph(s string) {
	for _, line := range wrap(s, t.wraps()-1) {
		fmt.Fprintf(t, " %s\n", line)
	}
}

// wrap is Break for a sentence of single spaces.
func wrap(s string, width int) []string {
	return Break(strings.Join(strings.Fields(s), " "), width, 0)
}

// Break breaks a line at spaces into lines of at most width characters; those below the
// first begin after indent spaces. A number and its "%" stay together, and a word longer
// than a line stays whole: it may be a path, which somebody copies.
func Break(line string, width, indent int) []string {
	var lines []string
	var b strings.Builder
	column, spaces := 0, 0 // of the line so far; before the next word
	words := strings.Split(line, " ")
	for i := 0; i < len(words); i++ {
		word := words[i]
		if i+1 < len(words) && word != "" && strings.HasPrefix(words[i+1], "%") {
			i++
			word += " " + words[i]
		}
		length := utf8.RuneCountInString(word)
		switch {
		case length == 0:
		case column+spaces+length > width && column > indent:
			lines = append(lines, b.String())
			b.Reset()
			b.WriteString(strings.Repeat(" ", indent) + word)
			column, spaces = indent+length, 0
		default:
			b.WriteString(strings.Repeat(" ", spaces) + word)
			column, spaces = column+spaces+length, 0
		}
		spaces++
	}
	if b.Len() > 0 {
		lines = append(lines, b.String())
	}
	return lines
}

// grid is a table for a terminal: a rule under its header, numbers to the right, gap
// spaces apart.
type grid struct {
	gap    int
	header []string
	rows   [][]string
	names  int // columns of names at its beginning, which may be cut where room lacks
}

func newTable(gap int, header ...string) *grid { return &grid{gap: gap, header: header, names: 1} }

// Row adds a row.
func (g *grid) Row(cells ...string) { g.rows = append(g.rows, cells) }

// fit draws the grid in so many columns, 0 for as many as it takes: names are cut
// first, then stand in lines of their own.
func (g *grid) fit(width int) string {
	if text, fits := g.cut(width); fits {
		return text
	}
	return g.stack(width)
}

// cut draws the grid with its names cut as little as need be, and never so that two of
// them look the same in it, and reports whether it fits then.
func (g *grid) cut(width int) (text string, fits bool) {
	longest := leastName
	for _, row := range g.rows {
		for _, name := range row[:g.names] {
			longest = max(longest, len([]rune(name)))
		}
	}
	text = g.draw(longest, clip)
	for most := longest - 1; width > 0 && lipgloss.Width(text) > width; most-- {
		cut := g.cutting(most)
		if most < leastName || cut == nil {
			return "", false
		}
		text = g.draw(most, cut)
	}
	return text, true
}

// stack draws the grid with the names of each row in a line above its numbers, and in
// several tables where the numbers of a row are still too wide.
func (g *grid) stack(width int) string {
	var tables []string
	for first := g.names; first < len(g.header); {
		last := first + 1
		for last < len(g.header) && lipgloss.Width(g.stacked(first, last+1)) <= width {
			last++
		}
		tables = append(tables, g.stacked(first, last))
		first = last
	}
	return strings.Join(tables, "\n\n")
}

// stacked is stack for the columns from first to the one before last.
func (g *grid) stacked(first, last int) string {
	numbers := newTable(g.gap, append([]string{""}, g.header[first:last]...)...)
	for _, row := range g.rows {
		numbers.Row(append([]string{""}, row[first:last]...)...)
	}
	drawn := strings.Split(numbers.draw(0, clip), "\n")
	const above = 2 // header and rule
	lines := drawn[:above:above]
	if title := g.title(g.header); title != "" {
		lines = append([]string{title}, lines...)
	}
	for i, row := range g.rows {
		lines = append(lines, g.title(row), drawn[above+i])
	}
	return strings.Join(lines, "\n")
}

// title is a row's names in one line.
func (g *grid) title(row []string) string {
	names := slices.DeleteFunc(slices.Clone(row[:g.names]), func(name string) bool { return name == "" })
	if len(names) == 0 {
		return ""
	}
	return " " + strings.Join(names, ", ")
}

// leastName is the shortest form of a name that still tells which it is.
const leastName = 16

// cutting is how names become so short and still differ: without their middle or,
// where these are alike, without their beginning; nil where they cannot.
func (g *grid) cutting(most int) func(name string, most int) string {
	for _, cut := range []func(string, int) string{clip, ending} {
		of, distinct := map[string]string{}, true
		for _, row := range g.rows {
			for _, name := range row[:g.names] {
				short := cut(name, most)
				if other, taken := of[short]; taken && other != name {
					distinct = false
				}
				of[short] = name
			}
		}
		if distinct {
			return cut
		}
	}
	return nil
}

func (g *grid) draw(most int, cut func(string, int) string) string {
	t := table.New().Headers(g.header...).
		Border(lipgloss.NormalBorder()).
		BorderTop(false).BorderBottom(false).BorderLeft(false).BorderRight(false).BorderColumn(false).
		StyleFunc(func(_, column int) lipgloss.Style {
			if column == 0 {
				return lipgloss.NewStyle().PaddingLeft(1)
			}
			return lipgloss.NewStyle().PaddingLeft(g.gap).Align(lipgloss.Right)
		})
	for _, row := range g.rows {
		cells := slices.Clone(row)
		for k, name := range cells[:g.names] {
			cells[k] = cut(name, most)
		}
		t.Row(cells...)
	}
	return t.String()
}

// ending keeps the end of a name.
func ending(name string, most int) string {
	if r := []rune(name); len(r) > most {
		return "…" + string(r[len(r)-most+1:])
	}
	return name
}

func clip(name string, most int) string {
	if r := []rune(name); len(r) > most {
		return string(r[:most/2]) + "…" + string(r[len(r)-(most-1)/2:])
	}
	return name
}
