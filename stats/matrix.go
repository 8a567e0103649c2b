package stats

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// MatrixDesign is people's dissimilarities of all pairs of pictures, the upper
// triangle row by row; NaN where a person gave none.
type MatrixDesign struct {
	Pictures int
	People   []string
	Values   [][]float64 // by person
	// Ratio says that 0 means no difference, so that cosines have a meaning; false
	// for similarities that were turned round.
	Ratio bool
	// Items says that rows are items, of which there may be several pictures.
	Items bool
}

// MatrixScores are a model's dissimilarities of the same pairs.
type MatrixScores struct {
	Model  string
	Values []float64
	Ratio  bool // as in MatrixDesign
	// Unbiased says that distances are crossvalidated over several pictures of each
	// item, so that noise adds nothing to them on average.
	Unbiased  bool
	Unchecked bool
}

// Matrices compares models' matrices with people's (representational similarity
// analysis). Measures are those of rsatoolbox (Nili et al. 2014; Schütt et al.
// 2023): the mean over people of the measure between model and person.
type Matrices struct {
	Pictures int `json:"pictures"`
	Pairs    int `json:"pairs"`  // that anybody judged
	People   int `json:"people"` // whose values vary
	// Items says that Pictures counts items; Unbiased is as in MatrixScores. Of
	// unbiased distances the whitened cosine is the unbiased one.
	Items    bool `json:"items,omitempty"`
	Unbiased bool `json:"unbiased,omitempty"`
	// Resamples of pictures behind the intervals.
	Resamples int            `json:"resamples"`
	Ceilings  []MatrixRange  `json:"ceilings,omitempty"` // by measure; none of a single person
	Models    []MatrixModel  `json:"models"`
	Compared  []MatrixPair   `json:"model_pairs,omitempty"` // every two models, by Spearman
	Omitted   []MatrixReason `json:"omitted,omitempty"`     // measures that do not apply
	Warnings  []Warning      `json:"warnings,omitempty"`
}

// MatrixMeasure names a comparison of two matrices.
type MatrixMeasure string

// The measures. Of ranks, equal values share their mean rank.
const (
	SpearmanMeasure MatrixMeasure = "spearman"
	TauAMeasure     MatrixMeasure = "kendall_tau_a"
	RhoAMeasure     MatrixMeasure = "rho_a" // Spearman's expected value where ties are broken at random
	CosineMeasure   MatrixMeasure = "cosine"
	// WhitenedMeasure is the cosine after whitening by the covariance that
	// distances have since pairs share pictures (Diedrichsen et al. 2021).
	WhitenedMeasure MatrixMeasure = "whitened_cosine"
	// WhitenedCorrelationMeasure is the same of values less their mean, so that it needs
	// no zero.
	WhitenedCorrelationMeasure MatrixMeasure = "whitened_correlation"
)

// MatrixMeasures are all of them; Spearman's is the first, which is tested.
func MatrixMeasures() []MatrixMeasure {
	return []MatrixMeasure{SpearmanMeasure, TauAMeasure, RhoAMeasure, CosineMeasure, WhitenedMeasure, WhitenedCorrelationMeasure}
}

// MatrixRange bounds how well any model can do under a measure: people against
// the mean of the others, and of all.
type MatrixRange struct {
	Measure MatrixMeasure `json:"measure"`
	Lower   Number        `json:"lower"`
	Upper   Number        `json:"upper"`
}

// MatrixReason says why a measure is left out.
type MatrixReason struct {
	Measure MatrixMeasure `json:"measure"`
	Why     string        `json:"why"` // no-zero or incomplete
}

// Reasons of MatrixReason.
const (
	NoZero     = "no-zero"    // values are similarities, or a model's measure has no zero
	Incomplete = "incomplete" // somebody did not judge all pairs
)

// MatrixModel is one model's agreement with people.
type MatrixModel struct {
	Model    string                   `json:"model"`
	Figures  map[MatrixMeasure]Number `json:"figures"`            // means over people
	Evidence Evidence                 `json:"evidence"`           // of Spearman, against 0
	ByPerson []Number                 `json:"spearman_by_person"` // null of one value throughout
	Warnings []Warning                `json:"warnings"`
}

// MatrixPair compares two models by Spearman.
type MatrixPair struct {
	A          string   `json:"a"`
	B          string   `json:"b"`
	Difference Number   `json:"difference"`
	Evidence   Evidence `json:"evidence"`
	Holm       Number   `json:"p_holm"`
}

// TwoFactors names the test of matrices.
const (
	TwoFactors   Test = "t, two-factor bootstrap over people and pictures"
	PictureTests Test = "t, bootstrap over pictures" // of one person or a mean
)

// fewestMatrixPictures is the number of pictures below which nothing is inferred.
const fewestMatrixPictures = 6

