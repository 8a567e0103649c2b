package stats

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
		{match.Dropped, 20, 2, 4/34. - 22/35., append(slices.Repeat([]int{2}, 20), -2, -2)},
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
		if !p.ErrorInterval.Contains(c.difference) || p.ErrorInterval.High >= 0 {
			t.Errorf("%s: interval %v of difference %v", c.ties, p.ErrorInterval, c.difference)
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
	// Pairs differ on 10, 6, 60, 4, 50, 54 triplets: the median from above is 50.
	s := comparison.Smallest
	if s.Discordant != 50 || s.Alone != Number(16/60.) || s.AllPairs != Number(20/60.) {
		t.Errorf("smallest significant difference %+v; want 16 and 20 of 50 discordant among 60", *s)
	}
	if p := McNemar(17, 33); p > 0.05 {
		t.Errorf("16 of 50 is not significant after all: %v", p)
	}
	if p := McNemar(18, 32); p <= 0.05 {
		t.Errorf("14 of 50 would do: %v", p)
	}
	if q := comparison.CochranQ; q.Permutation > 0.02 || q.Permutations != 100 {
		t.Errorf("Cochran %+v", *q)
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

func TestBCaCountsEqualReplicatesHalf(t *testing.T) {
	replicates := []float64{1, 2, 2, 2, 3}
	if diff := cmp.Diff(percentileInterval(replicates, 0.5), bcaInterval(2, replicates, []float64{1, 2, 3}, 0.5)); diff != "" {
		t.Errorf("symmetric replicates need no correction: %s", diff)
	}
}

func TestRepeatedJudgementsAreAveraged(t *testing.T) {
	key := []pairOf{newPairOf("a", "b")}
	p := newPanel([]Judgement{{"r", "a", "b", 1}, {"r", "b", "a", 2}, {"r", "a", "b", 6}}, key)
	if diff := cmp.Diff([][]float64{{3}}, p.value); diff != "" {
		t.Error(diff)
	}
}

// The permutation p-values come near those of all 12-choose-6 ways to place the
// labels.
func TestAxisPermutationMatchesEnumeration(t *testing.T) {
	d, models := outcomes(t, map[string]string{"a": "+++++--+----", "b": "++-+=-+-+-++"})
	for i := range d.Pictures {
		d.Relation = append(d.Relation, []string{"taxonomic", "thematic"}[i/6])
	}
	axes, err := ByAxes(d, models, Options{Resamples: 20_000})
	if err != nil {
		t.Fatal(err)
	}
	cluster := Clusters(d.Pictures)
	a := newCredits(models[0], match.HalfCredit, cluster, 12).halves
	b := newCredits(models[1], match.HalfCredit, cluster, 12).halves
	contrast := func(set uint64) (first, both int) {
		for i := range 12 {
			sign := 1 - 2*int(set>>i&1)
			first += sign * int(a[i])
			both += sign * (int(a[i]) - int(b[i]))
		}
		return abs(first), abs(both)
	}
	seenFirst, seenBoth := contrast(0b111111)
	first, both, ways := 0.0, 0.0, 0.0
	for set := range uint64(1 << 12) {
		if bits.OnesCount64(set) != 6 {
			continue
		}
		x, y := contrast(set)
		first, both, ways = first+indicator(x >= seenFirst), both+indicator(y >= seenBoth), ways+1
	}
	for _, c := range []struct {
		what string
		got  Number
		want float64
	}{
		{"model a", axes.Relation.Effects[0].Permutation, first / ways},
		{"interaction", axes.Relation.Interaction.Permutation, both / ways},
	} {
		if math.Abs(float64(c.got)-c.want) > 4*math.Sqrt(c.want*(1-c.want)/20_000) {
			t.Errorf("%s: permutation p %v, by enumeration %v", c.what, c.got, c.want)
		}
	}
}

// Labels move between clusters of equal size and within each, and nowhere else.
func TestExchangeKeepsClustersTogether(t *testing.T) {
	cluster := []int{0, 0, 1, 1, 2, 2, 3, 4}
	level := []int{0, 0, 1, 1, 2, 2, 3, 4}
	e := newExchange(cluster, 5)
	moved := false
	for r := range 50 {
		out := make([]int, len(level))
		e.shuffle(out, level, Options{}.source(permutationStream, r))
		for i := 0; i < 6; i += 2 {
			if out[i] != out[i+1] || out[i] > 2 {
				t.Fatalf("labels %v tear a cluster apart", out)
			}
		}
		if out[6]+out[7] != 7 {
			t.Fatalf("labels %v leave the single triplets", out)
		}
		moved = moved || out[0] != 0
	}
	if !moved {
		t.Error("clusters of equal size never exchange labels")
	}
	within := newExchange([]int{0, 0, 0}, 1)
	seen := make(map[int]bool)
	for r := range 50 {
		out := make([]int, 3)
		within.shuffle(out, []int{0, 1, 2}, Options{}.source(permutationStream, r))
		seen[out[0]] = true
	}
	if len(seen) != 3 {
		t.Errorf("a mixed cluster's labels do not move within it: first was %v", seen)
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
