package ingest

import (
	"strings"
	"testing"

	"github.com/akin-vision/akin/stimuli"
)

// TestPreviewTellsPicturesApart: a long path keeps its file name, a row of a file of its
// own the file, and a scale without a name is not mentioned.
func TestPreviewTellsPicturesApart(t *testing.T) {
	folder := strings.Repeat("folder/", 12)
	p := Plan{Pictures: make([]Picture, 3), Judgements: make([]Judgement, 4)}
	p.mapping.Task = string(stimuli.Votes)
	for _, want := range []string{"judgements: 4\n"} {
		if got := p.Preview(); !strings.Contains(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
	if got := printable(folder + "monkey.jpg"); !strings.HasPrefix(got, "folder/") || !strings.HasSuffix(got, "/monkey.jpg") {
		t.Errorf("a long path is shown as %q", got)
	}
	for _, c := range []struct {
		places []stimuli.Place
		want   string
	}{
		{[]stimuli.Place{{File: "a.csv", Line: 7}, {File: "a.csv", Line: 9}}, "line 7, line 9"},
		{[]stimuli.Place{{File: "judge/3.npy"}, {File: "judge/4.npy"}}, "judge/3.npy, judge/4.npy"},
		{[]stimuli.Place{{File: "a.json", Line: 1}, {File: "a.json", Line: 1}, {File: "b.json", Line: 1}}, "row 1, row 2, row 3"},
		{[]stimuli.Place{{File: "a.csv", Line: 7}, {File: "b.csv", Line: 7}}, "line 7, line 7"},
	} {
		if got := strings.Join(rowNames(c.places, func(p stimuli.Place) stimuli.Place { return p }), ", "); got != c.want {
			t.Errorf("%v are called %s, want %s", c.places, got, c.want)
		}
	}
}