// CompareMatrices is everything that matrices say of models.
func CompareMatrices(d MatrixDesign, models []MatrixScores, o Options) (Matrices, error) {
	o, err := o.prepared(Design{Pictures: [][3]string{{}}}, nil)
	if err != nil {
		return Matrices{}, err
	}
	if err := d.check(models); err != nil {
		return Matrices{}, err
	}
	everybody := len(d.People)
	d, kept := d.varying()
	if len(kept) == 0 {
		return Matrices{}, errors.New("everybody gave all pairs of pictures one value, so that there is nothing to compare")
	}
	f := newMatrixField(d, models)
	result := Matrices{Pictures: d.Pictures, Pairs: f.judged(), People: len(d.People), Models: make([]MatrixModel, len(models)), Omitted: f.omitted(),
		Items: d.Items, Unbiased: everyModel(models, func(m MatrixScores) bool { return m.Unbiased })}
	for _, measure := range f.measures() {
		if len(d.People) > 1 {
			lower, upper := f.ceiling(measure)
			result.Ceilings = append(result.Ceilings, MatrixRange{measure, Number(lower), Number(upper)})
		}
	}
	parallel(len(models), func() func(int) {
		return func(m int) { result.Models[m] = f.describe(m) }
	})
	f.infer(&result, o)
	if left := everybody - len(kept); left > 0 {
		result.Warnings = append(result.Warnings, Warning{Kind: ConstantRaters, Raters: left})
		for m := range result.Models {
			byPerson := slices.Repeat([]Number{nan}, everybody)
			for i, p := range kept {
				byPerson[p] = result.Models[m].ByPerson[i]
			}
			result.Models[m].ByPerson = byPerson
		}
	}
	if len(d.People) > 1 && len(d.People) < fewRaters {
		result.Warnings = append(result.Warnings, Warning{Kind: FewRaters, Raters: len(d.People), Needed: fewRaters})
	}
	return result, nil
}

func everyModel(models []MatrixScores, is func(MatrixScores) bool) bool {
	return len(models) > 0 && !slices.ContainsFunc(models, func(m MatrixScores) bool { return !is(m) })
}

func (d MatrixDesign) check(models []MatrixScores) error {
	pairs := d.Pictures * (d.Pictures - 1) / 2
	if len(d.People) == 0 || pairs == 0 {
		return fmt.Errorf("%d people judged %d pictures; a matrix takes at least 1 and 2", len(d.People), d.Pictures)
	}
	for p, values := range d.Values {
		if len(values) != pairs {
			return fmt.Errorf("%s: %d values for %d pairs", d.People[p], len(values), pairs)
		}
		if len(definedOnly(values)) < fewestCompared {
			return fmt.Errorf("%s judged fewer than %d pairs", d.People[p], fewestCompared)
		}
	}
	for _, m := range models {
		if len(m.Values) != pairs || len(definedOnly(m.Values)) != pairs {
			return fmt.Errorf("model %s: %d values for %d pairs", m.Model, len(definedOnly(m.Values)), pairs)
		}
	}
	return nil
}

// varying leaves out people who gave all pairs one value: nothing correlates with it.
// Kept are the places of the others.
func (d MatrixDesign) varying() (MatrixDesign, []int) {
	var kept []int
	var people []string
	var values [][]float64
	for p, given := range d.Values {
		if !constant(definedOnly(given)) {
			kept, people, values = append(kept, p), append(people, d.People[p]), append(values, given)
		}
	}
	d.People, d.Values = people, values
	return d, kept
}

// matrixField is the matrices made ready.
type matrixField struct {
	MatrixDesign
	models []MatrixScores
	masks  []*matrixMask
	whole  bool // everybody judged all pairs
}

// matrixMask is the people who judged the same pairs.
type matrixMask struct {
	pairs  []int32 // which, ascending
	people []int
	person [][]float64 // their values of these pairs
	model  [][]float64 // of each model
}

func newMatrixField(d MatrixDesign, models []MatrixScores) *matrixField {
	f := &matrixField{MatrixDesign: d, models: models, whole: true}
	for p, values := range d.Values {
		var pairs []int32
		for i, v := range values {
			if !math.IsNaN(v) {
				pairs = append(pairs, int32(i))
			}
		}
		f.whole = f.whole && len(pairs) == len(values)
		at := slices.IndexFunc(f.masks, func(m *matrixMask) bool { return slices.Equal(m.pairs, pairs) })
		if at < 0 {
			at = len(f.masks)
			mask := &matrixMask{pairs: pairs}
			for _, m := range models {
				mask.model = append(mask.model, among(m.Values, pairs))
			}
			f.masks = append(f.masks, mask)
		}
		mask := f.masks[at]
		mask.people, mask.person = append(mask.people, p), append(mask.person, among(values, pairs))
	}
	return f
}

