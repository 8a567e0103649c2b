package words

import (
	"fmt"
	"strings"

	"github.com/akin-vision/akin/learn"
	"github.com/akin-vision/akin/notation"
)

// Learn writes what spaces did for one model: errors and their changes, over all
// triplets and by relation, left out of fitting and carried over.
func Learn(r *learn.Result, width int) string {
	t := text{width: width}
	t.lines(" " + r.Model)
	repeats := ""
	if r.Repeats > 1 {
		repeats = fmt.Sprintf(", %d times", r.Repeats)
	}
	t.paragraph(fmt.Sprintf("%s: fitted without the triplet's pictures and concepts (%d units of related pairs, %d folds%s, %d to %d training triplets)",
		r.Set, r.Units, r.Folds, repeats, r.Trained[0], r.Trained[1]))
	writeGroups(&t, r.Validated)
	if len(r.Curve) > 0 {
		t.heading(" Learning curve of linear, error by training triplets: " + curve(r.Curve))
	}
	if r.Test != "" {
		t.heading("")
		t.paragraph(fmt.Sprintf("%s: fitted on the whole of %s; triplets that share a picture or a concept with it are left out", r.Test, r.Set))
		writeGroups(&t, r.Transfer)
	}
	for _, missing := range r.Missing {
		t.paragraph(missing)
	}
	if len(r.Cases) > 0 {
		writeCases(&t, r.Cases)
	}
	return t.String()
}

func writeGroups(t *text, groups []learn.Group) {
	for _, g := range groups {
		name := fmt.Sprintf("all %d", g.Triplets)
		if g.Relation != "" {
			name = fmt.Sprintf("%s %d", g.Relation, g.Triplets)
		}
		table := newTable(2, name, "error", "change", "95 % CI", "p", "Holm", "against")
		share := notation.ShareOf(g.Triplets)
		table.Row("features", share(float64(g.Features)), "", "", "", "", "")
		for _, row := range g.Rows {
			c := row.Change
			table.Row(roles[row.Role]+row.Space, share(float64(row.Error)), share(float64(c.ErrorDifference)), notation.Interval(c.Interval, share), notation.P(c.P), notation.P(c.Holm), row.Against)
		}
		t.WriteByte('\n')
		t.table(table)
	}
}

// roles mark what is no space to choose.
var roles = map[learn.Role]string{learn.Space: "", learn.Control: "× ", learn.Ceiling: "↑ "}

// LearnLegend explains the tables of Learn, once for all models.
const LearnLegend = ` change: error less that of what a row is set against, in points. p counts shared
 pictures; Holm over the spaces, and over the controls of one comparison.
 × controls, which must not be better; ↑ words alone, every picture named as in
 the set: a name without words makes ties.
 Word vectors were learned from text: they have seen no rating of this set, but
 text and raters may know the same.
`

func curve(points []learn.Point) string {
	var parts []string
	for _, p := range points {
		parts = append(parts, fmt.Sprintf("%d: %s", p.Triplets, notation.Percent(p.Error)))
	}
	return strings.Join(parts, ", ")
}

// shownCases is how many mended and broken triplets are listed, of each.
const shownCases = 5

func writeCases(t *text, cases []learn.Case) {
	for _, mended := range []bool{true, false} {
		var some []learn.Case
		for _, c := range cases {
			if c.Mended == mended {
				some = append(some, c)
			}
		}
		verb := "broken"
		if mended {
			verb = "mended"
		}
		t.heading(fmt.Sprintf(" %d %s by blend; the likeliest classes and their similarity by words:", len(some), verb))
		for _, c := range some[:min(len(some), shownCases)] {
			t.lines(fmt.Sprintf("  %-10s %s: %s %s, not %s %s", c.ID, c.Seen[0], c.Seen[1], notation.Decimal(c.Words[0]), c.Seen[2], notation.Decimal(c.Words[1])))
		}
	}
}
