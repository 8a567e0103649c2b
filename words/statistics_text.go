package words

import (
	"fmt"
	"slices"
	"strings"

	"github.com/akin-vision/akin/record"
)

// fewestModels is the number of models with a published error from which a
// correlation over models is worth a line.
const fewestModels = 4

// textWidth is the width in columns that statistics are printed for.
const textWidth = 80

// Text is the statistics for a terminal: readings in words, with one table of
// the pairs of models; warnings stand once each at the end.
func Text(of record.Statistics) string {
	s := statistics{of}
	var t text
	t.heading("Each model against chance")
	for _, m := range s.Comparison.Models {
		t.item(m.Model, m.Reading)
	}
	t.lines("\n" + s.modelTable())
	t.paragraph("gap: right within triplets less AUC, in points. " + s.detectable())
	if table := s.tieTable(); table != "" {
		t.lines("\n" + table)
	}
	if len(s.Comparison.Pairs) > 0 {
		s.pairsText(&t)
	}
	s.axesText(&t)
	t.heading("People")
	if s.NoPeople != "" {
		t.paragraph(s.NoPeople)
	}
	for _, p := range s.People {
		people{p}.text(&t)
	}
	if s.Across.Overall.Models >= fewestModels {
		t.heading("Across models")
		t.paragraph(s.Across.Reading)
	}
	if notes := Notes(s.Statistics); len(notes) > 0 {
		t.heading("Notes")
		for _, n := range notes {
			t.paragraph("- " + n)
		}
	}
	t.WriteByte('\n')
	t.paragraph(fmt.Sprintf("%d resamples, seed %d; intervals of 95 %%. docs/statistics.md says what each figure answers.", s.Resamples, s.Seed))
	return t.String()
}

// Short is the short form under the table of a run: what may be said of the
// models together, and where they fail.
func Short(of record.Statistics) string {
	s := statistics{of}
	var t text
	t.heading("")
	if m := s.Comparison.Models[0]; m.Clusters < m.Triplets {
		t.paragraph(fmt.Sprintf("Triplets share pictures (%d clusters). CI and p above take them as independent; what follows, and akin compare, does not.", m.Clusters))
	}
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

// detectable says what the number of triplets could have shown at all.
func (s statistics) detectable() string {
	least := s.Comparison.Models[0].MinimumDetectable
	if !least.Defined() {
		return ""
	}
	return fmt.Sprintf("With so many triplets, an error %.1f points from chance is found in 80 %% of cases.", 100*float64(least))
}

func (s statistics) pairsText(t *text) {
	t.heading("Two models on the same triplets")
	if shown := len(s.shownPairs()); shown > 0 {
		t.lines(s.pairTable() + "\n")
		t.lines(s.pairTestTable())
	}
	if hidden := len(s.Comparison.Pairs) - len(s.shownPairs()); hidden > 0 {
		t.paragraph(fmt.Sprintf("%d more pairs have p > .05 before any adjustment; pairs.csv and --json hold them.", hidden))
	}
	t.paragraph(s.Comparison.Reading)
	if q := s.Comparison.CochranQ; q != nil {
		t.paragraph(fmt.Sprintf("Cochran's Q of all models: %.1f on %d degrees of freedom, %s; by permutation over clusters, %s.",
			float64(q.Q), q.Degrees, pText(q.P), pText(q.Permutation)))
	}
	for i, group := range s.Comparison.Groups {
		t.item(fmt.Sprintf("not told apart %d", i+1), strings.Join(group, ", "))
	}
}

func (s statistics) axesText(t *text) {
	for _, axis := range s.PresentAxes() {
		t.heading("Error by " + axis.Name)
		t.lines(effectTable(axis))
		if axis.Interaction != nil {
			t.paragraph(axis.Interaction.Reading)
		}
	}
	if len(s.Axes.Both) > 0 {
		t.heading("Error by relation and distractor")
		t.lines(s.crossTable())
	}
}

func (p people) text(t *text) {
	if p.Scale != "" {
		t.paragraph("Scale " + p.Scale + ".")
	}
	t.paragraph(p.Reading)
	t.lines("\n" + p.table())
	if len(p.Pairs) > manyPairs {
		t.paragraph(fmt.Sprintf("How two of the %d pairs of models differ in this: akin compare with --a and --b, or --json.", len(p.Pairs)))
	} else {
		for _, pair := range p.Pairs {
			t.paragraph(fmt.Sprintf("%s less %s: %s in Spearman (%s), Williams %s", pair.A, pair.B,
				signedDecimal(pair.Difference), Between(pair.Interval, signedDecimal), pText(pair.WilliamsP)))
		}
	}
	if p.Ceiling != nil {
		t.item("ceiling", p.ceiling())
	} else {
		t.item("no ceiling", p.NoCeiling)
	}
}

// ceiling is what people's agreement allows, in figures.
func (p people) ceiling() string {
	c := p.Ceiling
	text := fmt.Sprintf("%d raters: lower %s, upper %s; split-half %s; ICC(2,k) %s", c.Raters,
		Decimal(c.Lower), Decimal(c.Upper), Decimal(c.SplitHalf), Decimal(c.ICC.ICC2k))
	if c.ICC.Interval.Defined() {
		text += " (" + Between(c.ICC.Interval, Decimal) + ")"
	}
	if c.HeldOut.Label.Defined() {
		text += fmt.Sprintf("; a single rater picks the related pair in %s %%", Share(c.HeldOut.Label))
	}
	return text
}

// statistics and people are what the words are about.
type (
	statistics struct{ record.Statistics }
	people     struct{ record.People }
)

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

// Notes are the warnings of all statistics, each once.
func Notes(of record.Statistics) []string {
	s := statistics{of}
	var t text
	for _, m := range s.Comparison.Models {
		t.note(m.Model, m.Warnings)
	}
	t.note("", s.Comparison.Warnings)
	for _, axis := range s.PresentAxes() {
		t.note("", axis.Warnings)
	}
	t.note("", s.Axes.Warnings)
	for _, p := range s.People {
		if p.Ceiling != nil {
			t.note("", p.Ceiling.Warnings)
		}
		t.note("", p.Warnings)
	}
	if s.Across.Overall.Models >= fewestModels {
		t.note("", s.Across.Warnings)
	}
	var notes []string
	for _, n := range t.notes {
		if len(n.models) > 0 && len(n.models) < len(s.Comparison.Models) {
			n.warning = strings.Join(n.models, ", ") + ": " + n.warning
		}
		notes = append(notes, n.warning)
	}
	return notes
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
