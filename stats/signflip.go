package stats

import (
	"maps"
	"slices"
	"sort"
)

// SignFlip is the exact two-sided p-value of the permutation test that flips
// the sign of each cluster's difference (Fisher 1935): the share of the 2^C
// sign patterns whose sum lies at least as far from zero as the sum seen. Its
// null: the difference of each cluster is symmetric about zero. Differences are
// whole numbers (credits in halves), so the distribution of the sum is found by
// convolving binomials, one for each distinct size of difference, and there is
// no Monte-Carlo error; sums of probability below 1e-100 are left out. 1 where
// all differences are zero.
func SignFlip(differences []int) float64 {
	sum, sizes := 0, make(map[int]int)
	for _, d := range differences {
		sum += d
		if d != 0 {
			sizes[abs(d)]++
		}
	}
	if sum == 0 {
		return 1
	}
	// Flipping gives sums 2T - total, with T = sum of size times a binomial.
	unit, total := 0, 0
	for size, clusters := range sizes {
		unit, total = gcd(unit, size), total+size*clusters
	}
	flips := masses{probability: []float64{1}}
	for _, size := range slices.Sorted(maps.Keys(sizes)) {
		flips = flips.plus(size/unit, fairCoins(sizes[size]))
	}
	return min(1, 2*flips.from((total+abs(sum))/2/unit))
}

// masses holds the probabilities of consecutive whole numbers from first up.
type masses struct {
	first       int
	probability []float64
}

const negligible = 1e-100

// fairCoins is the distribution of heads in n tosses.
func fairCoins(n int) masses {
	first := sort.Search(n/2, func(k int) bool { return binomialMass(k, n, 0.5) >= negligible })
	probability := make([]float64, n-2*first+1)
	for i := range probability {
		probability[i] = binomialMass(first+i, n, 0.5)
	}
	return masses{first, probability}
}

// plus is the distribution of m + size*other for independent m and other.
func (m masses) plus(size int, other masses) masses {
	sum := make([]float64, len(m.probability)+size*(len(other.probability)-1))
	for j, q := range other.probability {
		for i, p := range m.probability {
			sum[i+size*j] += p * q
		}
	}
	return masses{m.first + size*other.first, sum}.trimmed()
}

func (m masses) trimmed() masses {
	low, high := 0, len(m.probability)
	for m.probability[low] < negligible {
		low++
	}
	for m.probability[high-1] < negligible {
		high--
	}
	return masses{m.first + low, m.probability[low:high]}
}

// from is the probability of value or more.
func (m masses) from(value int) float64 {
	sum := 0.0
	for i := len(m.probability) - 1; i >= max(0, value-m.first); i-- {
		sum += m.probability[i]
	}
	return sum
}

func abs(x int) int {
	if x < 0 {
		return -x
	}
	return x
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
