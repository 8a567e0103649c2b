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
	RatingAUCInterval Interval `json:"rating_auc_interval"` // Obuchowski, over clusters
	RatingAccuracy    Number   `json:"rating_accuracy"`

	Models []Agreement     `json:"models"`
	Pairs  []AgreementPair `json:"pairs,omitempty"` // every two models

	// Resamples is how many the Spearman intervals rest on: as many as asked
	// for, but on large sets fewer, at least 999.
	Resamples int `json:"resamples"`

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
	SpearmanInterval Interval `json:"spearman_interval"` // bootstrap percentile over clusters
	Kendall          Number   `json:"kendall_tau_b"`
	KendallInterval  Interval `json:"kendall_interval"` // infinitesimal jackknife over clusters, normal
	Partial          Number   `json:"partial_spearman"` // low-level similarity held constant; null without it
}

// AgreementPair compares two models' pooled Spearman correlations with the same
// ratings.
type AgreementPair struct {
	A          string   `json:"a"`
	B          string   `json:"b"`
	Difference Number   `json:"difference"`
	Interval   Interval `json:"interval"`   // paired bootstrap percentile over clusters
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
	cluster   []int
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
// at all, else the design's.
func (d Design) ratings(judgements []Judgement) map[pairOf]float64 {
	sum, times := make(map[pairOf]float64), make(map[pairOf]float64)
	add := func(pair pairOf, value float64) {
		if !math.IsNaN(value) {
			sum[pair] += value
			times[pair]++
		}
	}
	for _, j := range judgements {
		add(newPairOf(j.A, j.B), j.Value)
	}
	if len(judgements) == 0 {
		for _, at := range d.slots() {
			add(at.pair, d.rating(at))
		}
	}
	for pair := range sum {
		sum[pair] /= times[pair]
	}
	return sum
}

func newRatedPairs(d Design, models []Scores, ratings map[pairOf]float64) ratedPairs {
	cluster, _ := d.clusters()
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
			p.rating, p.cluster = append(p.rating, rating), append(p.cluster, cluster[at.triplet])
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
	p.renumberClusters()
	return p
}

// renumberClusters leaves out the clusters without a rated pair, which a
// bootstrap must not draw.
func (p *ratedPairs) renumberClusters() {
	number := make(map[int]int)
	for k, c := range p.cluster {
		if _, known := number[c]; !known {
			number[c] = len(number)
		}
		p.cluster[k] = number[c]
	}
}

// subset is the pairs at some indices, for one model.
func (p ratedPairs) subset(indices []int, model int) association {
	a := association{clusters: count(p.cluster)}
	for _, k := range indices {
		a.rating = append(a.rating, p.rating[k])
		a.score = append(a.score, p.score[model][k])
		a.cluster = append(a.cluster, p.cluster[k])
	}
	return a
}

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
	h.RatingAUC, h.RatingAUCInterval = pairs.ratingAUC(o.Level)
	h.NoCeiling = &Warning{Kind: MeanRatingsOnly}
	var panel panel
	if len(judgements) > 0 {
		panel = newPanel(judgements, pairs.key)
		h.Ceiling, h.NoCeiling = panel.ceiling(d, o)
	}
	h.agree(pairs, models, d.LowLevel != nil, panel, o)
	h.Warnings = h.warnings(count(pairs.cluster))
	return h, nil
}

// agree fills Models and Pairs from one bootstrap over all of them.
func (h *Human) agree(pairs ratedPairs, models []Scores, lowLevel bool, panel panel, o Options) {
	o.Resamples = o.affordable(len(models) * len(pairs.rating))
	h.Resamples = o.Resamples
	groups := [][]int{pairs.all, pairs.related, pairs.unrelated}
	sets := make([]association, len(groups)*len(models)) // by group, then by model
	for g, indices := range groups {
		for m := range models {
			set := pairs.subset(indices, m)
			if lowLevel {
				set.lowLevel = pairs.subset(indices, len(models)).score
			}
			sets[g*len(models)+m] = set
		}
	}
	replicates := resampleSpearman(sets, len(models), o)
	described := make([]Association, len(sets))
	parallel(len(sets), func() func(int) {
		return func(i int) { described[i] = sets[i].describe(replicates[i], o.Level) }
	})
	ranked := make([][]float64, len(models))
	for m, s := range models {
		h.Models = append(h.Models, Agreement{
			Model: s.Model, Pooled: described[m], Related: described[len(models)+m],
			Unrelated: described[2*len(models)+m], RaterMean: Number(panel.meanCorrelation(pairs.score[m])),
		})
		ranked[m] = ranks(pairs.score[m])
	}
	for a := range models {
		for b := a + 1; b < len(models); b++ {
			ra, rb := h.Models[a].Pooled.Spearman, h.Models[b].Pooled.Spearman
			t, p := Williams(len(pairs.rating), Pearson(ranked[a], ranked[b]), float64(ra), float64(rb))
			h.Pairs = append(h.Pairs, AgreementPair{
				A: models[a].Model, B: models[b].Model, Difference: ra - rb,
				Interval:  percentileInterval(differences(replicates[a], replicates[b]), o.Level),
				WilliamsT: Number(t), WilliamsP: Number(p),
			})
		}
	}
}

// resampleSpearman is the replicates of each set's Spearman correlation; each
// run of so many models rates the same pairs.
func resampleSpearman(sets []association, models int, o Options) [][]float64 {
	if len(sets) == 0 {
		return nil
	}
	var groups []rankings
	for first := 0; first < len(sets); first += models {
		group := rankings{cluster: sets[first].cluster, byRating: newTiedOrder(sets[first].rating)}
		for _, set := range sets[first : first+models] {
			group.byScore = append(group.byScore, newTiedOrder(set.score))
		}
		groups = append(groups, group)
	}
	return o.bootstrap(sets[0].clusters, len(sets), func() evaluator {
		var evaluators []evaluator
		for _, group := range groups {
			evaluators = append(evaluators, group.evaluator())
		}
		return func(weight []uint16, out []float64) {
			for g, evaluate := range evaluators {
				evaluate(weight, out[g*models:(g+1)*models])
			}
		}
	})
}

func (p ratedPairs) ratingAUC(level float64) (Number, Interval) {
	classes := [2]labelled{}
	for role, indices := range [2][]int{p.related, p.unrelated} {
		for _, k := range indices {
			classes[role].score = append(classes[role].score, p.rating[k])
			classes[role].cluster = append(classes[role].cluster, p.cluster[k])
		}
	}
	ranked := place(classes[related], classes[unrelated], count(p.cluster))
	return Number(ranked.auc()), normalInterval(ranked.auc(), ranked.clusteredVariance(), level)
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
