package stats

import (
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
)

// An evaluator computes statistics of a sample in which cluster c occurs
// weight[c] times. It owns scratch memory: each goroutine makes its own.
type evaluator func(weight []uint16, out []float64)

// bootstrap evaluates so many statistics on the same resamples of clusters,
// drawn with replacement; row s of the result holds the replicates of statistic
// s. Fewer than two clusters cannot be resampled: the rows are empty.
func (o Options) bootstrap(clusters, statistics int, newEvaluator func() evaluator) [][]float64 {
	replicates := make([][]float64, statistics)
	if clusters < 2 {
		return replicates
	}
	for s := range replicates {
		replicates[s] = make([]float64, o.Resamples)
	}
	parallel(o.Resamples, func() func(int) {
		evaluate, out := newEvaluator(), make([]float64, statistics)
		weight := make([]uint16, clusters)
		return func(r int) {
			resample(weight, o.source(bootstrapStream, r))
			evaluate(weight, out)
			for s, value := range out {
				replicates[s][r] = value
			}
		}
	})
	return replicates
}

const (
	// affordableSteps bounds the elementary steps of a resampling method that
	// visits every model and triplet, so that large sets end within a minute.
	affordableSteps = 300_000_000
	// fewestResamples still gives p-values and percentiles two digits.
	fewestResamples = 999
)

// affordable is the number of resamples, of so many steps each, that the
// options ask for and affordableSteps allows, but at least fewestResamples if
// the options ask for as many.
func (o Options) affordable(steps int) int {
	return min(o.Resamples, max(fewestResamples, affordableSteps/max(1, steps)))
}

// parallel runs work 0..n-1 on all processors; each goroutine asks newWorker
// for its own function.
func parallel(n int, newWorker func() func(i int)) {
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			work := newWorker()
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				work(int(i))
			}
		})
	}
	group.Wait()
}

// resample counts how often each cluster is drawn in len(weight) draws.
func resample(weight []uint16, source *rand.PCG) {
	clear(weight)
	for range weight {
		weight[below(uint32(len(weight)), source)]++
	}
}

// below is a uniform draw from 0..n-1 (Lemire 2019), inlined by hand because
// rand.Rand's call through an interface costs more than the resample.
func below(n uint32, source *rand.PCG) uint32 {
	product := uint64(uint32(source.Uint64())) * uint64(n)
	for uint32(product) < n && uint32(product) < -n%n {
		product = uint64(uint32(source.Uint64())) * uint64(n)
	}
	return uint32(product >> 32)
}

// shuffle permutes x uniformly.
func shuffle[T any](x []T, source *rand.PCG) {
	for i := len(x) - 1; i > 0; i-- {
		j := below(uint32(i+1), source)
		x[i], x[j] = x[j], x[i]
	}
}

// percentileInterval is the bootstrap percentile interval (Davison and Hinkley
// 1997, section 5.3) with their interpolation between order statistics on the
// normal scale. Replicates that are not defined are left out. As R boot.ci
// (type "perc").
func percentileInterval(replicates []float64, level float64) Interval {
	ascending := sorted(definedOnly(replicates))
	return Interval{
		orderStatistic(ascending, (1-level)/2),
		orderStatistic(ascending, (1+level)/2),
	}
}

// bcaInterval is the bias-corrected and accelerated bootstrap interval (Efron
// 1987) around the estimate, with the acceleration from the jackknife values
// (the estimate without each cluster). Replicates equal to the estimate count
// half in the bias correction, since matching errors are discrete; without such
// replicates it is R boot.ci (type "bca").
func bcaInterval(estimate float64, replicates, jackknife []float64, level float64) Interval {
	ascending := sorted(definedOnly(replicates))
	below := 0.0
	for _, replicate := range ascending {
		switch {
		case replicate < estimate:
			below++
		case replicate == estimate:
			below += 0.5
		}
	}
	bias := normalQuantile(below / float64(len(ascending)))
	if math.IsNaN(bias) || math.IsInf(bias, 0) {
		return undefined
	}
	a := acceleration(jackknife)
	end := func(p float64) float64 {
		z := bias + normalQuantile(p)
		return orderStatistic(ascending, normalCDF(bias+z/(1-a*z)))
	}
	return Interval{end((1 - level) / 2), end((1 + level) / 2)}
}

// acceleration is a sixth of the skewness of the jackknife influences; 0 where
// they do not vary.
func acceleration(jackknife []float64) float64 {
	centre := mean(jackknife)
	var squares, cubes float64
	for _, value := range jackknife {
		influence := centre - value
		squares += influence * influence
		cubes += influence * influence * influence
	}
	if !(squares > 0) {
		return 0
	}
	return cubes / (6 * math.Pow(squares, 1.5))
}

// orderStatistic is the quantile p of ascending values at rank (R+1)p,
// interpolated on the normal scale, the extremes beyond the ends.
func orderStatistic(ascending []float64, p float64) float64 {
	if len(ascending) == 0 || math.IsNaN(p) {
		return math.NaN()
	}
	rank := float64(len(ascending)+1) * p
	k := int(rank)
	switch {
	case k < 1:
		return ascending[0]
	case k >= len(ascending):
		return ascending[len(ascending)-1]
	case float64(k) == rank:
		return ascending[k-1]
	}
	total := float64(len(ascending) + 1)
	low, high := normalQuantile(float64(k)/total), normalQuantile(float64(k+1)/total)
	share := (normalQuantile(p) - low) / (high - low)
	return ascending[k-1] + share*(ascending[k]-ascending[k-1])
}

func definedOnly(values []float64) []float64 {
	kept := make([]float64, 0, len(values))
	for _, value := range values {
		if !math.IsNaN(value) {
			kept = append(kept, value)
		}
	}
	return kept
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, value := range values {
		sum += value
	}
	return sum / float64(len(values))
}
