package stats

import (
	"maps"
	"math"
	"math/bits"
	"slices"
)

// Ceiling is how far people agree with one another, and so how far a model can
// agree with them. Correlations are over pairs of pictures.
type Ceiling struct {
	Raters int `json:"raters"`
	Pairs  int `json:"pairs"`

	// Lower and Upper bound the mean Spearman correlation with single raters
	// that the best possible model reaches (Nili et al. 2014): each rater
	// against the mean of the others' ranks, and of all. As MatrixRange.
	Lower Number `json:"lower"`
	Upper Number `json:"upper"`

	// SplitHalf is the reliability of the mean rating: the correlation of the
	// means of two halves of the raters, stepped up by Spearman and Brown, mean
	// over splits.
	SplitHalf  Number `json:"split_half"`
	Splits     int    `json:"splits"`
	Exhaustive bool   `json:"all_splits"` // else the splits are random
	// Attainable is the square root of SplitHalf: the correlation with the mean
	// rating that a model would reach if it knew people's true mean.
	Attainable Number `json:"attainable"`

	ICC      ICC       `json:"icc"`
	HeldOut  HeldOut   `json:"held_out"`
	Warnings []Warning `json:"warnings,omitempty"`
}

// ICC is the reliability of the mean of all raters: two-way random effects,
// absolute agreement, average measures (Shrout and Fleiss 1979).
type ICC struct {
	ICC2k    Number   `json:"icc_2k"`
	Interval Interval `json:"interval"`
	// Raters and Pairs are those used: raters who judged at least half of the
	// pairs, and the pairs that all of them judged.
	Raters int `json:"raters"`
	Pairs  int `json:"pairs"`
}

// HeldOut is how often a single rater, judging both pairs of a triplet, rates
// one above the other as the set or the others do; ties count half.
type HeldOut struct {
	Raters   int    `json:"raters"` // who judged both pairs of some triplet
	Label    Number `json:"accuracy_against_label"`
	Others   Number `json:"accuracy_against_others"` // against the mean of the other raters
	LabelMin Number `json:"lowest_rater"`
	LabelMax Number `json:"highest_rater"`
}

// panel is the judgements of the pairs of a set: NaN where a rater did not
// judge a pair.
type panel struct {
	key   []pairOf
	value [][]float64 // by rater, by pair; repeated judgements are averaged
}

func newPanel(judgements []Judgement, key []pairOf) panel {
	index := make(map[pairOf]int, len(key))
	for k, pair := range key {
		index[pair] = k
	}
	raters := make(map[string][]float64)
	times := make(map[string][]float64)
	for _, j := range judgements {
		k, known := index[newPairOf(j.A, j.B)]
		if !known || math.IsNaN(j.Value) {
			continue
		}
		if raters[j.Rater] == nil {
			raters[j.Rater] = allNaN(len(key))
			times[j.Rater] = make([]float64, len(key))
		}
		value := &raters[j.Rater][k]
		times[j.Rater][k]++
		if math.IsNaN(*value) {
			*value = j.Value
		}
		*value += (j.Value - *value) / times[j.Rater][k]
	}
	p := panel{key: key}
	for _, rater := range slices.Sorted(maps.Keys(raters)) {
		for k, value := range raters[rater] {
			raters[rater][k] = tidy(value)
		}
		p.value = append(p.value, raters[rater])
	}
	return p
}

// ceiling is the panel's ceiling, or why there is none.
func (p panel) ceiling(d Design, o Options) (*Ceiling, *Warning) {
	if len(p.value) < 2 {
		return nil, &Warning{Kind: TooFewRaters, Raters: len(p.value), Needed: 2}
	}
	c := Ceiling{Raters: len(p.value), Pairs: len(p.key)}
	lower, upper := peopleCeiling(p.value, unitRanks, Spearman)
	c.Lower, c.Upper = Number(lower), Number(upper)
	reliability, splits, exhaustive := p.splitHalf(o)
	c.SplitHalf, c.Splits, c.Exhaustive = Number(reliability), splits, exhaustive
	if !correlates(reliability) {
		c.SplitHalf = nan // halves that oppose each other: no reliability has such a value
	}
	c.Attainable = Number(math.Sqrt(float64(c.SplitHalf)))
	c.ICC = p.icc(o.Level)
	c.HeldOut = p.heldOut(d)
	c.Warnings = c.warnings(reliability < -1)
	return &c, nil
}

