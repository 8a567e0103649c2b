package compose

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"

	"github.com/akin-vision/akin/internal/spreadsheet"
	"github.com/akin-vision/akin/stimuli"
)

// Decisions of a reviewer who has looked at a proposed triplet.
const (
	Keep   = "keep"   // the triplet stands as it is, with this distractor of this kind
	Refuse = "refuse" // the pair may not have this distractor
	Drop   = "drop"   // the pair is left out
)

// Review is one decision about a pair or a triplet.
type Review struct {
	Target, Related string
	Unrelated       string // the distractor that is kept or refused; empty for Drop
	Distractor      string // the kind that is kept: stimuli.ShapeMatched, ...
	Decision        string
	Reason          string
	At              stimuli.Place // where it was read, if it was
}

// reviews are the decisions by the pair they concern.
type reviews struct {
	kept    map[[2]int]Review
	refused map[[3]int]bool
	dropped map[[2]int]Review
}

// sortReviews sorts the decisions by what they decide; faults are stimuli.Problems, all at once.
func (c *composer) sortReviews(all []Review) error {
	c.reviews = reviews{kept: map[[2]int]Review{}, refused: map[[3]int]bool{}, dropped: map[[2]int]Review{}}
	var problems stimuli.Problems
	for i, r := range all {
		if r.At.Line == 0 {
			r.At = stimuli.Place{File: "reviews", Line: i + 1}
		}
		if err := c.sortReview(r); err != nil {
			problems = append(problems, r.problem(err))
		}
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

func (r Review) problem(err error) stimuli.Problem {
	return stimuli.Problem{File: r.At.File, Line: r.At.Line, What: fmt.Sprintf("%s of %s, %s: %v", cmp.Or(r.Decision, "decision"), r.Target, r.Related, err)}
}

func (c *composer) sortReview(r Review) error {
	target, known := c.index[r.Target]
	related, alsoKnown := c.index[r.Related]
	pair := [2]int{target, related}
	if _, proposed := c.relations[pair]; !known || !alsoKnown || !proposed {
		return errors.New("no such pair is proposed")
	}
	switch r.Decision {
	case Drop:
		return c.decide(c.dropped, pair, r)
	case Keep, Refuse:
	default:
		return fmt.Errorf("decision %q is unknown; use %s, %s or %s", r.Decision, Keep, Refuse, Drop)
	}
	unrelated, known := c.index[r.Unrelated]
	switch {
	case !known:
		return fmt.Errorf("distractor %q is not among the pictures", r.Unrelated)
	case r.Decision == Keep:
		return c.decide(c.kept, pair, r)
	}
	c.refused[[3]int{target, related, unrelated}] = true
	return nil
}

// decide records the decision on a pair; there can be only one.
func (c *composer) decide(decisions map[[2]int]Review, pair [2]int, r Review) error {
	for _, decided := range []map[[2]int]Review{c.kept, c.dropped} {
		if first, twice := decided[pair]; twice {
			return fmt.Errorf("line %d says %s already", first.At.Line, first.Decision)
		}
	}
	decisions[pair] = r
	return nil
}

// ReadReviews reads a CSV of reviews, such as review.html of a composed set
// saves: target, related, unrelated, distractor, decision and reason.
func ReadReviews(folder fs.FS, file string) (reviews []Review, err error) {
	rows, err := stimuli.ReadRows(folder, file, "target", "related", "unrelated", "distractor", "decision")
	for _, row := range rows {
		text := func(column string) string { return spreadsheet.Text(row.Cell(column)) } // the page wrote it inert
		reviews = append(reviews, Review{
			Target: text("target"), Related: text("related"), Unrelated: text("unrelated"),
			Distractor: text("distractor"), Decision: text("decision"), Reason: text("reason"),
			At: stimuli.Place{File: file, Line: row.Line},
		})
	}
	return reviews, err
}
