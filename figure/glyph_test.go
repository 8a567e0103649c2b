package figure

import (
	"math"
	"slices"
	"testing"

	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/stats"
)

// TestLabelsWithoutGlyphs: no empty box stands for a character that the font lacks, and
// the labels are named.
func TestLabelsWithoutGlyphs(t *testing.T) {
	for label, want := range map[string]string{
		"dog": "dog", "Žluťoučký kůň": "Žluťoučký kůň", "собака": "собака", "ρ ≥ 1": "ρ ≥ 1",
		"犬": "[U+72AC]", "كلب (dog)": "[U+0643 U+0644 U+0628] (dog)",
	} {
		if got := drawable(label); got != want {
			t.Errorf("%s is drawn as %s, want %s", label, got, want)
		}
	}
	f := Bars{[]Bar{{Model: "犬", Top1: Unknown(), Matching: Unknown(), OneMinusAUC: Unknown()}, {Model: "dog", Family: "猫", Top1: Unknown(), Matching: Unknown(), OneMinusAUC: Unknown()}}}
	if got := Undrawn(f); !slices.Equal(got, []string{"犬"}) {
		t.Errorf("undrawn labels %q, want the model's name and not its family's, which is nowhere drawn", got)
	}
}

// TestNumbersStandClearOfWhiskers: whatever the interval, its end lies left of the
// column of numbers.
func TestNumbersStandClearOfWhiskers(t *testing.T) {
	e := Estimate{0.05, stats.Interval{Low: 0, High: 1}}
	f := Bars{[]Bar{{Model: "a", Kind: model.Trained, Triplets: 40, Top1: e, Top1Pictures: 40, Matching: e, OneMinusAUC: e}}}
	p := barPanel{left: 10, width: 100, factor: 100, high: f.highest(func(b Bar) Estimate { return b.Matching })}
	if end := p.at(e.Interval.High); end > p.left+p.width {
		t.Errorf("a whisker ends at %v, beyond its panel's end at %v, where numbers stand", end, p.left+p.width)
	}
}

// TestSourcesOfTopOneAreMarkedWhereTheyAreMixed marks the errors of a sample, and none
// where all are of one kind.
func TestSourcesOfTopOneAreMarkedWhereTheyAreMixed(t *testing.T) {
	known := Estimate{0.25, stats.Interval{Low: 0.2, High: 0.3}}
	published := Bar{Model: "a", Kind: model.Trained, Top1: known, Top1Pictures: 50_000, Matching: known, OneMinusAUC: known, Triplets: 400}
	sample := published
	sample.Top1Sampled, sample.Top1Pictures = true, 47
	for _, c := range []struct {
		rows []Bar
		want []string
	}{
		{[]Bar{published, sample}, []string{"25.0", "25*"}},
		{[]Bar{sample, sample}, []string{"25", "25"}},
		{[]Bar{published}, []string{"25.0"}},
	} {
		f := Bars{c.rows}
		for i, r := range f.Rows {
			if got := f.panels()[0].write(r); got != c.want[i] {
				t.Errorf("row %d of %d is written %s, want %s", i, len(c.rows), got, c.want[i])
			}
		}
	}
	sample.Top1.Value = math.NaN()
	if n := len(Bars{[]Bar{sample}}.panels()); n != 2 {
		t.Errorf("%d panels without any top-1 error, want 2", n)
	}
}
