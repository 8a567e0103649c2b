package words

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/learn"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/stimuli"
)

// Learn writes what spaces did for one model: errors and their changes, over all
// triplets and by relation, left out of fitting and carried over.
func Learn(r *learn.Result, width int) string {
	t := text{width: width}
	t.lines(" " + r.Model)
	t.paragraph(Validated(r))
	writeGroups(&t, r.Validated)
	for _, fact := range LearnFacts(r) {
		t.paragraph(fact)
	}
	if r.Test != "" {
		t.heading("")
		t.paragraph(CarriedOver(r))
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

// Validated says how spaces were tried within a set.
func Validated(r *learn.Result) string {
	repeats := ""
	if r.Repeats > 1 {
		repeats = fmt.Sprintf(", %d times", r.Repeats)
	}
	line := fmt.Sprintf("%s: fitted without the triplet's pictures and concepts (%s, %s%s, %d to %d training triplets)",
		r.Set, english.Count(r.Units, "unit of related pairs"), english.Count(r.Folds, "fold"), repeats, r.Trained[0], r.Trained[1])
	if r.Unnamed > 0 {
		line += fmt.Sprintf("; %s without a label: other photographs of the same thing may have been fitted to", english.Count(r.Unnamed, "picture"))
	}
	return line
}

// CarriedOver says how spaces were tried on another set.
func CarriedOver(r *learn.Result) string {
	left := "no triplet shares a picture or a concept with it"
	if r.LeftOut > 0 {
		left = english.Count(r.LeftOut, "triplet") + " that share a picture or a concept with it are left out"
		if r.LeftOut == 1 {
			left = "1 triplet that shares a picture or a concept with it is left out"
		}
	}
	return fmt.Sprintf("%s: fitted on the whole of %s; %s", r.Test, r.Set, left)
}

// LearnFacts are the learning curve and what was chosen within folds.
func LearnFacts(r *learn.Result) []string {
	var list []string
	if len(r.Curve) > 0 {
		list = append(list, "Learning curve of linear, error by training triplets: "+curve(r.Curve))
	}
	for _, c := range r.Chosen {
		if !strings.Contains(c.Space, ", ") { // the controls' choices are in the record
			list = append(list, chosen(c))
		}
	}
	return list
}

// chosen counts the values that folds chose.
func chosen(c learn.Chosen) string {
	counts := map[float64]int{}
	for _, v := range c.Values {
		counts[v]++
	}
	var parts []string
	for _, v := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%g in %d", v, counts[v]))
	}
	line := fmt.Sprintf("%s of %s, chosen within each of %d folds: %s", strings.ToUpper(c.What[:1])+c.What[1:], c.Space, len(c.Values), strings.Join(parts, ", "))
	if c.Usual > 0 {
		line += fmt.Sprintf("; in %d there was too little to choose by, and the usual value stands", c.Usual)
	}
	if c.Transfer > 0 {
		line += fmt.Sprintf("; on the whole set %g", c.Transfer)
	}
	return line
}

// Overlap says what a space has seen of what made a set.
func Overlap(o learn.Overlap) string {
	line := fmt.Sprintf("Overlap: %s has seen pairs of %d of the %d %s of %s", o.Space, o.Touched, o.Triplets, overlapping[o.Task], o.Set)
	if len(o.Files) > 0 {
		line += fmt.Sprintf(", which was made of the same norms (%s)", strings.Join(o.Files, ", "))
	}
	return line + ": its error there is no test of what it knows of other pairs"
}

// overlapping is what an overlap counts.
var overlapping = map[stimuli.Task]string{"": "triplets", stimuli.OddOneOut: "rows", stimuli.Votes: "rows", stimuli.Matrix: "pairs"}

// GroupName is a relation and its number of triplets.
func GroupName(g learn.Group) string {
	if g.Relation == "" {
		return fmt.Sprintf("all %d", g.Triplets)
	}
	return fmt.Sprintf("%s %d", g.Relation, g.Triplets)
}

func writeGroups(t *text, groups []learn.Group) {
	for _, g := range groups {
		table := newTable(2, GroupName(g), "error", "change", "95 % CI", "p", "Holm", "against")
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
		t.heading(fmt.Sprintf(" %d %s by blend; the likeliest classes, and the pictures' similarity by words:", len(some), verb))
		for _, c := range some[:min(len(some), shownCases)] {
			t.lines(fmt.Sprintf("  %-10s %s: %s %s, not %s %s", c.ID, c.Seen[0], c.Seen[1], notation.Decimal(c.Words[0]), c.Seen[2], notation.Decimal(c.Words[1])))
		}
	}
}
