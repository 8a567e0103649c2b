package learn

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/wordvec"
	"github.com/google/go-cmp/cmp"
)

// related is twice with two relations and a model that knows classes.
func related() (*stimuli.Set, Model) {
	random := rand.New(rand.NewPCG(5, 0))
	set, m := twice(random, true)
	for i := range set.Triplets {
		set.Triplets[i].Relation = []string{stimuli.Taxonomic, stimuli.Thematic, stimuli.Thematic}[i%3]
	}
	m.Outputs.Logits = m.Outputs.Features
	m.Words = space.Words{Dim: 4, Names: make([]string, 6), Classes: make([][]float32, 6)}
	for i := range m.Words.Classes {
		for range m.Words.Dim {
			m.Words.Classes[i] = append(m.Words.Classes[i], float32(random.NormFloat64()))
		}
	}
	return set, m
}

func trial(t *testing.T, set *stimuli.Set, m Model, repeats int) *Result {
	t.Helper()
	r, err := Try(m, set, nil, Options{
		Spaces: kinds(space.Centred, space.ByWords, space.Blend, Linear), Folds: 4, Repeats: repeats,
		Vectors: wordvec.Embedded(), Options: stats.Options{Resamples: 100, Seed: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestRowsStandInTheirGroups: each group has its own triplets and every row once,
// against what it is meant to be set against.
func TestRowsStandInTheirGroups(t *testing.T) {
	set, m := related()
	set.Triplets[0].TargetLabel = "dog" // the only name that has words
	r := trial(t, set, m, 2)
	if r.Named == nil || r.Named[0] != 1 || r.Named[1] != len(pictures(set.Triplets)) {
		t.Errorf("%v pictures have names with words", r.Named)
	}
	if len(r.Validated) != 3 {
		t.Fatalf("%d groups, want all, taxonomic and thematic ones", len(r.Validated))
	}
	type row struct {
		Space   string
		Role    record.Role
		Against string
	}
	want := []row{
		{"centred", record.SpaceRole, "features"}, {"words", record.SpaceRole, "features"}, {"blend", record.SpaceRole, "features"}, {"linear", record.SpaceRole, "features"},
		{"words, shuffled words", record.ControlRole, "features"}, {"words, random words of the same spectrum", record.ControlRole, "features"},
		{"blend, shuffled words", record.ControlRole, "centred"}, {"blend, random words of the same spectrum", record.ControlRole, "centred"},
		{"linear, permuted labels", record.ControlRole, "centred"}, {"names of the pictures", record.CeilingRole, "features"},
	}
	for _, g := range r.Validated {
		var own []stimuli.Triplet
		for _, triplet := range set.Triplets {
			if g.Relation == "" || triplet.Relation == g.Relation {
				own = append(own, triplet)
			}
		}
		choices, err := match.Cosine.Triplets(own, m.Outputs.Features)
		if err != nil {
			t.Fatal(err)
		}
		if g.Triplets != len(own) || g.Features != wrong(choices) {
			t.Errorf("%q: %d triplets, features' error %v; want %d and %v", g.Relation, g.Triplets, g.Features, len(own), wrong(choices))
		}
		var got []row
		for _, x := range g.Rows {
			got = append(got, row{x.Space, x.Role, x.Against})
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: rows (-want +got):\n%s", g.Relation, diff)
		}
	}
}

// TestNamesWithoutWordsAreNoRow: ties of all triplets are no error of 50 %.
func TestNamesWithoutWordsAreNoRow(t *testing.T) {
	set, m := related()
	r := trial(t, set, m, 1)
	if r.Named != nil || len(r.Missing) != 1 || slices.ContainsFunc(r.Validated[0].Rows, func(r record.Change) bool { return r.Role == record.CeilingRole }) {
		t.Errorf("names %v, missing %v, rows %+v", r.Named, r.Missing, r.Validated[0].Rows)
	}
}

// TestCurveEndsAtTheWhole: with all training triplets the curve has the error of the
// table, and it begins with that of the features.
func TestCurveEndsAtTheWhole(t *testing.T) {
	set, m := related()
	random := rand.New(rand.NewPCG(4, 0))
	for i := range set.Triplets { // so that the folds' errors differ
		if random.IntN(3) == 0 {
			set.Triplets[i].Related, set.Triplets[i].Unrelated = set.Triplets[i].Unrelated, set.Triplets[i].Related
		}
	}
	r := trial(t, set, m, 1)
	linear := slices.IndexFunc(r.Validated[0].Rows, func(x record.Change) bool { return x.Space == "linear" })
	first, last := r.Curve[0].Error, r.Curve[len(r.Curve)-1].Error
	if first != r.Validated[0].Features || last != r.Validated[0].Rows[linear].Error {
		t.Errorf("the curve goes from %v to %v, the table has %v and %v", first, last, r.Validated[0].Features, r.Validated[0].Rows[linear].Error)
	}
}

// TestPermutedLabelsSwapWholeUnits: triplets of one related pair swap together, some
// pairs do and some do not, and the control learns from what was swapped.
func TestPermutedLabelsSwapWholeUnits(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 0))
	features, pictures := memory{}, []*stimuli.Picture{}
	for i := range 80 {
		pictures = append(pictures, picture(i))
		features[pictures[i].Hash] = []float32{float32(random.NormFloat64()), float32(random.NormFloat64()), float32(random.NormFloat64())}
	}
	var train []stimuli.Triplet
	for i := 0; i < 80; i += 4 { // two triplets of each pair
		train = append(train, stimuli.Triplet{Target: pictures[i], Related: pictures[i+1], Unrelated: pictures[i+2]},
			stimuli.Triplet{Target: pictures[i], Related: pictures[i+1], Unrelated: pictures[i+3]})
	}
	taught := newTraining(features, train)
	mixed, count := swapped(train, coins(taught, 7)), 0
	for i := 0; i < len(train); i += 2 {
		one, other := mixed[i].Related != train[i].Related, mixed[i+1].Related != train[i+1].Related
		if one != other {
			t.Errorf("pair %d: one of its triplets is swapped", i/2)
		}
		if one {
			count++
		}
	}
	if count < 4 || count > 16 {
		t.Errorf("%d of 20 pairs are swapped", count)
	}
	m := Model{Outputs: space.Outputs{Features: features}}
	see := func(permuted bool) []match.Choice {
		fitted, err := m.linear(Linear, false, permuted)(taught, 7)
		if err != nil {
			t.Fatal(err)
		}
		choices, err := fitted.see(train[:1])
		if err != nil {
			t.Fatal(err)
		}
		return choices
	}
	if see(true)[0].Margin() == see(false)[0].Margin() {
		t.Error("the control learns from the true labels")
	}
	// What it learns is what triplets teach whose pictures were swapped before.
	l, err := taught.loss(Linear)
	if err != nil {
		t.Fatal(err)
	}
	got, err1 := l.permuted(coins(taught, 7)).least(penalty)
	want, err2 := fitLinear(Linear, features, mixed, penalty)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	for k := range want.Scale {
		if math.Abs(float64(got.Scale[k]-want.Scale[k])) > 1e-5 {
			t.Errorf("weight %d of the control is %v, of swapped triplets %v", k, got.Scale[k], want.Scale[k])
		}
	}
}

// TestWeightsAreNotNegative: what falls below 0 is 0.
func TestWeightsAreNotNegative(t *testing.T) {
	random, zero := rand.New(rand.NewPCG(3, 0)), 0
	for range 20 {
		features := memory{}
		var train []stimuli.Triplet
		for i := range 2 {
			for k := range 3 {
				v := make([]float32, 6)
				for j := range v {
					v[j] = float32(random.NormFloat64())
				}
				features[picture(3*i+k).Hash] = v
			}
			train = append(train, stimuli.Triplet{Target: picture(3 * i), Related: picture(3*i + 1), Unrelated: picture(3*i + 2)})
		}
		part, err := fitLinear(Linear, features, train, penalty)
		if err != nil {
			t.Fatal(err)
		}
		for _, scale := range part.Scale {
			if !(scale >= 0) {
				t.Errorf("weights %v", part.Scale)
			}
			if scale == 0 {
				zero++
			}
		}
	}
	if zero == 0 {
		t.Error("no weight fell below 0: the test shows nothing")
	}
}

// TestGroupsWithoutRows: the features have their error even where no space can be
// tried, and triplets of the only relation are a group where others have none.
func TestGroupsWithoutRows(t *testing.T) {
	set, m := related()
	for i := range set.Triplets {
		if set.Triplets[i].Relation == stimuli.Taxonomic {
			set.Triplets[i].Relation = ""
		}
	}
	m.Words = space.Words{}
	r, err := Try(m, set, nil, Options{Spaces: kinds(space.ByWords), Options: stats.Options{Resamples: 100}})
	if err != nil || len(r.Missing) != 1 || len(r.Validated) != 2 {
		t.Fatalf("%+v, error %v; want two groups", r, err)
	}
	for _, g := range r.Validated {
		if len(g.Rows) != 0 || g.Features == 0 || !g.Features.Defined() {
			t.Errorf("%+v", g)
		}
	}
	if all, some := r.Validated[0].Triplets, r.Validated[1].Triplets; all != 24 || some != 16 {
		t.Errorf("%d and %d triplets, want 24 and 16", all, some)
	}
}
