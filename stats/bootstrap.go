package stats

import (
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
)

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
