// Package words says what a run found: its figures as sentences and tables.
// Package notation writes the numbers in them.
package words

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stimuli"
)

// Table is the summary for a terminal of so many columns, 0 for a pipe: each model's
// error with its interval, drawn, where there is room, and in numbers, and then its
// errors by relation and distractor. It holds no colour codes.
func Table(figures record.Summary, width int) string {
	s := summary{figures, width}
	parts := []string{s.overall()}
	for _, a := range axes {
		values := record.AxisValues(s.Summary, a.figures, a.known...)
		if len(values) > 1 || len(values) == 1 && values[0].Triplets < figures.Set.Triplets { // else the same as of all
			parts = append(parts, "", s.byAxis(a, values))
		}
	}
	return strings.Join(parts, "\n") + "\n\n" + s.legend()
}

func (s summary) overall() string {
	low, high := s.barRange()
	drawn := newTable(2, "model", "error", "95 % CI", barAxis(low, high), "p", "AUC")
	plain := newTable(2, "model", "error", "95 % CI", "p", "AUC")
	for _, m := range s.Models {
		share := notation.ShareOf(m.Triplets)
		before := []string{label(m), share(m.MatchingError), notation.Interval(m.MatchingErrorCI, share)}
		after := []string{notation.P(m.PChance), notation.Decimal(m.AUC)}
		drawn.Row(slices.Concat(before, []string{bar(m, low, high)}, after)...)
		plain.Row(slices.Concat(before, after)...)
	}
	if text, fits := drawn.cut(s.width); fits {
		return text
	}
	return plain.fit(s.width)
}

// label names a model's row: a network's variant stands under it, by what it adds.
func label(m record.ModelSummary) string {
	if m.VariantOf == "" {
		return m.Name
	}
	return "  " + strings.TrimPrefix(m.Name, m.VariantOf)
}

// summary is what the table is about.
type summary struct {
	record.Summary
	width int // of the terminal; 0: none
}

// axis is a property of triplets by which errors are shown.
type axis struct {
	name    string
	figures func(record.ModelSummary) map[string]record.Figures
	known   []string // values, in the order of columns; others follow
}

var axes = []axis{
	{"relation", func(m record.ModelSummary) map[string]record.Figures { return m.ByRelation },
		[]string{stimuli.Taxonomic, stimuli.Thematic}},
	{"distractor", func(m record.ModelSummary) map[string]record.Figures { return m.ByDistractor },
		[]string{stimuli.ShapeMatched, stimuli.ColourMatched, stimuli.RandomChoice}},
}

func (s summary) byAxis(a axis, values []record.AxisValue) string {
	header := []string{"error by " + a.name}
	for _, v := range values {
		header = append(header, v.Value)
	}
	t := newTable(1, header...)
	for _, m := range s.Models {
		row := []string{label(m)}
		for _, v := range values {
			cell := ""
			if f, has := a.figures(m)[v.Value]; has {
				cell = notation.Estimate(f.MatchingError, f.MatchingErrorCI, notation.ShareOf(f.Triplets))
			}
			row = append(row, cell)
		}
		t.Row(row...)
	}
	if text, fits := t.cut(s.width); fits {
		return text
	}
	t.header[0] = a.name
	return t.fit(s.width)
}

const barWidth = 19 // characters

// barRange is the common axis of all bars, in whole tens of per cent around chance.
func (s summary) barRange() (low, high float64) {
	low, high = 0.4, 0.6
	for _, m := range s.Models {
		low, high = min(low, m.MatchingError), max(high, m.MatchingError)
		if ci := m.MatchingErrorCI; ci.Defined() {
			low, high = min(low, ci.Low), max(high, ci.High)
		}
	}
	return math.Floor(10*low) / 10, math.Ceil(10*high) / 10
}

func barPlace(v, low, high float64) int {
	return int(math.Round((v - low) / (high - low) * (barWidth - 1)))
}

// barAxis is the header over the bars: the ends of the axis, and chance.
func barAxis(low, high float64) string {
	axis := []byte(strings.Repeat(" ", barWidth))
	left, middle, right := notation.PercentTo(0)(low), "50", notation.PercentTo(0)(high)
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
	for i := barPlace(m.MatchingErrorCI.Low, low, high); m.MatchingErrorCI.Defined() && i <= barPlace(m.MatchingErrorCI.High, low, high); i++ {
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
		fmt.Sprintf(" %s. Error: per cent matched otherwise than people do; chance is 50.", english.Count(s.Set.Triplets, "triplet")),
		" CI, p against chance: shared pictures counted. ● trained ○ untrained, baseline",
	}
	if s.Similarity != match.Cosine {
		lines = append(lines, fmt.Sprintf(" Similarity of features: %s.", s.Similarity))
	}
	var shown []string // a space makes several variants, a layer has its network's title
	for _, m := range s.Models {
		if m.VariantOf == "" {
			shown = append(shown, m.Title)
		}
	}
	for _, m := range s.Models {
		if m.VariantOf != "" && !slices.Contains(shown, m.Title) {
			shown = append(shown, m.Title)
			lines = append(lines, " "+m.Title+".")
		}
	}
	for _, m := range s.Models {
		if m.Ties > 0 {
			lines = append(lines, fmt.Sprintf(" %s: %s, each half an error.", m.Name, english.Count(m.Ties, "tie")))
		}
	}
	if failed := s.InState(record.Failed); len(failed) > 0 {
		lines = append(lines, " Published accuracy missed, so that these figures are wrong: "+strings.Join(failed, ", "))
	}
	if own := s.InState(record.Unknown); len(own) > 0 {
		lines = append(lines, " Own features, preparation of pictures unknown: "+strings.Join(own, ", "))
	}
	if unchecked := s.InState(record.Unchecked); len(unchecked) > 0 {
		lines = append(lines, " Accuracy not checked: "+strings.Join(unchecked, ", "))
	}
	t := text{width: s.width}
	for _, line := range lines {
		t.paragraph(line)
	}
	return t.String()
}