func among(values []float64, places []int32) []float64 {
	some := make([]float64, len(places))
	for i, at := range places {
		some[i] = values[at]
	}
	return some
}

// judged is the number of pairs that anybody judged.
func (f *matrixField) judged() int {
	seen := map[int32]bool{}
	for _, m := range f.masks {
		for _, pair := range m.pairs {
			seen[pair] = true
		}
	}
	return len(seen)
}

// omitted are the measures that do not apply.
func (f *matrixField) omitted() []MatrixReason {
	var list []MatrixReason
	if !f.Ratio || !everyModel(f.models, func(m MatrixScores) bool { return m.Ratio }) {
		list = []MatrixReason{{CosineMeasure, NoZero}, {WhitenedMeasure, NoZero}}
	} else if !f.whole {
		list = []MatrixReason{{WhitenedMeasure, Incomplete}}
	}
	if !f.whole {
		list = append(list, MatrixReason{WhitenedCorrelationMeasure, Incomplete})
	}
	return list
}

// measures are those that apply.
func (f *matrixField) measures() []MatrixMeasure {
	omitted := f.omitted()
	return slices.DeleteFunc(MatrixMeasures(), func(m MatrixMeasure) bool {
		return slices.ContainsFunc(omitted, func(r MatrixReason) bool { return r.Measure == m })
	})
}

// compare is a measure between two matrices.
func (f *matrixField) compare(measure MatrixMeasure, a, b []float64) float64 {
	switch measure {
	case SpearmanMeasure:
		return Spearman(a, b)
	case RhoAMeasure:
		return rhoA(a, b)
	case TauAMeasure:
		c := newConcordance(a, b)
		n := float64(len(a))
		return total(c.net) / (n * (n - 1))
	case WhitenedMeasure:
		a, b = doubleCentred(a, f.Pictures), doubleCentred(b, f.Pictures)
	case WhitenedCorrelationMeasure:
		a, b = doubleCentred(lessMean(a), f.Pictures), doubleCentred(lessMean(b), f.Pictures)
	}
	return dotProduct(a, b) / math.Sqrt(dotProduct(a, a)*dotProduct(b, b))
}

// rhoA is the expected Spearman correlation where ties are broken at random
// (Schütt et al. 2023).
func rhoA(a, b []float64) float64 {
	x, y, n := ranks(a), ranks(b), float64(len(a))
	sum := 0.0
	for i := range x {
		sum += (x[i] - (n+1)/2) * (y[i] - (n+1)/2)
	}
	return 12 * sum / (n*n*n - n)
}

func dotProduct(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

// eachPair visits the upper triangle row by row.
func eachPair(n int, visit func(at, i, j int)) {
	at := 0
	for i := range n {
		for j := i + 1; j < n; j++ {
			visit(at, i, j)
			at++
		}
	}
}

// ceiling bounds how well any model can do under a measure.
func (f *matrixField) ceiling(measure MatrixMeasure) (lower, upper float64) {
	return peopleCeiling(f.Values,
		func(values []float64) []float64 { return f.scaled(measure, values) },
		func(a, b []float64) float64 { return f.compare(measure, a, b) })
}

// scaled are a person's ranks, or values of unit length.
func (f *matrixField) scaled(measure MatrixMeasure, values []float64) []float64 {
	length := 0.0
	switch measure {
	case CosineMeasure:
		length = math.Sqrt(dotProduct(values, values) / float64(len(values)))
	case WhitenedMeasure, WhitenedCorrelationMeasure:
		if measure == WhitenedCorrelationMeasure {
			values = lessMean(values)
		}
		whitened := doubleCentred(values, f.Pictures)
		length = math.Sqrt(dotProduct(whitened, whitened))
	default:
		return unitRanks(values)
	}
	unit := slices.Clone(values)
	for i := range unit {
		unit[i] /= length
	}
	return unit
}

// describe is a model's figures without their inference.
func (f *matrixField) describe(m int) MatrixModel {
	s := f.models[m]
	model := MatrixModel{Model: s.Model, Figures: map[MatrixMeasure]Number{}, ByPerson: make([]Number, len(f.People)), Warnings: []Warning{}}
	for _, measure := range f.measures() {
		sum := 0.0
		for _, mask := range f.masks {
			for k, p := range mask.people {
				agreement := f.compare(measure, mask.model[m], mask.person[k])
				sum += agreement
				if measure == SpearmanMeasure {
					model.ByPerson[p] = Number(agreement)
				}
			}
		}
		model.Figures[measure] = Number(sum / float64(len(f.People)))
	}
	if s.Unchecked {
		model.Warnings = append(model.Warnings, Warning{Kind: Unchecked, Model: s.Model})
	}
	return model
}
