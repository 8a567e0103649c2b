package paper

import (
	"fmt"
	"math"

	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// association is claim 21: more error with thematic than with taxonomic triplets.
func (b *builder) association() Claim {
	const claim = "association is grasped less than similarity"
	axis := b.statistics.Axes.Relation
	if axis != nil {
		for _, e := range axis.Effects {
			if e.Model != b.model.Name || e.Level != stimuli.Thematic || e.Reference != stimuli.Taxonomic {
				continue
			}
			all, more := 0, 0
			for _, other := range axis.Effects {
				if other.Level == e.Level {
					all++
					if other.RiskDifference > 0 {
						more++
					}
				}
			}
			by := b.summary.Models[b.index()].ByRelation
			c := Claim{Row: 21, Claim: claim, Interval: span(e.RiskDifferenceInterval, 100, 1) + " points",
				Rule: "interval of the difference in matching error over clusters, thematic less taxonomic, against 0",
				Figures: fmt.Sprintf("%s: taxonomic %s %%, thematic %s %% (permutation p %s); more error with thematic in %d of %d models", b.model.Name,
					percent(by[e.Reference].MatchingError, 1), percent(by[e.Level].MatchingError, 1), chanceText(float64(e.Permutation)), more, all)}
			return c.judge(float64(e.RiskDifference), 0, e.RiskDifferenceInterval)
		}
	}
	return without(21, claim, "both taxonomic and thematic in the column relation of triplets.csv")
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
		return without(22, claim, "ratings of both pairs of enough triplets (rating_related, rating_unrelated, or ratings.csv)")
	}
	p := b.statistics.People[0]
	auc := b.statistics.Comparison.Models[b.index()].AUC
	correlation := math.NaN()
	for _, a := range p.Models {
		if a.Model == b.model.Name {
			correlation = float64(a.Pooled.Spearman)
		}
	}
	c := Claim{Row: 22, Claim: claim, Interval: span(p.RatingAUCInterval, 1, 3),
		Rule: "clustered interval of the ratings' AUC against the upper end of that of the model's AUC",
		Figures: fmt.Sprintf("AUC of ratings %s; of cosines of %s %s (%s); Spearman of rating and cosine %s",
			fixed(float64(p.RatingAUC), 3), b.model.Name, fixed(float64(auc.AUC), 3), span(auc.Clustered, 1, 3), fixed(correlation, 3))}
	return c.judge(float64(p.RatingAUC), auc.Clustered.High, p.RatingAUCInterval)
}

// nearChance is how far from 50 % an error may lie and still be near: the
// paper calls its range, 38.75 to 46 %, almost diagonal.
const nearChance = 0.1

// chance is claim 23 in two parts: no model differs from chance, and the best
// one is at least near it.
func (b *builder) chance() []Claim {
	const rule = "exact test against 50 % for each model, over clusters of triplets that share pictures; one model with p < .05 by Holm over models speaks against"
	var ps []float64
	for _, m := range b.statistics.Comparison.Models {
		ps = append(ps, float64(m.SignFlip))
	}
	adjusted := stats.Holm(ps)
	differ, holm, alike := 0, 0, ""
	for i, m := range b.statistics.Comparison.Models {
		if adjusted[i] < 0.05 {
			holm++
		}
		if ps[i] < 0.05 {
			differ++
		} else if alike == "" {
			alike = fmt.Sprintf("; not %s (%s %%, p %s)", m.Model, percent(float64(m.Error), 2), chanceText(ps[i]))
		}
	}
	all := Claim{Row: 23, Claim: "no model can be told from chance", Verdict: CannotTell, Points: "for", Rule: rule,
		Figures: fmt.Sprintf("%d of %d models differ (%d by Holm)%s", differ, len(ps), holm, alike)}
	if holm > 0 {
		all.Verdict, all.Points = NotSupported, "against"
	}
	m := b.statistics.Comparison.Models[b.index()]
	s := b.summary.Models[b.index()]
	ci := m.Percentile
	distance := stats.Interval{Low: nearChance - max(math.Abs(ci.Low-.5), math.Abs(ci.High-.5)), High: nearChance}
	if !ci.Contains(.5) {
		distance.High = nearChance - min(math.Abs(ci.Low-.5), math.Abs(ci.High-.5))
	}
	near := Claim{Row: 23, Claim: "the best model matches near chance", Interval: span(ci, 100, 2) + " %",
		Rule: "bootstrap interval of the matching error over clusters within 40 to 60 %",
		Figures: fmt.Sprintf("%s: %s %% (Wilson %s, p %s), AUC %s (%s)", m.Model, percent(s.MatchingError, 2), span(s.MatchingErrorCI, 100, 2),
			chanceText(float64(m.SignFlip)), fixed(float64(m.AUC.AUC), 3), span(m.AUC.Clustered, 1, 3))}
	return []Claim{all, near.judge(nearChance-math.Abs(s.MatchingError-.5), 0, distance)}
}
