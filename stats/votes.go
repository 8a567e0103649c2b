package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
)

// VoteDesign is how people voted between two pictures, row by row.
type VoteDesign struct {
	Rows             // target, left and right
	Votes [][2]int32 // for left and right
}

// Vote is what people's votes say of models. Proportions run from 0 to 1; chance
// is 1/2.
type Vote struct {
	Rows     int `json:"rows"` // triplets with their votes put together
	Votes    int `json:"votes"`
	Tied     int `json:"tied_votes"` // rows with as many votes for either
	Pictures int `json:"pictures"`

	Ceiling  VoteCeiling `json:"ceiling"`
	Models   []VoteModel `json:"models"`
	Pairs    []OddPair   `json:"pairs,omitempty"` // every two models, by Score
	Warnings []Warning   `json:"warnings,omitempty"`
}

// VoteCeiling is how far people agree.
type VoteCeiling struct {
	// Majority is the mean share of the side with more votes: no model can score
	// higher. It is biased upward as a measure of people: GuessedMajority is what it
	// would be if all had guessed.
	Majority        Number `json:"majority_share"`
	GuessedMajority Number `json:"majority_share_of_guesses"`
	// LeaveOneOut is how often a vote is for the side that the others prefer, a tie
	// counting half: the mean over rows with several votes of the mean over votes.
	LeaveOneOut Number `json:"leave_one_vote_out"`
	Several     int    `json:"rows_with_several_votes"`
}

// VoteModel is one model's choices.
type VoteModel struct {
	Model string `json:"model"`
	Tied  int    `json:"tied"`
	// Score is the mean share of votes for the model's choice, half for a tie.
	Score    Number   `json:"score"`
	Evidence Evidence `json:"score_evidence"` // against 1/2, all shared pictures counted
	// Majority is how often the model chose the side with more votes, over the rows
	// that have one.
	Majority         Number    `json:"majority_accuracy"`
	MajorityEvidence Evidence  `json:"majority_evidence"`
	Normalised       Number    `json:"ceiling_normalised"` // (Score - 1/2)/(Ceiling.Majority - 1/2)
	Likelihood       Logistic  `json:"likelihood"`
	Warnings         []Warning `json:"warnings"`
}

// Logistic is the probability that a person votes for the left picture, that of
// the logistic curve at (s(left) - s(right))/T, at the temperature under which the votes
// are likeliest.
type Logistic struct {
	Temperature Number `json:"temperature"`    // null: similarities do not predict votes, or predict all
	Likelihood  Number `json:"log_likelihood"` // mean per vote, natural logarithm
	Chance      Number `json:"log_likelihood_chance"`
	Best        Number `json:"log_likelihood_best"` // if each row's own shares were known
}

// Voting is everything that votes say of models. Rows that show the same target and
// the same two pictures are put together first.
func Voting(d VoteDesign, models []PairScores, o Options) (Vote, error) {
	o, err := o.prepared(Design{Pictures: [][3]string{{}}}, nil)
	if err != nil {
		return Vote{}, err
	}
	if len(d.Shown) == 0 || len(d.Votes) != len(d.Shown) || len(d.Pair) != len(d.Shown) {
		return Vote{}, fmt.Errorf("%d votes and %d pairs for %d rows", len(d.Votes), len(d.Pair), len(d.Shown))
	}
	if err := checkPairScores(models, d.Pairs); err != nil {
		return Vote{}, err
	}
	d = d.together()
	f := &voteField{VoteDesign: d, Options: o, in: d.frame()}
	f.prepare()
	result := Vote{
		Rows: len(d.Shown), Votes: f.votes, Tied: len(d.Shown) - len(f.decided), Pictures: d.shownPictures(),
		Ceiling: f.ceiling(), Models: make([]VoteModel, len(models)),
	}
	scores := make([][]float64, len(models))
	parallel(len(models), func() func(int) {
		return func(m int) { result.Models[m], scores[m] = f.describe(models[m], result.Ceiling) }
	})
	if !o.Alone {
		result.Pairs = f.compare(models, scores)
	}
	result.Warnings = rowWarnings(len(d.Shown), f.in)
	return result, nil
}

// together adds up the votes of rows that show the same, whichever stands left.
func (d VoteDesign) together() VoteDesign {
	whole := VoteDesign{Rows: Rows{Pictures: d.Pictures, Pairs: d.Pairs}}
	place := map[[3]int32]int{}
	for i, row := range d.Shown {
		votes := d.Votes[i]
		key := row
		if row[1] > row[2] {
			key[1], key[2] = row[2], row[1]
		}
		at, known := place[key]
		if !known {
			place[key] = len(whole.Shown)
			whole.Shown, whole.Pair, whole.Votes = append(whole.Shown, row), append(whole.Pair, d.Pair[i]), append(whole.Votes, votes)
			continue
		}
		if whole.Shown[at] != row {
			votes[0], votes[1] = votes[1], votes[0]
		}
		whole.Votes[at][0] += votes[0]
		whole.Votes[at][1] += votes[1]
	}
	return whole
}

// voteField is a set of rows made ready for all models.
type voteField struct {
	VoteDesign
	Options
	in      *frame
	votes   int
	decided []int32 // rows with more votes for one side
	inside  *frame  // of these
}

func (f *voteField) prepare() {
	for i, v := range f.Votes {
		f.votes += int(v[0] + v[1])
		if v[0] != v[1] {
			f.decided = append(f.decided, int32(i))
		}
	}
	if len(f.decided) > 0 {
		f.inside = f.subset(f.decided).frame()
	}
}

