package stats

import (
	"math"
)

const (
	mostMatrixResamples   = 1000
	fewestMatrixResamples = 200
	// matrixSteps bounds the sums of products of one bootstrap.
	matrixSteps = 6e9
)

// infer fills the evidence of models and pairs of models: Spearman's correlations
// again with pictures drawn with replacement, pairs of a picture with itself left
// out. With it go people drawn with replacement.
func (f *matrixField) infer(result *Matrices, o Options) {
	if f.Pictures < fewestMatrixPictures {
		for m := range result.Models {
			result.Models[m].Evidence = missing(OneUnit)
		}
		f.pair(result, nil, o)
		return
	}
	steps := float64(len(f.models) * len(f.People) * f.Pictures * f.Pictures / 2)
	result.Resamples = min(o.Resamples, max(fewestMatrixResamples, min(mostMatrixResamples, int(matrixSteps/steps))))
	order := f.orders()
	replicates := make([]matrixReplicate, result.Resamples)
	parallel(result.Resamples, func() func(int) {
		draw := newMatrixDraw(f, order)
		return func(r int) { replicates[r] = draw.resample(o.source(bootstrapStream, r)) }
	})
	for m := range result.Models {
		model := &result.Models[m]
		of := func(rho [][]float64, p int) float64 { return rho[m][p] }
		own := func(p int) float64 { return float64(model.ByPerson[p]) }
		model.Evidence = f.evidence(float64(model.Figures[SpearmanMeasure]), own, replicates, of, Interval{-1, 1}, o.Level)
	}
	f.pair(result, replicates, o)
}

// pair fills the comparisons of models.
func (f *matrixField) pair(result *Matrices, replicates []matrixReplicate, o Options) {
	var p []float64
	for a := range f.models {
		for b := a + 1; b < len(f.models); b++ {
			one, other := result.Models[a], result.Models[b]
			pair := MatrixPair{A: one.Model, B: other.Model, Difference: one.Figures[SpearmanMeasure] - other.Figures[SpearmanMeasure], Evidence: missing(OneUnit)}
			if replicates != nil {
				of := func(rho [][]float64, p int) float64 { return rho[a][p] - rho[b][p] }
				own := func(p int) float64 { return float64(one.ByPerson[p] - other.ByPerson[p]) }
				pair.Evidence = f.evidence(float64(pair.Difference), own, replicates, of, Interval{-2, 2}, o.Level)
			}
			result.Compared, p = append(result.Compared, pair), append(p, float64(pair.Evidence.P))
		}
	}
	for i, adjusted := range Holm(p) {
		result.Compared[i].Holm = Number(adjusted)
	}
}

// orders are the pairs of each mask in ascending order of each person's and each
// model's values, so that resamples need not sort.
func (f *matrixField) orders() (orders []matrixOrder) {
	for _, mask := range f.masks {
		var o matrixOrder
		for _, values := range mask.person {
			o.person = append(o.person, ordering(values))
		}
		for _, values := range mask.model {
			o.model = append(o.model, ordering(values))
		}
		orders = append(orders, o)
	}
	return orders
}

type matrixOrder struct{ person, model [][]int }

// matrixReplicate is the correlations of one resample of pictures, by model and
// person, and a resample of people.
type matrixReplicate struct {
	rho    [][]float64
	people []int
}

// matrixDraw makes replicates, in room of its own.
type matrixDraw struct {
	*matrixField
	order  []matrixOrder
	times  []float64 // that each picture was drawn
	weight []float64 // of the pairs of a mask
	all    []float64 // of all pairs
	ranked [][]float64
	person []float64
}

func newMatrixDraw(f *matrixField, order []matrixOrder) *matrixDraw {
	pairs := f.Pictures * (f.Pictures - 1) / 2
	d := &matrixDraw{
		matrixField: f, order: order, times: make([]float64, f.Pictures), weight: make([]float64, pairs),
		all: make([]float64, pairs), person: make([]float64, pairs), ranked: make([][]float64, len(f.models)),
	}
	for m := range d.ranked {
		d.ranked[m] = make([]float64, pairs)
	}
	return d
}

