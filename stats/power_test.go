package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// The power of the exact tests, by drawing the triplets.
func TestPowerIsWhatDrawnTripletsShow(t *testing.T) {
	q := PowerQuestion{Difference: 0.15}.withDefaults()
	needed := q.needed()
	rng := rand.New(rand.NewPCG(4, 4))
	const sets = 4000
	one, two := 0.0, 0.0
	for range sets {
		wrong := 0
		for range int(needed.OneModel) {
			wrong += int(indicator(rng.Float64() < 0.5-q.Difference))
		}
		one += indicator(BinomialTwoSided(wrong, int(needed.OneModel), 0.5) <= q.Significance)
		onlyA, onlyB := 0, 0
		for range int(needed.TwoModels) {
			switch x := rng.Float64(); {
			case x < (q.Discordant+q.Difference)/2:
				onlyA++
			case x < q.Discordant:
				onlyB++
			}
		}
		two += indicator(McNemar(onlyA, onlyB) <= q.Significance)
	}
	for what, found := range map[string]float64{"one model": one / sets, "two models": two / sets} {
		if found < q.Power-0.02 || found > q.Power+0.05 {
			t.Errorf("%s: the difference is found in %.3f of sets, want about %v (%+v)", what, found, q.Power, needed)
		}
	}
}

func TestWhatIsNeededIsShown(t *testing.T) {
	q := PowerQuestion{Difference: 0.1}.withDefaults()
	needed := q.needed()
	for _, c := range []struct {
		what   string
		needed Number
		shown  func(Requirement) Number
	}{
		{"one model", needed.OneModel, func(r Requirement) Number { return r.OneModel }},
		{"two models", needed.TwoModels, func(r Requirement) Number { return r.TwoModels }},
		{"relation", needed.Relation, func(r Requirement) Number { return r.Relation }},
	} {
		if got := c.shown(q.shown(int(c.needed))); math.Abs(float64(got)-0.1) > 0.005 {
			t.Errorf("%s: %v triplets show %v, want .1", c.what, c.needed, got)
		}
	}
	few := NewPower(Units{Triplets: 3, Worth: 3}, PowerQuestion{})
	if few.Shown.OneModel.Defined() || few.Shown.TwoModels.Defined() {
		t.Errorf("three triplets show %+v", *few.Shown)
	}
}

func TestSharedUnits(t *testing.T) {
	var pictures [][3]string
	for i := range 20 {
		pictures = append(pictures, [3]string{fmt.Sprint("t", i/4), fmt.Sprint("r", i/4), fmt.Sprint("u", i)})
	}
	if u := SharedUnits(pictures); u.Triplets != 20 || math.Abs(u.Worth-5) > 1e-12 {
		t.Errorf("five objects of four triplets each: %+v", u)
	}
}

func TestNoPowerForImpossibleDifferences(t *testing.T) {
	p := NewPower(Units{}, PowerQuestion{Difference: 0.9})
	if p.Needed.OneModel.Defined() || p.Needed.Relation.Defined() || !p.Needed.TwoModels.Defined() {
		t.Errorf("90 points: %+v, want triplets for two models alone", p.Needed)
	}
}
