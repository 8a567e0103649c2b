package words

import (
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
)

// TestGridsFit: names are whole without a width, cut where room lacks, and never cut
// so far that two of them look the same.
func TestGridsFit(t *testing.T) {
	g := newTable(1, "model", "error", "95 % CI")
	names := []string{"small-mobilenet-untrained+centred", "small-mobilenet-trained+centred", "edges"}
	for _, name := range names {
		g.Row(name, "44.2", "39.3 to 49.3")
	}
	if whole := g.fit(0); !strings.Contains(whole, names[0]) || !strings.Contains(whole, names[1]) {
		t.Errorf("names are cut without a width:\n%s", whole)
	}
	for _, width := range []int{200, 60, 50, 45, 40, 20} {
		text := g.fit(width)
		var firsts []string
		for _, line := range strings.Split(text, "\n")[2:] {
			firsts = append(firsts, strings.Fields(line)[0])
		}
		if firsts[0] == firsts[1] {
			t.Errorf("%d columns: two models are both called %s", width, firsts[0])
		}
		if width >= 45 && lipgloss.Width(text) > width {
			t.Errorf("%d columns: the table takes %d:\n%s", width, lipgloss.Width(text), text)
		}
		if width == 200 && text != g.fit(0) {
			t.Error("names are cut where there is room")
		}
	}
}
