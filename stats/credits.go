package stats

import "github.com/akin-vision/akin/match"

// credits is one model's record of right and wrong matches by cluster.
type credits struct {
	halves []int8 // credit of each triplet, as Scores.halves
	// By cluster: halves missed, and triplets that count.
	missed, counted []int32
}

func newCredits(s Scores, rule match.Credit, cluster []int, clusters int) credits {
	m := credits{s.halves(rule), make([]int32, clusters), make([]int32, clusters)}
	for i, credit := range m.halves {
		if credit != match.Uncounted {
			m.missed[cluster[i]] += int32(2 - credit)
			m.counted[cluster[i]]++
		}
	}
	return m
}

// totals are the halves missed and the triplets that count.
func (m credits) totals() (missed, counted int) {
	for c := range m.missed {
		missed += int(m.missed[c])
		counted += int(m.counted[c])
	}
	return missed, counted
}

// error is the matching error as a proportion.
func (m credits) error() float64 {
	missed, counted := m.totals()
	return float64(missed) / (2 * float64(counted))
}

// measure evaluates the matching error of resamples of clusters.
func (m credits) measure() func(weight []uint16) float64 {
	packed := make([]uint64, len(m.missed)) // both sums in one multiplication
	for c := range packed {
		packed[c] = uint64(m.missed[c])<<32 | uint64(m.counted[c])
	}
	return func(weight []uint16) float64 {
		sums := uint64(0)
		for c, w := range weight[:len(packed)] {
			sums += uint64(w) * packed[c]
		}
		return float64(sums>>32) / (2 * float64(uint32(sums)))
	}
}

// jackknife is the matching error without each cluster.
func (m credits) jackknife() []float64 {
	missed, counted := m.totals()
	values := make([]float64, len(m.missed))
	for c := range values {
		values[c] = float64(missed-int(m.missed[c])) / (2 * float64(counted-int(m.counted[c])))
	}
	return values
}

// againstChance is, for each cluster, its credit beyond chance in halves: what a
// sign flip turns round when the model guesses.
func (m credits) againstChance() []int {
	difference := make([]int, len(m.missed))
	for c := range difference {
		difference[c] = int(m.counted[c]) - int(m.missed[c])
	}
	return difference
}

// against is, for each cluster, the halves m wins less those other wins, over
// the triplets that count for both.
func (m credits) against(other credits, cluster []int) []int {
	difference := make([]int, len(m.missed))
	for i, credit := range m.halves {
		if credit != match.Uncounted && other.halves[i] != match.Uncounted {
			difference[cluster[i]] += int(credit) - int(other.halves[i])
		}
	}
	return difference
}