func (f *voteField) ceiling() VoteCeiling {
	c := VoteCeiling{LeaveOneOut: nan}
	majority, guessed, left := 0.0, 0.0, 0.0
	known := map[int]float64{}
	for _, v := range f.Votes {
		n := int(v[0] + v[1])
		majority += float64(max(v[0], v[1])) / float64(n)
		if _, there := known[n]; !there {
			known[n] = guessedHalves(n)
		}
		guessed += known[n]
		if n > 1 {
			c.Several++
			side := func(own, other int32) float64 { return float64(own) * halfCredit(float64(own-1), float64(other)) }
			left += (side(v[0], v[1]) + side(v[1], v[0])) / float64(n)
		}
	}
	rows := float64(len(f.Votes))
	c.Majority, c.GuessedMajority = Number(majority/rows), Number(guessed/rows)
	if c.Several > 0 {
		c.LeaveOneOut = Number(left / float64(c.Several))
	}
	return c
}

// guessedHalves is the expected share of the larger side of n guesses between two.
func guessedHalves(n int) float64 {
	expected := 0.0
	for k := range n + 1 {
		expected += binomialMass(k, n, 0.5) * float64(max(k, n-k)) / float64(n)
	}
	return expected
}

// margin is how much closer the left picture is.
func (f *voteField) margin(s PairScores, row int) float64 {
	return s.Similarity[f.Pair[row][0]] - s.Similarity[f.Pair[row][1]]
}

// describe is a model's record, and its score in each row.
func (f *voteField) describe(s PairScores, c VoteCeiling) (VoteModel, []float64) {
	m := VoteModel{Model: s.Model, Majority: nan, MajorityEvidence: missing(NoUnits), Normalised: nan, Warnings: []Warning{}}
	scores, majority := make([]float64, len(f.Shown)), make([]float64, 0, len(f.decided))
	for i, v := range f.Votes {
		margin := f.margin(s, i)
		m.Tied += int(indicator(margin == 0))
		left, share := halfCredit(margin, 0), float64(v[0])/float64(v[0]+v[1])
		scores[i] = left*share + (1-left)*(1-share)
		switch {
		case v[0] > v[1]:
			majority = append(majority, left)
		case v[0] < v[1]:
			majority = append(majority, 1-left)
		}
	}
	m.Score, m.Evidence = f.mean(scores, f.in)
	if len(majority) > 0 {
		m.Majority, m.MajorityEvidence = f.mean(majority, f.inside)
	}
	if c.Majority > 0.5 {
		m.Normalised = (m.Score - 0.5) / (c.Majority - 0.5)
	}
	m.Likelihood = f.logistic(s)
	if share := float64(m.Tied) / float64(len(f.Shown)); share >= manyTies {
		m.Warnings = append(m.Warnings, Warning{Kind: ManyTies, Model: s.Model, Tied: m.Tied, Triplets: len(f.Shown)})
	}
	if s.Unchecked {
		m.Warnings = append(m.Warnings, Warning{Kind: Unchecked, Model: s.Model})
	}
	return m, scores
}

// mean is that of the values of rows, and how sure it is against 1/2.
func (f *voteField) mean(values []float64, in *frame) (Number, Evidence) {
	mean, rest := centred(values)
	return Number(mean), share(mean, 0.5, float64(len(rest)), in, in.spread(rest), f.Level)
}

// centred is the mean of values, and each one's distance from it.
func centred(values []float64) (mean float64, rest []float64) {
	for _, v := range values {
		mean += v / float64(len(values))
	}
	rest = make([]float64, len(values))
	for i, v := range values {
		rest[i] = v - mean
	}
	return mean, rest
}

// compare is every two models by their scores.
func (f *voteField) compare(models []PairScores, scores [][]float64) []OddPair {
	var pairs []OddPair
	var p []float64
	for a := range models {
		for b := a + 1; b < len(models); b++ {
			mean, rest := centred(floats.SubTo(make([]float64, len(scores[a])), scores[a], scores[b]))
			pair := OddPair{A: models[a].Model, B: models[b].Model, Difference: Number(mean)}
			pair.Evidence = studentShared(mean, 0, f.in.spread(rest), f.in.units, differenceBounds, f.Level)
			pairs, p = append(pairs, pair), append(p, float64(pair.Evidence.P))
		}
	}
	for i, adjusted := range Holm(p) {
		pairs[i].Holm = Number(adjusted)
	}
	return pairs
}

func (f *voteField) logistic(s PairScores) Logistic {
	result := Logistic{Temperature: nan, Likelihood: nan, Chance: Number(-math.Ln2)}
	best, scale, contradicted := 0.0, 0.0, false
	for i, v := range f.Votes {
		n := float64(v[0] + v[1])
		for _, votes := range v {
			if votes > 0 {
				best += float64(votes) * math.Log(float64(votes)/n)
			}
		}
		margin := f.margin(s, i)
		scale += math.Abs(margin) / float64(len(f.Votes))
		contradicted = contradicted || margin > 0 && v[1] > 0 || margin < 0 && v[0] > 0
	}
	result.Best = Number(best / float64(f.votes))
	beta, ok := likeliest(scale, func(beta float64) (slope, curve float64) {
		for i, v := range f.Votes {
			x, n := f.margin(s, i), float64(v[0]+v[1])
			p := logisticCDF(beta * x)
			slope += x * (float64(v[0]) - n*p)
			curve += x * x * n * p * (1 - p)
		}
		return slope, curve
	})
	if !ok || !contradicted {
		return result
	}
	likelihood := 0.0
	for i, v := range f.Votes {
		x := beta * f.margin(s, i)
		likelihood -= float64(v[0])*math.Log1p(math.Exp(-x)) + float64(v[1])*math.Log1p(math.Exp(x))
	}
	result.Temperature, result.Likelihood = Number(1/beta), Number(likelihood/float64(f.votes))
	return result
}
