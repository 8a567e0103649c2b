package stats

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// fewClusters is the number below which intervals over clusters are too narrow
// to be trusted.
const fewClusters = 30

// manyTies is the share of ties from which the rule for ties matters.
const manyTies = 0.02

func (m *OneModel) interpret(unchecked bool, largest int, o Options) {
	m.Reading = m.reading(1 - o.Level)
	m.Warnings = append(m.Warnings, clusterWarnings(m.Triplets, m.Clusters, largest, m.ClusteredBy)...)
	if share := float64(m.Tied) / float64(m.Triplets); share >= manyTies {
		m.warn("%d of %d triplets are tied: compare the rules for ties before quoting one figure", m.Tied, m.Triplets)
	}
	if m.Gap.Interval.Defined() && !m.Gap.Interval.Contains(0) && m.Gap.inflated() {
		m.warn("the pooled AUC flatters the model: %s", m.Gap.Reading)
	}
	if !m.MinimumDetectable.Defined() {
		m.warn("%d triplets are too few for any result to differ from chance", m.Triplets)
	}
	if unchecked {
		m.warn("the model has not been checked against its published accuracy: a wrong recipe gives wrong features")
	}
}

func (m *OneModel) warn(format string, operands ...any) {
	m.Warnings = append(m.Warnings, fmt.Sprintf(format, operands...))
}

// tally is the count under the model's rule for ties.
func (m *OneModel) tally() Tally {
	i := slices.IndexFunc(m.UnderPolicies, func(t Tally) bool { return t.Policy == m.Policy })
	return m.UnderPolicies[i]
}

// reading rests on the sign flip over clusters, which for independent triplets
// is the exact binomial test.
func (m *OneModel) reading(significance float64) string {
	t, p := m.tally(), float64(m.SignFlip)
	counted := fmt.Sprintf("%v of %d wrong, %s", float64(t.Wrong), t.Counted, pValue(p))
	switch {
	case t.Counted == 0:
		return "every triplet is tied: nothing to say"
	case p > significance:
		return "cannot be told from chance: " + counted
	case m.Error < 0.5:
		return "matches better than chance: " + counted
	}
	return "matches worse than chance: " + counted
}

func (g Gap) reading() string {
	reason := "the target is held fixed within a triplet, while objects differ in how close anything lies to them"
	if g.inflated() {
		reason = "the pooled figure is the stronger because it also separates pairs of different objects, which a match never compares"
	}
	return fmt.Sprintf("right in %s of triplets, AUC %s across objects (the two similarities of a triplet correlate at %s): %s",
		proportion(g.Accuracy), proportion(g.AUC()), proportion(g.Correlation), reason)
}

// inflated tells that the pooled AUC lies further from chance than the matches.
func (g Gap) inflated() bool {
	return math.Abs(float64(g.AUC()-0.5)) > math.Abs(float64(g.Accuracy-0.5))
}

// AUC is the pooled AUC that the gap starts from.
func (g Gap) AUC() Number { return g.Accuracy - g.Gap }

func (p Pair) reading(significance float64) string {
	if p.OnlyA+p.OnlyB == 0 && p.ErrorDifference == 0 {
		return fmt.Sprintf("%s and %s are right on the same triplets", p.A, p.B)
	}
	better, worse, more, fewer := p.A, p.B, p.OnlyA, p.OnlyB
	if p.ErrorDifference > 0 {
		better, worse, more, fewer = p.B, p.A, p.OnlyB, p.OnlyA
	}
	evidence := fmt.Sprintf("right alone on %d against %d triplets, %s, Holm %s", more, fewer, pValue(float64(p.SignFlip)), pValue(float64(p.Holm)))
	switch {
	case float64(p.Holm) <= significance:
		return fmt.Sprintf("%s matches better than %s: %s", better, worse, evidence)
	case float64(p.SignFlip) <= significance:
		return fmt.Sprintf("%s leads %s, but not once all pairs are allowed for: %s", better, worse, evidence)
	}
	return fmt.Sprintf("%s and %s cannot be told apart: %s", better, worse, evidence)
}

func (c *Comparison) interpret(o Options) {
	for _, m := range c.Models {
		for _, warning := range m.Warnings {
			if strings.Contains(warning, "cluster") && !slices.Contains(c.Warnings, warning) {
				c.Warnings = append(c.Warnings, warning)
			}
		}
	}
	if len(c.Models) == 1 {
		c.Reading = c.Models[0].Reading
		return
	}
	apart := 0
	for _, p := range c.Pairs {
		apart += int(indicator(float64(p.Holm) <= 1-o.Level))
	}
	c.Reading = fmt.Sprintf("%d of %d pairs of models can be told apart (sign flips over clusters, Holm)", apart, len(c.Pairs))
	if points := c.Smallest.AllPairs; points.Defined() {
		c.Reading += fmt.Sprintf("; among so many pairs a difference must reach %.1f points", 100*float64(points))
	}
	if c.CochranQ.Permutation > Number(1-o.Level) {
		c.Warnings = append(c.Warnings, fmt.Sprintf("the models as a whole do not differ (Cochran's Q, %s): do not read the pairs one by one", pValue(float64(c.CochranQ.Permutation))))
	}
}

