package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// TestMatrixIsRatings: the same ratings of all pairs of pictures give the same agreement
// with a model and the same ceilings, as judgements beside triplets and as people's matrices, missing ones too.
func TestMatrixIsRatings(t *testing.T) {
	const pictures, people = 6, 4
	random := rand.New(rand.NewPCG(18, 1))
	name := func(i int) string { return fmt.Sprint("p", i) }
	similarity := map[pairOf]float64{}
	matrix := MatrixDesign{Pictures: pictures}
	model := MatrixScores{Model: "m"}
	eachPair(pictures, func(_, i, k int) {
		s := random.Float64()
		similarity[newPairOf(name(i), name(k))] = s
		model.Values = append(model.Values, 1-s)
	})
	var judgements []Judgement
	for p := range people {
		values := make([]float64, len(model.Values))
		eachPair(pictures, func(at, i, k int) {
			rating := float64(1 + random.IntN(6)) // with ties
			if values[at] = -rating; p == 1 && at%4 == 0 {
				values[at] = math.NaN()
				return
			}
			judgements = append(judgements, Judgement{name(p), name(i), name(k), rating})
		})
		matrix.People, matrix.Values = append(matrix.People, name(p)), append(matrix.Values, values)
	}
	var d Design
	scores := Scores{Model: "m"}
	for target := range pictures { // triplets in which every pair stands
		for i := 1; i+1 < pictures; i += 2 {
			related, unrelated := (target+i)%pictures, (target+i+1)%pictures
			d.Pictures = append(d.Pictures, [3]string{name(target), name(related), name(unrelated)})
			scores.Related = append(scores.Related, similarity[newPairOf(name(target), name(related))])
			scores.Unrelated = append(scores.Unrelated, similarity[newPairOf(name(target), name(unrelated))])
		}
	}
	h, err := People(d, []Scores{scores}, judgements, Options{Resamples: 50})
	if err != nil {
		t.Fatal(err)
	}
	m, err := CompareMatrices(matrix, []MatrixScores{model}, Options{Resamples: 50})
	if err != nil {
		t.Fatal(err)
	}
	if h.Rated != m.Pairs || m.Pairs != len(similarity) {
		t.Fatalf("%d rated pairs, %d pairs of matrices, want %d", h.Rated, m.Pairs, len(similarity))
	}
	near(t, "lower ceiling", float64(h.Ceiling.Lower), float64(m.Ceilings[0].Lower))
	near(t, "upper ceiling", float64(h.Ceiling.Upper), float64(m.Ceilings[0].Upper))
	near(t, "mean Spearman over people", float64(h.Models[0].RaterMean), float64(m.Models[0].Figures[SpearmanMeasure]))
}

// TestConstantPeopleAreLeftOut: who gave all pairs one value changes no figure and is
// said to be left out; where nobody is left, nothing is compared.
func TestConstantPeopleAreLeftOut(t *testing.T) {
	random := rand.New(rand.NewPCG(18, 2))
	d, model := MatrixDesign{Pictures: 8, People: []string{"a", "b", "c"}}, MatrixScores{Model: "m", Values: make([]float64, 28)}
	for range d.People {
		d.Values = append(d.Values, make([]float64, 28))
	}
	for i := range model.Values {
		model.Values[i] = random.Float64()
		for p := range d.Values {
			d.Values[p][i] = model.Values[i] + random.Float64()
		}
	}
	want, err := CompareMatrices(d, []MatrixScores{model}, Options{Resamples: 50})
	if err != nil {
		t.Fatal(err)
	}
	constant := slices.Repeat([]float64{3}, 28)
	constant[5] = math.NaN()
	with := MatrixDesign{Pictures: 8, People: []string{"a", "x", "b", "c"}, Values: [][]float64{d.Values[0], constant, d.Values[1], d.Values[2]}}
	got, err := CompareMatrices(with, []MatrixScores{model}, Options{Resamples: 50})
	if err != nil {
		t.Fatal(err)
	}
	if got.Warnings[0] != (Warning{Kind: ConstantRaters, Raters: 1}) || got.People != 3 {
		t.Errorf("%d people, warnings %v", got.People, got.Warnings)
	}
	if by := got.Models[0].ByPerson; len(by) != 4 || by[1].Defined() || by[2] != want.Models[0].ByPerson[1] {
		t.Errorf("by person %v, without the constant one %v", by, want.Models[0].ByPerson)
	}
	if got.Models[0].Evidence != want.Models[0].Evidence || !reflect.DeepEqual(got.Models[0].Figures, want.Models[0].Figures) || !reflect.DeepEqual(got.Ceilings, want.Ceilings) {
		t.Errorf("%+v, without the constant person %+v", got.Models[0], want.Models[0])
	}
	if _, err := CompareMatrices(MatrixDesign{Pictures: 8, People: []string{"x"}, Values: [][]float64{constant}}, []MatrixScores{model}, Options{}); err == nil {
		t.Error("one value throughout is compared")
	}
}
