package collect

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"github.com/akin-vision/akin/collect/study"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// Status is where a study stands.
type Status struct {
	Title   string         `json:"title"`
	Task    string         `json:"task"`
	Raters  int            `json:"raters_wanted"`
	People  Counts         `json:"people"`
	Answers int            `json:"answers"` // of trials that count
	Items   []ItemStatus   `json:"items"`   // in order of the set
	Fewest  int            `json:"fewest_answers"`
	Most    int            `json:"most_answers"`
	Settled int            `json:"items_done"`     // with all their people, or precise enough
	All     Agreement      `json:"agreement"`      // of everybody
	Kept    Agreement      `json:"agreement_kept"` // after the rules of exclusion
	Persons []PersonStatus `json:"persons"`
}

// Counts are people by how far they came.
type Counts struct {
	Entered  int `json:"entered"`
	Finished int `json:"finished"`
	Present  int `json:"present"` // may still be at it
	Away     int `json:"away"`    // went away before the end
	Excluded int `json:"excluded"`
}

// ItemStatus is what was said of an item, by all.
type ItemStatus struct {
	ID       string             `json:"item"`
	Pictures []*stimuli.Picture `json:"-"`
	Judged   int                `json:"judged"`
	Mean     stats.Number       `json:"mean"` // rating; or share of people who sided with the set
	SD       stats.Number       `json:"sd"`
	// Disagreement is from 0, all say the same, to 1, people are split as evenly
	// as can be: the SD as a share of half the scale; or 1 less the margin of the
	// two commonest choices.
	Disagreement stats.Number `json:"disagreement"`
}

// PersonStatus is what is known of how someone answers.
type PersonStatus struct {
	Code     string       `json:"person"`
	Device   string       `json:"device"`
	Answered int          `json:"answered"`
	Trials   int          `json:"trials"`
	Finished bool         `json:"finished"`
	Same     stats.Number `json:"same_answer"`
	Run      int          `json:"longest_run"`
	MedianMS stats.Number `json:"median_ms"`
	Checks   int          `json:"checks"`
	Passed   stats.Number `json:"checks_passed"`
	Repeats  int          `json:"repeats"`
	Change   stats.Number `json:"repeat_change"`
	Late     stats.Number `json:"late"`
	Away     int          `json:"focus_lost"`
	Missing  int          `json:"missing"`
	Excluded []string     `json:"excluded,omitempty"`
}

// Status reads all answers and sums them up.
func (c *Collection) Status(ctx context.Context, now time.Time) (*Status, error) {
	d, err := c.load(ctx)
	if err != nil {
		return nil, err
	}
	s := &Status{Title: c.Study.Title, Task: c.Study.Task, Raters: c.Study.Sample.Raters}
	for _, p := range d.people {
		s.People.Entered++
		switch {
		case p.Finished:
			s.People.Finished++
		case d.present(p.Person, now):
			s.People.Present++
		default:
			s.People.Away++
		}
		if len(p.excluded) > 0 {
			s.People.Excluded++
		}
		s.Persons = append(s.Persons, newPersonStatus(p))
	}
	d.addItems(s)
	s.All, s.Kept = d.agreements()
	s.Answers = s.All.Answers
	return s, nil
}

func newPersonStatus(p participant) PersonStatus {
	g := p.signs
	return PersonStatus{
		Code: p.Code, Device: p.Device, Answered: p.Answered, Trials: p.Trials, Finished: p.Finished,
		Same: stats.Number(g.Same), Run: g.Run, MedianMS: stats.Number(g.MedianMS), Checks: g.Checks, Passed: stats.Number(g.Passed),
		Repeats: g.Repeats, Change: stats.Number(g.Change), Late: stats.Number(g.Late), Away: g.Away, Missing: g.Missing, Excluded: p.excluded,
	}
}

func (d *data) addItems(s *Status) {
	precise := d.precise()
	for i, values := range d.values(d.people) {
		item := ItemStatus{ID: d.Items.List[i].ID, Judged: len(values)}
		for _, n := range d.Items.List[i].Pictures {
			item.Pictures = append(item.Pictures, d.Items.Pictures[n])
		}
		item.sum(d.Study, values)
		s.Items = append(s.Items, item)
		if precise[i] || item.Judged >= d.Study.Sample.Raters {
			s.Settled++
		}
	}
	fewer := func(a, b ItemStatus) int { return a.Judged - b.Judged }
	s.Fewest, s.Most = slices.MinFunc(s.Items, fewer).Judged, slices.MaxFunc(s.Items, fewer).Judged
}

func (x *ItemStatus) sum(s *study.Study, values []float64) {
	if s.Task == study.Rating {
		m := meanOf(values)
		x.Mean, x.SD = stats.Number(m.Mean), stats.Number(m.SD)
		x.Disagreement = stats.Number(min(1, m.SD/(s.Range()/2)))
		return
	}
	counts := make([]int, 3)
	for _, v := range values {
		counts[int(v)]++
	}
	sided := counts[1] // the related picture
	if s.Task == study.OddOneOut {
		sided = counts[2] // the unrelated one was left out
	}
	slices.Sort(counts)
	n := float64(len(values))
	x.Mean, x.SD = stats.Number(float64(sided)/n), stats.Number(math.NaN()) // 0/0 is NaN
	x.Disagreement = stats.Number(1 - float64(counts[2]-counts[1])/n)
}

// Disputed are the n items on which people disagree most, of those with at least
// a few answers.
func (s *Status) Disputed(n int) []ItemStatus {
	items := slices.DeleteFunc(slices.Clone(s.Items), func(x ItemStatus) bool { return x.Judged < fewAnswers })
	slices.SortStableFunc(items, func(a, b ItemStatus) int { return cmp.Compare(b.Disagreement, a.Disagreement) })
	return items[:min(n, len(items))]
}

// fewAnswers are too few to speak of disagreement.
const fewAnswers = 4
