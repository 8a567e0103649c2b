package stats

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/akin-vision/akin/match"
)

// Human compares models with people's ratings of the pairs. Its unit is the
// pair of pictures, whichever comes first: a pair that serves several triplets
// counts once, with the mean of its ratings and of a model's similarities.
type Human struct {
	Rated     int `json:"rated_pairs"`
	Related   int `json:"rated_related"`
	Unrelated int `json:"rated_unrelated"`

	// RatingAUC is how well the mean ratings themselves separate related from
	// unrelated pairs; RatingAccuracy the share of triplets whose related pair
	// has the higher mean rating, ties counting half.
	RatingAUC         Number   `json:"rating_auc"`
	RatingAUCInterval Interval `json:"rating_auc_interval"`
	RatingAUCMissing  Reason   `json:"rating_auc_missing,omitempty"` // why the interval is null, where the AUC is defined
	RatingAccuracy    Number   `json:"rating_accuracy"`

	Models []Agreement     `json:"models"`
	Pairs  []AgreementPair `json:"pairs,omitempty"` // every two models

	Ceiling   *Ceiling  `json:"ceiling,omitempty"`
	NoCeiling *Warning  `json:"no_ceiling,omitempty"` // why there is none
	Warnings  []Warning `json:"warnings,omitempty"`
}

// Agreement is one model's association with the mean ratings.
type Agreement struct {
	Model     string      `json:"model"`
	Pooled    Association `json:"pooled"`    // inflated: both rise from unrelated to related
	Related   Association `json:"related"`   // within related pairs
	Unrelated Association `json:"unrelated"` // within unrelated pairs
	// RaterMean is the mean Spearman correlation with single raters, which the
	// lower and upper ceilings bound. Null without individual judgements.
	RaterMean Number `json:"rater_mean_spearman"`
}

// Association is the rank correlation of similarity and mean rating.
type Association struct {
	Pairs            int      `json:"pairs"`
	Spearman         Number   `json:"spearman"`
	SpearmanInterval Interval `json:"spearman_interval"`
	SpearmanP        Number   `json:"spearman_p"` // against none
	Kendall          Number   `json:"kendall_tau_b"`
	KendallInterval  Interval `json:"kendall_interval"`
	Partial          Number   `json:"partial_spearman"`  // low-level similarity held constant; null without it
	Missing          Reason   `json:"missing,omitempty"` // why there is no correlation or no test of it
}

// AgreementPair compares two models' pooled Spearman correlations with the same
// ratings.
type AgreementPair struct {
	A          string   `json:"a"`
	B          string   `json:"b"`
	Difference Number   `json:"difference"`
	Interval   Interval `json:"interval"`
	P          Number   `json:"p"`
	WilliamsT  Number   `json:"williams_t"` // pairs of pictures as independent
	WilliamsP  Number   `json:"williams_p"`
}

// Judgement is one person's rating of a pair of pictures, named as in
// Design.Pictures, in either order.
type Judgement struct {
	Rater, A, B string
	Value       float64
}

// pairOf is an unordered pair of pictures.
type pairOf [2]string

func newPairOf(a, b string) pairOf { return pairOf{min(a, b), max(a, b)} }

// ratedPairs are the distinct pairs of a design that people rated.
type ratedPairs struct {
	key       []pairOf
	rating    []float64
	score     [][]float64 // by model, the low-level similarity (if any) last
	related   []int       // pairs that are related in some triplet
	unrelated []int
	all       []int
}

// role says what a picture is to its triplet's target.
type role int

const (
	related role = iota
	unrelated
)

// slot is one of the two pairs of a triplet.
type slot struct {
	triplet int
	role    role
	pair    pairOf
}

func (d Design) slots() []slot {
	slots := make([]slot, 0, 2*len(d.Pictures))
	for i, pictures := range d.Pictures {
		slots = append(slots,
			slot{i, related, newPairOf(pictures[0], pictures[1])},
			slot{i, unrelated, newPairOf(pictures[0], pictures[2])})
	}
	return slots
}

// score is the similarity of the slot's pair.
func (s Scores) score(at slot) float64 {
	if at.role == related {
		return s.Related[at.triplet]
	}
	return s.Unrelated[at.triplet]
}

// rating is the design's mean rating of the slot's pair, or NaN.
func (d Design) rating(at slot) float64 {
	ratings := d.RatingRelated
	if at.role == unrelated {
		ratings = d.RatingUnrelated
	}
	if ratings == nil {
		return math.NaN()
	}
	return ratings[at.triplet]
}

