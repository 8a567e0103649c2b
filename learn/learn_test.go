package learn

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/wordvec"
	"pgregory.net/rapid"
)

// memory is features by picture.
type memory map[stimuli.Hash][]float32

func (m memory) Dim() int {
	for _, v := range m {
		return len(v)
	}
	return 0
}

func (m memory) Read(picture stimuli.Hash, dst []float32) error {
	if m[picture] == nil {
		return fmt.Errorf("picture %s has no vector", picture)
	}
	copy(dst, m[picture])
	return nil
}

func picture(i int) *stimuli.Picture {
	return &stimuli.Picture{Path: fmt.Sprint(i), Hash: stimuli.Hash{byte(i), byte(i >> 8), 1}}
}

func kinds(list ...space.Kind) []space.Spec {
	specs := make([]space.Spec, len(list))
	for i, kind := range list {
		specs[i].Kind = kind
	}
	return specs
}

// TestLearnedSpacesAgreeWithSciPy; golden.py beside the golden made it.
func TestLearnedSpacesAgreeWithSciPy(t *testing.T) {
	var golden struct {
		Features       [][]float32
		Triplets       [][3]int
		Weights        []float64
		LowRankCosines [][]float64
	}
	data, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &golden); err != nil {
		t.Fatal(err)
	}
	features := memory{}
	for i, v := range golden.Features {
		features[picture(i).Hash] = v
	}
	var train []stimuli.Triplet
	for _, t := range golden.Triplets {
		train = append(train, stimuli.Triplet{Target: picture(t[0]), Related: picture(t[1]), Unrelated: picture(t[2])})
	}
	part, err := fitLinear(Linear, features, train, 1)
	if err != nil {
		t.Fatal(err)
	}
	for k, scale := range part.Scale {
		if got := float64(scale) * float64(scale); math.Abs(got-golden.Weights[k]) > 1e-5 {
			t.Errorf("weight %d is %v, want %v", k, got, golden.Weights[k])
		}
	}
	if part, err = fitLinear(LowRank, features, train, 2.5); err != nil {
		t.Fatal(err)
	}
	m := Model{Outputs: space.Outputs{Features: features}}
	for i, row := range golden.LowRankCosines {
		for j, want := range row {
			one := []stimuli.Triplet{{Target: picture(i), Related: picture(j), Unrelated: picture(j)}}
			choices, err := m.seenThrough(part)(one)
			if err != nil || math.Abs(choices[0].Related-want) > 1e-5 {
				t.Errorf("pictures %d and %d: cosine %v, error %v, want %v", i, j, choices[0].Related, err, want)
			}
		}
	}
}

// TestNothingIsOnBothSides: what trains for a fold shares no picture and no concept
// with what is tested, and every triplet is tested once.
func TestNothingIsOnBothSides(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		triplets := make([]stimuli.Triplet, rapid.IntRange(2, 40).Draw(t, "triplets"))
		for i := range triplets {
			p := func() *stimuli.Picture {
				p := picture(random.IntN(80))
				p.Label = fmt.Sprint("Concept ", random.IntN(60))
				return p
			}
			triplets[i] = stimuli.Triplet{Target: p(), Related: p(), Unrelated: p()}
		}
		s := newSplitter(triplets, 5)
		tested := map[int]int{}
		for _, f := range s.split(random) {
			there := map[string]bool{}
			for _, i := range f.test {
				tested[i]++
				for _, c := range concepts(&triplets[i]) {
					there[c] = true
				}
			}
			for _, i := range f.train {
				for _, c := range concepts(&triplets[i]) {
					if there[c] {
						t.Fatalf("%s is on both sides", c)
					}
				}
			}
		}
		for i := range triplets {
			if tested[i] != 1 {
				t.Errorf("triplet %d is tested %d times", i, tested[i])
			}
		}
	})
}

// twice is a set in which every concept occurs with two photographs: a feature of
// its own shows each, and concepts belong together by a coin. Only who has seen the
// concepts can know which do.
func twice(random *rand.Rand, named bool) (*stimuli.Set, Model) {
	const trios = 12
	set, features := &stimuli.Set{Name: "twice"}, memory{}
	for photograph := range 2 {
		for trio := range trios {
			var p [3]*stimuli.Picture
			for k := range p {
				concept := 3*trio + k
				p[k] = picture(100*photograph + concept)
				if named {
					p[k].Label = fmt.Sprint("concept ", concept)
				}
				v := make([]float32, 6*trios)
				for i := range v {
					v[i] = float32(.05 * random.NormFloat64())
				}
				v[2*trio], v[2*trio+1] = 1, 1 // the trio's own features
				v[4*trios+2*trio] = float32(random.NormFloat64())
				switch k {
				case 1:
					v[2*trio+1] = 0
				case 2:
					v[2*trio] = 0
				}
				features[p[k].Hash] = v
			}
			related, unrelated := p[1], p[2]
			if trio%2 == 1 { // the same in both photographs
				related, unrelated = unrelated, related
			}
			set.Triplets = append(set.Triplets, stimuli.Triplet{ID: fmt.Sprint(photograph, "-", trio), Target: p[0], Related: related, Unrelated: unrelated})
		}
	}
	return set, Model{Name: "m", Outputs: space.Outputs{Features: features}}
}

