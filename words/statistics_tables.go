package words

import (
	"fmt"
	"slices"
	"strings"

	"github.com/akin-vision/akin/stats"
)

// modelTable lists each model's error and AUC with the intervals that allow
// for shared pictures.
func (s statistics) modelTable() string {
	table := newTable(1, "", "error", "95 % BCa", "p", "AUC", "95 % clustered", "gap", "precision")
	for _, m := range s.Comparison.Models {
		table.Row(long(m.Model), Share(m.Error), Between(m.BCa, Share), pNumber(m.SignFlip),
			Decimal(m.AUC.AUC), Between(m.AUC.Clustered, Decimal), signed(m.Gap.Gap), Decimal(m.AUC.AveragePrecision))
	}
	return table.String()
}

// tieTable shows the four rules for ties side by side, where any model has ties.
func (s statistics) tieTable() string {
	table := newTable(1, "ties count", "half", "wrong", "right", "dropped")
	tied := false
	for _, m := range s.Comparison.Models {
		tied = tied || m.Tied > 0
		cells := map[stats.Ties]string{}
		for _, t := range m.UnderPolicies {
			cells[t.Policy] = Share(t.Error) + " (" + Between(t.Wilson, Share) + ")"
		}
		table.Row(long(m.Model), cells[stats.HalfCredit], cells[stats.AsWrong], cells[stats.AsRight], cells[stats.Dropped])
	}
	if !tied {
		return ""
	}
	return table.String()
}

// manyPairs is the number up to which all pairs of models are listed.
const manyPairs = 15

// shownPairs are all pairs, or of many those that look different unadjusted.
func (s statistics) shownPairs() []stats.Pair {
	if len(s.Comparison.Pairs) <= manyPairs {
		return s.Comparison.Pairs
	}
	return slices.DeleteFunc(slices.Clone(s.Comparison.Pairs), func(p stats.Pair) bool { return !(p.SignFlip <= 0.05) })
}

// pairTable lists pairs of models: who was right alone, the difference in
// error, and what remains of it after Holm.
func (s statistics) pairTable() string {
	table := newTable(1, "A", "B", "only A", "only B", "A-B error", "95 % CI", "p", "Holm")
	for _, p := range s.shownPairs() {
		table.Row(short(p.A), short(p.B), fmt.Sprint(p.OnlyA), fmt.Sprint(p.OnlyB), signed(p.ErrorDifference),
			Between(p.ErrorInterval, signed), pNumber(p.SignFlip), pNumber(p.Holm))
	}
	return table.String()
}

// pairTestTable lists the other tests of the same pairs, and their AUCs.
func (s statistics) pairTestTable() string {
	table := newTable(1, "A", "B", "McNemar", "mid-p", "BH", "A-B AUC", "95 % CI", "Holm")
	for _, p := range s.shownPairs() {
		table.Row(short(p.A), short(p.B), pNumber(p.McNemar), pNumber(p.McNemarMidP), pNumber(p.BH),
			signedDecimal(p.AUCDifference), Between(p.AUCInterval, signedDecimal), pNumber(p.AUCHolm))
	}
	return table.String()
}

// effectTable lists the differences in error between the levels of an axis.
func effectTable(axis *stats.Axis) string {
	table := newTable(1, axis.Name+" effect", "from", "to", "points", "95 % CI", "odds", "95 % CI", "p")
	for _, e := range axis.Effects {
		odds, oddsInterval := "–", "–"
		if e.OddsRatio.Defined() {
			odds, oddsInterval = ratio(e.OddsRatio), Between(e.OddsRatioInterval, ratio)
		}
		table.Row(short(e.Model), short9(e.Reference), short9(e.Level), signed(e.RiskDifference),
			Between(e.RiskDifferenceInterval, signed), odds, oddsInterval, pNumber(e.Permutation))
	}
	return table.String()
}

// crossTable is the error by relation and distractor.
func (s statistics) crossTable() string {
	table := newTable(1, "relation x distractor", "", "", "n", "error", "95 % clustered", "p")
	for _, c := range s.Axes.Both {
		table.Row(long(c.Model), c.Relation, c.Distractor, fmt.Sprint(c.Triplets), Share(c.Error), Between(c.Clustered, Share), pNumber(c.SignFlip))
	}
	return table.String()
}

// table lists the models' rank correlations with people.
func (p people) table() string {
	table := newTable(1, "Spearman with people", "all", "95 % CI", "related", "unrelated", "partial", "one rater")
	for _, m := range p.Models {
		table.Row(long(m.Model), signedDecimal(m.Pooled.Spearman), Between(m.Pooled.SpearmanInterval, signedDecimal),
			signedDecimal(m.Related.Spearman), signedDecimal(m.Unrelated.Spearman), signedDecimal(m.Pooled.Partial), signedDecimal(m.RaterMean))
	}
	return table.String()
}

// Between writes the two ends of an interval.
func Between(i stats.Interval, write func(stats.Number) string) string {
	if !i.Defined() {
		return "–"
	}
	joint := "–"
	if low := write(stats.Number(i.Low)); low[0] == '+' || low[0] == '-' {
		joint = " to "
	}
	return write(stats.Number(i.Low)) + joint + write(stats.Number(i.High))
}

// Share is a share in per cent.
func Share(v stats.Number) string { return defined(v, func(x float64) string { return percent(x) }) }

// signed is a difference of shares in percentage points.
func signed(v stats.Number) string {
	return defined(v, func(x float64) string { return fmt.Sprintf("%+.1f", 100*x) })
}

// Decimal and signedDecimal write what cannot exceed 1.
func Decimal(v stats.Number) string { return defined(v, decimals) }

func signedDecimal(v stats.Number) string {
	return defined(v, func(x float64) string { return fmt.Sprintf("%+.2f", x) })
}

func ratio(v stats.Number) string {
	return defined(v, func(x float64) string { return fmt.Sprintf("%.2g", x) })
}

func pNumber(v stats.Number) string { return defined(v, pValue) }

// pText is a p-value in a sentence.
func pText(v stats.Number) string {
	if p := pNumber(v); strings.HasPrefix(p, "<") {
		return "p " + p
	}
	return "p = " + pNumber(v)
}

func defined(v stats.Number, write func(float64) string) string {
	if !v.Defined() {
		return "–"
	}
	return write(float64(v))
}

// long and short keep a model's name, and short9 a level's, within its column.
func long(name string) string   { return clip(name, 21) }
func short(name string) string  { return clip(name, 13) }
func short9(name string) string { return clip(name, 9) }

func clip(name string, most int) string {
	if r := []rune(name); len(r) > most {
		return string(r[:most/2]) + "…" + string(r[len(r)-(most-1)/2:])
	}
	return name
}
