package words

import (
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
)

// TestGridsFit: names are whole without a width and cut where a little room lacks; never
// are two of them cut to the same. Where more lacks they stand above their numbers, and
// numbers go below one another. No row and no number is lost.
func TestGridsFit(t *testing.T) {
	g := newTable(1, "A", "B", "error", "95 % CI", "p")
	g.names = 2
	names := []string{"small-mobilenet-untrained+centred", "small-mobilenet-trained+centred", "edges"}
	for _, name := range names {
		g.Row(name, "pixels-of-"+name, "44.2", "39.3 to 49.3", ".026")
	}
	if whole := g.fit(0); !strings.Contains(whole, names[0]) || !strings.Contains(whole, names[1]) {
		t.Errorf("names are cut without a width:\n%s", whole)
	}
	if g.fit(200) != g.fit(0) {
		t.Error("names are cut where there is room")
	}
	for width := 200; width >= 13; width-- {
		text := g.fit(width)
		if lipgloss.Width(text) > max(width, len(" "+names[0]+", pixels-of-"+names[0])) {
			t.Fatalf("%d columns: the table takes %d:\n%s", width, lipgloss.Width(text), text)
		}
		if strings.Count(text, "44.2") != len(names) || strings.Count(text, ".026") != len(names) || strings.Count(text, "39.3 to 49.3") != len(names) {
			t.Fatalf("%d columns: a row lacks a number, or has it twice:\n%s", width, text)
		}
		for i, line := range strings.Split(text, "\n") {
			if strings.Contains(line, "…") && strings.Count(text, strings.Fields(line)[0]) != 1 {
				t.Fatalf("%d columns, line %d: two models have one name:\n%s", width, i, text)
			}
		}
	}
}

// TestStackedNames: the names of a row stand in one line above its numbers.
func TestStackedNames(t *testing.T) {
	g := newTable(1, "A", "B", "only A", "only B", "p", "Holm")
	g.names = 2
	g.Row("small-mobilenet-untrained", "small-mobilenet", "113", "63", "<.001", ".004")
	const want = ` A, B
  only A only B     p Holm
──────────────────────────
 small-mobilenet-untrained, small-mobilenet
     113     63 <.001 .004`
	if got := g.fit(44); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestBreak: no line begins with a per cent sign, and sentences lose their double spaces.
func TestBreak(t *testing.T) {
	for _, c := range []struct {
		line          string
		width, indent int
		want          string
	}{
		{"a power below 80 %) is low", 16, 0, "a power below\n80 %) is low"},
		{"a  power  below", 9, 2, "a  power\n  below"},
		{"80 % of 90 %", 6, 0, "80 %\nof\n90 %"},
		{"%", 1, 0, "%"},
		{"", 5, 0, ""},
	} {
		if got := strings.Join(Break(c.line, c.width, c.indent), "\n"); got != c.want {
			t.Errorf("%q in %d columns becomes\n%s\nwant\n%s", c.line, c.width, got, c.want)
		}
	}
	if got := wrap("one  two\tthree", 9); strings.Join(got, "|") != "one two|three" {
		t.Errorf("a sentence becomes %q", got)
	}
}
