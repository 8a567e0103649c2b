package learn

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/akin-vision/akin/lexicon"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
	"github.com/google/go-cmp/cmp"
)

// TestValuesAreChosenOnWhatIsLeftOut: the value with the least error over inner test
// triplets wins, the first of equally good ones; the fit never sees what it is tried on.
func TestValuesAreChosenOnWhatIsLeftOut(t *testing.T) {
	set, _ := twice(rand.New(rand.NewPCG(1, 0)), true)
	wins := 1
	try := func(train, test []stimuli.Triplet) ([][]match.Choice, error) {
		shown := map[string]bool{}
		for i := range train {
			for _, c := range concepts(&train[i]) {
				shown[c] = true
			}
		}
		list := make([][]match.Choice, 3)
		for i := range test {
			for _, c := range concepts(&test[i]) {
				if shown[c] {
					t.Errorf("%s is on both sides of an inner fold", c)
				}
			}
			for k := range list {
				choice := match.Choice{Unrelated: 1}
				if k >= wins {
					choice = match.Choice{Related: 1}
				}
				list[k] = append(list[k], choice)
			}
		}
		return list, nil
	}
	for wins = range 3 {
		got, err := chooseAmong(set.Triplets, []float64{1, 2, 3}, try)
		if want := (choice{float64(wins + 1), true}); err != nil || got != want {
			t.Errorf("%+v, error %v; want %+v", got, err, want)
		}
	}
	if got, err := chooseAmong(set.Triplets[:1], []float64{1, 2, 3}, try); err != nil || got != (choice{1, false}) {
		t.Errorf("of one triplet %+v, error %v; want the usual value", got, err)
	}
}

