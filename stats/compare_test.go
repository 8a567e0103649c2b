package stats

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/akin-vision/akin/match"
)

// outcomes lays out models that are right (+), wrong (-) or tied (=) on triplets
// without shared pictures.
func outcomes(t *testing.T, marks map[string]string) (Design, []Scores) {
	t.Helper()
	var d Design
	var models []Scores
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for name := range marks {
			if !yield(name) {
				return
			}
		}
	}) {
		s := Scores{Model: name}
		for i, mark := range marks[name] {
			s.Related = append(s.Related, float64(strings.IndexRune("-=+", mark)))
			s.Unrelated = append(s.Unrelated, 1)
			if len(models) == 0 {
				d.Pictures = append(d.Pictures, [3]string{fmt.Sprint("t", i), fmt.Sprint("r", i), fmt.Sprint("u", i)})
			}
		}
		models = append(models, s)
	}
	return d, models
}

func TestPairCountsWhatOnlyOneGotRight(t *testing.T) {
	d, models := outcomes(t, map[string]string{
		"a": strings.Repeat("+", 30) + "----==",
		"b": strings.Repeat("+", 10) + strings.Repeat("-", 20) + "++--+=",
	})
	for _, c := range []struct {
		ties         match.Credit
		onlyA, onlyB int
		difference   float64
		flips        []int // of the clusters that differ
	}{
		{match.HalfCredit, 20, 2, (4+1)/36. - (22+.5)/36., append(slices.Repeat([]int{2}, 20), -2, -2, -1)},
		{match.AsWrong, 20, 3, 6/36. - 23/36., append(slices.Repeat([]int{2}, 20), -2, -2, -2)},
		{match.AsRight, 20, 2, 4/36. - 22/36., append(slices.Repeat([]int{2}, 20), -2, -2)},
		{match.Dropped, 20, 2, 4/34. - 22/34., append(slices.Repeat([]int{2}, 20), -2, -2)}, // of those that count for both
	} {
		comparison, err := Compare(d, models, Options{Resamples: 100, Credit: c.ties})
		if err != nil {
			t.Fatal(err)
		}
		p := comparison.Pairs[0]
		if p.OnlyA != c.onlyA || p.OnlyB != c.onlyB {
			t.Errorf("%s: only a %d, only b %d; want %d, %d", c.ties, p.OnlyA, p.OnlyB, c.onlyA, c.onlyB)
		}
		near(t, string(c.ties)+": difference", float64(p.ErrorDifference), c.difference)
		near(t, string(c.ties)+": sign flip", float64(p.SignFlip), SignFlip(c.flips))
		if e := p.Evidence; !e.Interval.Contains(c.difference) || e.Interval.High >= 0 || e.P != p.SignFlip {
			t.Errorf("%s: evidence %+v of difference %v", c.ties, e, c.difference)
		}
	}
}

func TestGroupsAndSmallestDifference(t *testing.T) {
	d, models := outcomes(t, map[string]string{
		"best":   strings.Repeat("+", 60),
		"middle": strings.Repeat("+", 50) + strings.Repeat("-", 10),
		"second": strings.Repeat("+", 54) + strings.Repeat("-", 6),
		"worst":  strings.Repeat("-", 60),
	})
	comparison, err := Compare(d, models, Options{Resamples: 100})
	if err != nil {
		t.Fatal(err)
	}
	// best against middle: 10 against 0, p = 2/1024, Holm significant; best
	// against second: 6 against 0, p = .031, not after Holm.
	want := [][]string{{"best", "second"}, {"second", "middle"}, {"worst"}}
	if diff := cmp.Diff(want, comparison.Groups); diff != "" {
		t.Error(diff)
	}
	// Six of 60 triplets on one side, none on the other: p = 2/64.
	if got := comparison.Smallest.AllPairs; got != 0.1 {
		t.Errorf("the smallest significant difference is %v, want 6 of 60", got)
	}
	if comparison.Omnibus > 0.001 || comparison.CochranQ.P > 0.001 {
		t.Errorf("the models differ: omnibus %v, Cochran %+v", comparison.Omnibus, *comparison.CochranQ)
	}
	for i, want := range []Ranks{{1, 2}, {2, 3}, {1, 3}, {4, 4}} { // best, middle, second, worst
		if got := *comparison.Models[i].Ranks; got != want {
			t.Errorf("%s may stand from %d to %d, want %d to %d", comparison.Models[i].Model, got.Best, got.Worst, want.Best, want.Worst)
		}
	}
}

