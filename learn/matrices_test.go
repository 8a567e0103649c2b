package learn

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// judgedByOne is matrices of three people who see one feature of eight, with some noise.
func judgedByOne(n int) (*stimuli.Set, Model) {
	random := rand.New(rand.NewPCG(8, 0))
	set := &stimuli.Set{Name: "m", Task: stimuli.Matrix, Matrices: &stimuli.Matrices{}}
	features := memory{}
	for i := range n {
		p := picture(i)
		p.Label = fmt.Sprint("thing ", i)
		v := make([]float32, 8)
		for k := range v {
			v[k] = float32(random.NormFloat64())
		}
		set.Pictures, features[p.Hash] = append(set.Pictures, p), v
	}
	for person := range 3 {
		var values []float64
		for i, one := range set.Pictures {
			for _, other := range set.Pictures[i+1:] {
				values = append(values, math.Abs(float64(features[one.Hash][0]-features[other.Hash][0]))+.3*random.Float64())
			}
		}
		set.Matrices.People, set.Matrices.Values = append(set.Matrices.People, fmt.Sprint(person)), append(set.Matrices.Values, values)
	}
	return set, Model{Outputs: space.Outputs{Features: features}}
}

// TestMatricesTeachWhatPeopleSee: weights find the feature by which people judge, its
// control does not, and similarities are the same matrices turned round.
func TestMatricesTeachWhatPeopleSee(t *testing.T) {
	set, m := judgedByOne(30)
	try := func() *Agreement {
		r, err := Try(m, set, nil, Options{Spaces: kinds(space.Centred, Linear), Options: stats.Options{Resamples: 200, Seed: 1}})
		if err != nil {
			t.Fatal(err)
		}
		if r.Folds != mostParts || r.Units != 30 || r.Trained != [2]int{18, 24} {
			t.Errorf("%d parts of %d concepts, trained on %v pictures", r.Folds, r.Units, r.Trained)
		}
		return r.Agreement
	}
	a := try()
	row := func(name string) AgreementRow {
		at := slices.IndexFunc(a.Rows, func(r AgreementRow) bool { return r.Space == name })
		return a.Rows[at]
	}
	linear, control := row("linear"), row("linear, permuted labels")
	if !(linear.Change > .05) || !linear.Evidence.Interval.Defined() || linear.Change != linear.Spearman-a.Features {
		t.Errorf("linear changes %v to %v by %v (%v)", a.Features, linear.Spearman, linear.Change, linear.Evidence.Interval)
	}
	if control.Against != "centred" || control.Change > .02 || control.Change != control.Spearman-row("centred").Spearman {
		t.Errorf("the control changes %v to %v by %v", row("centred").Spearman, control.Spearman, control.Change)
	}
	for _, values := range set.Matrices.Values {
		for i := range values {
			values[i] = -values[i]
		}
	}
	set.Matrices.Similar = true
	if other := try(); other.Features != a.Features || other.Rows[1].Spearman != linear.Spearman {
		t.Errorf("similarities give %v and %v, dissimilarities %v and %v", other.Features, other.Rows[1].Spearman, a.Features, linear.Spearman)
	}
}

// TestPairsAreLeftOutWithTheirConcepts: every pair is judged once, by what was fitted to
// neither picture nor to another of its concepts.
func TestPairsAreLeftOutWithTheirConcepts(t *testing.T) {
	set, _ := judgedByOne(20)
	for i, p := range set.Pictures {
		p.Label = []string{"Thing ", "things "}[i%2] + fmt.Sprint(i/2)
		if i < 4 {
			p.Label = []string{"", "Dog", "dog", ""}[i]
		}
	}
	part, units := parts(set.Pictures, 5, 3)
	if part[1] != part[2] {
		t.Error("two pictures of a dog are in different parts")
	}
	if units != 19 {
		t.Errorf("%d concepts, want 19", units)
	}
	seen := map[int]bool{}
	for _, l := range leftOut(set.Pictures, part, 5) {
		for k, pair := range l.pairs {
			for _, i := range l.train {
				if p := set.Pictures[i]; p == pair.Target || p == pair.Related || p.Label == "dog" && (pair.Target.Label == "Dog" || pair.Related.Label == "Dog") {
					t.Errorf("pair %v was fitted to", pair)
				}
			}
			i, j := slices.Index(set.Pictures, pair.Target), slices.Index(set.Pictures, pair.Related)
			if place := stimuli.PairPlace(20, i, j); place != l.places[k] || seen[place] {
				t.Errorf("pair %d and %d stands at %d, twice: %v", i, j, l.places[k], seen[place])
			}
			seen[l.places[k]] = true
		}
	}
	if len(seen) != 190 {
		t.Errorf("%d pairs, want 190", len(seen))
	}
}

// TestMatricesThatCannotBeTried are refused with the reason.
func TestMatricesThatCannotBeTried(t *testing.T) {
	set, m := judgedByOne(12)
	o := Options{Spaces: kinds(space.Centred), Options: stats.Options{Resamples: 100}}
	var task *TaskError
	if _, err := Try(m, set, &stimuli.Set{}, o); !errors.As(err, &task) {
		t.Errorf("another set: error %v", err)
	}
	o.Choose = true
	if _, err := Try(m, set, nil, o); !errors.As(err, &task) {
		t.Errorf("a choice of values: error %v", err)
	}
	o.Choose = false
	for _, p := range set.Pictures {
		p.Label = "dog"
	}
	if _, err := Try(m, set, nil, o); err == nil {
		t.Error("pictures of one concept are tried")
	}
	set.Items = []stimuli.Item{{}}
	if _, err := AsTriplets(set); !errors.As(err, &task) {
		t.Errorf("several pictures of an item: error %v", err)
	}
	set, m = judgedByOne(12)
	for _, values := range set.Matrices.Values {
		for i := range values {
			values[i] = 1
		}
	}
	o.Spaces = kinds(Linear)
	if _, err := Try(m, set, nil, o); err == nil {
		t.Error("people who tell nothing apart teach weights")
	}
}
