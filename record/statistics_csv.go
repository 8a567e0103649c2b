package record

import (
	"strconv"

	"github.com/akin-vision/akin/stats"
)

// csvFiles are the statistics as tables for R and pandas, by file name. A
// table may have no rows, so that a record always has the same files.
func (s Statistics) csvFiles() map[string][][]string {
	return map[string][][]string{
		"models.csv":  s.modelRows(),
		"ties.csv":    s.tieRows(),
		"pairs.csv":   s.pairRows(),
		"cells.csv":   s.cellRows(),
		"effects.csv": s.effectRows(),
		"people.csv":  s.peopleRows(),
		"curves.csv":  CurveRows(s.Curves),
		"spaces.csv":  s.spaceRows(),
	}
}

// CurveRows has a row for each layer and relation, and for each difference of two
// relations. The interval of a difference is the simultaneous one.
func CurveRows(curves []stats.Curve) [][]string {
	rows := [][]string{{"model", "depth", "layer", "figure", "relation", "triplets", "value", "low", "high"}}
	for _, c := range curves {
		for _, p := range c.Points {
			for _, f := range append([]stats.CurveFigure{p.CurveFigure}, p.ByRelation...) {
				rows = append(rows, row(c.Network, p.Depth, p.Node, "value", f.Relation, f.Triplets, f.Value, f.Interval))
			}
			for _, d := range p.Differences {
				rows = append(rows, row(c.Network, p.Depth, p.Node, "difference", d.Relation+" - "+d.Reference, "", d.Value, d.Simultaneous))
			}
		}
	}
	return rows
}

func (s Statistics) modelRows() [][]string {
	rows := [][]string{{
		"model", "triplets", "clusters", "effective_units", "tied", "error", "error_low", "error_high", "error_se", "error_degrees", "error_p", "missing",
		"rank_best", "rank_worst", "minimum_detectable", "auc", "auc_low", "auc_high", "auc_se", "auc_degrees", "auc_p",
		"auc_delong_low", "auc_delong_high", "average_precision", "within_triplet_accuracy", "gap", "gap_low", "gap_high",
		"margin_mean", "margin_sd",
	}}
	for _, m := range s.Comparison.Models {
		e, a, ranks := m.Evidence, m.AUC.Evidence, stats.Ranks{Best: 1, Worst: 1}
		if m.Ranks != nil {
			ranks = *m.Ranks
		}
		rows = append(rows, row(m.Model, m.Triplets, m.Clusters, e.Units, m.Tied, m.Error, e.Interval, e.SE, e.Degrees, e.P, string(e.Missing),
			ranks.Best, ranks.Worst, m.MinimumDetectable, m.AUC.AUC, a.Interval, a.SE, a.Degrees, a.P, m.AUC.DeLong, m.AUC.AveragePrecision, m.Gap.Accuracy, m.Gap.Gap, m.Gap.Interval,
			m.Margins.Mean, m.Margins.SD))
	}
	return rows
}

func (s Statistics) tieRows() [][]string {
	rows := [][]string{{
		"model", "ties", "wrong", "counted", "error", "wilson_low", "wilson_high", "clopper_pearson_low", "clopper_pearson_high", "binomial_p",
	}}
	for _, m := range s.Comparison.Models {
		for _, t := range m.UnderCredits {
			rows = append(rows, row(m.Model, string(t.Credit), t.Wrong, t.Counted, t.Error, t.Wilson, t.ClopperPearson, t.Binomial))
		}
	}
	return rows
}

func (s Statistics) pairRows() [][]string {
	rows := [][]string{{
		"a", "b", "only_a_right", "only_b_right", "error_difference", "error_low", "error_high", "error_p", "sign_flip_p", "holm_p", "benjamini_hochberg_p",
		"mcnemar_p", "mcnemar_mid_p", "auc_difference", "auc_low", "auc_high", "auc_p", "auc_holm_p", "auc_benjamini_hochberg_p",
	}}
	for _, p := range s.Comparison.Pairs {
		rows = append(rows, row(p.A, p.B, p.OnlyA, p.OnlyB, p.ErrorDifference, p.Evidence.Interval, p.Evidence.P, p.SignFlip, p.Holm, p.BH,
			p.McNemar, p.McNemarMidP, p.AUCDifference, p.AUCEvidence.Interval, p.AUCEvidence.P, p.AUCHolm, p.AUCBH))
	}
	return rows
}

