package collect

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/akin-vision/akin/collect/store"
	"github.com/akin-vision/akin/collect/study"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// data is all that was said, in memory.
type data struct {
	*Collection
	people []participant
}

// participant is a person with their answers, in order.
type participant struct {
	store.Person
	answers  []given
	signs    Signs
	excluded []string // which rules leave the person out; none: the person counts
}

// given is an answer with what was shown.
type given struct {
	store.Answer
	study.Trial
}

func (c *Collection) load(ctx context.Context) (*data, error) {
	people, err := c.Store.People(ctx)
	if err != nil {
		return nil, err
	}
	d := &data{Collection: c}
	index := make(map[int]int, len(people))
	for i, p := range people {
		index[p.ID] = i
		d.people = append(d.people, participant{Person: p})
	}
	err = c.Store.Answers(ctx, func(a store.Answer) error {
		i, known := index[a.Person]
		if !known {
			return nil // came after the list of people was read
		}
		g := given{a, study.Trial{Kind: study.Kind(a.Kind), Item: a.Item}}
		if err := json.Unmarshal([]byte(a.Shown), &g.Trial.Shown); err != nil {
			return fmt.Errorf("answer %d of person %s: %w", a.Position, d.people[i].Code, err)
		}
		d.people[i].answers = append(d.people[i].answers, g)
		return nil
	})
	for i := range d.people {
		p := &d.people[i]
		p.signs = d.signs(p.answers)
		p.excluded = d.exclusions(p)
	}
	return d, err
}

// kept are the people whom no rule leaves out.
func (d *data) kept() []participant {
	return slices.DeleteFunc(slices.Clone(d.people), func(p participant) bool { return len(p.excluded) > 0 })
}

// values are the answers to each item: values on the scale, or of a choice the
// number of the picture chosen among the item's.
func (d *data) values(people []participant) [][]float64 {
	values := make([][]float64, len(d.Items.List))
	for _, p := range people {
		for _, g := range p.answers {
			if g.Trial.Kind == study.Main && g.Response != nil {
				values[g.Trial.Item] = append(values[g.Trial.Item], d.value(g))
			}
		}
	}
	return values
}

// value is an answer as a value on the scale, or as the number among the item's
// pictures of the one chosen.
func (d *data) value(g given) float64 {
	if d.Study.Task == study.Rating {
		return *g.Response
	}
	chosen := g.Trial.Shown[int(*g.Response)]
	return float64(slices.Index(d.Items.List[g.Trial.Item].Pictures, chosen))
}

// precise says of each item whether the rules of precision need no more of it.
func (d *data) precise() []bool {
	rules := d.Study.Stop
	people := d.kept()
	closed := make([]bool, len(d.Items.List))
	judged := d.values(people)
	enough := true
	for i, values := range judged {
		enough = enough && len(values) >= rules.MinRaters
		if rules.HalfWidth > 0 && len(values) >= rules.MinRaters {
			closed[i] = meanOf(values).HalfWidth <= rules.HalfWidth
		}
	}
	if rules.SplitHalf > 0 && enough && float64(d.agreement(people).SplitHalf) >= rules.SplitHalf {
		for i := range closed {
			closed[i] = true
		}
	}
	return closed
}

// mean is the mean of an item's values.
type mean struct {
	N                   int
	Mean, SD, HalfWidth float64 // of the 95 % t interval; NaN with fewer than two values, or where all are equal: no spread, no interval
}

func meanOf(values []float64) mean {
	m := mean{N: len(values), HalfWidth: nan}
	m.Mean, m.SD = stat.MeanStdDev(values, nil)
	if m.SD > 0 {
		t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(m.N - 1)}.Quantile(0.975)
		m.HalfWidth = t * stat.StdErr(m.SD, float64(m.N))
	}
	return m
}

// present reports whether a person may still be at the study.
func (c *Collection) present(p store.Person, now time.Time) bool {
	return !p.Finished && now.Sub(p.Seen) < time.Duration(c.Study.Sample.HoldHours)*time.Hour
}
