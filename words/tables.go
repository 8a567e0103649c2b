package words

import (
	"fmt"
	"slices"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
)

// modelTable lists each model's error, its rank among several, and its AUC, with
// the intervals that allow for shared pictures.
func (s statistics) modelTable() *grid {
	table := newTable(1, "", "error", "95 % CI", "p", "rank", "AUC", "95 % CI", "gap")
	for _, m := range s.Comparison.Models {
		share := notation.ShareOf(m.Triplets)
		table.Row(m.Model, share(float64(m.Error)), notation.Interval(m.Evidence.Interval, share), notation.P(m.Evidence.P), Ranks(m.Ranks),
			notation.Decimal(m.AUC.AUC), notation.Interval(m.AUC.Evidence.Interval, notation.Decimal), share(float64(m.Gap.Gap)))
	}
	return table
}

// Ranks is where a model may stand among the models of its run, 1 the best.
func Ranks(r *stats.Ranks) string {
	switch {
	case r == nil:
		return notation.Dash
	case r.Best == r.Worst:
		return fmt.Sprint(r.Best)
	}
	return fmt.Sprintf("%d to %d", r.Best, r.Worst)
}

// tieTable shows the rules for ties side by side, where any model has ties.
func (s statistics) tieTable() *grid {
	tied := slices.ContainsFunc(s.Comparison.Models, func(m stats.OneModel) bool { return m.Tied > 0 })
	if !tied {
		return nil
	}
	table := newTable(1, "error if ties are", "half", "wrong", "right", "left out")
	for _, m := range s.Comparison.Models {
		cells := map[match.Credit]string{}
		for _, t := range m.UnderCredits {
			cells[t.Credit] = notation.ShareOf(m.Triplets)(float64(t.Error))
		}
		table.Row(m.Model, cells[match.HalfCredit], cells[match.AsWrong], cells[match.AsRight], cells[match.Dropped])
	}
	return table
}

// manyPairs is the number up to which all pairs of models are listed.
const manyPairs = 15

// shownPairs are all pairs, or of many those that are significant unadjusted.
func (s statistics) shownPairs() []stats.Pair {
	if len(s.Comparison.Pairs) <= manyPairs {
		return s.Comparison.Pairs
	}
	return slices.DeleteFunc(slices.Clone(s.Comparison.Pairs), func(p stats.Pair) bool { return !s.significant(p.Evidence.P) })
}

// pairTable lists pairs of models: who was right alone, the difference in
// error, and its p-value before and after Holm's adjustment.
func (s statistics) pairTable() *grid {
	table := newTable(1, "A", "B", "only A", "only B", "A-B error", "95 % CI", "p", "Holm")
	table.names = 2
	share := s.share()
	for _, p := range s.shownPairs() {
		table.Row(p.A, p.B, fmt.Sprint(p.OnlyA), fmt.Sprint(p.OnlyB), share(float64(p.ErrorDifference)),
			notation.Interval(p.Evidence.Interval, share), notation.P(p.Evidence.P), notation.P(p.Holm))
	}
	return table
}

// pairAUCTable lists the differences in AUC of the same pairs.
func (s statistics) pairAUCTable() *grid {
	table := newTable(1, "A", "B", "A-B AUC", "95 % CI", "p", "Holm")
	table.names = 2
	for _, p := range s.shownPairs() {
		table.Row(p.A, p.B, notation.Decimal(p.AUCDifference), notation.Interval(p.AUCEvidence.Interval, notation.Decimal),
			notation.P(p.AUCEvidence.P), notation.P(p.AUCHolm))
	}
	return table
}

// effectTable lists the differences in error between the levels of an axis.
func effectTable(axis *stats.Axis) *grid {
	table := newTable(1, axis.Name, "from", "to", "points", "95 % CI", "odds", "95 % CI", "p")
	table.names = 3
	for _, e := range axis.Effects {
		share := effectShare(axis, e)
		table.Row(e.Model, e.Reference, e.Level, share(float64(e.RiskDifference)),
			notation.Interval(e.Evidence.Interval, share), ratio(e.OddsRatio), notation.Interval(e.OddsRatioInterval, ratio), notation.P(e.Evidence.P))
	}
	return table
}

// crossTable is the error by relation and distractor.
func (s statistics) crossTable() *grid {
	table := newTable(1, "relation x distractor", "", "", "n", "error", "95 % CI", "p")
	table.names = 3
	for _, c := range s.Axes.Both {
		share := notation.ShareOf(c.Triplets)
		table.Row(c.Model, c.Relation, c.Distractor, fmt.Sprint(c.Counted), share(float64(c.Error)), notation.Interval(c.Evidence.Interval, share), notation.P(c.Evidence.P))
	}
	return table
}

// peopleTable lists the models' rank correlations with people.
func peopleTable(p record.People) *grid {
	table := newTable(1, "Spearman with people", "all", "95 % CI", "related", "unrelated", "partial", "one rater")
	for _, m := range p.Models {
		table.Row(m.Model, notation.Decimal(m.Pooled.Spearman), notation.Interval(m.Pooled.SpearmanInterval, notation.Decimal),
			notation.Decimal(m.Related.Spearman), notation.Decimal(m.Unrelated.Spearman), notation.Decimal(m.Pooled.Partial), notation.Decimal(m.RaterMean))
	}
	return table
}

func ratio[T ~float64](v T) string { return notation.Significant(v, 2) }