func TestGapIntervalSurroundsTheGap(t *testing.T) {
	d, models := simulated(1, 300, 0.8, 5)
	one, err := One(d, models[0], Options{Resamples: 400})
	if err != nil {
		t.Fatal(err)
	}
	g := one.Gap
	near(t, "gap", float64(g.Gap), float64(1-one.Error-one.AUC.AUC))
	if !g.Interval.Contains(float64(g.Gap)) || g.Interval.High-g.Interval.Low > 0.1 {
		t.Errorf("gap %v, interval %v", g.Gap, g.Interval)
	}
}

// Linear interpolation at position p(n-1), as numpy.quantile.
func TestMarginsDescribeTheDifferences(t *testing.T) {
	s := Scores{Related: []float64{5, 1, 4, 2}, Unrelated: []float64{1, 2, 1, 2}} // margins -1 0 3 4
	got := margins(s)
	near(t, "mean", float64(got.Mean), 1.5)
	near(t, "SD", float64(got.SD), math.Sqrt(17./3))
	for i, want := range []float64{-1, -0.85, -0.25, 1.5, 3.25, 3.85, 4} {
		near(t, fmt.Sprint("quantile ", got.Quantiles[i].P), float64(got.Quantiles[i].Margin), want)
	}
}

func TestRepeatedJudgementsAreAveraged(t *testing.T) {
	key := []pairOf{newPairOf("a", "b")}
	p := newPanel([]Judgement{{"r", "a", "b", 1}, {"r", "b", "a", 2}, {"r", "a", "b", 6}}, key)
	if diff := cmp.Diff([][]float64{{3}}, p.value); diff != "" {
		t.Error(diff)
	}
}

// Labels of single triplets are exchanged in all 12-choose-6 ways.
func TestRelabellingMatchesEnumeration(t *testing.T) {
	d, models := outcomes(t, map[string]string{"a": "+++++--+----"})
	for i := range d.Pictures {
		d.Relation = append(d.Relation, []string{"taxonomic", "thematic"}[i/6])
	}
	axes, err := ByAxes(d, models, Options{})
	if err != nil {
		t.Fatal(err)
	}
	credit := newOutcome(models[0], match.HalfCredit).credit
	contrast := func(set uint64) (sum int) {
		for i, c := range credit {
			sum += (1 - 2*int(set>>i&1)) * int(c)
		}
		return abs(sum)
	}
	seen, reached, ways := contrast(0b111111), 0.0, 0.0
	for set := range uint64(1 << 12) {
		if bits.OnesCount64(set) == 6 {
			reached, ways = reached+indicator(contrast(set) >= seen), ways+1
		}
	}
	e := axes.Relation.Effects[0].Evidence
	near(t, "p", float64(e.P), reached/ways)
	if e.Test != Relabelled {
		t.Errorf("the test is %q", e.Test)
	}
}