// change is the linear space's error less the features', left out of training.
func change(t *testing.T, set *stimuli.Set, m Model, seed uint64, row string) stats.Relative {
	t.Helper()
	r, err := Try(m, set, nil, Options{Spaces: kinds(space.Centred, Linear), Repeats: 1, Folds: 6, Options: stats.Options{Seed: seed, Resamples: 100}})
	if err != nil {
		t.Fatal(err)
	}
	rows := r.Validated[0].Rows
	return rows[slices.IndexFunc(rows, func(x record.Change) bool { return x.Space == row })].Change
}

// TestWhoMemorisesConceptsGainsNothing: without names to go by, the other photograph
// of a concept gives it away, and the gain is large; with names it is gone.
func TestWhoMemorisesConceptsGainsNothing(t *testing.T) {
	leaky, tight := 0.0, 0.0
	for seed := range uint64(8) {
		set, m := twice(rand.New(rand.NewPCG(seed, 0)), false)
		leaky += float64(change(t, set, m, seed, "linear").ErrorDifference) / 8
		set, m = twice(rand.New(rand.NewPCG(seed, 0)), true)
		tight += float64(change(t, set, m, seed, "linear").ErrorDifference) / 8
	}
	if leaky > -.15 {
		t.Errorf("with the concepts in training the error changes by %.3f: the set cannot show a leak", leaky)
	}
	t.Logf("change of error: %.3f with the concepts in training, %.3f without", leaky, tight)
	if tight < -.05 {
		t.Errorf("without the concepts in training the error still falls by %.3f", -tight)
	}
}

// TestPermutedLabelsGainNothing: in at least 93 % of 200 sets the interval of the
// permuted labels' change holds 0.
func TestPermutedLabelsGainNothing(t *testing.T) {
	const sets = 200
	held := 0
	for seed := range uint64(sets) {
		random := rand.New(rand.NewPCG(seed, 3))
		set, features := &stimuli.Set{Name: "random"}, memory{}
		p := func() *stimuli.Picture {
			p, v := picture(len(features)), make([]float32, 10)
			for k := range v {
				v[k] = float32(random.NormFloat64())
			}
			features[p.Hash] = v
			return p
		}
		for i := range 40 {
			set.Triplets = append(set.Triplets, stimuli.Triplet{ID: fmt.Sprint(i), Target: p(), Related: p(), Unrelated: p()})
		}
		c := change(t, set, Model{Name: "m", Outputs: space.Outputs{Features: features}}, seed, "linear, permuted labels")
		if !c.Interval.Defined() || c.Interval.Contains(0) {
			held++
		}
	}
	if held < sets*93/100 {
		t.Errorf("in %d of %d sets the interval of no change holds 0, want at least 93 %%", held, sets)
	}
	t.Logf("%d of %d intervals hold 0", held, sets)
}

// TestRandomWordsHaveTheSameSpectrum: the squares sum up to the same, the vectors
// are others; shuffled words are the same vectors at other classes.
func TestRandomWordsHaveTheSameSpectrum(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 0))
	w := space.Words{Dim: 4, Classes: make([][]float32, 9)}
	for i := range w.Classes {
		if i != 5 {
			w.Classes[i] = []float32{float32(random.NormFloat64()), float32(random.NormFloat64()), 1, 0}
		}
	}
	square := func(w space.Words) (sum float64) {
		for _, v := range w.Classes {
			for _, x := range v {
				sum += float64(x) * float64(x)
			}
		}
		return sum
	}
	for name, change := range map[string]func(space.Words, uint64) space.Words{"shuffled": shuffled, "randomised": randomised} {
		got := change(w, 7)
		if got.Classes[5] != nil || math.Abs(square(got)-square(w)) > 1e-4 || slices.Equal(got.Classes[0], w.Classes[0]) && slices.Equal(got.Classes[1], w.Classes[1]) {
			t.Errorf("%s: %v of %v", name, got.Classes, w.Classes)
		}
	}
}

