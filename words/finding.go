package words

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
)

// Findings are what statistics say, in sentences without a full stop.
type Findings struct {
	Models       []string // each model against chance
	Comparison   string   // the models with one another; empty for one model
	Effects      []Effect // relation and distractor, on each model
	Interactions []string // whether the models differ in these effects
	People       []string // on each scale
	Across       string   // over models, against published ImageNet error; empty for a few models
	Notes        []string // warnings, see [Notes]
}

// Effect is one model's difference in error between two levels of an axis.
type Effect struct {
	Axis   string
	Levels int // of the axis
	Text   string
}

// fewestModels is the number of models with a published error from which a
// correlation over models is worth a line.
const fewestModels = 4

// NewFindings puts statistics into sentences. With zero statistics they are empty.
func NewFindings(figures record.Statistics) Findings {
	s := statistics{figures}
	f := Findings{Comparison: s.comparison(), Across: s.across(), Notes: Notes(figures)}
	for _, m := range s.Comparison.Models {
		f.Models = append(f.Models, s.model(m))
	}
	for _, axis := range s.PresentAxes() {
		for _, e := range axis.Effects {
			f.Effects = append(f.Effects, Effect{axis.Name, len(axis.Levels), s.effect(axis, e)})
		}
		if axis.Interaction != nil {
			f.Interactions = append(f.Interactions, s.interaction(axis))
		}
	}
	for _, p := range s.People {
		f.People = append(f.People, s.people(p))
	}
	return f
}

// statistics are what the sentences are about.
type statistics struct{ record.Statistics }

// significant compares p with one less the confidence level; what is not defined
// is not significant.
func (s statistics) significant(p stats.Number) bool { return float64(p) <= 1-s.Level }

// share writes shares of all triplets.
func (s statistics) share() func(float64) string {
	return notation.ShareOf(s.Comparison.Models[0].Triplets)
}

// effectShare writes a difference between levels with what the smaller level supports.
func effectShare(axis *stats.Axis, e stats.Effect) func(float64) string {
	least := math.MaxInt
	for _, c := range axis.Cells {
		if at := c.Relation + c.Distractor; c.Model == e.Model && (at == e.Level || at == e.Reference) {
			least = min(least, c.Triplets)
		}
	}
	return notation.ShareOf(least)
}

// EffectPoints are a difference between levels in points, and its interval, as text.
func EffectPoints(axis *stats.Axis, e stats.Effect) (points, interval string) {
	share := effectShare(axis, e)
	return share(float64(e.RiskDifference)), notation.Interval(e.Evidence.Interval, share)
}

// verdict is the word for a p-value.
func (s statistics) verdict(p stats.Number) string {
	if s.significant(p) {
		return "significant"
	}
	return "not significant"
}

// reasons say why a figure has neither interval nor test.
var reasons = map[stats.Reason]string{
	stats.OneUnit:     "one independent unit",
	stats.NoVariation: "nothing varies",
	stats.AllTied:     "all triplets are ties",
	stats.NoUnits:     "no triplet counts",
	stats.FewPairs:    "too few rated pairs",
}

// Missing says why a figure has neither interval nor test.
func Missing(reason stats.Reason) string { return reasons[reason] + ": no test is possible" }

// untested is Missing for the end of a sentence.
func untested(reason stats.Reason) string {
	if reason == "" { // a record of an earlier version
		return "no test is possible"
	}
	return "no test is possible (" + reasons[reason] + ")"
}

// test is a p-value in a sentence, or why there is none.
func test(e stats.Evidence) string {
	if e.Missing != "" {
		return Missing(e.Missing)
	}
	return notation.PEquals(e.P)
}

// model is the verdict on one model's error. One triplet has none.
func (s statistics) model(m stats.OneModel) string {
	t := m.Tally()
	if t.Counted == 0 {
		return "every triplet is a tie, and ties are left out: there is no error"
	}
	counted := fmt.Sprintf("%s of %d wrong (%s)", number(t.Wrong), t.Counted, test(m.Evidence))
	switch {
	case !m.Evidence.P.Defined() || t.Counted == 1:
		return counted
	case !s.significant(m.Evidence.P):
		return "not significantly different from chance: " + counted
	case m.Error < 0.5:
		return "fewer errors than chance: " + counted
	}
	return "more errors than chance: " + counted
}

// number writes a count, which half credit may make end in .5.
func number(n stats.Number) string { return notation.Amount(n, -1) }

func (s statistics) comparison() string {
	pairs := s.Comparison.Pairs
	if len(pairs) == 0 {
		return ""
	}
	if len(pairs) == 1 {
		return s.pair(pairs[0])
	}
	differ, tested := 0, false
	for _, p := range pairs {
		if s.significant(p.Holm) {
			differ++
		}
		tested = tested || p.Holm.Defined()
	}
	if !tested {
		return "no pair of models can be tested: " + test(pairs[0].Evidence)
	}
	text := fmt.Sprintf("%s of %s pairs of models differ significantly (Holm)", notation.Count(differ), notation.Count(len(pairs)))
	if least := s.Comparison.Smallest; least != nil {
		text += fmt.Sprintf("; with these triplets no difference below %s points can be significant", s.share()(float64(least.AllPairs)))
	}
	return text
}

