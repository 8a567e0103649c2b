package paper

import (
	"fmt"
	"math"
	"strings"

	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/stats"
)

// Verdict is what a run says of a claim.
type Verdict string

// Verdicts. None of them is a proof: they are about these models and this set.
const (
	Supported    Verdict = "supported"
	NotSupported Verdict = "not supported"
	CannotTell   Verdict = "cannot tell"
)

// Claim is one claim of the paper held against the run.
type Claim struct {
	Row      int     `json:"row"` // in docs/paper.md
	Claim    string  `json:"claim"`
	Figures  string  `json:"figures"`            // what the run has to say; what is missing
	Interval string  `json:"interval,omitempty"` // 95 %, of the figure that the rule is about
	Points   string  `json:"points"`             // "for" or "against": where the figures lie, however uncertain; "" where there are none
	Verdict  Verdict `json:"verdict"`
	Rule     string  `json:"rule"`
	Need     Need    `json:"need,omitempty"` // the input without which there is no verdict
}

// judge is the rule that most claims share: the claim says that a quantity
// lies above a limit.
func (c Claim) judge(value, limit float64, i stats.Interval) Claim {
	c.Verdict = CannotTell
	switch {
	case math.IsNaN(value):
		return c
	case value > limit:
		c.Points = "for"
	case value < limit:
		c.Points = "against"
	}
	switch {
	case !i.Defined():
	case i.Low > limit:
		c.Verdict = Supported
	case i.High < limit:
		c.Verdict = NotSupported
	}
	return c
}

// tested is the rule for claims that a quantity lies above 0 by a test, if there
// is enough to test.
func (c Claim) tested(value, p float64, enough bool) Claim {
	c = c.judge(value, 0, stats.Interval{Low: math.NaN(), High: math.NaN()})
	switch {
	case !enough || !(p <= 0.05):
	case value > 0:
		c.Verdict = Supported
	default:
		c.Verdict = NotSupported
	}
	return c
}

// without is a claim that lacks an input.
func without(i item, claim string, need Need, what string) Claim {
	return Claim{Row: int(i), Claim: claim, Figures: "missing: " + what, Verdict: CannotTell, Rule: "–", Need: need}
}

func (b *builder) claims() []Claim {
	list := b.trends()
	list = append(list, b.families(), b.deepest(byError), b.deepest(byAUC))
	for _, k := range kinds {
		list = append(list, b.cases(k))
	}
	list = append(list, b.association(), b.people())
	list = append(list, b.chance()...)
	return append(list, b.learning())
}

// compared are the models whose top-1 error comes from the same kind of source,
// the most frequent one: errors on different pictures are not comparable.
func (b *builder) compared() []stats.Published {
	count, most := map[source]int{}, noSource
	for _, i := range b.networks {
		if t := b.top1[i]; t.source != noSource {
			count[t.source]++
			if count[t.source] > count[most] {
				most = t.source
			}
		}
	}
	var list []stats.Published
	for _, i := range b.networks {
		m := b.run.Models[i]
		if most == noSource || b.top1[i].source != most || m.Kind != model.Trained {
			continue
		}
		list = append(list, stats.Published{Model: m.Name, Family: familyOf(m.Card), ImageNetError: b.top1[i].Value,
			MatchingError: b.summary.Models[i].MatchingError, AUC: float64(b.statistics.Comparison.Models[i].AUC.AUC)})
	}
	return list
}

// trends is claim 14, over all models and within each family.
func (b *builder) trends() []Claim {
	const claim = "matching error falls with ImageNet error"
	models := b.compared()
	if len(models) < 2 {
		return []Claim{without(errorFalls, claim, NeedTopOne, fmt.Sprintf("top-1 errors of at least %d trained models from one source", stats.FewestModels))}
	}
	across := stats.AcrossModels(models, nil, b.resampling())
	var list []Claim
	for _, t := range append([]stats.Trends{across.Overall}, across.Families...) {
		if t.Models < 3 {
			continue
		}
		scope := "all models"
		if t.Family != "" {
			scope = t.Family
		}
		c := Claim{Row: int(errorFalls), Claim: claim + ": " + scope, Interval: notation.Interval(t.Matching.PearsonInterval, notation.Decimal),
			Rule: fmt.Sprintf("permutation test of Pearson's r, and at least %d models; describes these models only", stats.FewestModels),
			Figures: fmt.Sprintf("%d models: r = %s (permutation %s), rho = %s with matching error; r = %s, rho = %s with 1 - AUC", t.Models,
				notation.Decimal(t.Matching.Pearson), notation.PEquals(t.Matching.PearsonP), notation.Decimal(t.Matching.Spearman), notation.Decimal(t.AUC.Pearson), notation.Decimal(t.AUC.Spearman))}
		list = append(list, c.tested(float64(t.Matching.Pearson), float64(t.Matching.PearsonP), t.Models >= stats.FewestModels))
	}
	return list
}