// ratings are the mean ratings by pair: of the judgements where there are any
// at all, else the design's. A person's several answers to a pair are averaged
// first.
func (d Design) ratings(judgements []Judgement) map[pairOf]float64 {
	type answer struct {
		pair  pairOf
		rater string
	}
	persons := make(averages[answer])
	var order []answer // sums must not depend on the order of a map
	for _, j := range judgements {
		of := answer{newPairOf(j.A, j.B), j.Rater}
		if _, known := persons[of]; !known {
			order = append(order, of)
		}
		persons.add(of, j.Value)
	}
	pairs := make(averages[pairOf])
	for _, of := range order {
		pairs.add(of.pair, persons[of].sum/persons[of].times)
	}
	if len(judgements) == 0 {
		for _, at := range d.slots() {
			pairs.add(at.pair, d.rating(at))
		}
	}
	means := make(map[pairOf]float64, len(pairs))
	for pair, a := range pairs {
		means[pair] = tidy(a.sum / a.times)
	}
	return means
}

// averages adds up values by key; NaN is no value.
type averages[K comparable] map[K]average

type average struct{ sum, times float64 }

func (a averages[K]) add(key K, value float64) {
	if !math.IsNaN(value) {
		of := a[key]
		a[key] = average{of.sum + value, of.times + 1}
	}
}

func newRatedPairs(d Design, models []Scores, ratings map[pairOf]float64) ratedPairs {
	p := ratedPairs{score: make([][]float64, len(models))}
	index := make(map[pairOf]int)
	var times []float64
	inRole := [2]map[int]bool{{}, {}}
	for _, at := range d.slots() {
		rating, rated := ratings[at.pair]
		if !rated {
			continue
		}
		k, known := index[at.pair]
		if !known {
			k = len(p.rating)
			index[at.pair] = k
			p.rating = append(p.rating, rating)
			p.key, p.all, times = append(p.key, at.pair), append(p.all, k), append(times, 0)
			for m := range models {
				p.score[m] = append(p.score[m], 0)
			}
		}
		times[k]++
		inRole[at.role][k] = true
		for m, s := range models {
			p.score[m][k] += (s.score(at) - p.score[m][k]) / times[k]
		}
	}
	p.related = slices.Sorted(maps.Keys(inRole[related]))
	p.unrelated = slices.Sorted(maps.Keys(inRole[unrelated]))
	return p
}

// shown is the pictures of the pairs at some places.
func (p ratedPairs) shown(places []int) shown {
	pictures := make([][3]string, len(places))
	for i, k := range places {
		pictures[i] = [3]string{p.key[k][0], p.key[k][1], p.key[k][1]}
	}
	numbered := number(pictures)
	for i := range numbered {
		numbered[i][2] = -1
	}
	return numbered
}

// at is the values at some places.
func at(values []float64, places []int) []float64 {
	some := make([]float64, len(places))
	for i, k := range places {
		some[i] = values[k]
	}
	return some
}

// FewestRated is the number of rated pairs below which their correlations say
// nothing.
const FewestRated = 10

// People compares models with people. The mean ratings are those of the
// individual judgements where any are given, else the design's; only judgements
// give ceilings. Errors name the slice that does not fit; a set without ratings
// is an error.
func People(d Design, models []Scores, judgements []Judgement, o Options) (Human, error) {
	o, err := o.prepared(d, models)
	if err != nil {
		return Human{}, err
	}
	ratings := d.ratings(judgements)
	measured := models
	if d.LowLevel != nil {
		measured = append(slices.Clone(models), *d.LowLevel)
	}
	pairs := newRatedPairs(d, measured, ratings)
	if len(pairs.rating) == 0 {
		return Human{}, fmt.Errorf("people: no pair of the set has a rating")
	}
	h := Human{
		Rated: len(pairs.all), Related: len(pairs.related), Unrelated: len(pairs.unrelated),
		RatingAccuracy: Number(ratingAccuracy(d, ratings)),
	}
	h.NoCeiling = &Warning{Kind: MeanRatingsOnly}
	var panel panel
	if len(judgements) > 0 {
		panel = newPanel(judgements, pairs.key)
		if h.Ceiling, h.NoCeiling = panel.ceiling(d, o); h.Ceiling != nil && h.Rated < FewestRated {
			h.Ceiling = panel.fewPairs()
		}
	}
	auc, evidence := pairs.ratingAUC(o.Level)
	h.RatingAUC, h.RatingAUCInterval, h.RatingAUCMissing = auc, evidence.Interval, evidence.Missing
	h.agree(pairs, models, d.LowLevel != nil, panel, o)
	h.Warnings = h.warnings()
	return h, nil
}

