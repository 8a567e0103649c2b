package words

import (
	"fmt"
	"slices"
	"strings"

	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
)

// Conclusion is what a run lets one say first: whole sentences about its leading
// model, what is found before what stays open.
type Conclusion struct {
	Model     string
	Sentences []string
}

// Conclude says what the triplets of a run show of its leading model, and what they
// cannot show. Where only the difference between the relations is significant, it
// comes first: an error near chance may be made of a low and a high one. With zero
// statistics nothing is said of relations and of other models.
func Conclude(figures record.Summary, evidence record.Statistics) Conclusion {
	m := figures.Leading()
	s := statistics{evidence}
	s.Level = figures.Level
	verdict, open := s.overall(m)
	triplets, figure := english.Count(m.Triplets, "triplet"), notation.ShareOf(m.Triplets)(m.MatchingError)+" %"
	relation, differ := s.relation(m)
	c := Conclusion{Model: m.Name}
	if differ && !s.significant(m.PChance) {
		c.add(m.Name+" "+relation, "Over all "+triplets+" its error is "+figure+verdict, open)
	} else {
		c.add(m.Name+" has an error of "+figure+" on "+triplets+verdict, relationAlone(relation, differ), open)
	}
	c.add(s.control(figures, m)...)
	if m.Check == record.Failed {
		c.add("It missed its published accuracy, so that its figures are wrong")
	}
	if m.Ties > 0 && evidence.Credit != "" {
		c.add(tied(m.Ties, evidence.Credit))
	}
	if len(evidence.Comparison.Pairs) > 0 {
		c.add(capital(s.comparison()))
	}
	return c
}

// Text is the sentences in a row.
func (c Conclusion) Text() string { return strings.Join(c.Sentences, " ") }

func (c *Conclusion) add(sentences ...string) {
	for _, sentence := range sentences {
		if sentence != "" {
			c.Sentences = append(c.Sentences, sentence+".")
		}
	}
}

// overall is the interval of the error over all triplets, its test against chance and,
// where this is not significant, which error could have been found.
func (s statistics) overall(m *record.ModelSummary) (text, open string) {
	share := notation.ShareOf(m.Triplets)
	if !m.PChance.Defined() {
		return "; " + untested(s.missing(m.Name)), ""
	}
	text = fmt.Sprintf(" (%s %% interval %s; %s), ", number(stats.Number(100*s.Level)), notation.Interval(m.MatchingErrorCI, share), notation.PEquals(m.PChance))
	switch {
	case !s.significant(m.PChance):
		return text + "not significantly different from chance, which is 50 %", s.undetected(m.Name, share)
	case m.MatchingError < 0.5:
		return text + "lower than chance, which is 50 %", ""
	}
	return text + "higher than chance, which is 50 %", ""
}

// missing is why the error of a model has no test.
func (s statistics) missing(name string) stats.Reason {
	for _, m := range s.Comparison.Models {
		if m.Model == name {
			return m.Evidence.Missing
		}
	}
	return ""
}

// undetected says how far from chance an error had to lie to be found.
func (s statistics) undetected(name string, share func(float64) string) string {
	for _, m := range s.Comparison.Models {
		if m.Model == name && m.MinimumDetectable.Defined() {
			return fmt.Sprintf("An error less than %s points from chance would often go unnoticed with these triplets (power below 80 %%)", share(float64(m.MinimumDetectable)))
		}
	}
	return ""
}

// relation is the difference in error between the two relations of a set, as what
// the model does, and whether it is significant; empty without one.
func (s statistics) relation(m *record.ModelSummary) (text string, differ bool) {
	axis := s.Axes.Relation
	if axis == nil || len(axis.Levels) != 2 {
		return "", false
	}
	for _, e := range axis.Effects {
		if e.Model != m.Name || !e.Evidence.P.Defined() {
			continue
		}
		more, less, difference, interval := e.Level, e.Reference, e.RiskDifference, e.Evidence.Interval
		if difference < 0 {
			more, less, difference, interval = less, more, -difference, mirrored(interval)
		}
		write := effectShare(axis, e)
		figures := fmt.Sprintf("%s %% against %s %%, a difference of %s points (%s; %s)", write(m.ByRelation[more].MatchingError),
			write(m.ByRelation[less].MatchingError), write(float64(difference)), notation.Interval(interval, write), notation.PEquals(e.Evidence.P))
		if s.significant(e.Evidence.P) {
			return fmt.Sprintf("makes more errors on %s triplets than on %s ones: %s", more, less, figures), true
		}
		return fmt.Sprintf("its errors do not differ significantly between %s and %s triplets: %s", more, less, figures), false
	}
	return "", false
}

// control says what the same network with random weights does: what it does as the
// trained one, it does without training.
func (s statistics) control(figures record.Summary, m *record.ModelSummary) []string {
	i := slices.IndexFunc(figures.Models, func(other record.ModelSummary) bool {
		return other.Kind == model.Untrained && other.Name == m.Name+"-"+model.Untrained
	})
	if i < 0 || len(s.Comparison.Pairs) == 1 { // the sentence on the pair says it
		return nil
	}
	twin := &figures.Models[i]
	share := notation.ShareOf(twin.Triplets)
	for _, p := range s.Comparison.Pairs {
		sign := 1.0 // the difference is that of the twin less the trained one
		switch {
		case p.A == m.Name && p.B == twin.Name:
			sign, p.Evidence.Interval = -1, mirrored(p.Evidence.Interval)
		case p.A != twin.Name || p.B != m.Name:
			continue
		}
		if !p.Evidence.P.Defined() {
			return []string{s.pair(p)}
		}
		text := fmt.Sprintf("%s, the same network with random weights, has an error of %s %%, a difference of %s points (%s; Holm %s)", twin.Name,
			share(twin.MatchingError), share(sign*float64(p.ErrorDifference)), notation.Interval(p.Evidence.Interval, share), notation.PEquals(p.Holm))
		return []string{text, relationAlone(s.relation(twin))}
	}
	return nil
}

// relationAlone makes what the model does by relation a sentence of its own.
func relationAlone(text string, differ bool) string {
	if differ {
		return "It " + text
	}
	return capital(text)
}

func tied(ties int, rule match.Credit) string {
	if rule == match.HalfCredit {
		if ties == 1 {
			return "1 triplet ended in a tie and counts half"
		}
		return english.Count(ties, "triplet") + " ended in a tie and count half"
	}
	return fmt.Sprintf("%s ended in a tie; the rule for ties is %s", english.Count(ties, "triplet"), rule)
}

// capital begins a sentence; names of models keep their first letter.
func capital(s string) string {
	for _, word := range []string{"its", "no", "the", "only", "people's", "whether", "one", "matching"} {
		if strings.HasPrefix(s, word+" ") {
			return strings.ToUpper(s[:1]) + s[1:]
		}
	}
	return s
}
