package heat

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/akin-vision/akin/board"
	"github.com/akin-vision/akin/internal/browser"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// mapped is a board of two sets and two models; the second was not run on the second
// set, and its figure cannot be told from chance.
func mapped() board.Board {
	cell := func(v float64, told bool) board.HeatCell {
		return board.HeatCell{Value: stats.Number(v), Interval: stats.Interval{Low: v - .1, High: v + .1}, Share: stats.Number(1 - 2*v), Told: told}
	}
	none := board.HeatCell{Value: stats.Number(math.NaN()), Interval: stats.Interval{Low: math.NaN(), High: math.NaN()}, Share: stats.Number(math.NaN())}
	return board.Board{
		Sets: []board.Set{{Name: "one", Triplets: 50}, {Name: `<b>"odd"</b>`, Triplets: 50, Task: stimuli.OddOneOut}},
		Heat: &board.Heat{
			Sets:  []board.HeatSet{{Set: "one", Task: stimuli.Related, Figure: "matching_error", Chance: .5}, {Set: `<b>"odd"</b>`, Task: stimuli.OddOneOut, Figure: "accuracy", Chance: 1. / 3, Best: 1}},
			Rows:  []board.HeatRow{{Model: "good", Cells: []board.HeatCell{cell(.2, true), cell(.1, true)}}, {Model: "<i>poor</i>", Cells: []board.HeatCell{cell(.45, false), none}}},
			Mixed: true,
		},
		Cards: make([]board.Card, 1),
	}
}

func TestMapSaysWhatItShows(t *testing.T) {
	p, err := New(mapped())
	if err != nil {
		t.Fatal(err)
	}
	var b, again bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	if err := p.Write(&again); err != nil || again.String() != b.String() {
		t.Errorf("the same board gives other bytes: %v", err)
	}
	text := browser.Parse(t, b.String()).Text()
	for _, want := range []string{"matching error, %; chance 50, less is better", "accuracy, %; chance 33.3", "do not compare sets", "not run", "<i>poor</i>", `<b>"odd"</b>`, "10 to 30"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q:\n%s", want, text)
		}
	}
	html := b.String()
	if !strings.Contains(html, `class="h6">20`) || !strings.Contains(html, `class="untold">45`) || !strings.Contains(html, `class="none">not run`) {
		t.Error("shades are not those of the shares that can be told from chance")
	}
}

func TestOneSetHasNoMap(t *testing.T) {
	if _, err := New(board.Board{}); err == nil {
		t.Error("a board without a map is drawn")
	}
}
