package report

import (
	"strings"

	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/words"
)

// conclusions is what the statistics allow to say, in words and few figures.
type conclusions struct {
	Models  []conclusion
	Pairs   string   // of the models together
	Groups  []string // models that do not differ significantly, after their letter
	Effects []string // of relation and distractor on each model
	Differ  []string // whether models differ in these effects
	People  []string
	Notes   []string

	Independent []words.Grid // the figures for independent triplets, folded
	Caveat      string       // about these
}

// fewLines is how many lines of one kind stand open; more are folded.
const fewLines = 6

// Few reports whether lines may stand open.
func (conclusions) Few(lines []string) bool { return len(lines) <= fewLines }

// conclusion is one model against chance, shared pictures allowed for.
type conclusion struct{ Model, Reading, Error, AUC string }

func newConclusions(s record.Statistics) *conclusions {
	if len(s.Comparison.Models) == 0 {
		return nil
	}
	found := words.NewFindings(s)
	c := &conclusions{Pairs: found.Comparison, Differ: found.Interactions, Notes: found.Notes,
		Independent: words.Independent(s), Caveat: words.IndependentNote(s)}
	for i, m := range s.Comparison.Models {
		c.Models = append(c.Models, conclusion{
			Model: m.Model, Reading: found.Models[i],
			Error: words.Estimate(m.Error, m.Evidence.Interval, words.Percent),
			AUC:   words.Estimate(m.AUC.AUC, m.AUC.Evidence.Interval, words.Decimal),
		})
	}
	for i, group := range s.Comparison.Groups {
		if len(group) > 1 {
			c.Groups = append(c.Groups, letter(i)+": "+strings.Join(group, ", "))
		}
	}
	for _, e := range found.Effects {
		if e.Levels == 2 {
			c.Effects = append(c.Effects, e.Text)
		}
	}
	for i, p := range s.People {
		c.People = append(c.People, strings.TrimSpace("ratings "+p.Scale)+": "+found.People[i])
	}
	return c
}
