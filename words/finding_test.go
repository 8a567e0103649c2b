package words

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
)

// outcomes is the comparison of models that are right (+), wrong (-) or tied (=)
// on triplets without shared pictures.
func outcomes(t *testing.T, rule match.Credit, marks ...string) statistics {
	t.Helper()
	var d stats.Design
	var models []stats.Scores
	for m, row := range marks {
		s := stats.Scores{Model: string(rune('a' + m))}
		for i, mark := range row {
			if m == 0 {
				name := string(rune('A' + i))
				d.Pictures = append(d.Pictures, [3]string{name + "1", name + "2", name + "3"})
				d.Relation = append(d.Relation, []string{"taxonomic", "thematic"}[2*i/len(row)])
			}
			s.Related = append(s.Related, map[rune]float64{'+': 1, '-': -1}[mark])
			s.Unrelated = append(s.Unrelated, 0)
		}
		models = append(models, s)
	}
	figures := record.Statistics{Level: 0.95, Credit: rule}
	var err error
	o := stats.Options{Resamples: 99, Credit: rule}
	if figures.Comparison, err = stats.Compare(d, models, o); err != nil {
		t.Fatal(err)
	}
	if figures.Axes, err = stats.ByAxes(d, models, o); err != nil {
		t.Fatal(err)
	}
	return statistics{figures}
}

func TestAModelAgainstChance(t *testing.T) {
	for _, c := range []struct {
		rule        match.Credit
		marks, want string
	}{
		{match.HalfCredit, strings.Repeat("+", 216) + strings.Repeat("-", 184), "not significantly different from chance: 184 of 400 wrong (p = .121)"},
		{match.HalfCredit, strings.Repeat("+", 245) + strings.Repeat("-", 155), "fewer errors than chance: 155 of 400 wrong (p < .001)"},
		{match.HalfCredit, strings.Repeat("+", 155) + strings.Repeat("-", 245), "more errors than chance: 245 of 400 wrong (p < .001)"},
		{match.HalfCredit, strings.Repeat("+", 61) + "=" + strings.Repeat("-", 38), "fewer errors than chance: 38.5 of 100 wrong (p = .027)"},
		{match.Dropped, strings.Repeat("+", 61) + "=" + strings.Repeat("-", 38), "fewer errors than chance: 38 of 99 wrong (p = .027)"},
		{match.Dropped, strings.Repeat("=", 40), "every triplet is a tie, and ties are left out: there is no error"},
	} {
		s := outcomes(t, c.rule, c.marks)
		if got := s.model(s.Comparison.Models[0]); got != c.want {
			t.Errorf("%s of %s:\n got %q\nwant %q", c.rule, c.marks, got, c.want)
		}
	}
}

func TestTwoModels(t *testing.T) {
	both := strings.Repeat("+", 10)
	for _, c := range []struct{ a, b, want string }{
		{both + strings.Repeat("+", 20) + "--", both + strings.Repeat("-", 20) + "++",
			`^the error of a is 56 points lower than that of b \(.+; p < \.001\): significant; a alone is right on 20 triplets, b alone on 2$`},
		{both + "--" + "+", both + "++" + "+",
			`^the error of b is 15 points lower than that of a \(.+; p = \.500\): not significant; b alone is right on 2 triplets, a alone on 0$`},
		{both, both, `^a and b are right on the same triplets$`},
	} {
		if got := outcomes(t, match.HalfCredit, c.a, c.b).comparison(); !regexp.MustCompile(c.want).MatchString(got) {
			t.Errorf("got %q\nwant %s", got, c.want)
		}
	}
	three := outcomes(t, match.HalfCredit, both+strings.Repeat("+", 9), both+strings.Repeat("-", 9), both+strings.Repeat("-", 9))
	if got := three.comparison(); !strings.HasPrefix(got, "2 of 3 pairs of models differ significantly") {
		t.Errorf("of three models: %q", got)
	}
	only := three.pair(stats.Pair{A: "a", B: "b", ErrorDifference: .1, Evidence: stats.Evidence{Interval: stats.Interval{Low: .01, High: .2}, P: .03}, Holm: .09, OnlyA: 1, OnlyB: 4})
	if want := "the error of b is 10 points lower than that of a (1 to 20; p = .030, Holm p = .090): not significant once adjusted for all pairs; b alone is right on 4 triplets, a alone on 1"; only != want {
		t.Errorf("got %q\nwant %q", only, want)
	}
}

