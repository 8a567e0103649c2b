package words

import (
	"fmt"
	"strings"

	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
)

// Text is the statistics for a terminal of so many columns, 0 for a pipe: sentences and
// tables; warnings stand once each at the end.
func Text(figures record.Statistics, width int) string {
	s, found := statistics{figures}, NewFindings(figures)
	t := text{width: width}
	t.heading("Each model against chance")
	for i, m := range s.Comparison.Models {
		t.item(m.Model, found.Models[i])
	}
	t.WriteByte('\n')
	t.table(s.modelTable())
	t.paragraph("gap: accuracy within triplets less AUC, in points. " + s.detectable())
	if table := s.tieTable(); table != nil {
		t.WriteByte('\n')
		t.table(table)
	}
	if len(s.Comparison.Pairs) > 0 {
		s.writePairs(&t, found)
	}
	s.writeAxes(&t, found)
	s.writePeople(&t, found)
	if found.Across != "" {
		t.heading("Across models")
		t.sentence(found.Across)
	}
	if len(found.Notes) > 0 {
		t.heading("Notes")
		for _, note := range found.Notes {
			t.paragraph("- " + note)
		}
	}
	t.WriteByte('\n')
	t.paragraph(fmt.Sprintf("%s, seed %d; intervals of %s %%. docs/statistics.md says what each figure answers.", english.Count(s.Resamples, "resample"), s.Seed, notation.PercentExact(s.Level)))
	return t.String()
}

// Opening stands over the table of a run: what its triplets show of the leading
// model, what they cannot show, and how the models agree with people.
func Opening(figures record.Summary, evidence record.Statistics, width int) string {
	t := text{width: width}
	t.paragraph(Conclude(figures, evidence).Text())
	found := NewFindings(evidence)
	for i, p := range evidence.People {
		if p.Scale == "" {
			t.sentence(found.People[i])
		} else {
			t.paragraph("On the scale " + p.Scale + ": " + found.People[i] + ".")
		}
	}
	return t.String() + "\n"
}

// detectable says what the number of triplets could have shown at all.
func (s statistics) detectable() string {
	least := s.Comparison.Models[0].MinimumDetectable
	if !least.Defined() {
		return ""
	}
	return fmt.Sprintf("With so many triplets, the power to find an error %s points from chance is 80 %%.", s.share()(float64(least)))
}

func (s statistics) writePairs(t *text, found Findings) {
	t.heading("Two models on the same triplets")
	shown := len(s.shownPairs())
	if shown > 0 {
		t.table(s.pairTable())
		t.WriteByte('\n')
		t.table(s.pairAUCTable())
	}
	if hidden := len(s.Comparison.Pairs) - shown; hidden > 0 {
		t.paragraph(fmt.Sprintf("Not listed, since not significant even without adjustment: %s; pairs.csv holds them.", english.Count(hidden, "pair")))
	}
	t.sentence(found.Comparison)
	t.paragraph(fmt.Sprintf("Any difference between the models: %s.", notation.PEquals(s.Comparison.Omnibus)))
	if len(s.Comparison.Groups) > 0 {
		t.paragraph("No two models of a group differ significantly, which does not show that they are equal:")
	}
	for i, group := range s.Comparison.Groups {
		t.item(fmt.Sprintf("group %d", i+1), strings.Join(group, ", "))
	}
}

func (s statistics) writeAxes(t *text, found Findings) {
	interactions := found.Interactions
	for _, axis := range s.PresentAxes() {
		if len(axis.Effects) == 0 {
			continue // one level: the summary says it all
		}
		t.heading("Error by " + axis.Name)
		t.table(effectTable(axis))
		if len(axis.Levels) > 2 {
			t.paragraph(omnibus(axis))
		}
		if axis.Interaction != nil {
			t.sentence(interactions[0])
			interactions = interactions[1:]
		}
	}
	if len(s.Axes.Both) > 0 {
		t.heading("Error by relation and distractor")
		t.table(s.crossTable())
	}
}

func (s statistics) writePeople(t *text, found Findings) {
	t.heading("People")
	if s.NoPeople != nil {
		t.sentence(Warning(*s.NoPeople))
	}
	for i, p := range s.People {
		if p.Scale != "" {
			t.paragraph("Scale " + p.Scale + ".")
		}
		t.sentence(found.People[i])
		t.WriteByte('\n')
		t.table(peopleTable(p))
		if len(p.Pairs) > manyPairs {
			t.paragraph(fmt.Sprintf("statistics.json holds the differences of the %d pairs of models in this.", len(p.Pairs)))
		} else {
			for _, pair := range p.Pairs {
				t.paragraph(fmt.Sprintf("%s less %s: Spearman %s, %s", pair.A, pair.B,
					notation.Estimate(pair.Difference, pair.Interval, notation.Decimal), notation.PEquals(pair.P)))
			}
		}
		if p.Ceiling != nil {
			t.item("noise ceiling", ceiling(p))
		}
	}
}

// omnibus is, for each model, whether its errors differ between any levels.
func omnibus(axis *stats.Axis) string {
	var parts []string
	for _, o := range axis.Omnibus {
		parts = append(parts, o.Model+" "+notation.PEquals(o.P))
	}
	return fmt.Sprintf("Any difference between the levels of %s: %s.", axis.Name, strings.Join(parts, "; "))
}

// ceiling is what people's agreement allows, in figures.
func ceiling(p record.People) string {
	c := p.Ceiling
	text := fmt.Sprintf("%s: lower %s, upper %s; split-half %s; ICC(2,k) %s", english.Count(c.Raters, "rater"),
		notation.Decimal(c.Lower), notation.Decimal(c.Upper), notation.Decimal(c.SplitHalf), notation.Decimal(c.ICC.ICC2k))
	if c.ICC.Interval.Defined() {
		text += " (" + notation.Interval(c.ICC.Interval, notation.Decimal) + ")"
	}
	for _, w := range c.Warnings {
		if w.Kind == stats.Opposed {
			text += "; " + Warning(w)
		}
	}
	if c.HeldOut.Label.Defined() {
		text += fmt.Sprintf("; a single rater picks the related pair in %s %%", notation.Percent(c.HeldOut.Label))
	}
	return text
}