func (s statistics) pair(p stats.Pair) string {
	if p.ErrorDifference == 0 && p.Evidence.Missing == "" && !p.Evidence.SE.Defined() { // no triplet differs
		return fmt.Sprintf("%s and %s are right on the same triplets", p.A, p.B)
	}
	better, worse, alone, other := p.A, p.B, english.Count(p.OnlyA, "triplet"), p.OnlyB
	difference, interval := -p.ErrorDifference, mirrored(p.Evidence.Interval)
	if p.ErrorDifference > 0 {
		better, worse, alone, other = p.B, p.A, english.Count(p.OnlyB, "triplet"), p.OnlyA
		difference, interval = p.ErrorDifference, p.Evidence.Interval
	}
	evidence, verdict, share := test(p.Evidence), s.verdict(p.Evidence.P), s.share()
	if p.Evidence.P.Defined() && p.Holm != p.Evidence.P {
		evidence += ", Holm " + notation.PEquals(p.Holm)
		if s.significant(p.Evidence.P) && !s.significant(p.Holm) {
			verdict = "not significant once adjusted for all pairs"
		}
	}
	if !p.Evidence.P.Defined() || s.Comparison.Models[0].Triplets == 1 {
		return fmt.Sprintf("%s alone is right on %s, %s alone on %d (%s)", better, alone, worse, other, evidence)
	}
	if p.ErrorDifference == 0 {
		return fmt.Sprintf("the errors of %s and %s are equal in number (difference %s; %s): %s; %s alone is right on %s, %s alone on %d",
			p.A, p.B, notation.Interval(interval, share), evidence, verdict, better, alone, worse, other)
	}
	return fmt.Sprintf("the error of %s is %s points lower than that of %s (%s; %s): %s; %s alone is right on %s, %s alone on %d",
		better, share(float64(difference)), worse, notation.Interval(interval, share), evidence, verdict, better, alone, worse, other)
}

func (s statistics) effect(axis *stats.Axis, e stats.Effect) string {
	if !e.RiskDifference.Defined() {
		return fmt.Sprintf("%s: no triplet counts at one level of %s", e.Model, axis.Name)
	}
	direction, share := "higher", effectShare(axis, e)
	difference, interval := e.RiskDifference, e.Evidence.Interval
	if difference < 0 {
		direction, difference, interval = "lower", -difference, mirrored(interval)
	}
	text, what := fmt.Sprintf("%s: errors on %s triplets are %s points %s than on %s ones", e.Model,
		e.Level, share(float64(difference)), direction, e.Reference), ""
	if difference == 0 {
		text, what = fmt.Sprintf("%s: errors on %s and %s triplets are equally frequent", e.Model, e.Level, e.Reference), "difference "
	}
	if !e.Evidence.P.Defined() {
		if e.Evidence.Missing == stats.AllTied {
			return text + " (all triplets at one level are ties: no test is possible)"
		}
		return text + " (" + test(e.Evidence) + ")"
	}
	return text + fmt.Sprintf(" (%s%s; %s): %s", what, notation.Interval(interval, share), notation.PEquals(e.Evidence.P), s.verdict(e.Evidence.P))
}

// mirrored is the interval of the same difference the other way round.
func mirrored(i stats.Interval) stats.Interval { return stats.Interval{Low: -i.High, High: -i.Low} }

func (s statistics) interaction(axis *stats.Axis) string {
	p := axis.Interaction.P
	switch {
	case !p.Defined():
		return fmt.Sprintf("whether the effect of %s differs between models cannot be tested", axis.Name)
	case s.significant(p):
		return fmt.Sprintf("the effect of %s differs significantly between models (%s)", axis.Name, notation.PEquals(p))
	}
	return fmt.Sprintf("the effect of %s cannot be said to differ between models (%s)", axis.Name, notation.PEquals(p))
}

func (s statistics) people(p record.People) string {
	switch {
	case p.Rated == 1:
		return "only one pair is rated: its ratings say nothing"
	case p.Rated < stats.FewestRated:
		return fmt.Sprintf("only %d pairs are rated: their ratings say nothing", p.Rated)
	}
	var text string
	switch {
	case !p.RatingAUC.Defined():
		text = "only one kind of pair is rated: the ratings cannot separate related from unrelated pairs"
	case !p.RatingAUCInterval.Defined():
		text = fmt.Sprintf("people's ratings separate related from unrelated pairs with an AUC of %s; %s", notation.Decimal(p.RatingAUC), untested(p.RatingAUCMissing))
	default:
		text = fmt.Sprintf("people's ratings separate related from unrelated pairs with an AUC of %s", notation.Estimate(p.RatingAUC, p.RatingAUCInterval, notation.Decimal))
	}
	switch c := p.Ceiling; {
	case c != nil && !c.Lower.Defined():
		text += "; no noise ceiling: the raters' answers do not vary, or no two raters judged the same pairs"
	case c != nil && !c.Attainable.Defined():
		text += fmt.Sprintf("; a rater correlates with the mean of the others at %s; the raters agree too little for a noise ceiling", notation.Decimal(c.Lower))
	case c != nil:
		text += fmt.Sprintf("; a rater correlates with the mean of the others at %s, so that a model's mean correlation with single raters can reach %s to %s, and its correlation with the mean rating about %s",
			notation.Decimal(c.Lower), notation.Decimal(c.Lower), notation.Decimal(c.Upper), notation.Decimal(c.Attainable))
	case p.NoCeiling != nil:
		text += "; no noise ceiling: " + Warning(*p.NoCeiling)
	}
	return text
}

func (s statistics) across() string {
	if s.Across.Overall.Models < fewestModels {
		return ""
	}
	var parts []string
	for _, t := range append([]stats.Trends{s.Across.Overall}, s.Across.Families...) {
		parts = append(parts, fmt.Sprintf("%s r = %s, rho = %s", cmp.Or(t.Family, "all"), notation.Decimal(t.Matching.Pearson), notation.Decimal(t.Matching.Spearman)))
	}
	return fmt.Sprintf("matching error against published ImageNet error over %d models: %s", s.Across.Overall.Models, strings.Join(parts, "; "))
}
