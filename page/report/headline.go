package report

import (
	"fmt"

	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/words"
)

// headline is what the page says first: the leading model's error as one large number,
// drawn against chance and by relation, and what may be concluded.
type headline struct {
	Best      record.ModelSummary
	Error     string // in per cent
	Said      words.Conclusion
	Figure    errorFigure
	Rater     *record.Rater        // one person's error; nil where it is not known
	Rivals    int                  // other models of its kind
	Reference *record.ModelSummary // lowest error among the models without training
}

// errorFigure draws errors on one scale from 0 to 100 per cent: first that of all
// triplets as a point, then those by relation as bars, then people's.
type errorFigure struct {
	Rows   []errorRow
	Chance page.Px
	Ticks  []page.Tick
	Bottom page.Px // where the scale stands
	Height page.Px
}

type errorRow struct {
	Name, Value, Interval string
	Kind                  string  // all, relation or people
	Relation              string  // of bars
	Y                     page.Px // its middle
	Top                   page.Px // of its bar
	At, Low, High         page.Px
	Drawn                 bool // whether there is an interval
}

// Sizes of the figure in user units.
const (
	errorLeft, errorRight = 78, 238
	errorRowHeight        = 34
	errorTop              = 22 // room for the word over the line of chance
)

func newHeadline(s record.Summary, statistics record.Statistics) headline {
	best, reference := s.Leading(), s.Untrained()
	if best == reference {
		reference = nil
	}
	h := headline{
		Best: *best, Error: notation.ShareOf(best.Triplets)(best.MatchingError), Said: words.Conclude(s, statistics),
		Figure: newErrorFigure(s, best, statistics), Rivals: s.Rivals(), Reference: reference,
	}
	if rater, known := statistics.Rater(); known {
		h.Rater = &rater
	}
	return h
}

func newErrorFigure(s record.Summary, m *record.ModelSummary, statistics record.Statistics) errorFigure {
	x := page.Scale{Low: 0, High: 100, From: errorLeft, To: errorRight}
	f := errorFigure{Chance: x.At(50), Ticks: x.Ticks(4)}
	add := func(name, kind, relation string, e record.Figures) {
		share := notation.ShareOf(e.Triplets)
		row := errorRow{Name: clipped(name, 13), Kind: kind, Relation: relation, Value: share(e.MatchingError), At: x.At(100 * e.MatchingError),
			Y: page.Px(errorTop + errorRowHeight/2 + len(f.Rows)*errorRowHeight)}
		row.Top = row.Y - 7
		if ci := e.MatchingErrorCI; ci.Defined() {
			row.Drawn, row.Low, row.High, row.Interval = true, x.At(100*ci.Low), x.At(100*ci.High), notation.Interval(ci, share)
		}
		f.Rows = append(f.Rows, row)
	}
	add("all", "all", "", m.Figures)
	if relations := relationsOf(s); 1 < len(relations) && len(relations) <= 4 {
		for _, r := range relations {
			if e, known := m.ByRelation[r.Value]; known {
				add(r.Value, "relation", r.Value, e)
			}
		}
	}
	if raters, held := statistics.Rater(); held {
		f.Rows = append(f.Rows, errorRow{Name: "one rater", Kind: "people", Value: notation.ShareOf(raters.Triplets)(raters.Error),
			At: x.At(100 * raters.Error), Y: page.Px(errorTop + errorRowHeight/2 + len(f.Rows)*errorRowHeight)})
	}
	f.Bottom = page.Px(errorTop + len(f.Rows)*errorRowHeight)
	f.Height = f.Bottom + 20
	return f
}

// Text is the figure in words.
func (f errorFigure) Text() string {
	text := "Matching error in per cent; chance is 50."
	for _, r := range f.Rows {
		text += fmt.Sprintf(" %s %s", r.Name, r.Value)
		if r.Interval != "" {
			text += " (" + r.Interval + ")"
		}
		text += ";"
	}
	return text
}
