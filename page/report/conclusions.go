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
	Groups  []string // models that cannot be told apart, after their letter
	Effects []string // of relation and distractor on each model
	Differ  []string // whether models differ in these effects
	People  []string
	Notes   []string
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
	c := &conclusions{Pairs: s.Comparison.Reading, Notes: words.Notes(s)}
	for _, m := range s.Comparison.Models {
		c.Models = append(c.Models, conclusion{
			Model: m.Model, Reading: m.Reading,
			Error: words.Share(m.Error) + " (" + words.Between(m.BCa, words.Share) + ")",
			AUC:   words.Decimal(m.AUC.AUC) + " (" + words.Between(m.AUC.Clustered, words.Decimal) + ")",
		})
	}
	for i, group := range s.Comparison.Groups {
		if len(group) > 1 {
			c.Groups = append(c.Groups, letter(i)+": "+strings.Join(group, ", "))
		}
	}
	for _, axis := range s.PresentAxes() {
		if len(axis.Levels) == 2 {
			for _, e := range axis.Effects {
				c.Effects = append(c.Effects, e.Reading)
			}
		}
		if axis.Interaction != nil {
			c.Differ = append(c.Differ, axis.Interaction.Reading)
		}
	}
	for _, p := range s.People {
		c.People = append(c.People, strings.TrimSpace("ratings "+p.Scale)+": "+p.Reading)
	}
	return c
}