func (d *matrixDraw) resample(source interface{ Uint64() uint64 }) matrixReplicate {
	clear(d.times)
	uniform := func(n int) int { return int(source.Uint64() >> 33 * uint64(n) >> 31) }
	for range d.Pictures {
		d.times[uniform(d.Pictures)]++
	}
	eachPair(d.Pictures, func(at, i, j int) { d.all[at] = d.times[i] * d.times[j] })
	r := matrixReplicate{rho: make([][]float64, len(d.models)), people: make([]int, len(d.People))}
	for m := range r.rho {
		r.rho[m] = make([]float64, len(d.People))
	}
	for p := range r.people {
		r.people[p] = uniform(len(d.People))
	}
	for k, mask := range d.masks {
		weight := d.weight[:len(mask.pairs)]
		sum := 0.0
		for i, at := range mask.pairs {
			weight[i] = d.all[at]
			sum += weight[i]
		}
		for m := range d.models {
			weightedRanks(d.ranked[m], d.order[k].model[m], mask.model[m], weight, sum)
		}
		for at, p := range mask.people {
			weightedRanks(d.person, d.order[k].person[at], mask.person[at], weight, sum)
			for m := range d.models {
				r.rho[m][p] = weightedCorrelation(d.ranked[m], d.person, weight)
			}
		}
	}
	return r
}

// weightedRanks writes the mid-ranks that values have where each stands as often as
// its weight says, less their mean.
func weightedRanks(out []float64, order []int, values, weight []float64, sum float64) {
	below := 0.0
	for i := 0; i < len(order); {
		j, tied := i, 0.0
		for j < len(order) && values[order[j]] == values[order[i]] {
			tied += weight[order[j]]
			j++
		}
		for _, at := range order[i:j] {
			out[at] = below + (tied+1)/2 - (sum+1)/2
		}
		below += tied
		i = j
	}
}

// weightedCorrelation is Pearson's of centred values; NaN where either is constant.
func weightedCorrelation(x, y, weight []float64) float64 {
	var xx, yy, xy float64
	for i, w := range weight {
		wx := w * x[i]
		xx += wx * x[i]
		xy += wx * y[i]
		yy += w * y[i] * y[i]
	}
	return xy / math.Sqrt(xx*yy)
}

// evidence is how sure a mean over people is, by the corrected two-factor bootstrap
// (Schütt et al. 2023, as rsatoolbox computes it): the variance over pictures and
// that over people, less what the bootstrap of both counts twice. own is each
// person's value, of that of a replicate.
func (f *matrixField) evidence(value float64, own func(p int) float64, replicates []matrixReplicate, of func(rho [][]float64, p int) float64, bounds Interval, level float64) Evidence {
	people, pictures := float64(len(f.People)), float64(f.Pictures)
	var byPictures, byBoth []float64
	for _, r := range replicates {
		mean, drawn := 0.0, 0.0
		for p := range f.People {
			mean += of(r.rho, p) / people
			drawn += of(r.rho, r.people[p]) / people
		}
		if !math.IsNaN(mean) && !math.IsNaN(drawn) {
			byPictures, byBoth = append(byPictures, mean), append(byBoth, drawn)
		}
	}
	s := spread{variance: variance(byPictures) * pictures / (pictures - 1), factor: 1, degrees: pictures - 1}
	test := PictureTests
	if len(f.People) > 1 {
		persons := make([]float64, len(f.People))
		for p := range persons {
			persons[p] = own(p)
		}
		s.variance = twoFactors(variance(byBoth), variance(persons)*(people-1)/people/people, variance(byPictures), people, pictures)
		s.degrees, test = min(people, pictures)-1, TwoFactors
	}
	e := studentShared(value, 0, s, min(pictures, max(people, fewestUnits)), bounds, level)
	if e.Missing == "" {
		e.Test = test
	}
	return e
}

// twoFactors corrects the variance of a bootstrap of both people and pictures by
// those of either.
func twoFactors(both, byPeople, byPictures, people, pictures float64) float64 {
	a, b := people/(people-1), pictures/(pictures-1)
	v := a*byPeople + b*byPictures - a*b*(both-byPeople-byPictures)
	return min(max(v, a*byPeople, b*byPictures), both)
}

// variance is that of a sample; 0 where only rounding keeps values from their mean.
func variance(values []float64) float64 {
	m, sum, largest := mean(values), 0.0, 0.0
	for _, v := range values {
		sum, largest = sum+(v-m)*(v-m), max(largest, math.Abs(v-m))
	}
	if largest <= leastUnit {
		return 0
	}
	return sum / float64(len(values)-1)
}