func TestTransferLeavesOutWhatIsShared(t *testing.T) {
	set, m := twice(rand.New(rand.NewPCG(1, 0)), true)
	if _, err := Try(m, set, set, Options{Spaces: kinds(space.Centred)}); err == nil {
		t.Error("a set was carried over to itself")
	}
	// Another photograph of each concept, in other triplets.
	other := &stimuli.Set{Name: "other", Triplets: slices.Clone(set.Triplets)}
	for i := range other.Triplets {
		t := &other.Triplets[i]
		for k, p := range []**stimuli.Picture{&t.Target, &t.Related, &t.Unrelated} {
			again := *picture(1000 + 3*i + k)
			if again.Label = (*p).Label; i == 0 {
				again.Label = fmt.Sprint("new ", k)
			}
			m.Outputs.Features.(memory)[again.Hash] = m.Outputs.Features.(memory)[(*p).Hash]
			*p = &again
		}
	}
	r, err := Try(m, set, other, Options{Spaces: kinds(space.Centred), Options: stats.Options{Resamples: 100}})
	if err != nil || r.Transfer[0].Triplets != 1 || r.LeftOut != len(other.Triplets)-1 {
		t.Errorf("%+v, error %v; want the one triplet of new concepts", r, err)
	}
	if got := wrong([]match.Choice{{Related: 1}, {Related: 1, Unrelated: 1}}); got != .25 {
		t.Errorf("one right choice and a tie are an error of %v, want .25", got)
	}
}

// TestUnknownNamesMakeTies: whichever of the three names has no words.
func TestUnknownNamesMakeTies(t *testing.T) {
	var triplets []stimuli.Triplet
	for _, names := range [][3]string{{"dog", "cat", "hammer"}, {"xyzzy", "cat", "hammer"}, {"dog", "xyzzy", "hammer"}, {"dog", "cat", "xyzzy"}} {
		var p [3]*stimuli.Picture
		for k, name := range names {
			p[k] = picture(k)
			p[k].Label = name
		}
		triplets = append(triplets, stimuli.Triplet{Target: p[0], Related: p[1], Unrelated: p[2]})
	}
	see, err := named(wordvec.Embedded())(nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	choices, err := see.see(triplets)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []match.Outcome{match.Right, match.Tie, match.Tie, match.Tie} {
		if got := choices[i].Outcome(); got != want {
			t.Errorf("%v: %s, want %s", triplets[i].Labels(), got, want)
		}
	}
}

// TestSmallestSets: what two triplets allow is done, and what nothing is left for
// says why.
func TestSmallestSets(t *testing.T) {
	set, m := twice(rand.New(rand.NewPCG(1, 0)), true)
	two := &stimuli.Set{Name: "two", Triplets: set.Triplets[:2]}
	o := Options{Spaces: kinds(space.Centred, Linear), Options: stats.Options{Resamples: 100}}
	r, err := Try(m, two, nil, o)
	if err != nil || r.Trained != [2]int{1, 1} || len(r.Curve) != 4 || r.Curve[3].Triplets != 1 {
		t.Errorf("%+v, error %v", r, err)
	}
	two.Triplets = slices.Clone(two.Triplets)
	two.Triplets[1].Unrelated = two.Triplets[0].Unrelated // in the way of either fold
	if _, err := Try(m, two, nil, o); err == nil || !strings.Contains(err.Error(), "none is left to train") {
		t.Errorf("error %v", err)
	}
}

// TestTiesAreBetweenMendedAndBroken: what was wrong and is a tie is no triplet that the
// blend broke.
func TestTiesAreBetweenMendedAndBroken(t *testing.T) {
	set, m := twice(rand.New(rand.NewPCG(1, 0)), true)
	m.Outputs.Logits = m.Outputs.Features
	m.Words = space.Words{Dim: 1, Names: []string{"one", "two"}, Classes: [][]float32{{1}, {2}}}
	choices := map[match.Outcome]match.Choice{match.Right: {Related: 1}, match.Tie: {}, match.Wrong: {Unrelated: 1}}
	for _, c := range []struct {
		before, after match.Outcome
		mended        bool
	}{
		{match.Wrong, match.Tie, true}, {match.Tie, match.Right, true}, {match.Wrong, match.Right, true},
		{match.Right, match.Tie, false}, {match.Tie, match.Wrong, false}, {match.Right, match.Wrong, false},
	} {
		scores := [][]match.Choice{{choices[c.before]}, {choices[c.after]}}
		scores[0][0].Triplet, scores[1][0].Triplet = &set.Triplets[0], &set.Triplets[0]
		cases, err := m.changed(set.Triplets[:1], []candidate{{name: record.Features}, {name: "blend"}}, scores)
		if err != nil || len(cases) != 1 || cases[0].Mended != c.mended {
			t.Errorf("%s, then %s: %+v, error %v; want mended %v", c.before, c.after, cases, err, c.mended)
		}
	}
}
