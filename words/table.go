// Package words says what a run found: its figures as sentences and tables, with
// one way to write a number, an interval and a p-value.
package words

import (
	"fmt"
	"math"
	"strings"

	"charm.land/lipgloss/v2"
	"charm.land/lipgloss/v2/table"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stimuli"
)

// Table is the summary for a terminal, at most 80 columns wide for names of at
// most 22 characters: each model's error with its interval, drawn and in
// numbers, and then its errors by relation and distractor. It holds no colour codes.
func Table(of record.Summary) string {
	s := summary{of}
	parts := []string{s.overall()}
	if groups := s.groups(); len(groups) > 0 {
		parts = append(parts, "", s.byGroup(groups))
	}
	return strings.Join(parts, "\n") + "\n\n" + s.legend()
}

func (s summary) overall() string {
	low, high := s.barRange()
	t := newTable(2, "model", "error", "95 % CI", barAxis(low, high), "p", "AUC")
	for _, m := range s.Models {
		t.Row(m.Name, percent(m.MatchingError), percent(m.MatchingErrorCI.Low)+"–"+percent(m.MatchingErrorCI.High),
			bar(m, low, high), pValue(m.PChance), decimals(m.AUC))
	}
	return t.String()
}

// summary is what the table is about.
type summary struct{ record.Summary }

// group is one value of an axis and how to find its figures.
type group struct {
	value string
	of    func(record.ModelSummary) map[string]record.Figures
}

// groups lists the values of relation, then of distractor, that any model has.
func (s summary) groups() []group {
	relation := func(m record.ModelSummary) map[string]record.Figures { return m.ByRelation }
	distractor := func(m record.ModelSummary) map[string]record.Figures { return m.ByDistractor }
	var all []group
	for _, v := range record.AxisValues(s.Summary, relation, stimuli.Taxonomic, stimuli.Thematic) {
		all = append(all, group{v.Value, relation})
	}
	for _, v := range record.AxisValues(s.Summary, distractor, stimuli.ShapeMatched, stimuli.ColourMatched, stimuli.RandomChoice) {
		all = append(all, group{v.Value, distractor})
	}
	return all
}

func (s summary) byGroup(groups []group) string {
	header := []string{"error on"}
	for _, g := range groups {
		header = append(header, g.value)
	}
	t := newTable(1, header...) // five groups just fit
	for _, m := range s.Models {
		row := []string{m.Name}
		for _, g := range groups {
			f, ok := g.of(m)[g.value]
			if !ok {
				row = append(row, "")
				continue
			}
			row = append(row, fmt.Sprintf("%.0f (%.0f–%.0f)", 100*f.MatchingError, 100*f.MatchingErrorCI.Low, 100*f.MatchingErrorCI.High))
		}
		t.Row(row...)
	}
	return t.String()
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

const barWidth = 21 // characters

// barRange is the common axis of all bars, in whole tens of per cent around chance.
func (s summary) barRange() (low, high float64) {
	low, high = 0.4, 0.6
	for _, m := range s.Models {
		low, high = min(low, m.MatchingErrorCI.Low), max(high, m.MatchingErrorCI.High)
	}
	return math.Floor(10*low) / 10, math.Ceil(10*high) / 10
}

func barPlace(v, low, high float64) int {
	return int(math.Round((v - low) / (high - low) * (barWidth - 1)))
}

// barAxis is the header over the bars: the ends of the axis, and chance.
func barAxis(low, high float64) string {
	axis := []byte(strings.Repeat(" ", barWidth))
	left, middle, right := fmt.Sprintf("%.0f", 100*low), "50", fmt.Sprintf("%.0f", 100*high)
	copy(axis, left)
	copy(axis[barWidth-len(right):], right)
	if at := barPlace(0.5, low, high); at > len(left) && at+len(middle) < barWidth-len(right) {
		copy(axis[at:], middle)
	}
	return string(axis)
}

// bar draws the interval as a line, the error as a point (hollow for what is
// no trained network), and chance as a dotted line.
func bar(m record.ModelSummary, low, high float64) string {
	bar := []rune(strings.Repeat(" ", barWidth))
	bar[barPlace(0.5, low, high)] = '┊'
	for i := barPlace(m.MatchingErrorCI.Low, low, high); i <= barPlace(m.MatchingErrorCI.High, low, high); i++ {
		if bar[i] == '┊' {
			bar[i] = '┼'
		} else {
			bar[i] = '─'
		}
	}
	point := '○'
	if m.Kind == model.Trained {
		point = '●'
	}
	bar[barPlace(m.MatchingError, low, high)] = point
	return string(bar)
}

// legend says what the columns are, counts ties, and warns of unchecked models.
func (s summary) legend() string {
	lines := []string{
		fmt.Sprintf(" %d triplets. Error: per cent matched otherwise than people do; chance is 50.", s.Set.Triplets),
		" CI: Wilson. p: exact binomial, against chance. ● trained ○ untrained, baseline",
	}
	if s.Similarity != match.Cosine {
		lines = append(lines, fmt.Sprintf(" Similarity of features: %s.", s.Similarity))
	}
	for _, m := range s.Models {
		if m.Ties > 0 {
			lines = append(lines, fmt.Sprintf(" %s: %d ties, each half an error.", m.Name, m.Ties))
		}
	}
	if failed := s.InState("failed"); len(failed) > 0 {
		lines = append(lines, " WRONG: missed the published accuracy, do not trust: "+strings.Join(failed, ", "))
	}
	if unchecked := s.InState("unchecked"); len(unchecked) > 0 {
		lines = append(lines, " Accuracy not checked (akin models check): "+strings.Join(unchecked, ", "))
	}
	return strings.Join(lines, "\n") + "\n"
}

func percent(share float64) string { return fmt.Sprintf("%.1f", 100*share) }

// decimals drops the leading zero, as APA style does for what cannot exceed 1.
func decimals(v float64) string { return strings.TrimPrefix(fmt.Sprintf("%.3f", v), "0") }

func pValue(p float64) string {
	if p < .001 {
		return "<.001"
	}
	return decimals(p)
}
