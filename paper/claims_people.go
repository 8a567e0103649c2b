package paper

import (
	"fmt"
	"math"
	"slices"

	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// association is claim 21: more error with thematic than with taxonomic triplets.
func (b *builder) association() Claim {
	const claim = "association is grasped less than similarity"
	axis, forms := b.statistics.Axes.Relation, b.forms()
	if axis != nil {
		for _, e := range axis.Effects {
			if e.Model != b.model.Name || e.Level != stimuli.Thematic || e.Reference != stimuli.Taxonomic {
				continue
			}
			all, more := 0, 0
			for _, other := range axis.Effects {
				if other.Level == e.Level && !slices.Contains(forms, other.Model) {
					all++
					if other.RiskDifference > 0 {
						more++
					}
				}
			}
			by := b.summary.Models[b.index()].ByRelation
			c := Claim{Row: int(associationIsHard), Claim: claim, Interval: notation.Interval(e.Evidence.Interval, notation.Percent) + " points",
				Rule: "interval of the difference in matching error, all shared pictures counted, thematic less taxonomic, against 0",
				Figures: fmt.Sprintf("%s: taxonomic %s %%, thematic %s %% (%s); more error with thematic in %d of %d models", b.model.Name,
					notation.Percent(by[e.Reference].MatchingError), notation.Percent(by[e.Level].MatchingError), notation.PEquals(e.Evidence.P), more, all)}
			return c.judge(float64(e.RiskDifference), 0, e.Evidence.Interval)
		}
	}
	return without(associationIsHard, claim, NeedLabels, "both taxonomic and thematic in the column relation of triplets.csv")
}

func (b *builder) index() int {
	for i := range b.run.Models {
		if &b.run.Models[i] == b.model {
			return i
		}
	}
	return 0
}

// people is claim 22.
func (b *builder) people() Claim {
	const claim = "people's ratings separate related from unrelated pairs, cosines do not"
	if len(b.statistics.People) == 0 || !b.statistics.People[0].RatingAUC.Defined() {
		return without(peopleSeparate, claim, NeedRatings, "ratings of both pairs of enough triplets (rating_related, rating_unrelated, or ratings.csv)")
	}
	p := b.statistics.People[0]
	auc := b.statistics.Comparison.Models[b.index()].AUC
	correlation := math.NaN()
	for _, a := range p.Models {
		if a.Model == b.model.Name {
			correlation = float64(a.Pooled.Spearman)
		}
	}
	c := Claim{Row: int(peopleSeparate), Claim: claim, Interval: notation.Interval(p.RatingAUCInterval, notation.Decimal),
		Rule: "interval of the ratings' AUC against the upper end of that of the model's AUC; cosines whose interval lies above .6 do separate",
		Figures: fmt.Sprintf("AUC of ratings %s; of cosines of %s %s; Spearman of rating and cosine %s",
			notation.Decimal(p.RatingAUC), b.model.Name, notation.Estimate(auc.AUC, auc.Evidence.Interval, notation.Decimal), notation.Decimal(correlation))}
	return separation(c.judge(float64(p.RatingAUC), auc.Evidence.Interval.High, p.RatingAUCInterval), auc)
}

// separation also holds the second half of claim 22 against the run.
func separation(c Claim, auc stats.PooledAUC) Claim {
	switch i := auc.Evidence.Interval; {
	case !i.Defined():
		c.Verdict = CannotTell
	case i.Low > 0.5+nearness: // the cosines separate, and clearly
		c.Verdict, c.Points = NotSupported, "against"
	}
	return c
}

// nearness is how far from 50 % an error may lie and still be near: the
// paper calls its range, 38.75 to 46 %, almost diagonal.
const nearness = 0.1

// chance is claim 23 in two parts: no model differs from chance, and the best
// one is at least near it.
func (b *builder) chance() []Claim {
	const rule = "test against 50 % for each model, all shared pictures counted; one model with p < .05 by Holm over models speaks against"
	var ps []float64
	for _, i := range b.networks {
		ps = append(ps, float64(b.statistics.Comparison.Models[i].Evidence.P))
	}
	adjusted := stats.Holm(ps)
	differ, holm, alike := 0, 0, ""
	for i, place := range b.networks {
		m := b.statistics.Comparison.Models[place]
		if adjusted[i] < 0.05 {
			holm++
		}
		if ps[i] < 0.05 {
			differ++
		} else if alike == "" {
			alike = fmt.Sprintf("; not %s (%s %%, %s)", m.Model, b.share()(float64(m.Error)), notation.PEquals(ps[i]))
		}
	}
	all := Claim{Row: int(nearChance), Claim: "no model differs from chance", Verdict: CannotTell, Points: "for", Rule: rule,
		Figures: fmt.Sprintf("%d of %d models differ (%d by Holm)%s", differ, len(ps), holm, alike)}
	if holm > 0 {
		all.Verdict, all.Points = NotSupported, "against"
	}
	m := b.statistics.Comparison.Models[b.index()]
	s := b.summary.Models[b.index()]
	ci := m.Evidence.Interval
	distance := stats.Interval{Low: nearness - max(math.Abs(ci.Low-.5), math.Abs(ci.High-.5)), High: nearness}
	if !ci.Contains(.5) {
		distance.High = nearness - min(math.Abs(ci.Low-.5), math.Abs(ci.High-.5))
	}
	near := Claim{Row: int(nearChance), Claim: "the best model matches near chance", Interval: notation.Interval(ci, b.share()) + " %",
		Rule: "interval of the matching error within 40 to 60 %",
		Figures: fmt.Sprintf("%s: %s %% (%s, %s), AUC %s", m.Model, b.share()(s.MatchingError), notation.Interval(s.MatchingErrorCI, b.share()),
			notation.PEquals(m.Evidence.P), notation.Estimate(m.AUC.AUC, m.AUC.Evidence.Interval, notation.Decimal))}
	return []Claim{all, near.judge(nearness-math.Abs(s.MatchingError-.5), 0, distance)}
}
