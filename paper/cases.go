package paper

import (
	"cmp"
	"math"
	"slices"

	"github.com/akin-vision/akin/figure"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/record"
)

// kind is one of the paper's four ways to look at matches (Figures 7 to 10).
type kind struct {
	item    item
	name    string // of the file
	title   string
	outcome match.Outcome
	order   func(a, b float64) int // of margins
}

func rising(a, b float64) int  { return cmp.Compare(a, b) }
func falling(a, b float64) int { return cmp.Compare(b, a) }

var kinds = []kind{
	{bestMatches, "figure-7-best", "best: right, largest margins", match.Right, falling},
	{worstMatches, "figure-8-worst", "worst: wrong, largest margins", match.Wrong, rising},
	{goodLuck, "figure-9-good-luck", "good luck: right, smallest margins", match.Right, rising},
	{badLuck, "figure-10-bad-luck", "bad luck: wrong, smallest margins", match.Wrong, falling},
}

// pick returns the first n choices of a kind among those of a relation; the
// empty relation means all. Equal margins stay in the set's order.
func (k kind) pick(choices []match.Choice, relation string, n int) []match.Choice {
	var list []match.Choice
	for _, c := range choices {
		if c.Outcome() == k.outcome && (relation == "" || c.Triplet.Relation == relation) {
			list = append(list, c)
		}
	}
	slices.SortStableFunc(list, func(a, b match.Choice) int { return k.order(a.Margin(), b.Margin()) })
	return list[:min(n, len(list))]
}

// relations are the run's, in alphabetical order.
func relations(run *record.Run) []string {
	var list []string
	for i := range run.Stimuli.Triplets {
		if r := run.Stimuli.Triplets[i].Relation; r != "" {
			list = append(list, r)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (b *builder) gallery(k kind) figure.Gallery {
	g := figure.Gallery{Model: b.model.Name}
	sections := []string{""}
	if levels := relations(b.run); len(levels) > 1 {
		sections = append(sections, levels...)
	}
	for _, relation := range sections {
		title := relation
		if relation == "" {
			title = b.model.Name + ", " + k.title
		}
		s := figure.Section{Title: title}
		for _, c := range k.pick(b.model.Choices, relation, b.options.Cases) {
			s.Cases = append(s.Cases, b.caseOf(c))
		}
		g.Sections = append(g.Sections, s)
	}
	return g
}

// examples takes triplets of each relation, evenly spaced over the set.
func (b *builder) examples() figure.Gallery {
	levels := relations(b.run)
	if len(levels) == 0 {
		levels = []string{""}
	}
	var g figure.Gallery
	for _, relation := range levels {
		title := relation
		if title == "" {
			title = "triplets of " + b.run.Set.Name
		}
		s := figure.Section{Title: title}
		var all []match.Choice
		for _, c := range b.model.Choices {
			if relation == "" || c.Triplet.Relation == relation {
				c.Related, c.Unrelated = math.NaN(), math.NaN() // no model is asked here
				all = append(all, c)
			}
		}
		n := min(b.options.Cases, len(all))
		for i := range n {
			s.Cases = append(s.Cases, b.caseOf(all[i*len(all)/n]))
		}
		g.Sections = append(g.Sections, s)
	}
	return g
}

// caseOf is a choice as figures show it.
func (b *builder) caseOf(c match.Choice) figure.Case {
	t := c.Triplet
	return figure.Case{
		Triplet: t.ID, Relation: t.Relation, Distractor: t.Distractor,
		Target: b.picture(t.Target, t.TargetLabel), Related: b.picture(t.Related, t.RelatedLabel), Unrelated: b.picture(t.Unrelated, t.UnrelatedLabel),
		CosineRelated: c.Related, CosineUnrelated: c.Unrelated,
		RatingRelated: t.RatingRelated, RatingUnrelated: t.RatingUnrelated,
	}
}
