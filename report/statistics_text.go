package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/akin-vision/akin/stats"
)

// fewestModels is the number of models with a published error from which a
// correlation over models is worth a line.
const fewestModels = 4

// textWidth is the width in columns that statistics are printed for.
const textWidth = 80

// Text is the statistics for a terminal: readings in words, with one table of
// the pairs of models; warnings stand once each at the end.
func (s Statistics) Text() string {
	var t text
	t.heading("Each model against chance")
	for _, m := range s.Comparison.Models {
		t.item(m.Model, m.Reading)
		t.note(m.Model, m.Warnings)
	}
	if len(s.Comparison.Pairs) > 0 {
		t.heading("Two models on the same triplets")
		t.lines(s.pairTable())
		t.paragraph(s.Comparison.Reading)
		for i, group := range s.Comparison.Groups {
			t.item(fmt.Sprintf("group %d", i+1), strings.Join(group, ", "))
		}
	}
	t.note("", s.Comparison.Warnings)
	s.axesText(&t)
	t.heading("People")
	if s.NoPeople != "" {
		t.paragraph(s.NoPeople)
	}
	for _, p := range s.People {
		p.text(&t)
	}
	if s.Across.Overall.Models >= fewestModels {
		t.heading("Across models")
		t.paragraph(s.Across.Reading)
		t.note("", s.Across.Warnings)
	}
	t.printNotes()
	t.paragraph(fmt.Sprintf("%d resamples, seed %d; intervals of 95 %%. docs/statistics.md says what each figure answers.", s.Resamples, s.Seed))
	return t.String()
}

// Words is the short form under the table of a run: what may be said of the
// models together, and where they fail.
func (s Statistics) Words() string {
	var t text
	t.heading("")
	t.paragraph(s.Comparison.Reading)
	if s.Axes.Relation != nil && len(s.Axes.Relation.Effects) > 0 {
		e := s.Axes.Relation.Effects[0]
		t.paragraph(e.Reading)
	}
	for _, p := range s.People {
		t.paragraph(strings.TrimSpace("people "+p.Scale) + ": " + p.Reading)
	}
	return t.String()
}

// pairTable lists every two models: who was right alone, the difference in
// error, and what remains of it after Holm.
func (s Statistics) pairTable() string {
	table := newTable(1, "A", "B", "only A", "only B", "A-B error", "95 % CI", "p", "Holm p")
	for _, p := range s.Comparison.Pairs {
		table.Row(short(p.A), short(p.B), fmt.Sprint(p.OnlyA), fmt.Sprint(p.OnlyB), signed(p.ErrorDifference),
			signed(stats.Number(p.ErrorInterval.Low))+" to "+signed(stats.Number(p.ErrorInterval.High)),
			pNumber(p.SignFlip), pNumber(p.Holm))
	}
	return table.String()
}

func (s Statistics) axesText(t *text) {
	for _, axis := range []*stats.Axis{s.Axes.Relation, s.Axes.Distractor} {
		if axis == nil {
			continue
		}
		t.heading("Error by " + axis.Name)
		for _, e := range axis.Effects {
			t.paragraph(e.Reading)
		}
		if axis.Interaction != nil {
			t.paragraph(axis.Interaction.Reading)
		}
		t.note("", axis.Warnings)
	}
	t.note("", s.Axes.Warnings)
}

func (p People) text(t *text) {
	if p.Scale != "" {
		t.paragraph("Scale " + p.Scale + ".")
	}
	t.paragraph(p.Reading)
	for _, m := range p.Models {
		t.item(m.Model, m.Reading)
	}
	if p.Ceiling != nil {
		t.item("ceiling", p.Ceiling.Reading)
		t.note("", p.Ceiling.Warnings)
	} else {
		t.item("no ceiling", p.NoCeiling)
	}
	t.note("", p.Warnings)
}

// Keep leaves only what concerns the models a and b. Adjusted p-values stay
// those of all pairs.
func (s *Statistics) Keep(a, b string) {
	other := func(name string) bool { return name != a && name != b }
	c := &s.Comparison
	c.Models = slices.DeleteFunc(c.Models, func(m stats.OneModel) bool { return other(m.Model) })
	c.Pairs = slices.DeleteFunc(c.Pairs, func(p stats.Pair) bool { return other(p.A) || other(p.B) })
	c.Matrix, c.Groups, c.CochranQ, c.Smallest, c.Warnings = nil, nil, nil, nil, nil
	if len(c.Pairs) == 1 {
		c.Reading = c.Pairs[0].Reading
	}
	for _, axis := range []*stats.Axis{s.Axes.Relation, s.Axes.Distractor} {
		if axis != nil {
			axis.Cells = slices.DeleteFunc(axis.Cells, func(e stats.Cell) bool { return other(e.Model) })
			axis.Effects = slices.DeleteFunc(axis.Effects, func(e stats.Effect) bool { return other(e.Model) })
		}
	}
	s.Axes.Both = slices.DeleteFunc(s.Axes.Both, func(e stats.Cell) bool { return other(e.Model) })
	for i := range s.People {
		p := &s.People[i]
		p.Models = slices.DeleteFunc(p.Models, func(m stats.Agreement) bool { return other(m.Model) })
		p.Pairs = slices.DeleteFunc(p.Pairs, func(m stats.AgreementPair) bool { return other(m.A) || other(m.B) })
	}
}

// text gathers wrapped lines, and the notes that go below them.
type text struct {
	strings.Builder
	notes []note
}

// note is a warning and the models that it concerns; none: the whole run.
type note struct {
	warning string
	models  []string
}

// note keeps warnings for the end, each once.
func (t *text) note(about string, warnings []string) {
	for _, w := range warnings {
		i := slices.IndexFunc(t.notes, func(n note) bool { return n.warning == w })
		if i < 0 {
			i = len(t.notes)
			t.notes = append(t.notes, note{warning: w})
		}
		if about != "" {
			t.notes[i].models = append(t.notes[i].models, about)
		}
	}
}

func (t *text) printNotes() {
	if len(t.notes) > 0 {
		t.heading("Notes")
	}
	for _, n := range t.notes {
		about := "all"
		if len(n.models) == 1 {
			about = n.models[0]
		}
		t.item(about, n.warning)
	}
	t.heading("")
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
	lines := wrap(s, textWidth-indent)
	for i, line := range lines {
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

// short keeps a name within its column of the pair table.
func short(name string) string {
	const most = 14
	if r := []rune(name); len(r) > most {
		return string(r[:most/2]) + "…" + string(r[len(r)-most/2+1:])
	}
	return name
}

// signed is a difference of shares in percentage points.
func signed(v stats.Number) string {
	if !v.Defined() {
		return "–"
	}
	return fmt.Sprintf("%+.1f", 100*float64(v))
}

func pNumber(v stats.Number) string {
	if !v.Defined() {
		return "–"
	}
	return pValue(float64(v))
}