// Pairs of pictures are exchanged whole, never the triplets of one.
func TestWholePairsAreRelabelled(t *testing.T) {
	var d Design
	s := Scores{Model: "m"}
	for p := range 12 {
		for j := range 10 {
			d.Pictures = append(d.Pictures, [3]string{fmt.Sprint("t", p), fmt.Sprint("r", p), fmt.Sprint("u", (p*10+j)%5)})
			d.Relation = append(d.Relation, []string{"taxonomic", "thematic"}[p/6])
			wrong := p == 0 || p > 6
			s.Related, s.Unrelated = append(s.Related, indicator(!wrong)), append(s.Unrelated, indicator(wrong))
		}
	}
	axes, err := ByAxes(d, []Scores{s}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	e := axes.Relation.Effects[0]
	near(t, "p of 1 against 5 of 6 pairs", float64(e.Evidence.P), 74/924.)
	if !e.Evidence.Interval.Contains(0) {
		t.Errorf("p is %v and the interval %v", e.Evidence.P, e.Evidence.Interval)
	}
}

// Ten pairs in both directions are ten units, not eighty and not twenty.
func TestBothDirectionsAreOneUnit(t *testing.T) {
	var d Design
	s := Scores{Model: "m"}
	for p := range 10 {
		for j := range 8 {
			a, b := fmt.Sprint("a", p), fmt.Sprint("b", p)
			if j%2 == 1 {
				a, b = b, a
			}
			d.Pictures = append(d.Pictures, [3]string{a, b, fmt.Sprint("u", p, j)})
			s.Related, s.Unrelated = append(s.Related, indicator(p < 8)), append(s.Unrelated, indicator(p >= 8))
		}
	}
	one, err := One(d, s, Options{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "p", float64(one.Evidence.P), BinomialTwoSided(8, 10, 0.5))
	if one.Clusters != 10 || !one.Evidence.Interval.Contains(0.5) {
		t.Errorf("%d clusters, interval %v", one.Clusters, one.Evidence.Interval)
	}
}

// Each contrast has its own p: two equal levels do not differ because a third does.
func TestContrastsHaveTheirOwnP(t *testing.T) {
	d, models := outcomes(t, map[string]string{"net": strings.Repeat("---", 6) + strings.Repeat("++-", 21) + "+++++++++"})
	for i := range d.Pictures {
		d.Distractor = append(d.Distractor, []string{"colour", "random", "shape"}[i%3])
	}
	axes, err := ByAxes(d, models, Options{})
	if err != nil {
		t.Fatal(err)
	}
	random, shape := axes.Distractor.Effects[0], axes.Distractor.Effects[1]
	if random.RiskDifference != 0 || random.Evidence.P != 1 || shape.Evidence.P > 0.001 || axes.Distractor.Omnibus[0].P > 0.001 {
		t.Errorf("colour to random %+v\ncolour to shape %+v\nomnibus %+v", random, shape, axes.Distractor.Omnibus)
	}
}

// No interval is without width, and none contradicts its p.
func TestIntervalsHaveWidthAndAgreeWithTheirP(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 40).Draw(t, "n")
		d := Design{Pictures: drawPictures(t, n)}
		for range n {
			d.Relation = append(d.Relation, rapid.SampledFrom([]string{"taxonomic", "thematic"}).Draw(t, "relation"))
		}
		models := []Scores{drawScores(t, n, "a"), drawScores(t, n, "b")}
		c, axes := compared(t, d, models, Options{})
		check := func(what string, value Number, e Evidence, null float64) {
			if e.Missing == "" != e.P.Defined() || e.P.Defined() != e.Interval.Defined() {
				t.Fatalf("%s: %+v is neither evidence nor missing", what, e)
			}
			if !e.Interval.Defined() {
				return
			}
			if !(e.Interval.Low < e.Interval.High) || !e.Interval.Contains(float64(value)) {
				t.Fatalf("%s: %v within %v", what, value, e.Interval)
			}
			if margin := math.Abs(float64(e.P) - 0.05); margin > 1e-9 && (e.P <= 0.05) == e.Interval.Contains(null) {
				t.Fatalf("%s: p %v and interval %v of %v", what, e.P, e.Interval, null)
			}
		}
		for _, m := range c.Models {
			check("error", m.Error, m.Evidence, 0.5)
			check("AUC", m.AUC.AUC, m.AUC.Evidence, 0.5)
		}
		p := c.Pairs[0]
		check("difference", p.ErrorDifference, p.Evidence, 0)
		check("AUC difference", p.AUCDifference, p.AUCEvidence, 0)
		if axes.Relation != nil {
			for _, cell := range axes.Relation.Cells {
				check("cell", cell.Error, cell.Evidence, 0.5)
			}
			for _, e := range axes.Relation.Effects {
				check("effect", e.RiskDifference, e.Evidence, 0)
			}
		}
	})
}

// 30 of 30 right on independent triplets: Clopper and Pearson's interval.
func TestPerfectModelHasTheExactInterval(t *testing.T) {
	d, models := outcomes(t, map[string]string{"m": strings.Repeat("+", 30), "n": strings.Repeat("+", 30)})
	c, err := Compare(d, models, Options{})
	if err != nil {
		t.Fatal(err)
	}
	nearInterval(t, "error", c.Models[0].Evidence.Interval, ClopperPearson(0, 30, 0.95))
	nearInterval(t, "difference", c.Pairs[0].Evidence.Interval, Interval{-ClopperPearson(0, 30, 0.95).High, ClopperPearson(0, 30, 0.95).High})
}

