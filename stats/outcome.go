package stats

import "github.com/akin-vision/akin/match"

// outcome is one model's record of right and wrong matches.
type outcome struct {
	credit []int8 // of each triplet in halves, as Scores.halves
	missed int    // halves
	count  int
	error  float64
}

func newOutcome(s Scores, rule match.Credit) outcome { return creditOutcome(s.halves(rule)) }

func creditOutcome(credit []int8) outcome {
	o := outcome{credit: credit}
	for _, credit := range o.credit {
		if credit != match.Uncounted {
			o.missed += int(2 - credit)
			o.count++
		}
	}
	o.error = float64(o.missed) / (2 * float64(o.count))
	return o
}

// influence is each triplet's pull on the error: centred, so that the error is
// their mean but for terms of second order (none unless ties are dropped). In whole
// numbers until the last steps, as the influence on an AUC is.
func (o outcome) influence() []float64 {
	influence := make([]float64, len(o.credit))
	scale := float64(len(o.credit)) / float64(o.count)
	for i, credit := range o.credit {
		if credit != match.Uncounted {
			influence[i] = float64(int(2-credit)*o.count-o.missed) / (2 * float64(o.count)) * scale
		}
	}
	return influence
}

// binomial is the exact p-value against 1/2 of independent triplets without ties.
func (o outcome) binomial() float64 {
	right, wrong := 0, 0
	for _, credit := range o.credit {
		right += int(indicator(credit == 2))
		wrong += int(indicator(credit == 0))
	}
	return BinomialTwoSided(wrong, right+wrong, 0.5)
}

// beyondChance is each triplet's credit above chance in halves; 0 where it does
// not count.
func (o outcome) beyondChance() []int {
	beyond := make([]int, len(o.credit))
	for i, credit := range o.credit {
		if credit != match.Uncounted {
			beyond[i] = int(credit) - 1
		}
	}
	return beyond
}

// against is the halves by which each triplet favours o over other, over the
// triplets that count for both, and the number of these.
func (o outcome) against(other outcome) (ahead []int, count int) {
	ahead = make([]int, len(o.credit))
	for i, credit := range o.credit {
		if credit != match.Uncounted && other.credit[i] != match.Uncounted {
			ahead[i] = int(credit) - int(other.credit[i])
			count++
		}
	}
	return ahead, count
}

// difference is the error of o less that of other over the triplets that count
// for both, with each triplet's influence on it.
func (o outcome) difference(other outcome) (difference float64, influence []float64) {
	ahead, count := o.against(other)
	sum := 0
	for _, halves := range ahead {
		sum -= halves
	}
	difference = float64(sum) / (2 * float64(count))
	influence = make([]float64, len(ahead))
	scale := float64(len(ahead)) / float64(count)
	for i, halves := range ahead {
		if o.credit[i] != match.Uncounted && other.credit[i] != match.Uncounted {
			influence[i] = (-float64(halves)/2 - difference) * scale
		}
	}
	return difference, influence
}
