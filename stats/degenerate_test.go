package stats

import (
	"math"
	"strings"
	"testing"
)

func relations(d *Design, letters string) {
	for _, letter := range letters {
		d.Relation = append(d.Relation, map[rune]string{'x': "taxonomic", 'h': "thematic"}[letter])
	}
}

// What does not vary has no standard error, which is not one of 0.
func TestNoVariationIsNoStandardErrorOfZero(t *testing.T) {
	d, models := outcomes(t, map[string]string{"m": strings.Repeat("+", 12)})
	one, err := One(d, models[0], Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, e := range map[string]Evidence{"error": one.Evidence, "AUC": one.AUC.Evidence} {
		if e.SE.Defined() || e.Degrees.Defined() || !e.P.Defined() || !(e.Interval.Low < e.Interval.High) {
			t.Errorf("%s of 12 right matches: %+v", name, e)
		}
	}
}

// Three and three independent triplets can differ by nothing that exchanging
// labels would find: at best 2 of 20 orders are as extreme.
func TestNoInteractionInSixTriplets(t *testing.T) {
	for pattern := range 64 {
		other := ""
		for i := range 6 {
			other += string("+-"[pattern>>i&1])
		}
		for _, perfect := range []string{"+++---", "---+++", "++++++", "===---", "===+++"} {
			d, models := outcomes(t, map[string]string{"m": perfect, "n": other})
			relations(&d, "xxxhhh")
			axes, err := ByAxes(d, models, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if p := axes.Relation.Interaction.P; p <= 0.05 {
				t.Errorf("%s and %s: the effect differs between models with p = %v", perfect, other, p)
			}
			for _, e := range axes.Relation.Effects {
				if e.Evidence.P <= 0.05 {
					t.Errorf("%s and %s: %s errs by relation with p = %v", perfect, other, e.Model, e.Evidence.P)
				}
			}
		}
	}
}

// A level of nothing but ties has shown no errors and no right matches.
func TestALevelOfTiesHasNoEffect(t *testing.T) {
	d, models := outcomes(t, map[string]string{"m": strings.Repeat("=", 10) + strings.Repeat("+", 10)})
	relations(&d, strings.Repeat("x", 10)+strings.Repeat("h", 10))
	axes, err := ByAxes(d, models, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if e := axes.Relation.Effects[0]; e.Evidence.Missing != AllTied || e.Evidence.P.Defined() || e.RiskDifference != -0.5 {
		t.Errorf("ties against right matches: %+v", e)
	}
}

func TestInfiniteScoresAreRefused(t *testing.T) {
	for _, score := range []float64{math.Inf(1), math.Inf(-1), math.NaN()} {
		d, models := outcomes(t, map[string]string{"m": "++-"})
		models[0].Unrelated[1] = score
		if _, err := Compare(d, models, Options{}); err == nil || !strings.Contains(err.Error(), "triplet 2 is not a finite number") {
			t.Errorf("a score of %v: %v", score, err)
		}
	}
}

// Raters whose answers never vary add no order, whatever their number: sums that
// differ in the last bit are no opinion.
func TestConstantRatersRankNothing(t *testing.T) {
	var d Design
	model := Scores{Model: "m"}
	for i := range 24 {
		name := string(rune('a' + i))
		d.Pictures = append(d.Pictures, [3]string{"t" + name, "r" + name, "u" + name})
		model.Related, model.Unrelated = append(model.Related, math.Sin(float64(i))), append(model.Unrelated, math.Cos(float64(i)))
	}
	judge := func(rater string, skip int, answer func(i int) float64) (list []Judgement) {
		for i, at := range d.slots() {
			if skip == 0 || i%skip != 0 {
				list = append(list, Judgement{Rater: rater, A: at.pair[0], B: at.pair[1], Value: answer(i)})
			}
		}
		return list
	}
	constant := func(v float64) func(int) float64 { return func(int) float64 { return v } }
	varied := func(i int) float64 { return float64(i*7%11) + 0.3 }
	for name, c := range map[string]struct {
		judgements []Judgement
		correlated bool // whether the mean rating varies
	}{
		"three of 33.3, some missing": {append(append(judge("p", 0, constant(33.3)), judge("q", 3, constant(33.3))...), judge("r", 5, constant(33.3))...), false},
		"two constants and one other": {append(append(judge("p", 0, constant(33.3)), judge("q", 0, constant(.1))...), judge("r", 0, varied)...), true},
	} {
		h, err := People(d, []Scores{model}, c.judgements, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := h.Models[0].Pooled.Spearman.Defined(); got != c.correlated {
			t.Errorf("%s: a correlation is defined: %v", name, got)
		}
		if x := h.Ceiling; x != nil && (x.Lower.Defined() || x.Upper.Defined() || x.SplitHalf.Defined() || x.Attainable.Defined()) {
			t.Errorf("%s: ceiling %v to %v, split-half %v", name, x.Lower, x.Upper, x.SplitHalf)
		}
		if x := h.Ceiling; x != nil && x.HeldOut.Others != 0.5 {
			t.Errorf("%s: %v agree with the other raters, who say nothing", name, x.HeldOut.Others)
		}
	}
}

// A model that takes the larger side of every row in which two of three people did has
// the same score everywhere: rounding of the thirds must not become a standard error,
// from which any p could follow.
func TestEqualSharesDoNotVary(t *testing.T) {
	d, similar := VoteDesign{Rows: Rows{Pictures: 63, Pairs: 42}}, make([]float64, 42)
	for i := range int32(21) {
		d.Shown, d.Pair = append(d.Shown, [3]int32{3 * i, 3*i + 1, 3*i + 2}), append(d.Pair, [3]int32{2 * i, 2*i + 1, -1})
		d.Votes = append(d.Votes, [][2]int32{{2, 1}, {1, 2}}[i%2])
		similar[2*i+i%2] = 1
	}
	other := make([]float64, 42)
	for i, s := range similar {
		other[i] = 1 - s
	}
	v, err := Voting(d, []PairScores{{Model: "m", Similarity: similar}, {Model: "against", Similarity: other}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []Evidence{v.Models[0].Evidence, v.Models[1].Evidence, v.Pairs[0].Evidence} {
		if e.Missing != NoVariation || e.P.Defined() || e.SE.Defined() || e.Interval.Defined() {
			t.Errorf("equal scores in all rows: %+v", e)
		}
	}
}

// A model that orders pairs exactly as all people do agrees by 1 in every replicate,
// whatever rounding makes of it.
func TestPerfectAgreementHasNoVariation(t *testing.T) {
	for people := 2; people < 12; people++ {
		const pictures = 10
		values := make([]float64, pictures*(pictures-1)/2)
		for i := range values {
			values[i] = float64(1 + 7*i%11)
		}
		d := MatrixDesign{Pictures: pictures}
		for range people {
			d.People, d.Values = append(d.People, "somebody"), append(d.Values, values)
		}
		m, err := CompareMatrices(d, []MatrixScores{{Model: "m", Values: values}}, Options{Resamples: 100})
		if err != nil {
			t.Fatal(err)
		}
		if e := m.Models[0].Evidence; e.Missing != NoVariation || e.P.Defined() || e.SE.Defined() {
			t.Errorf("perfect agreement with %d people: %+v", people, e)
		}
	}
}