// fewPairs is the ceiling where the pairs say nothing.
func (p panel) fewPairs() *Ceiling {
	return &Ceiling{
		Raters: len(p.value), Pairs: len(p.key), Lower: nan, Upper: nan, SplitHalf: nan, Attainable: nan,
		ICC:      ICC{ICC2k: nan, Interval: undefined},
		HeldOut:  HeldOut{Label: nan, Others: nan, LabelMin: nan, LabelMax: nan},
		Warnings: []Warning{{Kind: FewRated, Pairs: len(p.key), Needed: FewestRated}},
	}
}

// meanCorrelation is the mean Spearman correlation of a model's similarities
// with the single raters.
func (p panel) meanCorrelation(score []float64) float64 {
	correlations := make([]float64, len(p.value))
	for r, rater := range p.value {
		correlations[r] = agreement(Spearman, rater, score)
	}
	return mean(definedOnly(correlations))
}

const (
	exhaustiveRaters = 12   // up to so many raters, all splits are taken
	mostSplits       = 1000 // beyond, at most so many random ones
)

// splitHalf is the mean over splits of the stepped-up correlation between the
// half-means; with an odd number of raters one half has one more.
func (p panel) splitHalf(o Options) (reliability float64, splits int, exhaustive bool) {
	halves := p.allHalves()
	exhaustive = halves != nil
	if !exhaustive {
		halves = p.randomHalves(o)
	}
	stepped := make([]float64, len(halves))
	parallel(len(halves), func() func(int) {
		return func(i int) {
			one, other := sumOver(halves[i][0], len(p.key)), sumOver(halves[i][1], len(p.key))
			r := Pearson(bothDefined(one.means(), other.means()))
			stepped[i] = 2 * r / (1 + r)
		}
	})
	return mean(definedOnly(stepped)), len(halves), exhaustive
}

// split is two halves of a panel.
type split [2][][]float64

// allHalves lists every split of a small panel, else nothing.
func (p panel) allHalves() []split {
	n := len(p.value)
	if n > exhaustiveRaters {
		return nil
	}
	var halves []split
	for set := range uint64(1) << n {
		if bits.OnesCount64(set) != n/2 || n%2 == 0 && set&1 == 0 {
			continue // of an even panel's two equal halves, the one with the first rater
		}
		var half split
		for r, rater := range p.value {
			side := 1 - set>>r&1
			half[side] = append(half[side], rater)
		}
		halves = append(halves, half)
	}
	return halves
}

func (p panel) randomHalves(o Options) []split {
	halves := make([]split, min(o.Resamples, mostSplits))
	for i := range halves {
		shuffled := slices.Clone(p.value)
		shuffle(shuffled, o.source(splitStream, i))
		halves[i] = split{shuffled[:len(shuffled)/2], shuffled[len(shuffled)/2:]}
	}
	return halves
}

func (p panel) heldOut(d Design) HeldOut {
	index := make(map[pairOf]int, len(p.key))
	for k, pair := range p.key {
		index[pair] = k
	}
	var both [][2]int // the pairs of triplets of which both were judged
	for _, pictures := range d.Pictures {
		r, hasRelated := index[newPairOf(pictures[0], pictures[1])]
		u, hasUnrelated := index[newPairOf(pictures[0], pictures[2])]
		if hasRelated && hasUnrelated {
			both = append(both, [2]int{r, u})
		}
	}
	sums := sumsOfOthers(p.value)
	var label, others []float64
	for r, rater := range p.value {
		rest := sums[r].means()
		var byLabel, byOthers []float64
		for _, pair := range both {
			margin, restMargin := rater[pair[0]]-rater[pair[1]], rest[pair[0]]-rest[pair[1]]
			if math.IsNaN(margin) {
				continue
			}
			byLabel = append(byLabel, halfCredit(margin, 0))
			if !math.IsNaN(restMargin) {
				byOthers = append(byOthers, halfCredit(margin*restMargin, 0))
			}
		}
		label, others = append(label, mean(byLabel)), append(others, mean(byOthers))
	}
	label = definedOnly(label)
	held := HeldOut{Raters: len(label), Label: Number(mean(label)), Others: Number(mean(definedOnly(others))), LabelMin: nan, LabelMax: nan}
	if len(label) > 0 {
		held.LabelMin, held.LabelMax = Number(slices.Min(label)), Number(slices.Max(label))
	}
	return held
}