func TestAnEffectOfARelation(t *testing.T) {
	s := outcomes(t, match.HalfCredit, strings.Repeat("+", 20)+strings.Repeat("+-", 10))
	found := NewFindings(s.Statistics)
	want := regexp.MustCompile(`^a: errors on thematic triplets are 50 points higher than on taxonomic ones \(\S+ to \S+; p (=|<) \S+\): significant$`)
	if len(found.Effects) != 1 || !want.MatchString(found.Effects[0].Text) {
		t.Errorf("effects %+v", found.Effects)
	}
	if !slices.ContainsFunc(found.Notes, func(n string) bool { return strings.Contains(n, "separation") }) {
		t.Errorf("notes %q lack the separation", found.Notes)
	}
	lower := stats.Effect{Model: "m", Reference: "colour", Level: "random", RiskDifference: -.3, Evidence: stats.Evidence{Interval: stats.Interval{Low: -.4, High: .1}, P: .2}}
	three := &stats.Axis{Name: "distractor", Levels: []string{"colour", "random", "shape"}}
	if got, want := s.effect(three, lower), "m: errors on random triplets are 30.0 points lower than on colour ones (-10.0 to 40.0; p = .200): not significant"; got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// TestEachWarningHasASentence reads the kinds from their source, so that none is forgotten.
func TestEachWarningHasASentence(t *testing.T) {
	source, err := os.ReadFile("../stats/warning.go")
	if err != nil {
		t.Fatal(err)
	}
	kinds := regexp.MustCompile(`WarningKind = "([a-z-]+)"`).FindAllSubmatch(source, -1)
	if len(kinds) < 20 {
		t.Fatalf("only %d kinds were found", len(kinds))
	}
	for _, k := range kinds {
		kind := stats.WarningKind(k[1])
		if got := Warning(stats.Warning{Kind: kind}); got == string(kind) || strings.HasSuffix(got, ".") {
			t.Errorf("the sentence of %s is %q, want one without a full stop", kind, got)
		}
	}
}

func TestNotesNameTheModels(t *testing.T) {
	figures := record.Statistics{Comparison: stats.Comparison{
		Models: []stats.OneModel{
			{Model: "a", Warnings: []stats.Warning{{Kind: stats.Unchecked, Model: "a"}, {Kind: stats.ManyTies, Model: "a", Tied: 5, Triplets: 9}}},
			{Model: "b", Warnings: []stats.Warning{{Kind: stats.Unchecked, Model: "b"}, {Kind: stats.ManyTies, Model: "b", Tied: 5, Triplets: 9}}},
			{Model: "c", Warnings: []stats.Warning{{Kind: stats.ManyTies, Model: "c", Tied: 5, Triplets: 9}}},
		},
		Warnings: []stats.Warning{{Kind: stats.TooFewTriplets, Triplets: 9}},
	}}
	got := Notes(figures)
	want := []string{"with 9 triplets no result can be significant", "a, b: the accuracy was not checked", "5 of 9 triplets are ties"}
	if len(got) != len(want) {
		t.Fatalf("%d notes %q, want %d", len(got), got, len(want))
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("note %q, want %q", got[i], want[i])
		}
	}
}

// TestAboutNamesNetworks, not their forms beside them; a network called a+b is no form of a.
func TestAboutNamesNetworks(t *testing.T) {
	names := []string{"a", "a@c1", "a+centred", "a:int8", "a+b", "other@c2"}
	forms := map[string]string{"a@c1": "a", "a+centred": "a", "a:int8": "a", "other@c2": "other"}
	if got, want := About(names, forms, "unchecked"), "a, a+b, other@c2: unchecked"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestSomeOf(t *testing.T) {
	for want, names := range map[string][]string{"a, b": {"a", "b"}, "a, b, c, d, e, f": {"a", "b", "c", "d", "e", "f"}, "a, b, c, d, e and 2 more models": {"a", "b", "c", "d", "e", "f", "g"}} {
		if got := someOf(names); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Models of which one ties everywhere are not right on the same triplets, and an
// effect of 0 is neither higher nor lower.
func TestNothingIsSaidOfWhatDoesNotDiffer(t *testing.T) {
	var d stats.Design
	tied, mixed := stats.Scores{Model: "tied"}, stats.Scores{Model: "mixed"}
	for i := range 20 {
		name := strconv.Itoa(i)
		d.Pictures = append(d.Pictures, [3]string{"t" + name, "r" + name, "u" + name})
		d.Relation = append(d.Relation, []string{"taxonomic", "thematic"}[i/10])
		tied.Related, tied.Unrelated = append(tied.Related, 0), append(tied.Unrelated, 0)
		mixed.Related, mixed.Unrelated = append(mixed.Related, float64(i%2)), append(mixed.Unrelated, 0.5)
	}
	models := []stats.Scores{tied, mixed}
	c, err := stats.Compare(d, models, stats.Options{})
	if err != nil {
		t.Fatal(err)
	}
	axes, err := stats.ByAxes(d, models, stats.Options{})
	if err != nil {
		t.Fatal(err)
	}
	found := NewFindings(record.Statistics{Level: 0.95, Comparison: c, Axes: axes})
	if !strings.Contains(found.Comparison, "equal in number") {
		t.Errorf("two models of 10 errors each: %q", found.Comparison)
	}
	if got := found.Effects[1].Text; !strings.Contains(got, "equally frequent (difference") || strings.Contains(got, "higher") {
		t.Errorf("an effect of 0: %q", got)
	}
}
