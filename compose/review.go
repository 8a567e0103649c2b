package compose

import (
	"errors"
	"fmt"
	"io/fs"

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
}

// reviews are the decisions by the pair they concern.
type reviews struct {
	kept    map[[2]int]Review
	refused map[[3]int]bool
	dropped map[[2]int]bool
}

func (c *composer) sortReviews(all []Review) error {
	c.reviews = reviews{kept: map[[2]int]Review{}, refused: map[[3]int]bool{}, dropped: map[[2]int]bool{}}
	for i, r := range all {
		if err := c.sortReview(r); err != nil {
			return fmt.Errorf("review %d (%s, %s): %w", i+1, r.Target, r.Related, err)
		}
	}
	return nil
}

func (c *composer) sortReview(r Review) error {
	target, known := c.index[r.Target]
	related, alsoKnown := c.index[r.Related]
	pair := [2]int{target, related}
	if _, proposed := c.relations[pair]; !known || !alsoKnown || !proposed {
		return errors.New("no such pair is proposed")
	}
	if r.Decision == Drop {
		c.dropped[pair] = true
		return nil
	}
	unrelated, known := c.index[r.Unrelated]
	if !known {
		return fmt.Errorf("distractor %q is not among the pictures", r.Unrelated)
	}
	switch r.Decision {
	case Refuse:
		c.refused[[3]int{pair[0], pair[1], unrelated}] = true
	case Keep:
		if _, twice := c.kept[pair]; twice {
			return errors.New("is kept twice")
		}
		c.kept[pair] = r
	default:
		return fmt.Errorf("decision %q is unknown; use %s, %s or %s", r.Decision, Keep, Refuse, Drop)
	}
	return nil
}

// ReadReviews reads a CSV of reviews, such as review.html of a composed set
// saves: target, related, unrelated, distractor, decision and reason.
func ReadReviews(folder fs.FS, file string) (reviews []Review, err error) {
	rows, err := stimuli.ReadRows(folder, file, "target", "related", "unrelated", "distractor", "decision")
	for _, row := range rows {
		reviews = append(reviews, Review{
			Target: row.Cell("target"), Related: row.Cell("related"), Unrelated: row.Cell("unrelated"),
			Distractor: row.Cell("distractor"), Decision: row.Cell("decision"), Reason: row.Cell("reason"),
		})
	}
	return reviews, err
}
