package report

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/notation"
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
	Rater       page.Px     // where one person's error lies; 0 where it is unknown or off the scale
	Relations   []record.AxisValue
	Distractors []record.AxisValue
	Rows        []summaryRow
	// Whether the columns of ranks, letters and ties tell any two rows apart.
	Ranked, Lettered, Tied bool
	// Whether any model missed its published accuracy, or was never held to it.
	Failed, Unchecked bool
}

type summaryRow struct {
	record.ModelSummary
	Label   string            // the name; of a form of a network, what it adds
	Variant bool              // a form of the network in a row above
	Group   int               // of a network and its forms
	AUCs    string            // interval of the AUC
	Letters string            // of the groups of models that cannot be told apart
	Ranks   string            // where the model may stand
	Best    int               // the first of these, to sort by
	Bar     *intervalBar      // nil where the interval is not defined
	Axes    []*record.Figures // by Relations, then Distractors; nil where there is no such triplet
}

// intervalBar is an interval and its estimate as positions.
type intervalBar struct {
	Low, High, At page.Px
	Y             page.Px // of the estimate
	Kind          string  // of the model, which its mark shows
}

// newIntervalBar places an interval on a line 24 units high.
func newIntervalBar(x page.Scale, value float64, i stats.Interval, kind string) *intervalBar {
	if !i.Defined() {
		return nil
	}
	return &intervalBar{Low: x.At(100 * i.Low), High: x.At(100 * i.High), At: x.At(100 * value), Y: 12, Kind: kind}
}

func newSummaryTable(s record.Summary) summaryTable {
	errors := errorScale(s.Models)
	distractors := func(m record.ModelSummary) map[string]record.Figures { return m.ByDistractor }
	t := summaryTable{
		Ticks:       errors.Ticks(4),
		Chance:      errors.At(50),
		Relations:   informative(s, relationsOf(s)),
		Distractors: informative(s, record.AxisValues(s, distractors, stimuli.ShapeMatched, stimuli.ColourMatched, stimuli.RandomChoice)),
		Failed:      len(s.InState(record.Failed)) > 0,
		Unchecked:   len(s.InState(record.Unchecked)) > 0,
	}
	for _, m := range s.Models {
		row := summaryRow{ModelSummary: m, Label: m.Name, Axes: slices.Concat(cells(m.ByRelation, t.Relations), cells(m.ByDistractor, t.Distractors))}
		row.Bar = newIntervalBar(errors, m.MatchingError, m.MatchingErrorCI, m.Kind)
		t.Tied = t.Tied || m.Ties > 0
		t.Rows = append(t.Rows, row)
	}
	return t
}

// relationsOf are the relations of a set's triplets, in the order of columns.
func relationsOf(s record.Summary) []record.AxisValue {
	relations := func(m record.ModelSummary) map[string]record.Figures { return m.ByRelation }
	return record.AxisValues(s, relations, stimuli.Taxonomic, stimuli.Thematic)
}

// informative leaves out an axis whose one level holds every triplet.
func informative(s record.Summary, values []record.AxisValue) []record.AxisValue {
	if len(values) == 1 && values[0].Triplets == s.Models[0].Triplets {
		return nil
	}
	return values
}

// compare marks each model with the ranks where it may stand, and with the letters
// of its groups, as a compact letter display does: two models that share no letter
// can be told apart. A column that says the same of all models is left out.
func (t *summaryTable) compare(c stats.Comparison) {
	for k := range t.Rows {
		if k >= len(c.Models) {
			return
		}
		row, m := &t.Rows[k], c.Models[k]
		row.AUCs = notation.Interval(m.AUC.Evidence.Interval, notation.Decimal)
		if m.Ranks != nil {
			row.Ranks, row.Best = words.Ranks(m.Ranks), m.Ranks.Best
		}
		for i, group := range c.Groups {
			if slices.Contains(group, row.Name) {
				row.Letters += letter(i)
			}
		}
		first := t.Rows[0]
		t.Ranked = t.Ranked || row.Ranks != first.Ranks
		t.Lettered = t.Lettered || row.Letters != first.Letters
	}
}

// group puts the forms of a network, its layers, spaces and precisions, under it;
// networks gives the place of each row's network.
func (t *summaryTable) group(networks []int) {
	for k := range t.Rows {
		row := &t.Rows[k]
		row.Group = networks[k]
		if row.Variant = networks[k] != k; row.Variant {
			row.Label = formOf(row.Name, t.Rows[networks[k]].Name)
		}
	}
	slices.SortStableFunc(t.Rows, func(a, b summaryRow) int {
		return cmp.Or(cmp.Compare(a.Group, b.Group), side(a.Variant)-side(b.Variant))
	})
}

// side is 1 for what stands second.
func side(second bool) int {
	if second {
		return 1
	}
	return 0
}

// formOf is what the name of a form adds to its network's, the whole name where it is
// another one.
func formOf(name, network string) string {
	if rest, form := strings.CutPrefix(name, network); form && rest != "" {
		return rest
	}
	return name
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
