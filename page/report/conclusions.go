package report

import (
	"math"
	"slices"
	"strings"

	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/words"
)

// conclusions is what the statistics allow to say of the models together, and the
// effects of relation and distractor on each.
type conclusions struct {
	Level   string // of intervals, in per cent
	Forests []forest
	Forms   []forest // those of layers and other forms of the networks too, where they are many
	Pairs   string   // of the models together
	Groups  []string // models that do not differ significantly, after their letter
	Differ  []string // whether models differ in the effects
	People  []string
	Notes   []string

	Independent []words.Grid // the figures for independent triplets, folded
	Caveat      string       // about these
}

// forest is the difference in error between two levels, in every model, on one scale.
type forest struct {
	More, Less string // the difference is the error at More less that at Less
	Ticks      []page.Tick
	Zero       page.Px
	Rows       []forestRow
}

type forestRow struct {
	Label, Kind      string
	Variant          bool
	Points, Interval string
	P                string
	Bar              *intervalBar
}

// fewLines is how many lines of one kind stand open; more are folded.
const fewLines = 6

// manyRows is the number of models from which on forests show networks alone, and
// manyLetters that of a list's letters from which on it is folded.
const (
	manyRows    = 25
	manyLetters = 900
)

// Few reports whether lines may stand open.
func (conclusions) Few(lines []string) bool {
	return len(lines) <= fewLines && len(strings.Join(lines, "")) < manyLetters
}

// newConclusions takes the order and names of the rows from the summary table.
func newConclusions(s record.Statistics, rows []summaryRow) *conclusions {
	if len(s.Comparison.Models) == 0 {
		return nil
	}
	found := words.NewFindings(s)
	c := &conclusions{Pairs: found.Comparison, Differ: found.Interactions, Notes: found.Notes,
		Independent: words.Independent(s), Caveat: words.IndependentNote(s)}
	networks := slices.DeleteFunc(slices.Clone(rows), func(r summaryRow) bool { return r.Variant })
	for _, axis := range s.PresentAxes() {
		all := newForests(axis, rows)
		if len(rows) < manyRows || len(networks) == len(rows) {
			c.Forests = append(c.Forests, all...)
			continue
		}
		c.Forests = append(c.Forests, newForests(axis, networks)...)
		c.Forms = append(c.Forms, all...)
	}
	for i, group := range s.Comparison.Groups {
		if len(group) > 1 {
			c.Groups = append(c.Groups, letter(i)+": "+strings.Join(group, ", "))
		}
	}
	for i, p := range s.People {
		c.People = append(c.People, strings.TrimSpace("ratings "+p.Scale)+": "+found.People[i])
	}
	return c
}

// newForests are those of an axis, one for each two levels that were compared.
func newForests(axis *stats.Axis, rows []summaryRow) []forest {
	x := effectScale(axis)
	var list []forest
	var contrasts [][2]string
	for _, e := range axis.Effects {
		if c := [2]string{e.Level, e.Reference}; !slices.Contains(contrasts, c) {
			contrasts = append(contrasts, c)
		}
	}
	for _, c := range contrasts {
		f := forest{More: c[0], Less: c[1], Ticks: x.Ticks(4), Zero: x.At(0)}
		for _, row := range rows {
			i := slices.IndexFunc(axis.Effects, func(e stats.Effect) bool { return e.Model == row.Name && e.Level == c[0] && e.Reference == c[1] })
			if i < 0 || !axis.Effects[i].RiskDifference.Defined() {
				continue
			}
			e := axis.Effects[i]
			points, interval := words.EffectPoints(axis, e)
			f.Rows = append(f.Rows, forestRow{Label: row.Label, Kind: row.Kind, Variant: row.Variant, Points: points, Interval: interval,
				P: notation.P(e.Evidence.P), Bar: newIntervalBar(x, float64(e.RiskDifference), e.Evidence.Interval, row.Kind)})
		}
		if len(f.Rows) > 0 {
			list = append(list, f)
		}
	}
	return list
}

// effectScale holds every interval of an axis and zero, in points, out to the next ten.
func effectScale(axis *stats.Axis) page.Scale {
	low, high := -0.1, 0.1
	for _, e := range axis.Effects {
		if i := e.Evidence.Interval; i.Defined() {
			low, high = min(low, i.Low), max(high, i.High)
		}
	}
	return page.Scale{Low: 10 * math.Floor(10*low), High: 10 * math.Ceil(10*high), From: 14, To: 186}
}
