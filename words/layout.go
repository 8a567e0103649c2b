package words

import (
	"fmt"
	"strings"

	"charm.land/lipgloss/v2"
	"charm.land/lipgloss/v2/table"
)

// textWidth is the width in columns that text is written for.
const textWidth = 80

// text gathers wrapped lines.
type text struct{ strings.Builder }

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
	for i, line := range wrap(s, textWidth-indent) {
		if i > 0 {
			name = ""
		}
		fmt.Fprintf(t, " %-*s%s\n", indent-1, name, line)
	}
}

func (t *text) paragraph(s string) {
	for _, line := range wrap(s, textWidth-1) {
		fmt.Fprintf(t, " %s\n", line)
	}
}

// wrap breaks s at spaces into lines of at most width characters.
func wrap(s string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		switch {
		case line == "":
			line = word
		case len([]rune(line))+1+len([]rune(word)) > width:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// newTable has a rule under its header, and numbers to the right, gap spaces apart.
func newTable(gap int, header ...string) *table.Table {
	return table.New().Headers(header...).
		Border(lipgloss.NormalBorder()).
		BorderTop(false).BorderBottom(false).BorderLeft(false).BorderRight(false).BorderColumn(false).
		StyleFunc(func(_, column int) lipgloss.Style {
			if column == 0 {
				return lipgloss.NewStyle().PaddingLeft(1)
			}
			return lipgloss.NewStyle().PaddingLeft(gap).Align(lipgloss.Right)
		})
}

// long and short keep a model's name, and level a label, within its column.
func long(name string) string  { return clip(name, 21) }
func short(name string) string { return clip(name, 13) }
func level(name string) string { return clip(name, 9) }

func clip(name string, most int) string {
	if r := []rune(name); len(r) > most {
		return string(r[:most/2]) + "…" + string(r[len(r)-(most-1)/2:])
	}
	return name
}
