package stats

import "math"

// association is the similarities and ratings of some pairs of pictures, with
// the cluster of each.
type association struct {
	score, rating []float64
	lowLevel      []float64 // nil without
	cluster       []int
	clusters      int
}

func (a association) describe(replicates []float64, level float64) Association {
	described := Association{
		Pairs:            len(a.score),
		Spearman:         Number(Spearman(a.score, a.rating)),
		SpearmanInterval: percentileInterval(replicates, level),
		Partial:          nan,
	}
	if a.lowLevel != nil {
		described.Partial = Number(PartialSpearman(a.score, a.rating, a.lowLevel))
	}
	if !described.Spearman.Defined() { // a few resamples may vary, the sample does not
		described.SpearmanInterval = undefined
	}
	tau, interval := a.kendall(level)
	described.Kendall, described.KendallInterval = Number(tau), interval
	return described
}

// kendall is tau-b with a normal interval from the variance of the clusters'
// influences (infinitesimal jackknife): a bootstrap would have to count all
// pairs anew for each resample.
func (a association) kendall(level float64) (float64, Interval) {
	pairs := newConcordance(a.score, a.rating)
	tau := pairs.tau()
	if math.IsNaN(tau) {
		return tau, undefined
	}
	sums := make([]float64, a.clusters)
	occupied := make([]bool, a.clusters)
	for i, value := range pairs.influence() {
		sums[a.cluster[i]] += value
		occupied[a.cluster[i]] = true
	}
	squares, clusters := 0.0, 0.0
	for c, sum := range sums {
		squares += sum * sum
		clusters += indicator(occupied[c])
	}
	half := critical(level) * math.Sqrt(squares*clusters/(clusters-1))
	if math.IsNaN(half) {
		return tau, undefined
	}
	return tau, Interval{max(-1, tau-half), min(1, tau+half)}
}

// tieEnd marks the last pair of a run of equal values in a tiedOrder.
const tieEnd = 1 << 31

// tiedOrder is the pairs in ascending order of a value, the end of each run of
// equal values marked.
type tiedOrder []uint32

func newTiedOrder(values []float64) tiedOrder {
	order := ordering(values)
	tied := make(tiedOrder, len(order))
	for i, at := range order {
		tied[i] = uint32(at)
		if i+1 == len(order) || values[order[i+1]] != values[at] {
			tied[i] |= tieEnd
		}
	}
	return tied
}

// deviations writes, for each pair, twice the distance of its mid-rank from the
// mean rank in a sample that holds pair k weight[k] times, total in all.
func (t tiedOrder) deviations(out []int64, weight []int64, total int64) {
	before, start := int64(0), 0
	for i, coded := range t {
		if coded&tieEnd == 0 {
			continue
		}
		if k := coded &^ tieEnd; start == i { // most values are alone
			out[k] = 2*before + weight[k] - total
			before, start = before+weight[k], i+1
			continue
		}
		run := int64(0)
		for _, other := range t[start : i+1] {
			run += weight[other&^tieEnd]
		}
		for _, other := range t[start : i+1] {
			out[other&^tieEnd] = 2*before + run - total
		}
		before, start = before+run, i+1
	}
}

// rankings holds the order of some pairs by rating and by each model's
// similarity, for resampling Spearman's correlations of all models at once.
type rankings struct {
	cluster  []int
	byRating tiedOrder
	byScore  []tiedOrder // by model
}

// evaluator computes each model's Spearman correlation in resamples of
// clusters, in whole numbers but for the last step; the ranks are those of the
// resample.
func (r rankings) evaluator() evaluator {
	n := len(r.cluster)
	weights, scores, ratings := make([]int64, n), make([]int64, n), make([]int64, n)
	return func(weight []uint16, out []float64) {
		total := int64(0)
		for k, c := range r.cluster {
			weights[k] = int64(weight[c])
			total += weights[k]
		}
		r.byRating.deviations(ratings, weights, total)
		var yy int64
		for k, w := range weights {
			yy += w * ratings[k] * ratings[k]
		}
		for m, order := range r.byScore {
			order.deviations(scores, weights, total)
			var xx, xy int64
			for k, w := range weights {
				x := w * scores[k]
				xx += x * scores[k]
				xy += x * ratings[k]
			}
			out[m] = float64(xy) / math.Sqrt(float64(xx)*float64(yy)) // NaN where either is constant
		}
	}
}