// Where all triplets show one picture nothing carries over to others.
func TestOneUnitHasNoTest(t *testing.T) {
	d, models := outcomes(t, map[string]string{"a": "++++++++--------+-+-", "b": "+-+-+-+-+-+-+-+-++--"})
	for i := range d.Pictures {
		d.Pictures[i][2] = "the one"
		d.Relation = append(d.Relation, []string{"taxonomic", "thematic"}[i%2])
	}
	c, axes := compared(t, d, models, Options{})
	for what, e := range map[string]Evidence{
		"error": c.Models[0].Evidence, "AUC": c.Models[0].AUC.Evidence, "difference": c.Pairs[0].Evidence,
		"AUC difference": c.Pairs[0].AUCEvidence, "cell": axes.Relation.Cells[0].Evidence, "effect": axes.Relation.Effects[0].Evidence,
	} {
		if e.Missing != OneUnit || e.P.Defined() || e.Interval.Defined() {
			t.Errorf("%s: %+v", what, e)
		}
	}
	if len(c.Warnings) != 1 || c.Warnings[0].Kind != OneCluster {
		t.Errorf("warnings %+v", c.Warnings)
	}
}

func TestDroppedTiesLeaveTheCells(t *testing.T) {
	d, models := outcomes(t, map[string]string{"a": "+-==++--"})
	for i := range d.Pictures {
		d.Relation = append(d.Relation, []string{"taxonomic", "thematic"}[i/4])
		d.Distractor = append(d.Distractor, []string{"colour", "shape"}[i%2])
	}
	axes, err := ByAxes(d, models, Options{Resamples: 50, Credit: match.Dropped})
	if err != nil {
		t.Fatal(err)
	}
	if c := axes.Relation.Cells[0]; c.Triplets != 4 || c.Counted != 2 || c.Tied != 2 || c.Wrong != 1 {
		t.Errorf("taxonomic: %v of %d wrong, want 1 of 2", c.Wrong, c.Counted)
	}
	if c := axes.Both[0]; c.Relation != "taxonomic" || c.Distractor != "colour" || c.Counted != 1 || c.Wrong != 0 {
		t.Errorf("taxonomic, colour: %+v", c)
	}
}

// Between objects the pairs separate perfectly but for two levels; within a
// triplet every match is wrong.
func TestPooledInflationIsWarnedOf(t *testing.T) {
	d, models := outcomes(t, map[string]string{"m": strings.Repeat("+-", 100)})
	s := models[0]
	for i := range s.Related {
		s.Related[i], s.Unrelated[i] = float64(200+i), float64(i)
		if i%2 == 1 { // wrong, yet both pairs above all unrelated pairs of others
			s.Related[i], s.Unrelated[i] = float64(400+i), float64(400+i)+0.5
		}
	}
	one, err := One(d, s, Options{Resamples: 200})
	if err != nil {
		t.Fatal(err)
	}
	want := Warning{Kind: InflatedAUC, Model: "m", Accuracy: one.Gap.Accuracy, AUC: one.Gap.AUC()}
	if !slices.Contains(one.Warnings, want) {
		t.Errorf("warnings %+v lack %+v", one.Warnings, want)
	}
}

func TestBaselineTakesEachModelOnce(t *testing.T) {
	d, models := outcomes(t, map[string]string{
		"a": strings.Repeat("+", 60), "b": strings.Repeat("+", 59) + "-", "c": strings.Repeat("-", 60),
	})
	c, err := Compare(d, models, Options{})
	if err != nil {
		t.Fatal(err)
	}
	list, err := c.Baseline("b", 0.1)
	if err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	if a := list[0]; a.Model != "a" || a.ErrorDifference >= 0 || a.P != 1 || !*a.NotInferior {
		t.Errorf("a against b: %+v", a)
	}
	if worse := list[1]; worse.Model != "c" || worse.ErrorDifference <= 0 || worse.Holm > 0.001 || *worse.NotInferior {
		t.Errorf("c against b: %+v", worse)
	}
	again := models[0]
	again.Model = "again"
	same, err := Compare(d, []Scores{models[0], again}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if list, err := same.Baseline("a", 0); err != nil || math.Signbit(float64(list[0].ErrorDifference)) {
		t.Errorf("a model against itself: %+v, %v", list, err)
	}
	if alone, err := Compare(d, models[:1], Options{}); err != nil {
		t.Fatal(err)
	} else if _, err := alone.Baseline("a", 0); err == nil || !strings.Contains(err.Error(), "only model") {
		t.Errorf("the only model as baseline: %v", err)
	}
	if _, err := c.Baseline("d", 0); err == nil || !strings.Contains(err.Error(), "use one of a, b, c") {
		t.Errorf("an unknown baseline: %v", err)
	}
}
