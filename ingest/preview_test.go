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
	for want, at := range map[string]stimuli.Place{"line 7": {File: "a.csv", Line: 7}, "judge/3.npy": {File: "judge/3.npy"}} {
		if got := where(at); got != want {
			t.Errorf("%v is shown as %q, want %q", at, got, want)
		}
	}
}
