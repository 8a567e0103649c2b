package report

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stimuli"
)

// casesShown is how many clearest cases of each kind a model gets.
const casesShown = 6

// casesPrinted is how many models' clearest cases are printed: a page of paper each.
const casesPrinted = 6

// modelCases are one model's clearest right and wrong matches: the largest and
// the most negative margins (arXiv 1709.03806, Figures 7 and 8).
type modelCases struct {
	Index        int // of the model in the run, from 1
	Name, Kind   string
	Open         bool
	Printed      bool
	Right, Wrong []caseCard
	Ties         int
}

type caseCard struct {
	match.Choice
	Shown shownTriplet
	Track track
}

// shownTriplet is a triplet as people saw it.
type shownTriplet struct {
	ID                         string
	Target, Related, Unrelated shownPicture
	Relation, Distractor       string
}

type shownPicture struct {
	Number int // of its thumbnail
	Label  string
	Shown  bool // its thumbnail stands in the page
}

// track places both cosines of a case on the model's scale of all cosines.
type track struct{ Related, Unrelated, From, To page.Px }

// newModelCases takes the networks of a run by their places: their forms would show
// much the same.
func newModelCases(run *record.Run, networks []int, shown *page.Thumbnails) []modelCases {
	open := max(0, slices.IndexFunc(run.Models, func(m record.Model) bool { return m.Kind == model.Trained }))
	list := make([]modelCases, len(networks))
	for k, i := range networks {
		m, x := run.Models[i], trackOf(run, i)
		right, wrong := clearest(m.Choices)
		list[k] = modelCases{Index: i + 1, Name: m.Name, Kind: m.Kind, Open: i == open, Printed: k < casesPrinted,
			Right: cards(m.Choices, right, x, shown), Wrong: cards(m.Choices, wrong, x, shown), Ties: ties(m.Choices)}
	}
	return list
}

func ties(choices []match.Choice) int {
	n := 0
	for _, c := range choices {
		if c.Outcome() == match.Tie {
			n++
		}
	}
	return n
}

// trackOf is the scale of a model's similarities on a card.
func trackOf(run *record.Run, model int) page.Scale {
	return similarityScale(run.Models[model].Choices, measureOf(run.Settings), 8, 192)
}

// clearest returns the places of the right and of the wrong choices by falling
// clarity; equal margins stay in the set's order.
func clearest(choices []match.Choice) (right, wrong []int) {
	for place, c := range choices {
		switch c.Outcome() {
		case match.Right:
			right = append(right, place)
		case match.Wrong:
			wrong = append(wrong, place)
		}
	}
	margin := func(place int) float64 { return choices[place].Margin() }
	slices.SortStableFunc(right, func(a, b int) int { return cmp.Compare(margin(b), margin(a)) })
	slices.SortStableFunc(wrong, func(a, b int) int { return cmp.Compare(margin(a), margin(b)) })
	return right[:min(len(right), casesShown)], wrong[:min(len(wrong), casesShown)]
}

func cards(choices []match.Choice, places []int, x page.Scale, shown *page.Thumbnails) []caseCard {
	list := make([]caseCard, len(places))
	for i, place := range places {
		c := choices[place]
		list[i] = caseCard{
			Choice: c,
			Shown:  *newShownTriplet(c.Triplet, shown.ShowUnscripted),
			Track:  track{Related: x.At(c.Related), Unrelated: x.At(c.Unrelated), From: x.From, To: x.To},
		}
	}
	return list
}

// newShownTriplet has show put its pictures into the page.
func newShownTriplet(t *stimuli.Triplet, show func(*stimuli.Picture) (number int, ok bool)) *shownTriplet {
	names := labels(t)
	picture := func(p *stimuli.Picture, label string) shownPicture {
		number, ok := show(p)
		return shownPicture{number, label, ok}
	}
	return &shownTriplet{
		ID:         t.ID,
		Target:     picture(t.Target, names[0]),
		Related:    picture(t.Related, names[1]),
		Unrelated:  picture(t.Unrelated, names[2]),
		Relation:   t.Relation,
		Distractor: t.Distractor,
	}
}

// stem is a file's name without folder and extension: a label where there is none.
func stem(file string) string { return strings.TrimSuffix(path.Base(file), path.Ext(file)) }
