package collect

import (
	"fmt"
	"math"

	"github.com/akin-vision/akin/collect/study"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/words"
)

// Agreement is how far people agree so far, over pairs of pictures: of ratings
// their values; of choices 1 for a pair that a person put together, else 0.
type Agreement struct {
	People     int            `json:"people"`
	Answers    int            `json:"answers"`
	SplitHalf  stats.Number   `json:"split_half"` // stepped up by Spearman and Brown
	ICC        stats.Number   `json:"icc_2k"`
	Interval   stats.Interval `json:"icc_interval"`
	Lower      stats.Number   `json:"ceiling_lower"`
	Upper      stats.Number   `json:"ceiling_upper"`
	Attainable stats.Number   `json:"attainable"`
	Label      stats.Number   `json:"related_higher"`    // share of triplets whose related pair a single person puts above the unrelated one, ties half
	Why        string         `json:"why_not,omitempty"` // there is no agreement to speak of
}

// splits is how many random halves are drawn for a glance at a study under way.
const splits = 199

// agreements are those of everybody, and of the people whom no rule leaves out.
func (d *data) agreements() (all, kept Agreement) {
	all = d.agreement(d.people)
	if people := d.kept(); len(people) < len(d.people) {
		return all, d.agreement(people)
	}
	return all, all
}

// agreement is the only place that asks package stats.
func (d *data) agreement(people []participant) Agreement {
	a := Agreement{People: len(people), SplitHalf: stats.Number(nan), ICC: stats.Number(nan), Interval: stats.Interval{Low: nan, High: nan},
		Lower: stats.Number(nan), Upper: stats.Number(nan), Attainable: stats.Number(nan), Label: stats.Number(nan)}
	var judgements []stats.Judgement
	for _, p := range people {
		rater := fmt.Sprintf("%09d", p.ID) // codes are random, and would change the random halves
		for _, j := range d.judgements(p, study.Main) {
			judgements = append(judgements, stats.Judgement{Rater: rater, A: j.A.Hash.String(), B: j.B.Hash.String(), Value: j.Value})
		}
		for _, g := range p.answers {
			if g.Trial.Kind == study.Main && g.Response != nil {
				a.Answers++
			}
		}
	}
	if len(judgements) == 0 {
		a.Why = "nobody has answered yet"
		return a
	}
	human, err := stats.People(d.design(), nil, judgements, stats.Options{Resamples: splits, Seed: d.Study.Seed})
	switch {
	case err != nil:
		a.Why = err.Error()
	case human.Ceiling == nil && human.NoCeiling == nil:
		a.Why = "no agreement could be computed"
	case human.Ceiling == nil:
		a.Why = words.Warning(*human.NoCeiling)
	default:
		c := human.Ceiling
		a.SplitHalf, a.Lower, a.Upper, a.Attainable = c.SplitHalf, c.Lower, c.Upper, c.Attainable
		a.ICC, a.Interval, a.Label = c.ICC.ICC2k, c.ICC.Interval, c.HeldOut.Label
		if !a.SplitHalf.Defined() && len(c.Warnings) > 0 {
			a.Why = words.Warning(c.Warnings[0])
		}
	}
	return a
}

func (d *data) design() stats.Design {
	var design stats.Design
	for i := range d.Set.Triplets {
		t := &d.Set.Triplets[i]
		design.Pictures = append(design.Pictures, [3]string{t.Target.Hash.String(), t.Related.Hash.String(), t.Unrelated.Hash.String()})
		design.Relation, design.Distractor = append(design.Relation, t.Relation), append(design.Distractor, t.Distractor)
		design.RatingRelated, design.RatingUnrelated = append(design.RatingRelated, nan), append(design.RatingUnrelated, nan)
	}
	return design
}

// judgements are a person's answers of a kind as values of pairs of pictures: what
// ratings.csv holds of them.
func (d *data) judgements(p participant, kind study.Kind) []stimuli.Judgement {
	var list []stimuli.Judgement
	add := func(a, b int, value float64) {
		list = append(list, stimuli.Judgement{Rater: p.Code, A: d.Items.Pictures[a], B: d.Items.Pictures[b], Scale: d.Study.ScaleName(), Value: value})
	}
	no, yes := d.choiceValues()
	put := func(together bool) float64 {
		if together {
			return yes
		}
		return no
	}
	for _, g := range p.answers {
		if g.Trial.Kind != kind || g.Response == nil {
			continue
		}
		item, value := d.Items.List[g.Trial.Item].Pictures, d.value(g)
		switch d.Study.Task {
		case study.Rating:
			add(item[0], item[1], value)
		case study.Triplet:
			add(item[0], item[1], put(value == 1))
			add(item[0], item[2], put(value == 2))
		case study.OddOneOut:
			add(item[0], item[1], put(value == 2))
			add(item[0], item[2], put(value == 1))
			add(item[1], item[2], put(value == 0))
		}
	}
	return list
}

// Reliability is the ICC in words, with its interval where there is one.
func (a Agreement) Reliability() string {
	if !a.ICC.Defined() {
		return "not defined: no items that the same people judged"
	}
	return notation.Estimate(a.ICC, a.Interval, notation.Decimal[float64])
}

var nan = math.NaN()
