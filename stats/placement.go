package stats

import (
	"math"
	"slices"
)

// labelled is one class of scores with the cluster of each.
type labelled struct {
	score   []float64
	cluster []int
}

// placements ranks the scores of two classes once; the AUC of any resample of
// clusters, its variances and its jackknife then follow in O(n). Both classes
// are held in ascending order of score.
type placements struct {
	positive, negative []int32 // the cluster of each score
	// For each positive the number of negatives below it, and at most as high.
	below, atMost []int32
	// For each negative twice the number of positives above it plus the ties.
	aboveHalves []int32
	clusters    int
	within      []int // by cluster: the halves won among its own scores
}

func place(positive, negative labelled, clusters int) placements {
	positive, negative = positive.ascending(), negative.ascending()
	p := placements{
		positive: narrow(positive.cluster), negative: narrow(negative.cluster),
		below: make([]int32, len(positive.score)), atMost: make([]int32, len(positive.score)),
		aboveHalves: make([]int32, len(negative.score)),
		clusters:    clusters,
		within:      withinHalves(positive, negative, clusters),
	}
	below, atMost := 0, 0
	for i, score := range positive.score {
		for below < len(negative.score) && negative.score[below] < score {
			below++
		}
		for atMost < len(negative.score) && negative.score[atMost] <= score {
			atMost++
		}
		p.below[i], p.atMost[i] = int32(below), int32(atMost)
	}
	smaller, notAbove := 0, 0
	for j, score := range negative.score {
		for smaller < len(positive.score) && positive.score[smaller] < score {
			smaller++
		}
		for notAbove < len(positive.score) && positive.score[notAbove] <= score {
			notAbove++
		}
		p.aboveHalves[j] = int32(2*len(positive.score) - smaller - notAbove)
	}
	return p
}

func (l labelled) ascending() labelled {
	order := ordering(l.score)
	sorted := labelled{make([]float64, len(order)), make([]int, len(order))}
	for i, from := range order {
		sorted.score[i], sorted.cluster[i] = l.score[from], l.cluster[from]
	}
	return sorted
}

func narrow(clusters []int) []int32 {
	narrowed := make([]int32, len(clusters))
	for i, c := range clusters {
		narrowed[i] = int32(c)
	}
	return narrowed
}

// withinHalves is, for each cluster, the halves its positives win against its
// own negatives. Both classes come in ascending order, so each cluster's do.
func withinHalves(positive, negative labelled, clusters int) []int {
	positives, negatives := positive.byCluster(clusters), negative.byCluster(clusters)
	halves := make([]int, clusters)
	for c := range halves {
		below, atMost := 0, 0
		for _, score := range positives[c] {
			for below < len(negatives[c]) && negatives[c][below] < score {
				below++
			}
			for atMost < len(negatives[c]) && negatives[c][atMost] <= score {
				atMost++
			}
			halves[c] += below + atMost
		}
	}
	return halves
}

func (l labelled) byCluster(clusters int) [][]float64 {
	groups := make([][]float64, clusters)
	for i, c := range l.cluster {
		groups[c] = append(groups[c], l.score[i])
	}
	return groups
}

// auc is the Mann-Whitney estimate.
func (p placements) auc() float64 {
	halves := 0
	for i := range p.positive {
		halves += int(p.below[i]) + int(p.atMost[i])
	}
	return float64(halves) / (2 * float64(len(p.positive)) * float64(len(p.negative)))
}

// measure evaluates the AUC of resamples of clusters: running sums of the
// negatives' weights give each positive its wins.
func (p placements) measure() func(weight []uint16) float64 {
	before := make([]uint32, len(p.negative)+1) // weight of the first i negatives
	untied := slices.Equal(p.below, p.atMost)
	return func(weight []uint16) float64 {
		negatives := uint32(0)
		for j, c := range p.negative {
			negatives += uint32(weight[c])
			before[j+1] = negatives
		}
		var positives, halves uint64
		for i, c := range p.positive {
			w := uint64(weight[c])
			positives += w
			halves += w * uint64(before[p.below[i]])
			if !untied { // the same throughout, so the branch costs less than the look-up
				halves += w * uint64(before[p.atMost[i]])
			}
		}
		if untied {
			halves *= 2
		}
		return float64(halves) / (2 * float64(positives) * float64(negatives))
	}
}

