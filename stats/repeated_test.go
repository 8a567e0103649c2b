package stats

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// A repeated design says the same, the second time too.
func TestRepeatedDesignSaysTheSame(t *testing.T) {
	d, models := simulated(3, 90, 0.5, 4)
	d = sharing(d, 60)
	repeated := d.Repeated()
	for level := range 2 {
		o := Options{Resamples: 1, Level: 0.95 - 0.05*float64(level)}
		for range 2 {
			if diff := cmp.Diff(everythingSaid(t, d, models, o), everythingSaid(t, repeated, models, o)); diff != "" {
				t.Error(diff)
			}
		}
	}
}

// compared is the comparison of models, and by axes.
func compared(t rapid.TB, d Design, models []Scores, o Options) (Comparison, Axes) {
	t.Helper()
	c, err := Compare(d, models, o)
	if err != nil {
		t.Fatal(err)
	}
	axes, err := ByAxes(d, models, o)
	if err != nil {
		t.Fatal(err)
	}
	return c, axes
}

func everythingSaid(t *testing.T, d Design, models []Scores, o Options) string {
	t.Helper()
	c, axes := compared(t, d, models, o)
	text, err := json.MarshalIndent([]any{c, axes}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