// clusterWarnings tell how far the clusters fall short of independent triplets.
func clusterWarnings(triplets, clusters, largest int, linkage Linkage) []string {
	var warnings []string
	if clusters < 2 {
		return []string{"all triplets are linked by shared pictures into one cluster: no interval or test over clusters exists"}
	}
	if clusters < fewClusters {
		warnings = append(warnings, fmt.Sprintf("only %d clusters of triplets: intervals over clusters are too narrow", clusters))
	}
	if linkage != AnyPicture {
		warnings = append(warnings, fmt.Sprintf("the set uses its pictures so often that nearly all triplets hang together; clusters here share a %s, and triplets linked otherwise are taken as independent (in simulations 95 %% intervals then hold the truth in 90 to 95 %% of sets)", linkage))
	}
	if clusters < triplets {
		warnings = append(warnings, fmt.Sprintf("%d triplets share pictures and form %d clusters (the largest of %d): Wilson, Clopper-Pearson, the binomial test and McNemar take them as independent; prefer the figures over clusters", triplets, clusters, largest))
	}
	return warnings
}

// pValue writes a p-value as journals do.
func pValue(p float64) string {
	switch {
	case math.IsNaN(p):
		return "p not defined"
	case p < 0.001:
		return "p < .001"
	case p < 0.1:
		return "p = " + strings.TrimPrefix(fmt.Sprintf("%.3f", p), "0")
	case p > 0.995:
		return "p = 1"
	}
	return "p = " + strings.TrimPrefix(fmt.Sprintf("%.2f", p), "0")
}

// proportion writes a number between -1 and 1 with three decimals.
func proportion(n Number) string {
	if !n.Defined() {
		return "not defined"
	}
	text := fmt.Sprintf("%.3f", float64(n))
	return strings.Replace(text, "0.", ".", 1)
}

func (a Agreement) reading() string {
	text := fmt.Sprintf("ranks pairs as people do at %s, within related pairs at %s, within unrelated at %s",
		proportion(a.Pooled.Spearman), proportion(a.Related.Spearman), proportion(a.Unrelated.Spearman))
	if i := a.Related.SpearmanInterval; i.Defined() && i.Contains(0) && !a.Pooled.SpearmanInterval.Contains(0) {
		text += ": the pooled figure may only show that it tells related from unrelated"
	}
	return text
}

func (h *Human) interpret(clusters int) {
	h.Reading = fmt.Sprintf("people's ratings separate related from unrelated pairs with AUC %s", proportion(h.RatingAUC))
	if !h.RatingAUC.Defined() {
		h.Reading = "ratings of only one kind of pair: they cannot separate related from unrelated"
		h.Warnings = append(h.Warnings, "no AUC of the ratings: only related or only unrelated pairs are rated")
	}
	if h.Ceiling != nil {
		h.Reading += "; " + h.Ceiling.Reading
	} else {
		h.Reading += "; no ceiling: " + h.NoCeiling
	}
	if clusters < fewClusters {
		h.Warnings = append(h.Warnings, fmt.Sprintf("the rated pairs form only %d clusters of shared pictures: intervals over clusters are too narrow", clusters))
	}
	for _, m := range h.Models {
		if !m.Pooled.Spearman.Defined() {
			h.Warnings = append(h.Warnings, fmt.Sprintf("model %s: ratings or similarities do not vary: no correlation", m.Model))
		}
	}
}

func (c *Ceiling) interpret() {
	c.Reading = fmt.Sprintf("one rater follows the others at %s, so a model's mean correlation with raters can reach %s to %s, and its correlation with the mean rating about %s",
		proportion(c.Lower), proportion(c.Lower), proportion(c.Upper), proportion(c.Attainable))
	if c.Raters < 6 {
		c.Warnings = append(c.Warnings, fmt.Sprintf("only %d raters: the ceilings are uncertain", c.Raters))
	}
	if !c.ICC.ICC2k.Defined() {
		c.Warnings = append(c.Warnings, "no ICC: too few pairs were judged by all raters who judged half of them")
	}
	if c.HeldOut.Raters == 0 {
		c.Warnings = append(c.Warnings, "no rater judged both pairs of a triplet: no two-alternative accuracy")
	}
}

func (e Effect) reading(significance float64) string {
	change := fmt.Sprintf("%+.1f points of error from %s to %s", 100*float64(e.RiskDifference), e.Reference, e.Level)
	switch {
	case e.Separated:
		change += " (all right or all wrong at a level: no odds ratio)"
	case float64(e.Permutation) > significance:
		change = "cannot be told from none: " + change
	}
	return e.Model + ": " + change + ", " + pValue(float64(e.Permutation))
}

func (i *Interaction) interpret(axis string, significance float64) {
	i.Reading = fmt.Sprintf("the effect of %s differs between models, %s", axis, pValue(float64(i.Permutation)))
	if float64(i.Permutation) > significance {
		i.Reading = fmt.Sprintf("the effect of %s cannot be said to differ between models, %s", axis, pValue(float64(i.Permutation)))
	}
}

func (a *Axis) interpret(clusters int) {
	if clusters < fewClusters {
		a.Warnings = append(a.Warnings, fmt.Sprintf("only %d clusters carry a %s: robust errors are too small", clusters, a.Name))
	}
	for _, e := range a.Effects {
		if e.Separated {
			a.Warnings = append(a.Warnings, fmt.Sprintf("model %s is all right or all wrong at a level of %s (separation): no odds ratio, read the risk difference and the permutation", e.Model, a.Name))
		}
	}
	if i := a.Interaction; i != nil && !i.Separated && !i.Wald.Defined() {
		a.Warnings = append(a.Warnings, fmt.Sprintf("%s x model: the robust covariance is singular (two models alike, or fewer clusters than terms): no Wald test, read the permutation", a.Name))
	}
}