// TestChosenWeightsAreToldByFold: where words alone know, they get the largest weight,
// in every fold; with the words shuffled the control chooses for itself.
func TestChosenWeightsAreToldByFold(t *testing.T) {
	set, m := related()
	r, err := Try(m, set, nil, Options{
		Spaces: kinds(space.Blend, Linear, LowRank), Choose: true, Folds: 4, Repeats: 2, Options: stats.Options{Resamples: 100, Seed: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range r.Chosen {
		names = append(names, c.Space+" "+c.What)
		if len(c.Values) != 8 {
			t.Errorf("%s: %d values, want one for each of 8 folds", c.Space, len(c.Values))
		}
	}
	want := []string{
		"blend weight", "linear penalty", "low-rank penalty",
		"blend, shuffled words weight", "blend, random words of the same spectrum weight",
		"linear, permuted labels penalty", "low-rank, permuted labels penalty",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("chosen (-want +got):\n%s", diff)
	}
}

// TestTrialsDoNotDependOnCores: one core or many give the same figures to the last bit.
func TestTrialsDoNotDependOnCores(t *testing.T) {
	run := func(cores int) string {
		before := runtime.GOMAXPROCS(cores)
		defer runtime.GOMAXPROCS(before)
		set, m := related()
		r, err := Try(m, set, nil, Options{
			Spaces: kinds(space.Centred, space.ByWords, space.Blend, Linear, LowRank, space.Whitened, space.HubCorrected), Choose: true,
			Options: stats.Options{Resamples: 100, Seed: 1},
		})
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	one := run(1)
	for _, cores := range []int{2, 8} {
		if run(cores) != one {
			t.Errorf("with %d cores the result is another one", cores)
		}
	}
}

// TestConstantWords: words that say the same of every picture cannot be blended, and the
// error says so.
func TestConstantWords(t *testing.T) {
	set, m := related()
	for i := range m.Words.Classes {
		m.Words.Classes[i] = []float32{1, 0, 0, 0}
	}
	_, err := Try(m, set, nil, Options{Spaces: kinds(space.Blend), Options: stats.Options{Resamples: 100}})
	if err == nil || !strings.Contains(err.Error(), "do not vary") {
		t.Errorf("error %v", err)
	}
}

// TestOneConcept: a set in which everything is called alike has nothing to leave out.
func TestOneConcept(t *testing.T) {
	set, m := related()
	for i := range set.Triplets {
		for _, p := range set.Triplets[i].Shown() {
			p.Label = "thing"
		}
	}
	if _, err := Try(m, set, nil, Options{Spaces: kinds(space.Centred)}); err == nil || !strings.Contains(err.Error(), "hang together") {
		t.Errorf("error %v", err)
	}
}

func TestOtherTasks(t *testing.T) {
	all := []*stimuli.Picture{picture(0), picture(1), picture(2)}
	odd := &stimuli.Set{Name: "odd", Task: stimuli.OddOneOut, Pictures: all, Trials: &stimuli.Trials{Shown: [][3]int32{{2, 0, 1}}}}
	votes := &stimuli.Set{Name: "votes", Task: stimuli.Votes, Pictures: all, Trials: &stimuli.Trials{
		Shown: [][3]int32{{0, 1, 2}, {0, 1, 2}, {1, 0, 2}}, Counts: [][2]int32{{3, 1}, {2, 2}, {0, 4}},
	}}
	names := func(set *stimuli.Set) (list []string) {
		made, err := AsTriplets(set)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range made.Triplets {
			list = append(list, fmt.Sprint(x.ID, ":", x.Target.Path, x.Related.Path, x.Unrelated.Path))
		}
		return list
	}
	if diff := cmp.Diff([]string{"1a:201", "1b:021"}, names(odd)); diff != "" {
		t.Errorf("odd one out (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"1:012", "3:120"}, names(votes)); diff != "" {
		t.Errorf("votes (-want +got):\n%s", diff)
	}
	for _, set := range []*stimuli.Set{
		{Name: "items", Task: stimuli.Matrix, Items: []stimuli.Item{{}}},
		{Name: "equal", Task: stimuli.Votes, Pictures: all, Trials: &stimuli.Trials{Shown: [][3]int32{{0, 1, 2}}, Counts: [][2]int32{{1, 1}}}},
	} {
		if _, err := AsTriplets(set); err == nil {
			t.Errorf("%s: became triplets", set.Name)
		}
	}
}

// TestOverlap: pairs count in either direction and once a triplet, and norms are known
// again by what they say.
func TestOverlap(t *testing.T) {
	norms := []lexicon.Norm{
		{A: "ice cream", B: "cone", Value: .5, Max: 1, Kind: lexicon.Association, Source: "USF", File: "usf.csv"},
		{A: "hammer", B: "nail", Value: .4, Max: 1, Kind: lexicon.Association, Source: "USF", File: "usf.csv"},
	}
	triplet := func(target, related, unrelated string) stimuli.Triplet {
		return stimuli.Triplet{
			Target: picture(0), Related: picture(1), Unrelated: picture(2), TargetLabel: target, RelatedLabel: related, UnrelatedLabel: unrelated,
		}
	}
	set := &stimuli.Set{Name: "s", Triplets: []stimuli.Triplet{
		triplet("Cone", "Ice_Cream", "nail"), triplet("hammer", "saw", "nail"), triplet("hammer", "saw", "cone"),
	}}
	want := &Overlap{Set: "s", Space: "association", Touched: 2, Triplets: 3}
	if diff := cmp.Diff(want, OverlapWith(set, "association", norms)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	moved := []lexicon.Norm{norms[0], norms[1]}
	moved[0].File, moved[1].File, moved[1].Line = "other.tsv", "other.tsv", 9
	set.Norms = []stimuli.Norms{{Source: "USF", SHA256: lexicon.Sources(moved)[0].SHA256}}
	want.Files = []string{"USF"}
	if diff := cmp.Diff(want, OverlapWith(set, "association", norms)); diff != "" {
		t.Errorf("the same norms in another file (-want +got):\n%s", diff)
	}
	set.Triplets, set.Norms = set.Triplets[2:], nil
	if got := OverlapWith(set, "association", norms); got != nil {
		t.Errorf("%+v, want none", got)
	}
}

// TestOverlapOfOtherTasks: rows of three pictures compare all of them, votes two with
// one, and each pair of a matrix is a judgement.
func TestOverlapOfOtherTasks(t *testing.T) {
	norms := []lexicon.Norm{{A: "bee", B: "crow", Value: .5, Max: 1, Kind: lexicon.Association, Source: "USF", File: "usf.csv"}}
	set := stimuli.Set{Name: "s"}
	for i, label := range []string{"Ant", "Bee", "Crow"} {
		p := *picture(i)
		p.Label = label
		set.Pictures = append(set.Pictures, &p)
	}
	trials := &stimuli.Trials{Shown: [][3]int32{{0, 1, 2}, {1, 2, 0}}}
	for _, c := range []struct {
		task        stimuli.Task
		trials      *stimuli.Trials
		touched, of int
	}{{stimuli.OddOneOut, trials, 2, 2}, {stimuli.Votes, trials, 1, 2}, {stimuli.Matrix, nil, 1, 3}} {
		set.Task, set.Trials = c.task, c.trials
		want := &Overlap{Set: "s", Space: "association", Touched: c.touched, Triplets: c.of, Task: c.task}
		if diff := cmp.Diff(want, OverlapWith(&set, "association", norms)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.task, diff)
		}
	}
}

// TestPicturesWithoutLabelsAreCounted: a leak by concepts that nobody can see is said.
func TestPicturesWithoutLabelsAreCounted(t *testing.T) {
	for _, named := range []bool{true, false} {
		set, m := twice(rand.New(rand.NewPCG(1, 0)), named)
		r, err := Try(m, set, nil, Options{Spaces: kinds(space.Centred), Folds: 2, Repeats: 1, Options: stats.Options{Resamples: 100}})
		if err != nil {
			t.Fatal(err)
		}
		want := 0
		if !named {
			want = len(pictures(set.Triplets))
		}
		if r.Unnamed != want {
			t.Errorf("named %v: %d pictures without a label, want %d", named, r.Unnamed, want)
		}
	}
}
