package stats

import "math"

// OddCeiling is how far people agree on rows that several judged.
type OddCeiling struct {
	Triplets int `json:"triplets"` // of three pictures, judged several times
	Answers  int `json:"answers"`

	// Majority is the mean over triplets of the share of the commonest answer, the
	// field's ceiling. It is biased upward: GuessedMajority is what it would be if
	// all had guessed.
	Majority        Number `json:"majority_share"`
	GuessedMajority Number `json:"majority_share_of_guesses"`

	// LeaveOneOut is how often a person's answer is the commonest of the other
	// people's, shared where theirs tie; the mean over triplets of the mean over
	// answers, with its interval. Named says that persons are known: else every
	// answer is taken as another person's.
	LeaveOneOut Number   `json:"leave_one_person_out"`
	Evidence    Evidence `json:"leave_one_person_out_evidence"` // against 1/3
	Named       bool     `json:"persons_named"`
	// Alone is the number of answers to which nobody else answered; they are in no
	// leave-one-out figure.
	Alone int `json:"answers_of_one_person_only,omitempty"`
}

// ceiling is how far people agree, nil where no triplet was judged twice.
func (f *oddField) ceiling() *OddCeiling {
	if len(f.groups) == 0 {
		return nil
	}
	c := &OddCeiling{Triplets: len(f.groups), Named: f.Rater != nil}
	guessed := map[int]float64{}
	majority, byGuess := 0.0, 0.0
	var judged []int32 // a row of each triplet that several people judged
	var agreement []float64
	for _, group := range f.groups {
		c.Answers += len(group)
		counts := f.answers(group)
		majority += float64(max(counts[0], counts[1], counts[2])) / float64(len(group))
		if _, known := guessed[len(group)]; !known {
			guessed[len(group)] = guessedMajority(len(group))
		}
		byGuess += guessed[len(group)]
		agrees, alone := f.leaveOneOut(group)
		c.Alone += alone
		if alone < len(group) {
			judged, agreement = append(judged, group[0]), append(agreement, agrees)
		}
	}
	n := float64(len(f.groups))
	c.Majority, c.GuessedMajority, c.LeaveOneOut, c.Evidence = Number(majority/n), Number(byGuess/n), nan, missing(NoUnits)
	if len(judged) > 0 {
		mean, rest := centred(agreement)
		in := f.subset(judged).frame()
		c.LeaveOneOut = Number(mean)
		c.Evidence = studentShared(mean, oddChance, in.spread(rest), in.units, Interval{0, 1}, f.Level)
	}
	return c
}

// ordinal is the place of a row's odd picture among its three in ascending order.
func (f *oddField) ordinal(row int32) int {
	shown, place := f.Shown[row], 0
	for _, other := range shown[:2] {
		if other < shown[2] {
			place++
		}
	}
	return place
}

// answers counts the answers to a triplet by its picture.
func (f *oddField) answers(group []int32) (counts [3]int) {
	for _, row := range group {
		counts[f.ordinal(row)]++
	}
	return counts
}

// leaveOneOut is the mean agreement of answers to a triplet with the commonest of
// other people's; alone counts those beside whom nobody answered.
func (f *oddField) leaveOneOut(group []int32) (agreement float64, alone int) {
	all := f.answers(group)
	own := map[int32][3]int{}
	if f.Rater != nil {
		for _, row := range group {
			counts := own[f.Rater[row]]
			counts[f.ordinal(row)]++
			own[f.Rater[row]] = counts
		}
	}
	compared := 0
	for _, row := range group {
		place, others := f.ordinal(row), all
		if f.Rater != nil {
			for k, n := range own[f.Rater[row]] {
				others[k] -= n
			}
		} else {
			others[place]--
		}
		most := max(others[0], others[1], others[2])
		if most == 0 {
			alone++
			continue
		}
		compared++
		if others[place] == most {
			equals := 0
			for _, n := range others {
				equals += int(indicator(n == most))
			}
			agreement += 1 / float64(equals)
		}
	}
	return agreement / float64(compared), alone
}

// guessedMajority is the expected share of the commonest of n guesses among three.
func guessedMajority(n int) float64 {
	const mostExact = 400
	if n > mostExact { // the largest of three normal deviates is .846 SD above their mean
		return oddChance + 0.8462844*math.Sqrt(1/(3*float64(n)))
	}
	whole, _ := math.Lgamma(float64(n) + 1)
	whole -= float64(n) * math.Log(3)
	expected := 0.0
	for i := range n + 1 {
		for j := range n + 1 - i {
			k := n - i - j
			a, _ := math.Lgamma(float64(i) + 1)
			b, _ := math.Lgamma(float64(j) + 1)
			c, _ := math.Lgamma(float64(k) + 1)
			expected += math.Exp(whole-a-b-c) * float64(max(i, j, k)) / float64(n)
		}
	}
	return expected
}

// repeatedAccuracy is the mean over repeated triplets of a model's credit.
func (f *oddField) repeatedAccuracy(credits []int8) float64 {
	sum, counted := 0.0, 0.0
	for _, group := range f.groups {
		own, n := 0.0, 0.0
		for _, row := range group {
			if credits[row] >= 0 {
				own += float64(credits[row]) / 6
				n++
			}
		}
		if n > 0 {
			sum += own / n
			counted++
		}
	}
	return sum / counted
}