// influence is each cluster's pull on the AUC: the placement values of its
// positives and negatives, less their expectation.
type influence struct {
	positive, negative   []float64 // sums of (placement - AUC) by cluster
	positives, negatives []int     // scores by cluster
}

func (p placements) influence() influence {
	f := influence{
		make([]float64, p.clusters), make([]float64, p.clusters),
		make([]int, p.clusters), make([]int, p.clusters),
	}
	auc := p.auc()
	for i, c := range p.positive {
		f.positive[c] += float64(p.below[i]+p.atMost[i])/(2*float64(len(p.negative))) - auc
		f.positives[c]++
	}
	for j, c := range p.negative {
		f.negative[c] += float64(p.aboveHalves[j])/(2*float64(len(p.positive))) - auc
		f.negatives[c]++
	}
	return f
}

// clusteredVariance is the variance of the AUC when scores of one cluster are
// correlated (Obuchowski 1997). NaN where a class lies in a single cluster.
func (p placements) clusteredVariance() float64 {
	f := p.influence()
	var positive, negative, both float64
	positiveClusters, negativeClusters, occupied := 0.0, 0.0, 0.0
	for c := range p.clusters {
		positive += f.positive[c] * f.positive[c]
		negative += f.negative[c] * f.negative[c]
		both += f.positive[c] * f.negative[c]
		positiveClusters += indicator(f.positives[c] > 0)
		negativeClusters += indicator(f.negatives[c] > 0)
		occupied += indicator(f.positives[c]+f.negatives[c] > 0)
	}
	if min(positiveClusters, negativeClusters) < 2 {
		return math.NaN()
	}
	m, n := float64(len(p.positive)), float64(len(p.negative))
	return positive*positiveClusters/(positiveClusters-1)/(m*m) +
		negative*negativeClusters/(negativeClusters-1)/(n*n) +
		2*both*occupied/(occupied-1)/(m*n)
}

// plainVariance is the variance of DeLong, DeLong and Clarke-Pearson (1988),
// which takes all scores as independent. As R pROC var(method = "delong").
func (p placements) plainVariance() float64 {
	auc, m, n := p.auc(), float64(len(p.positive)), float64(len(p.negative))
	var positive, negative float64
	for i := range p.positive {
		d := float64(p.below[i]+p.atMost[i])/(2*n) - auc
		positive += d * d
	}
	for _, halves := range p.aboveHalves {
		d := float64(halves)/(2*m) - auc
		negative += d * d
	}
	return positive/(m-1)/m + negative/(n-1)/n
}

// jackknife is the AUC without each cluster.
func (p placements) jackknife() []float64 {
	positives, negatives := make([]int, p.clusters), make([]int, p.clusters)
	won := make([]int, p.clusters) // halves in which the cluster takes part
	total := 0
	for i, c := range p.positive {
		won[c] += int(p.below[i]) + int(p.atMost[i])
		total += int(p.below[i]) + int(p.atMost[i])
		positives[c]++
	}
	for j, c := range p.negative {
		won[c] += int(p.aboveHalves[j])
		negatives[c]++
	}
	values := make([]float64, p.clusters)
	for c := range values {
		pairs := (len(p.positive) - positives[c]) * (len(p.negative) - negatives[c])
		values[c] = float64(total-won[c]+p.within[c]) / (2 * float64(pairs))
	}
	return values
}

// normalInterval is estimate +- z standard errors, within [0, 1].
func normalInterval(estimate, variance, level float64) Interval {
	half := critical(level) * math.Sqrt(variance)
	if math.IsNaN(estimate) || math.IsNaN(half) {
		return undefined
	}
	return Interval{math.Max(0, estimate-half), math.Min(1, estimate+half)}
}

func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
