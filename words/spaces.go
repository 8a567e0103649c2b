package words

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/record"
)

// Spaces is a table of networks before and after in each of their spaces, where a
// network has several to choose between; else it is empty, and the table of errors says
// as much.
func Spaces(changes []record.SpaceChanges, width int) string {
	t := text{width: width}
	table := newTable(2, "change by a space, points", "change", "95 % CI", "p", "Holm", "against")
	several := false
	for _, n := range changes {
		for _, g := range n.Groups {
			several = several || len(g.Rows) > 1
			share := notation.ShareOf(g.Triplets)
			table.Row(n.Network+", "+GroupName(g), "", "", "", "", "")
			for _, r := range g.Rows {
				table.Row("  +"+r.Space, share(float64(r.Change.ErrorDifference)), notation.Interval(r.Change.Interval, share), notation.P(r.Change.P), notation.P(r.Change.Holm), r.Against)
			}
		}
	}
	if !several {
		return ""
	}
	t.WriteByte('\n')
	t.table(table)
	t.paragraph("Changes are of the error, with shared pictures counted; Holm over the spaces of a network. A run has no controls.")
	for _, n := range changes {
		t.paragraph(n.Network + ": " + SpaceSentence(n) + ".")
	}
	return t.String()
}

// SpaceSentence says which changes of a network's errors are significant and, where none
// is, how large the largest fall is.
func SpaceSentence(c record.SpaceChanges) string {
	var clear []string
	var largest *record.Change
	var of record.ChangeGroup
	for _, g := range c.Groups {
		for _, r := range g.Rows {
			if r.Against != record.Features || !r.Change.ErrorDifference.Defined() {
				continue
			}
			if float64(r.Change.Holm) < 0.05 {
				clear = append(clear, spaceChange(g, r))
			}
			if largest == nil || r.Change.ErrorDifference < largest.Change.ErrorDifference {
				largest, of = &r, g
			}
		}
	}
	switch {
	case len(clear) > 0:
		return "Significant after Holm's adjustment: " + strings.Join(clear, "; ")
	case largest == nil:
		return "No change could be computed"
	case largest.Change.ErrorDifference >= 0:
		return "No space makes fewer errors, and no change is significant after Holm's adjustment"
	}
	return "No change is significant after Holm's adjustment; the largest fall is " + spaceChange(of, *largest)
}

// spaceChange is a change with its space, triplets, interval and test.
func spaceChange(g record.ChangeGroup, r record.Change) string {
	share := notation.ShareOf(g.Triplets)
	return fmt.Sprintf("%s on %s triplets, %s points (%s; %s, adjusted %s)", r.Space, cmp.Or(g.Relation, "all"), share(float64(r.Change.ErrorDifference)),
		notation.Interval(r.Change.Interval, share), notation.PEquals(r.Change.P), notation.P(r.Change.Holm))
}
