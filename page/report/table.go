package report

import (
	"math"
	"slices"
	"strconv"

	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/words"
)

// summaryTable is the summary with its intervals drawn on one common scale.
type summaryTable struct {
	Ticks       []page.Tick // in per cent
	Chance      page.Px     // where 50 % lies
	Relations   []record.AxisValue
	Distractors []record.AxisValue
	Rows        []summaryRow
	Lettered    bool // whether the rows have letters and ranks
	// Whether any model missed its published accuracy, or was never held to it.
	Failed, Unchecked bool
}

type summaryRow struct {
	record.ModelSummary
	Letters string            // of the groups of models that cannot be told apart
	Ranks   string            // where the model may stand
	Best    int               // the first of these, to sort by
	Bar     *intervalBar      // nil where the interval is not defined
	Axes    []*record.Figures // by Relations, then Distractors; nil where there is no such triplet
}

// intervalBar is an interval and its estimate as positions.
type intervalBar struct{ Low, High, Estimate page.Px }

func newSummaryTable(s record.Summary) summaryTable {
	errors := errorScale(s.Models)
	relations := func(m record.ModelSummary) map[string]record.Figures { return m.ByRelation }
	distractors := func(m record.ModelSummary) map[string]record.Figures { return m.ByDistractor }
	t := summaryTable{
		Ticks:       errors.Ticks(4),
		Chance:      errors.At(50),
		Relations:   record.AxisValues(s, relations, stimuli.Taxonomic, stimuli.Thematic),
		Distractors: record.AxisValues(s, distractors, stimuli.ShapeMatched, stimuli.ColourMatched, stimuli.RandomChoice),
		Failed:      len(s.InState(record.Failed)) > 0,
		Unchecked:   len(s.InState(record.Unchecked)) > 0,
	}
	for _, m := range s.Models {
		row := summaryRow{ModelSummary: m, Axes: slices.Concat(cells(m.ByRelation, t.Relations), cells(m.ByDistractor, t.Distractors))}
		if ci := m.MatchingErrorCI; ci.Defined() {
			row.Bar = &intervalBar{errors.At(100 * ci.Low), errors.At(100 * ci.High), errors.At(100 * m.MatchingError)}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// compare marks each model with the ranks where it may stand, and with the letters
// of its groups, as a compact letter display does: two models that share no letter
// can be told apart.
func (t *summaryTable) compare(c stats.Comparison) {
	groups := c.Groups
	t.Lettered = len(groups) > 0
	for k := range t.Rows {
		if t.Lettered && c.Models[k].Ranks != nil {
			t.Rows[k].Ranks, t.Rows[k].Best = words.Ranks(c.Models[k].Ranks), c.Models[k].Ranks.Best
		}
	}
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
func errorScale(models []record.ModelSummary) page.Scale {
	low, high := 0.4, 0.6
	for _, m := range models {
		if m.MatchingErrorCI.Defined() {
			low, high = min(low, m.MatchingErrorCI.Low), max(high, m.MatchingErrorCI.High)
		}
	}
	return page.Scale{Low: 10 * math.Floor(10*low), High: 10 * math.Ceil(10*high), From: 8, To: 152}
}

func cells(byValue map[string]record.Figures, columns []record.AxisValue) []*record.Figures {
	row := make([]*record.Figures, len(columns))
	for i, c := range columns {
		if f, ok := byValue[c.Value]; ok {
			row[i] = &f
		}
	}
	return row
}