// families is claim 15, on the ResNet and the DenseNet nearest in top-1.
func (b *builder) families() Claim {
	const claim = "ResNets match better than DenseNets of equal ImageNet error"
	var resnet, densenet stats.Published
	nearest := math.Inf(1)
	models := b.compared()
	for _, r := range models {
		for _, d := range models {
			gap := math.Abs(r.ImageNetError - d.ImageNetError)
			if strings.EqualFold(r.Family, "resnet") && strings.EqualFold(d.Family, "densenet") && gap < nearest {
				resnet, densenet, nearest = r, d, gap
			}
		}
	}
	if math.IsInf(nearest, 1) {
		return without(resNetsLead, claim, NeedTopOne, "a trained model of the family resnet and one of densenet with top-1 errors from one source")
	}
	if nearest > stats.NearlyEqual {
		return without(resNetsLead, claim, NeedTopOne, fmt.Sprintf("a ResNet and a DenseNet within %s points of top-1 error; the nearest, %s and %s, lie %s points apart",
			notation.Percent(stats.NearlyEqual), resnet.Model, densenet.Model, notation.Percent(nearest)))
	}
	difference, interval := b.difference(densenet.Model, resnet.Model, byError)
	c := Claim{Row: int(resNetsLead), Claim: claim, Interval: notation.Interval(interval, b.share()) + " points",
		Rule: "interval of the difference between the two nearest in top-1, which must lie within 2 points, against 0",
		Figures: fmt.Sprintf("%s %s %% against %s %s %% (top-1 error %s, %s)", resnet.Model, b.share()(resnet.MatchingError),
			densenet.Model, b.share()(densenet.MatchingError), notation.Percent(resnet.ImageNetError), notation.Percent(densenet.ImageNetError))}
	return c.judge(difference, 0, interval)
}

// figureOfMerit is what models are ranked by.
type figureOfMerit string

const (
	byError figureOfMerit = "error"
	byAUC   figureOfMerit = "AUC"
)

// difference is the matching error, or the AUC, of a less that of b, with its
// interval.
func (b *builder) difference(a, other string, by figureOfMerit) (float64, stats.Interval) {
	for _, p := range b.statistics.Comparison.Pairs {
		value, interval := float64(p.ErrorDifference), p.Evidence.Interval
		if by == byAUC {
			value, interval = float64(p.AUCDifference), p.AUCEvidence.Interval
		}
		switch {
		case p.A == a && p.B == other:
			return value, interval
		case p.A == other && p.B == a:
			return -value, stats.Interval{Low: -interval.High, High: -interval.Low}
		}
	}
	return math.NaN(), stats.Interval{Low: math.NaN(), High: math.NaN()}
}

// deepest is claim 16 for the family with most models and, where there are
// several, for each: the model with the lowest ImageNet error leads it.
func (b *builder) deepest(by figureOfMerit) Claim {
	claim := "the most accurate model of a family matches best, by " + string(by)
	models := b.compared()
	var parts, intervals []string
	worst := Supported
	points := "for"
	done := map[string]bool{}
	for _, m := range models {
		if done[m.Family] {
			continue
		}
		done[m.Family] = true
		family := within(models, m.Family)
		if len(family) < 2 {
			continue
		}
		one := b.lead(family, by)
		parts, intervals = append(parts, one.Figures), append(intervals, one.Interval)
		if one.Points != "for" {
			points = "against"
		}
		worst = weaker(worst, one.Verdict)
	}
	if len(parts) == 0 {
		return without(mostAccurateLeads, claim, NeedTopOne, "a family of two or more trained models with top-1 errors from one source")
	}
	return Claim{Row: int(mostAccurateLeads), Claim: claim, Figures: strings.Join(parts, "; "), Interval: strings.Join(intervals, "; "), Points: points, Verdict: worst,
		Rule: "interval of the lead over the family's best other model, against 0; the weakest verdict of the families"}
}

func weaker(a, b Verdict) Verdict {
	order := map[Verdict]int{NotSupported: 0, CannotTell: 1, Supported: 2}
	if order[b] < order[a] {
		return b
	}
	return a
}

func within(models []stats.Published, family string) []stats.Published {
	var list []stats.Published
	for _, m := range models {
		if m.Family == family {
			list = append(list, m)
		}
	}
	return list
}

func (b *builder) lead(family []stats.Published, by figureOfMerit) Claim {
	score := func(m stats.Published) float64 { return -m.MatchingError }
	show := func(m stats.Published) string { return b.share()(m.MatchingError) + " %" }
	if by == byAUC {
		score = func(m stats.Published) float64 { return m.AUC }
		show = func(m stats.Published) string { return notation.Decimal(m.AUC) }
	}
	first := family[0]
	for _, m := range family {
		if m.ImageNetError < first.ImageNetError {
			first = m
		}
	}
	var rival stats.Published
	for _, m := range family {
		if m.Model != first.Model && (rival.Model == "" || score(m) > score(rival)) {
			rival = m
		}
	}
	difference, interval := b.difference(rival.Model, first.Model, by)
	if by == byAUC {
		difference, interval = b.difference(first.Model, rival.Model, by)
	}
	c := Claim{Interval: notation.Interval(interval, b.share()) + " points", Figures: fmt.Sprintf("%s: %s %s, best other %s %s", first.Family, first.Model, show(first), rival.Model, show(rival))}
	return c.judge(difference, 0, interval)
}
