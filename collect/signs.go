package collect

import (
	"math"
	"slices"

	"github.com/akin-vision/akin/collect/study"
)

// Signs are what may tell a careless person from a careful one. They are over
// trials that count: main trials and repeats; NaN where there are none to judge by.
type Signs struct {
	Trials   int
	Missing  int     // without an answer
	Same     float64 // share of the commonest answer, where it stood on the page
	Run      int     // longest run of one answer
	MedianMS float64 // response time
	Checks   int     // trials with one right answer
	Passed   float64 // share of them
	Repeats  int
	Change   float64 // mean change at repeats: share of the scale, or share of choices changed
	Late     float64 // share of trials with an onset more than two frames late
	Away     int     // how often the page lost the focus
}

const (
	lateMS    = 1000.0 / 30 // two frames at 60 Hz
	passShare = 0.8         // of the scale, which a pair of the same picture must reach
)

func (d *data) signs(answers []given) Signs {
	s := Signs{Same: math.NaN(), MedianMS: math.NaN(), Passed: math.NaN(), Change: math.NaN(), Late: math.NaN()}
	var times []float64
	counts := map[float64]int{}
	commonest, late, run, last := 0, 0, 0, math.NaN()
	for _, g := range answers {
		s.Away += g.Away
		if g.Trial.Kind != study.Main && g.Trial.Kind != study.Repeat {
			continue
		}
		s.Trials++
		if g.Late > lateMS {
			late++
		}
		if g.Response == nil {
			s.Missing++
			continue
		}
		times = append(times, *g.RT)
		counts[*g.Response]++
		commonest = max(commonest, counts[*g.Response])
		if run++; *g.Response != last {
			run, last = 1, *g.Response
		}
		s.Run = max(s.Run, run)
	}
	if s.Trials > 0 {
		s.Late = float64(late) / float64(s.Trials)
	}
	if len(times) > 0 {
		s.Same, s.MedianMS = float64(commonest)/float64(len(times)), median(times)
	}
	s.Checks, s.Passed = d.checks(answers)
	s.Repeats, s.Change = d.repeats(answers)
	return s
}

func median(values []float64) float64 {
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}

func (d *data) checks(answers []given) (n int, share float64) {
	passed := 0
	for _, g := range answers {
		if g.Trial.Kind != study.Check || g.Response == nil {
			continue
		}
		n++
		right := *g.Response == float64(g.Trial.Right(d.Study.Task))
		if d.Study.Task == study.Rating {
			right = *g.Response >= d.Study.Scale.Min+passShare*d.Study.Range()
		}
		if right {
			passed++
		}
	}
	return n, float64(passed) / float64(n) // 0/0 is NaN
}

func (d *data) repeats(answers []given) (n int, change float64) {
	first := map[int]given{}
	for _, g := range answers {
		if g.Response == nil {
			continue
		}
		before, known := first[g.Trial.Item]
		switch {
		case g.Trial.Kind == study.Main:
			first[g.Trial.Item] = g
		case g.Trial.Kind == study.Repeat && known && d.Study.Task == study.Rating:
			n++
			change += math.Abs(*g.Response-*before.Response) / d.Study.Range()
		case g.Trial.Kind == study.Repeat && known:
			n++
			if d.value(g) != d.value(before) {
				change++
			}
		}
	}
	return n, change / float64(n) // 0/0 is NaN
}

// exclusions are the declared rules that leave a person out, in words. A sign
// that a person cannot show (no checks yet) breaks no rule.
func (d *data) exclusions(p *participant) []string {
	rules, s := d.Study.Exclude, p.signs
	var broken []string
	for _, rule := range []struct {
		name   string
		breaks bool
	}{
		{"incomplete", rules.Incomplete && !p.Finished},
		{"checks", rules.MinChecks > 0 && s.Passed < rules.MinChecks},
		{"same answer", rules.MaxSame > 0 && s.Trials >= fewTrials && s.Same > rules.MaxSame},
		{"too fast", rules.MinMedianMS > 0 && s.MedianMS < rules.MinMedianMS},
		{"repeats", rules.MaxRepeatChange > 0 && s.Change > rules.MaxRepeatChange},
	} {
		if rule.breaks {
			broken = append(broken, rule.name)
		}
	}
	return broken
}

// fewTrials are too few to say that somebody always answers the same.
const fewTrials = 10
