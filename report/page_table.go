package report

import (
	"math"
	"slices"
	"strconv"

	"github.com/akin-vision/akin/stimuli"
)

// summaryTable is the summary with its intervals drawn on one common scale.
type summaryTable struct {
	Ticks       []tick // in per cent
	Chance      px     // where 50 % lies
	Relations   []axisValue
	Distractors []axisValue
	Rows        []summaryRow
	Lettered    bool // whether the rows have letters
	// Whether any model missed its published accuracy, or was never held to it.
	Failed, Unchecked bool
}

// axisValue heads a column: one value of an axis and how many triplets have it.
type axisValue struct {
	Value    string
	Triplets int
}

type summaryRow struct {
	ModelSummary
	Letters string       // of the groups of models that cannot be told apart
	Bar     *intervalBar // nil where the interval is not defined
	Axes    []*Figures   // by Relations, then Distractors; nil where there is no such triplet
}

// intervalBar is an interval and its estimate as positions.
type intervalBar struct{ Low, High, Estimate px }

func newSummaryTable(s Summary) summaryTable {
	errors := errorScale(s.Models)
	relations := func(m ModelSummary) map[string]Figures { return m.ByRelation }
	distractors := func(m ModelSummary) map[string]Figures { return m.ByDistractor }
	t := summaryTable{
		Ticks:       errors.ticks(4),
		Chance:      errors.at(50),
		Relations:   axisValues(s, relations, stimuli.Taxonomic, stimuli.Thematic),
		Distractors: axisValues(s, distractors, stimuli.ShapeMatched, stimuli.ColourMatched, stimuli.RandomChoice),
		Failed:      len(s.inState("failed")) > 0,
		Unchecked:   len(s.inState("unchecked")) > 0,
	}
	for _, m := range s.Models {
		row := summaryRow{ModelSummary: m, Axes: slices.Concat(cells(m.ByRelation, t.Relations), cells(m.ByDistractor, t.Distractors))}
		if ci := m.MatchingErrorCI; ci.Defined() {
			row.Bar = &intervalBar{errors.at(100 * ci.Low), errors.at(100 * ci.High), errors.at(100 * m.MatchingError)}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// letters marks each model with the letters of its groups, as a compact letter
// display does: two models that share no letter can be told apart.
func (t *summaryTable) letters(groups [][]string) {
	t.Lettered = len(groups) > 0
	for i, group := range groups {
		for k := range t.Rows {
			if slices.Contains(group, t.Rows[k].Name) {
				t.Rows[k].Letters += letter(i)
			}
		}
	}
}

// letter is a to z, then a2 to z2, and so on.
func letter(i int) string {
	text := string(rune('a' + i%26))
	if round := i / 26; round > 0 {
		text += strconv.Itoa(round + 1)
	}
	return text
}

// errorScale holds every interval and chance, in per cent, out to the next ten.
func errorScale(models []ModelSummary) scale {
	low, high := 0.4, 0.6
	for _, m := range models {
		if m.MatchingErrorCI.Defined() {
			low, high = min(low, m.MatchingErrorCI.Low), max(high, m.MatchingErrorCI.High)
		}
	}
	return scale{Low: 10 * math.Floor(10*low), High: 10 * math.Ceil(10*high), From: 8, To: 152}
}

// axisValues lists the values that an axis takes, the known ones first.
func axisValues(s Summary, axis func(ModelSummary) map[string]Figures, known ...string) []axisValue {
	var list []axisValue
	add := func(value string) {
		for _, m := range s.Models {
			if f, ok := axis(m)[value]; ok {
				list = append(list, axisValue{value, f.Triplets})
				return
			}
		}
	}
	for _, value := range known {
		add(value)
	}
	for _, value := range s.values(axis) {
		if !slices.Contains(known, value) {
			add(value)
		}
	}
	return list
}

func cells(byValue map[string]Figures, columns []axisValue) []*Figures {
	row := make([]*Figures, len(columns))
	for i, c := range columns {
		if f, ok := byValue[c.Value]; ok {
			row[i] = &f
		}
	}
	return row
}