func (s Statistics) PresentAxes() []*stats.Axis {
	var present []*stats.Axis
	for _, axis := range []*stats.Axis{s.Axes.Relation, s.Axes.Distractor} {
		if axis != nil {
			present = append(present, axis)
		}
	}
	return present
}

func (s Statistics) cellRows() [][]string {
	rows := [][]string{{
		"model", "relation", "distractor", "triplets", "clusters", "wrong", "error", "error_low", "error_high", "p", "missing", "wilson_low", "wilson_high",
		"tied", "counted", "binomial_p", "auc",
	}}
	add := func(cells []stats.Cell) {
		for _, c := range cells {
			rows = append(rows, row(c.Model, c.Relation, c.Distractor, c.Triplets, c.Clusters, c.Wrong, c.Error, c.Evidence.Interval, c.Evidence.P, string(c.Evidence.Missing), c.Wilson,
				c.Tied, c.Counted, c.Binomial, c.AUC))
		}
	}
	for _, axis := range s.PresentAxes() {
		add(axis.Cells)
	}
	add(s.Axes.Both)
	return rows
}

func (s Statistics) effectRows() [][]string {
	rows := [][]string{{
		"axis", "model", "level", "reference", "risk_difference", "risk_difference_low", "risk_difference_high", "p", "missing",
		"odds_ratio", "odds_ratio_low", "odds_ratio_high", "wald_p",
	}}
	for _, axis := range s.PresentAxes() {
		for _, e := range axis.Effects {
			rows = append(rows, row(axis.Name, e.Model, e.Level, e.Reference, e.RiskDifference, e.Evidence.Interval, e.Evidence.P, string(e.Evidence.Missing),
				e.OddsRatio, e.OddsRatioInterval, e.Wald))
		}
	}
	return rows
}

func (s Statistics) peopleRows() [][]string {
	rows := [][]string{{
		"scale", "model", "within", "pairs", "spearman", "spearman_low", "spearman_high", "spearman_p", "kendall_tau_b", "kendall_low", "kendall_high", "partial_spearman",
	}}
	for _, p := range s.People {
		for _, m := range p.Models {
			for _, part := range []struct {
				within string
				stats.Association
			}{{"all", m.Pooled}, {"related", m.Related}, {"unrelated", m.Unrelated}} {
				rows = append(rows, row(p.Scale, m.Model, part.within, part.Pairs, part.Spearman, part.SpearmanInterval, part.SpearmanP,
					part.Kendall, part.KendallInterval, part.Partial))
			}
		}
	}
	return rows
}

// spaceRows has a row for each space, relation and what it is set against.
func (s Statistics) spaceRows() [][]string {
	rows := [][]string{{
		"network", "space", "relation", "triplets", "features_error", "error", "against", "error_difference", "error_low", "error_high", "p", "holm_p",
	}}
	for _, n := range s.Spaces {
		for _, g := range n.Groups {
			for _, r := range g.Rows {
				rows = append(rows, row(n.Network, r.Space, g.Relation, g.Triplets, g.Features, r.Error, r.Against, r.Change.ErrorDifference, r.Change.Interval, r.Change.P, r.Change.Holm))
			}
		}
	}
	return rows
}

// row writes cells exactly; an interval takes two, what is not defined is empty.
func row(cells ...any) []string {
	var out []string
	for _, c := range cells {
		switch v := c.(type) {
		case string:
			out = append(out, v)
		case int:
			out = append(out, strconv.Itoa(v))
		case stats.Number:
			out = append(out, Exact(float64(v)))
		case stats.Interval:
			out = append(out, Exact(v.Low), Exact(v.High))
		}
	}
	return out
}
