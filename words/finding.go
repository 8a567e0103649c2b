package words

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

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
	Levels int // of the axis; only with two does the sentence have a verdict
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

// verdict is the word for a p-value.
func (s statistics) verdict(p stats.Number) string {
	if s.significant(p) {
		return "significant"
	}
	return "not significant"
}

// model rests on the sign-flip test over clusters, which for independent triplets
// is the exact binomial test.
func (s statistics) model(m stats.OneModel) string {
	t := m.Tally()
	if t.Counted == 0 {
		return "every triplet is a tie, and ties are left out: there is no error"
	}
	counted := fmt.Sprintf(": %s of %d wrong (%s)", number(t.Wrong), t.Counted, PEquals(m.SignFlip))
	switch {
	case !s.significant(m.SignFlip):
		return "not significantly different from chance" + counted
	case m.Error < 0.5:
		return "fewer errors than chance" + counted
	}
	return "more errors than chance" + counted
}

// number writes a count, which half credit may make end in .5.
func number(n stats.Number) string { return strconv.FormatFloat(float64(n), 'f', -1, 64) }

func (s statistics) comparison() string {
	pairs := s.Comparison.Pairs
	if len(pairs) == 0 {
		return ""
	}
	if len(pairs) == 1 {
		return s.pair(pairs[0])
	}
	differ := 0
	for _, p := range pairs {
		if s.significant(p.Holm) {
			differ++
		}
	}
	text := fmt.Sprintf("%d of %d pairs of models differ significantly (sign-flip test over clusters, Holm)", differ, len(pairs))
	if least := s.Comparison.Smallest; least != nil && least.AllPairs.Defined() {
		text += fmt.Sprintf("; with so many pairs, the smallest significant difference is about %s points", Percent(least.AllPairs))
	}
	return text
}

func (s statistics) pair(p stats.Pair) string {
	if p.OnlyA+p.OnlyB == 0 && p.ErrorDifference == 0 {
		return fmt.Sprintf("%s and %s are right on the same triplets", p.A, p.B)
	}
	better, worse, alone, other := p.A, p.B, p.OnlyA, p.OnlyB
	difference, interval := -p.ErrorDifference, stats.Interval{Low: -p.ErrorInterval.High, High: -p.ErrorInterval.Low}
	if p.ErrorDifference > 0 {
		better, worse, alone, other = p.B, p.A, p.OnlyB, p.OnlyA
		difference, interval = p.ErrorDifference, p.ErrorInterval
	}
	evidence, verdict := PEquals(p.SignFlip), s.verdict(p.SignFlip)
	if p.Holm != p.SignFlip {
		evidence += ", Holm " + PEquals(p.Holm)
		if s.significant(p.SignFlip) && !s.significant(p.Holm) {
			verdict = "not significant once adjusted for all pairs"
		}
	}
	return fmt.Sprintf("the error of %s is %s points lower than that of %s (%s; %s): %s; %s alone is right on %d triplets, %s alone on %d",
		better, Percent(difference), worse, Interval(interval, Percent), evidence, verdict, better, alone, worse, other)
}

func (s statistics) effect(axis *stats.Axis, e stats.Effect) string {
	if !e.RiskDifference.Defined() {
		return fmt.Sprintf("%s: no triplet counts at one level of %s", e.Model, axis.Name)
	}
	direction := "higher"
	difference, interval := e.RiskDifference, e.RiskDifferenceInterval
	if difference < 0 {
		direction, difference, interval = "lower", -difference, stats.Interval{Low: -interval.High, High: -interval.Low}
	}
	text := fmt.Sprintf("%s: errors on %s triplets are %s points %s than on %s ones (%s", e.Model,
		e.Level, Percent(difference), direction, e.Reference, Interval(interval, Percent))
	if len(axis.Levels) > 2 { // the test is about all levels together
		return text + fmt.Sprintf("; all levels of %s: %s)", axis.Name, PEquals(e.Permutation))
	}
	return text + fmt.Sprintf("; %s): %s", PEquals(e.Permutation), s.verdict(e.Permutation))
}

func (s statistics) interaction(axis *stats.Axis) string {
	differs := "does not differ significantly"
	if s.significant(axis.Interaction.Permutation) {
		differs = "differs significantly"
	}
	return fmt.Sprintf("the effect of %s %s between models (%s)", axis.Name, differs, PEquals(axis.Interaction.Permutation))
}

func (s statistics) people(p record.People) string {
	text := fmt.Sprintf("people's ratings separate related from unrelated pairs with an AUC of %s", Estimate(p.RatingAUC, p.RatingAUCInterval, Decimal))
	if !p.RatingAUC.Defined() {
		text = "only one kind of pair is rated: the ratings cannot separate related from unrelated pairs"
	}
	if c := p.Ceiling; c != nil {
		return text + fmt.Sprintf("; a rater correlates with the mean of the others at %s, so that a model's mean correlation with single raters can reach %s to %s, and its correlation with the mean rating about %s",
			Decimal(c.Lower), Decimal(c.Lower), Decimal(c.Upper), Decimal(c.Attainable))
	}
	if p.NoCeiling != nil {
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
		parts = append(parts, fmt.Sprintf("%s r = %s, rho = %s", cmp.Or(t.Family, "all"), Decimal(t.Matching.Pearson), Decimal(t.Matching.Spearman)))
	}
	return fmt.Sprintf("matching error against published ImageNet error over %d models: %s", s.Across.Overall.Models, strings.Join(parts, "; "))
}