// agree fills Models and Pairs.
func (h *Human) agree(pairs ratedPairs, models []Scores, lowLevel bool, panel panel, o Options) {
	h.Models = make([]Agreement, len(models))
	pooled := make([]spearman, len(models))
	frames := [3]*frame{}
	for g, places := range [][]int{pairs.all, pairs.related, pairs.unrelated} {
		if len(places) >= FewestRated {
			frames[g] = newFrame(pairs.shown(places), nil)
		}
	}
	parallel(len(models), func() func(int) {
		return func(m int) {
			a := Agreement{Model: models[m].Model, RaterMean: Number(panel.meanCorrelation(pairs.score[m]))}
			for g, into := range []*Association{&a.Pooled, &a.Related, &a.Unrelated} {
				places := [][]int{pairs.all, pairs.related, pairs.unrelated}[g]
				set := association{frame: frames[g], score: at(pairs.score[m], places), rating: at(pairs.rating, places)}
				if lowLevel {
					set.lowLevel = at(pairs.score[len(models)], places)
				}
				var s spearman
				if *into, s = set.describe(o.Level); g == 0 {
					pooled[m] = s
				}
			}
			if len(pairs.all) < FewestRated {
				a.RaterMean = nan
			}
			h.Models[m] = a
		}
	})
	h.compare(pooled, pairs, frames[0], o.Level)
}

// compare fills Pairs.
func (h *Human) compare(pooled []spearman, pairs ratedPairs, f *frame, level float64) {
	ranked := make([][]float64, len(pooled))
	for m := range pooled {
		ranked[m] = ranks(pairs.score[m])
	}
	for a := range pooled {
		for b := a + 1; b < len(pooled); b++ {
			p := AgreementPair{
				A: h.Models[a].Model, B: h.Models[b].Model, Difference: h.Models[a].Pooled.Spearman - h.Models[b].Pooled.Spearman,
				Interval: undefined, P: nan, WilliamsT: nan, WilliamsP: nan,
			}
			if f != nil && p.Difference.Defined() {
				e := f.difference(float64(p.Difference), pooled[a].influence, pooled[b].influence, Interval{-2, 2}, level)
				p.Interval, p.P = e.Interval, e.P
				t, williams := Williams(len(pairs.rating), Pearson(ranked[a], ranked[b]), pooled[a].rho, pooled[b].rho)
				p.WilliamsT, p.WilliamsP = Number(t), Number(williams)
			}
			h.Pairs = append(h.Pairs, p)
		}
	}
}

// ratingAUC is how well mean ratings tell related from unrelated pairs.
func (p ratedPairs) ratingAUC(level float64) (Number, Evidence) {
	if len(p.all) < FewestRated || len(p.related) == 0 || len(p.unrelated) == 0 {
		return nan, Evidence{Interval: undefined}
	}
	r := rank(at(p.rating, p.related), at(p.rating, p.unrelated))
	influence, n := make([]float64, len(p.all)), float64(len(p.all))
	for role, places := range [2][]int{p.related, p.unrelated} {
		placement := [2]func(int) float64{r.positive, r.negative}[role]
		for i, k := range places {
			influence[k] += (placement(i) - r.auc) * n / float64(len(places))
		}
	}
	f := newFrame(p.shown(p.all), nil)
	return Number(r.auc), f.logit(r.auc, f.spread(influence), level)
}

// ratingAccuracy is the share of triplets with both pairs rated whose related
// pair is rated higher, ties counting half; NaN without such triplets.
func ratingAccuracy(d Design, ratings map[pairOf]float64) float64 {
	won, counted := 0.0, 0.0
	for _, pictures := range d.Pictures {
		r, hasRelated := ratings[newPairOf(pictures[0], pictures[1])]
		u, hasUnrelated := ratings[newPairOf(pictures[0], pictures[2])]
		if hasRelated && hasUnrelated {
			won += halfCredit(r, u)
			counted++
		}
	}
	return won / counted
}

// halfCredit is 1 where a exceeds b, 1/2 where they tie, else 0.
func halfCredit(a, b float64) float64 {
	return float64(match.HalfCredit.Halves(match.Compare(a, b))) / 2
}
