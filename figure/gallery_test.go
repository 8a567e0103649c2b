package figure

import "testing"

// TestCardsDoNotRepeatTheirSection: below a section of one relation stands the distractor.
func TestCardsDoNotRepeatTheirSection(t *testing.T) {
	for _, c := range []struct {
		section string
		one     Case
		want    string
	}{
		{"net, best", Case{Relation: "thematic", Distractor: "shape"}, "thematic"},
		{"thematic", Case{Relation: "thematic", Distractor: "shape"}, "shape"},
		{"net, best", Case{Distractor: "shape"}, "shape"},
		{"thematic", Case{Relation: "thematic"}, ""},
	} {
		if got := c.one.tag(c.section); got != c.want {
			t.Errorf("in %q %+v says %q, want %q", c.section, c.one, got, c.want)
		}
	}
}
