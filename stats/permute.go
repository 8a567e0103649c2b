package stats

import (
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/akin-vision/akin/match"
)

// permutedAxis is the p-values from permuting an axis's labels.
type permutedAxis struct {
	model        []float64 // of each model's differences between levels
	interaction  float64   // of the differences between models in these
	permutations int
}

// permute shuffles the labels across clusters: clusters of equal size exchange
// their labels, and these are shuffled within each, so that what a cluster's
// triplets share stays together. A triplet's mean over the models is taken out
// before the interaction is measured, so that an effect common to all models
// does not count. Dropped ties count half here, since an absent outcome cannot
// be permuted.
func (l labels) permute(missed [][]int8, o Options) permutedAxis {
	models := len(missed)
	table := make([]int16, len(l.level)*models) // halves missed, less chance
	for m := range missed {
		for i, halves := range missed[m] {
			if halves != match.Uncounted {
				table[i*models+m] = int16(halves) - 1
			}
		}
	}
	size := make([]int, l.levels())
	for _, level := range l.level {
		size[level]++
	}
	measure := func(level []int, sums []int64, spreads []float64) {
		clear(sums)
		for i, g := range level {
			row := sums[g*models : (g+1)*models]
			for m, value := range table[i*models : (i+1)*models] {
				row[m] += int64(value)
			}
		}
		levelSpreads(sums, size, models, spreads)
	}
	seen := make([]float64, models+1)
	measure(l.level, make([]int64, l.levels()*models), seen)

	permutations := o.affordable(len(table))
	extreme := make([][]bool, models+1)
	for m := range extreme {
		extreme[m] = make([]bool, permutations)
	}
	exchange := newExchange(l.cluster, l.clusters)
	parallel(permutations, func() func(int) {
		level, sums := make([]int, len(l.level)), make([]int64, l.levels()*models)
		spreads := make([]float64, models+1)
		return func(r int) {
			exchange.shuffle(level, l.level, o.source(permutationStream, r))
			measure(level, sums, spreads)
			for m, spread := range spreads {
				extreme[m][r] = spread >= seen[m]*(1-1e-12)
			}
		}
	})
	result := permutedAxis{permutations: permutations}
	for m := range models {
		result.model = append(result.model, permutationP(extreme[m]))
	}
	result.interaction = permutationP(extreme[models])
	return result
}

// levelSpreads writes, for each model, the sum over levels of squared totals
// over the level's size (which orders permutations as the variance between
// levels does), and last the same of all models' deviations from their mean,
// each about its own grand mean.
func levelSpreads(sums []int64, size []int, models int, spreads []float64) {
	clear(spreads)
	levels, n := len(size), 0
	grand := make([]float64, models)
	for g := range levels {
		n += size[g]
		for m, sum := range sums[g*models : (g+1)*models] {
			grand[m] += float64(sum)
		}
	}
	grandMean := mean(grand)
	for g := range levels {
		row := sums[g*models : (g+1)*models]
		rowMean := 0.0
		for _, sum := range row {
			rowMean += float64(sum) / float64(models)
		}
		for m, sum := range row {
			share := float64(size[g]) / float64(n)
			own := float64(sum) - share*grand[m]
			common := rowMean - share*grandMean
			spreads[m] += own * own / float64(size[g])
			spreads[models] += (own - common) * (own - common) / float64(size[g])
		}
	}
}

// exchange knows which triplets may swap labels.
type exchange struct {
	triplets []int   // ordered by cluster
	starts   [][]int // in triplets, the first of each cluster, by size of cluster
	sizes    []int
}

func newExchange(cluster []int, clusters int) exchange {
	byCluster := make([][]int, clusters)
	for i, c := range cluster {
		byCluster[c] = append(byCluster[c], i)
	}
	var e exchange
	starts := make(map[int][]int)
	for _, triplets := range byCluster {
		starts[len(triplets)] = append(starts[len(triplets)], len(e.triplets))
		e.triplets = append(e.triplets, triplets...)
	}
	e.sizes = slices.Sorted(maps.Keys(starts))
	for _, size := range e.sizes {
		e.starts = append(e.starts, starts[size])
	}
	return e
}

// shuffle writes a permutation of the labels.
func (e exchange) shuffle(out, labels []int, source *rand.PCG) {
	for s, starts := range e.starts {
		from := slices.Clone(starts)
		shuffle(from, source)
		for i, to := range starts {
			for j := range e.sizes[s] {
				out[e.triplets[to+j]] = labels[e.triplets[from[i]+j]]
			}
		}
		if e.sizes[s] == 1 {
			continue
		}
		swapped := make([]int, e.sizes[s])
		for _, to := range starts {
			for j := range swapped {
				swapped[j] = out[e.triplets[to+j]]
			}
			shuffle(swapped, source)
			for j, label := range swapped {
				out[e.triplets[to+j]] = label
			}
		}
	}
}
