package stimuli

import (
	"math"
	"slices"
	"strings"
)

// PairRating sums up what people said of one pair of pictures on one scale.
type PairRating struct {
	A, B           *Picture // in the order of the first judgement
	Scale          string
	Raters         int     // persons
	Mean, Min, Max float64 // of their answers; a person's several are averaged first
	SD             float64 // of the sample, divided by n - 1; NaN for a single rater
}

// Ratings are a set's judgements by pair and scale. A pair counts in either
// order, and pictures of the same content are one.
type Ratings struct {
	Pairs  []PairRating // in order of the first judgement
	Scales []string     // likewise

	index map[pairOnScale]int
}

type pairOnScale struct {
	a, b  Hash
	scale string
}

func newPairOnScale(a, b *Picture, scale string) pairOnScale {
	if slices.Compare(a.Hash[:], b.Hash[:]) > 0 {
		a, b = b, a
	}
	return pairOnScale{a.Hash, b.Hash, scale}
}

// Ratings sums up the judgements. A person who judged a pair several times, in
// either order, counts once.
func (s *Set) Ratings() Ratings {
	r := Ratings{index: map[pairOnScale]int{}}
	type answers struct {
		place map[string]int // of each rater in values
		value [][]float64
	}
	var pairs []answers
	for _, j := range s.Judgements {
		key := newPairOnScale(j.A, j.B, j.Scale)
		i, known := r.index[key]
		if !known {
			i = len(r.Pairs)
			r.index[key] = i
			r.Pairs = append(r.Pairs, PairRating{A: j.A, B: j.B, Scale: j.Scale})
			pairs = append(pairs, answers{place: map[string]int{}})
		}
		p := &pairs[i]
		at, answered := p.place[j.Rater]
		if !answered {
			at = len(p.value)
			p.place[j.Rater], p.value = at, append(p.value, nil)
		}
		p.value[at] = append(p.value[at], j.Value)
		if !slices.Contains(r.Scales, j.Scale) {
			r.Scales = append(r.Scales, j.Scale)
		}
	}
	for i, of := range pairs {
		persons := make([]float64, len(of.value))
		for k, values := range of.value {
			persons[k], _ = meanSD(values)
		}
		p := &r.Pairs[i]
		p.Raters, p.Min, p.Max = len(persons), slices.Min(persons), slices.Max(persons)
		p.Mean, p.SD = meanSD(persons)
	}
	return r
}

// Mean is the mean rating of a pair on a scale, NaN where nobody rated it.
func (r Ratings) Mean(a, b *Picture, scale string) float64 {
	if i, rated := r.index[newPairOnScale(a, b, scale)]; rated {
		return r.Pairs[i].Mean
	}
	return math.NaN()
}

// meanSD are the mean and the standard deviation of the sample.
func meanSD(values []float64) (mean, sd float64) {
	for _, v := range values {
		mean += v
	}
	mean /= float64(len(values))
	for _, v := range values {
		sd += (v - mean) * (v - mean)
	}
	return mean, math.Sqrt(sd / float64(len(values)-1)) // 0/0 is NaN
}

// zScale marks the name of a scale whose values are z-scores.
const zScale = "(z per rater)"

// ZScored returns judgements standardised for each rater and scale: less the
// rater's mean, divided by the standard deviation of the rater's sample
// (n - 1, as R's scale does). So raters who use the scale in another way than
// others weigh the same. raters lists those who cannot be standardised, who
// gave a single answer or always the same one; their judgements are left out.
func ZScored(judgements []Judgement) (scored []Judgement, raters []string) {
	type of struct{ rater, scale string }
	values := map[of][]float64{}
	for _, j := range judgements {
		key := of{j.Rater, j.Scale}
		values[key] = append(values[key], j.Value)
	}
	for _, j := range judgements {
		own := values[of{j.Rater, j.Scale}]
		mean, sd := meanSD(own)
		if len(own) < 2 || slices.Min(own) == slices.Max(own) { // their SD may differ from 0 by rounding
			raters = append(raters, j.Rater)
			continue
		}
		j.Value, j.Scale = (j.Value-mean)/sd, strings.TrimSpace(j.Scale+" "+zScale)
		scored = append(scored, j)
	}
	slices.Sort(raters)
	return scored, slices.Compact(raters)
}
