package words

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/learn"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stimuli"
)

// Learn writes what spaces did for one model: errors and their changes, over all
// triplets and by relation, left out of fitting and carried over.
func Learn(r *learn.Result, width int) string {
	t := text{width: width}
	t.lines(" " + r.Model)
	t.paragraph(Validated(r))
	writeGroups(&t, r.Validated)
	if r.Agreement != nil {
		t.agreement(r.Agreement)
	}
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
	if r.Agreement != nil {
		line := fmt.Sprintf("%s: each pair by what was fitted without both pictures and their concepts (%s, %s, %d to %d training pictures)",
			r.Set, english.Count(r.Units, "concept"), english.Count(r.Folds, "part"), r.Trained[0], r.Trained[1])
		return line + withoutLabel(r.Unnamed)
	}
	line := fmt.Sprintf("%s: fitted without the triplet's pictures and concepts (%s, %s%s, %d to %d training triplets)",
		r.Set, english.Count(r.Units, "unit of related pairs"), english.Count(r.Folds, "fold"), repeats, r.Trained[0], r.Trained[1])
	return line + withoutLabel(r.Unnamed)
}

func withoutLabel(pictures int) string {
	if pictures == 0 {
		return ""
	}
	return fmt.Sprintf("; %s without a label: other photographs of the same thing may have been fitted to", english.Count(pictures, "picture"))
}

// AgreementTable is a table of spaces on matrices, the titles of its columns first.
func AgreementTable(a *learn.Agreement) [][]string {
	rows := [][]string{
		{"space", "Spearman", "change", "95 % CI", "p", "Holm", "against"},
		{"features", notation.Decimal(a.Features), "", "", "", "", ""},
	}
	for _, r := range a.Rows {
		rows = append(rows, []string{roles[r.Role] + r.Space, notation.Decimal(r.Spearman), notation.Decimal(r.Change),
			notation.Interval(r.Evidence.Interval, notation.Decimal[float64]), notation.P(r.Evidence.P), notation.P(r.Holm), r.Against})
	}
	if a.People > 1 {
		rows = append(rows, []string{"ceiling, lower", notation.Decimal(a.Lower), "", "", "", "", ""}, []string{"ceiling, upper", notation.Decimal(a.Upper), "", "", "", "", ""})
	}
	return rows
}

// AgreementSentence says what such a table holds.
func AgreementSentence(a *learn.Agreement) string {
	people := "1 person"
	if a.People > 1 {
		people = fmt.Sprintf("%d people (mean of each one's)", a.People)
	}
	return fmt.Sprintf("%s pairs of %d pictures. Spearman: correlation with the dissimilarities of %s. Intervals of the change resample people and pictures.",
		notation.Count(a.Pairs), a.Pictures, people)
}

func (t *text) agreement(a *learn.Agreement) {
	rows := AgreementTable(a)
	table := newTable(1, rows[0]...)
	for _, row := range rows[1:] {
		table.Row(row...)
	}
	t.WriteByte('\n')
	t.table(table)
	t.paragraph(AgreementSentence(a))
	for _, doubt := range doubts(a.Warnings) {
		t.paragraph(doubt)
	}
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
	if r.Named != nil {
		list = append(list, fmt.Sprintf("Words stand for the names of %d of %d pictures", r.Named[0], r.Named[1]))
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
func GroupName(g record.ChangeGroup) string {
	if g.Relation == "" {
		return fmt.Sprintf("all %d", g.Triplets)
	}
	return fmt.Sprintf("%s %d", g.Relation, g.Triplets)
}

func writeGroups(t *text, groups []record.ChangeGroup) {
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
var roles = map[record.Role]string{record.SpaceRole: "", record.ControlRole: "× ", record.CeilingRole: "↑ "}

// LearnLegend explains the tables of Learn, once for all models.
func LearnLegend(results []*learn.Result) string {
	change, names := " change: error less that of what a row is set against, in points. p counts shared\n pictures; Holm", ": a name without words makes ties.\n"
	if len(results) > 0 && results[0].Agreement != nil {
		change, names = " change: Spearman less that of what a row is set against. p: people and pictures\n drawn anew. Holm: p adjusted", ".\n"
	}
	return change + ` over the spaces, and over the controls of one comparison.
 × controls, which must not be better; ↑ words alone, every picture named as in
 the set` + names + ` Word vectors were learned from text: they have seen no rating of this set, but
 text and raters may know the same.
`
}

func curve(points []learn.Point) string {
	var parts []string
	for _, p := range points {
		parts = append(parts, fmt.Sprintf("%d: %s", p.Triplets, notation.Percent(p.Error)))
	}
	return strings.Join(parts, ", ")
}

// shownCases is how many mended and broken triplets are listed, of each.
const shownCases = 5

func writeCases(t *text, cases []record.Case) {
	for _, mended := range []bool{true, false} {
		var some []record.Case
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
