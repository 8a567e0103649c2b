package study

import (
	"math/rand/v2"
	"slices"
)

// Kind is what a trial is for.
type Kind string

// Kinds of trials. People are not told which is which, but for practice.
const (
	Practice Kind = "practice"
	Main     Kind = "main"
	Repeat   Kind = "repeat" // the same as an earlier main trial
	Check    Kind = "check"  // the same picture twice, with one right answer
)

// Trial is one thing shown to one person.
type Trial struct {
	Kind Kind `json:"kind"`
	Item int  `json:"item"` // number in Items.List; -1 for practice and checks
	// Shown are numbers of pictures in order: first and second of a rating;
	// target, left and right of a triplet; from left to right of an odd-one-out.
	Shown []int `json:"shown"`
}

// Right is the number in Shown of a check's right answer: of a triplet the picture
// that equals the target, of an odd-one-out the one that differs. It is -1 for
// other trials, and for a rating, whose right answer is the upper end of the scale.
func (t Trial) Right(task string) int {
	if t.Kind != Check || task == Rating {
		return -1
	}
	if task == Triplet {
		return 1 + slices.Index(t.Shown[1:], t.Shown[0])
	}
	times := map[int]int{}
	for _, n := range t.Shown {
		times[n]++
	}
	return slices.IndexFunc(t.Shown, func(n int) bool { return times[n] == 1 })
}

// repeatGap is how many main trials lie at least between an item and its repeat,
// where the plan is long enough.
const repeatGap = 10

// NewPlan lays out a person's trials. The least judged items come first into the
// plan: counts are how often each item is judged or promised, closed those
// that need no more; both by number. Equal arguments give equal plans.
func (s *Study) NewPlan(items *Items, person int, counts []int, closed []bool) []Trial {
	p := planner{s, items, rand.New(rand.NewPCG(s.Seed, uint64(person)))}
	chosen := p.choose(counts, closed)
	if len(chosen) == 0 {
		return nil
	}
	main := make([]Trial, len(chosen))
	for i, item := range chosen {
		main[i] = Trial{Kind: Main, Item: item}
	}
	p.arrange(main)
	plan := p.withRepeats(main)
	plan = p.withChecks(plan)
	return append(p.practice(), plan...)
}

type planner struct {
	*Study
	items *Items
	rng   *rand.Rand
}

// choose takes the least judged items, at random among equals, in random order
// such that neighbours share no picture where that can be had.
func (p planner) choose(counts []int, closed []bool) []int {
	var open []int
	for i := range p.items.List {
		if !closed[i] {
			open = append(open, i)
		}
	}
	p.shuffle(open)
	slices.SortStableFunc(open, func(a, b int) int { return counts[a] - counts[b] })
	if n := p.Sample.Trials; n > 0 && n < len(open) {
		open = open[:n]
	}
	p.shuffle(open)
	for i := 1; i < len(open); i++ {
		for j := i; j < len(open); j++ {
			if !p.sharePicture(open[i-1], open[j]) {
				open[i], open[j] = open[j], open[i]
				break
			}
		}
	}
	return open
}

func (p planner) shuffle(list []int) {
	p.rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

func (p planner) sharePicture(a, b int) bool {
	return slices.ContainsFunc(p.items.List[a].Pictures, func(n int) bool {
		return slices.Contains(p.items.List[b].Pictures, n)
	})
}

// arrange gives each trial the places of its pictures, each arrangement equally
// often within a person: which comes first, which stands left.
func (p planner) arrange(trials []Trial) {
	arrangements := p.arrangements()
	order := make([]int, len(trials))
	for i := range order {
		order[i] = i % len(arrangements)
	}
	p.shuffle(order)
	for i := range trials {
		trials[i].Shown = placed(p.items.List[trials[i].Item].Pictures, arrangements[order[i]])
	}
}

// arrangements are the orders in which an item's pictures may be shown, in an
// order of their own that differs between people, so that a short plan's surplus
// does not always fall to the same one.
func (p planner) arrangements() [][]int {
	all := map[string][][]int{
		Rating:    {{0, 1}, {1, 0}},
		Triplet:   {{0, 1, 2}, {0, 2, 1}},
		OddOneOut: {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}},
	}[p.Task]
	p.rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

func placed(pictures, arrangement []int) []int {
	shown := make([]int, len(arrangement))
	for i, at := range arrangement {
		shown[i] = pictures[at]
	}
	return shown
}

// withRepeats shows items of the first part again in the second, in the same
// arrangement.
func (p planner) withRepeats(main []Trial) []Trial {
	n := min(p.Sample.Repeats, len(main)/2)
	sources := p.rng.Perm(len(main) / 2)[:n]
	slices.Sort(sources)
	after := make(map[int][]Trial) // by number of the main trial that they follow
	for _, source := range sources {
		first := min(max(source+repeatGap, len(main)/2), len(main)-1)
		at := first + p.rng.IntN(len(main)-first)
		repeat := main[source]
		repeat.Kind = Repeat
		after[at] = append(after[at], repeat)
	}
	var plan []Trial
	for i, t := range main {
		plan = append(append(plan, t), after[i]...)
	}
	return plan
}

// withChecks spreads checks over the plan, one at random in each equal part.
func (p planner) withChecks(plan []Trial) []Trial {
	n := min(p.Sample.Checks, len(plan))
	for c := n - 1; c >= 0; c-- { // from behind: what is inserted moves only what follows
		from, to := c*len(plan)/n, (c+1)*len(plan)/n
		plan = slices.Insert(plan, from+p.rng.IntN(max(to-from, 1)), p.check())
	}
	return plan
}

func (p planner) check() Trial {
	item := p.items.List[p.rng.IntN(len(p.items.List))].Pictures
	same, other := item[0], item[len(item)-1]
	t := Trial{Kind: Check, Item: -1, Shown: []int{same, same}}
	if p.Task != Rating {
		t.Shown = append(t.Shown, other)
		p.shuffle(t.Shown[1:])
	}
	if p.Task == OddOneOut {
		p.shuffle(t.Shown)
	}
	return t
}

// practice are pictures of the study in combinations that are no items, where
// such can be found, so that no item is seen before it counts. Everybody
// practises on the same.
func (p planner) practice() []Trial {
	rng := rand.New(rand.NewPCG(p.Seed, 0))
	var trials []Trial
	for range p.Sample.Practice {
		var shown []int
		for range practiceTries {
			if shown = p.mixture(rng); !p.isItem(shown) {
				break
			}
		}
		trials = append(trials, Trial{Kind: Practice, Item: -1, Shown: shown})
	}
	return trials
}

const practiceTries = 50

// mixture takes distinct pictures of several items.
func (p planner) mixture(rng *rand.Rand) []int {
	n := len(p.items.List[0].Pictures)
	return rng.Perm(len(p.items.Pictures))[:n]
}

func (p planner) isItem(shown []int) bool {
	return slices.ContainsFunc(p.items.List, func(item Item) bool {
		return !slices.ContainsFunc(shown, func(n int) bool { return !slices.Contains(item.Pictures, n) })
	})
}
