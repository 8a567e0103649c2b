package learn

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// every is all spaces that need no file.
var every = kinds(space.Centred, space.ByWords, space.Blend, Linear, LowRank, space.Whitened, space.HubCorrected)

func oddTrial(m Model, set, test *stimuli.Set) (*Result, error) {
	return Try(m, set, test, Options{Spaces: every, Folds: 4, Repeats: 2, Options: stats.Options{Resamples: 100, Seed: 1}})
}

// errorsOf are the errors of a group by row.
func errorsOf(g record.ChangeGroup) map[string]float64 {
	list := map[string]float64{record.Features: float64(g.Features)}
	for _, r := range g.Rows {
		list[r.Space] = float64(r.Error)
	}
	return list
}

// missing are the spaces that a result says it lacks.
func missing(r *Result) (names []string) {
	for _, m := range r.Missing {
		name, _, _ := strings.Cut(m, ":")
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// filled gives every picture of a set features of a kind.
func filled(set *stimuli.Set, dim int, value func(p *stimuli.Picture, k int) float32) memory {
	m := memory{}
	for _, p := range pictures(set.Triplets) {
		v := make([]float32, dim)
		for k := range v {
			v[k] = value(p, k)
		}
		m[p.Hash] = v
	}
	return m
}

// TestConstantNetworks: a network that says the same of all pictures, such as one that is
// shown one picture under many names, errs in half of all triplets in every space that
// it has; those that cannot be fitted are named, and none learns from rounding.
func TestConstantNetworks(t *testing.T) {
	for name, value := range map[string]func(k int) float32{
		"ones":         func(int) float32 { return 1 },
		"zeros":        func(int) float32 { return 0 },
		"no round":     func(k int) float32 { return float32(math.Sin(float64(3*k + 1))) },
		"small":        func(k int) float32 { return 1e-30 * float32(k+1) },
		"large":        func(k int) float32 { return 3e18 * float32(k+1) },
		"beyond float": func(k int) float32 { return 3e38 },
	} {
		set, m := related()
		m.Outputs.Features = filled(set, 24, func(_ *stimuli.Picture, k int) float32 { return value(k) })
		m.Outputs.Logits = m.Outputs.Features
		r, err := oddTrial(m, set, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for row, e := range errorsOf(r.Validated[0]) {
			if e != .5 {
				t.Errorf("%s, %s: error %v, want .5", name, row, e)
			}
		}
		for _, row := range r.Validated[0].Rows {
			if p := float64(row.Change.P); p < 1 {
				t.Errorf("%s, %s: p = %v where nothing differs", name, row.Space, p)
			}
		}
		for _, lost := range []string{"blend", "linear", "low-rank", "whitened"} {
			if !slices.Contains(missing(r), lost) {
				t.Errorf("%s: %s is not named as missing: %q", name, lost, r.Missing)
			}
		}
	}
}

// TestOutputsThatAreNoNumbers: nothing is tried of a network whose features are no
// numbers; logits that are none, or too large for a softmax, cost spaces of words alone.
func TestOutputsThatAreNoNumbers(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for name, bad := range map[string]float32{"NaN": nan, "infinite": inf} {
		set, m := related()
		good := m.Outputs.Features.(memory)
		one := set.Triplets[3].Related.Hash
		m.Outputs.Features = filled(set, 24, func(p *stimuli.Picture, k int) float32 {
			if p.Hash == one {
				return bad
			}
			return good[p.Hash][k]
		})
		if r, err := oddTrial(m, set, nil); err == nil || !strings.Contains(err.Error(), "not defined") {
			t.Errorf("%s features: %+v, error %v", name, r, err)
		}
		m.Outputs.Logits, m.Outputs.Features = m.Outputs.Features, good
		r, err := oddTrial(m, set, nil)
		if err != nil {
			t.Errorf("%s logits: %v", name, err)
			continue
		}
		if lost := missing(r); !slices.Contains(lost, "words") || !slices.Contains(lost, "blend") || slices.Contains(lost, "centred") {
			t.Errorf("%s logits: %q missing, want spaces of words", name, r.Missing)
		}
		for _, row := range r.Validated[0].Rows {
			if e := float64(row.Error); !(e >= 0 && e <= 1) || strings.Contains(row.Space, "words") {
				t.Errorf("%s logits, %s: error %v", name, row.Space, e)
			}
		}
	}
}

// TestHugeOutputs: a factor that takes squares beyond float32 changes no choice.
func TestHugeOutputs(t *testing.T) {
	set, m := related()
	want, err := oddTrial(m, set, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, factor := range []float32{0x1p100, 0x1p-60} {
		good, scaled := m.Outputs.Features.(memory), m
		scaled.Outputs.Features = filled(set, good.Dim(), func(p *stimuli.Picture, k int) float32 { return factor * good[p.Hash][k] })
		r, err := oddTrial(scaled, set, nil)
		if err != nil {
			t.Errorf("times %v: %v", factor, err)
			continue
		}
		got := errorsOf(r.Validated[0])
		for row, e := range errorsOf(want.Validated[0]) {
			if g, has := got[row]; has && math.Abs(g-e) > .05 {
				t.Errorf("times %v, %s: error %v, want %v", factor, row, g, e)
			}
		}
		if len(got) < len(want.Validated[0].Rows) {
			t.Errorf("times %v: %d rows of %d, missing %q", factor, len(got), len(want.Validated[0].Rows), r.Missing)
		}
	}
}

// TestFewTriplets: with 2, 3 and 5 triplets what cannot be fitted is noted and costs no
// other space.
func TestFewTriplets(t *testing.T) {
	for _, n := range []int{2, 3, 5} {
		set, m := related()
		few := &stimuli.Set{Name: "few", Triplets: set.Triplets[:n]}
		r, err := oddTrial(m, few, nil)
		if err != nil {
			t.Errorf("%d triplets: %v", n, err)
			continue
		}
		got := errorsOf(r.Validated[0])
		for _, name := range []string{"centred", "words", "linear"} {
			if _, has := got[name]; !has {
				t.Errorf("%d triplets: %s is lost: %q", n, name, r.Missing)
			}
		}
		if _, has := got["hub-corrected"]; has || !slices.Contains(missing(r), "hub-corrected") {
			t.Errorf("%d triplets: hub-corrected %v, missing %q", n, has, r.Missing)
		}
		for row, e := range got {
			if math.IsNaN(e) || math.Abs(e*float64(2*n)-math.Round(e*float64(2*n))) > 1e-9 {
				t.Errorf("%d triplets, %s: error %v is no share of them", n, row, e)
			}
		}
	}
}

// TestSharedPicturesOfTwoSets: a test set that is the set itself is refused, and triplets
// whose pictures have the same bytes under other names and labels are left out.
func TestSharedPicturesOfTwoSets(t *testing.T) {
	set, m := related()
	same := &stimuli.Set{Name: "copy", Triplets: slices.Clone(set.Triplets)}
	if _, err := oddTrial(m, set, same); err == nil || !strings.Contains(err.Error(), "every triplet of copy shares a picture or a concept with twice") {
		t.Errorf("the set itself: error %v", err)
	}
	first := &stimuli.Set{Name: "first", Triplets: set.Triplets[:12]}
	other := &stimuli.Set{Name: "other", Triplets: slices.Clone(set.Triplets[12:])}
	for i := range other.Triplets {
		x := &other.Triplets[i]
		for k, p := range []**stimuli.Picture{&x.Target, &x.Related, &x.Unrelated} {
			renamed := *(*p)
			renamed.Path, renamed.Label = "renamed-"+renamed.Path, "another "+renamed.Label
			if i < 2 && k == 2 {
				renamed.Hash = first.Triplets[i].Target.Hash
			}
			*p = &renamed
		}
	}
	r, err := oddTrial(m, first, other)
	if err != nil || r.LeftOut != 2 || r.Transfer[0].Triplets != len(other.Triplets)-2 {
		t.Errorf("%+v, error %v; want 2 left out", r, err)
	}
}

// TestDuplicateTriplets: the same three pictures under several ids are never on both
// sides, and are no independent evidence.
func TestDuplicateTriplets(t *testing.T) {
	set, m := related()
	double := &stimuli.Set{Name: "double"}
	for _, x := range set.Triplets {
		again := x
		again.ID += " again"
		double.Triplets = append(double.Triplets, x, again)
	}
	one, err1 := oddTrial(m, set, nil)
	two, err2 := oddTrial(m, double, nil)
	if err1 != nil || err2 != nil || one.Units != two.Units {
		t.Fatalf("%v, %v: %d units, doubled %d", err1, err2, one.Units, two.Units)
	}
	for i, row := range one.Validated[0].Rows {
		a, b := row.Change.Interval, two.Validated[0].Rows[i].Change.Interval
		if row.Space == "centred" && b.High-b.Low < .9*(a.High-a.Low) {
			t.Errorf("%s: doubled triplets give the interval %v, single ones %v", row.Space, b, a)
		}
	}
}

// TestSpacesNamedTwice are refused: of two rows of one name nobody knows which is which.
func TestSpacesNamedTwice(t *testing.T) {
	set, m := related()
	for _, list := range [][]space.Spec{
		kinds(space.Blend, space.Centred, space.Blend),
		{{Kind: space.Association, From: "a/usf.csv"}, {Kind: space.Association, From: "b/usf.csv"}},
	} {
		if _, err := Try(m, set, nil, Options{Spaces: list}); err == nil || !strings.Contains(err.Error(), "two spaces of this trial would be named "+Name(list[0])) {
			t.Errorf("%v: error %v", list, err)
		}
	}
}

// TestOneRelation: a set with one relation has one group, not the same one twice.
func TestOneRelation(t *testing.T) {
	set, m := related()
	for i := range set.Triplets {
		set.Triplets[i].Relation = stimuli.Thematic
	}
	r, err := oddTrial(m, set, nil)
	if err != nil || len(r.Validated) != 1 || r.Validated[0].Triplets != len(set.Triplets) {
		t.Errorf("%+v, error %v", r, err)
	}
}

// TestOddMatrices: what cannot be fitted costs no other space there either.
func TestOddMatrices(t *testing.T) {
	set, m := judgedByOne(9)
	r, err := Try(m, set, nil, Options{Spaces: kinds(space.Centred, space.HubCorrected), Folds: 5, Options: stats.Options{Resamples: 100, Seed: 1}})
	if err != nil || len(missing(r)) != 1 || missing(r)[0] != "hub-corrected" || len(r.Agreement.Rows) != 1 {
		t.Errorf("%+v, error %v; want hub-corrected missing", r, err)
	}
}
