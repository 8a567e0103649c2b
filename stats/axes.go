package stats

import (
	"math"
	"slices"
)

// Axes tells where models fail: by the kind of relation, by the kind of
// distractor, and by both.
type Axes struct {
	Relation   *Axis     `json:"relation,omitempty"`
	Distractor *Axis     `json:"distractor,omitempty"`
	Both       []Cell    `json:"relation_by_distractor,omitempty"`
	Warnings   []Warning `json:"warnings,omitempty"`
}

// Axis is the effect of one property of the triplets on the matching error.
type Axis struct {
	Name        string       `json:"axis"`
	Levels      []string     `json:"levels"`                // the first is the reference
	Cells       []Cell       `json:"cells"`                 // every model at every level
	Effects     []Effect     `json:"effects,omitempty"`     // with two levels or more
	Omnibus     []Omnibus    `json:"omnibus,omitempty"`     // likewise, every model once
	Interaction *Interaction `json:"interaction,omitempty"` // likewise, with two models or more
	Warnings    []Warning    `json:"warnings,omitempty"`
}

// Cell is one model's matching error on the triplets of one level, or of one
// relation and distractor.
type Cell struct {
	Model      string   `json:"model"`
	Relation   string   `json:"relation,omitempty"`
	Distractor string   `json:"distractor,omitempty"`
	Triplets   int      `json:"triplets"`
	Clusters   int      `json:"clusters"`
	Tied       int      `json:"tied"`    // triplets with equal similarities
	Counted    int      `json:"counted"` // triplets, by the rule for ties
	Wrong      Number   `json:"wrong"`
	Error      Number   `json:"error"`
	Evidence   Evidence `json:"evidence"`   // against chance
	Wilson     Interval `json:"wilson"`     // triplets as independent
	Binomial   Number   `json:"binomial_p"` // against chance, exact, triplets as independent; see Tally
	AUC        Number   `json:"auc"`
}

// Effect compares one model's errors at a level with those at the reference
// level: different triplets, so nothing is paired but shared pictures.
type Effect struct {
	Model     string `json:"model"`
	Level     string `json:"level"`
	Reference string `json:"reference"`

	RiskDifference    Number   `json:"risk_difference"` // error at Level less at Reference
	Evidence          Evidence `json:"evidence"`        // of this difference alone
	OddsRatio         Number   `json:"odds_ratio"`      // of an error; null under separation
	OddsRatioInterval Interval `json:"odds_ratio_interval"`
	Wald              Number   `json:"wald_p"` // of the odds ratio
	Separated         bool     `json:"separated"`
}

// Omnibus asks whether a model's error differs between any levels at all: the
// smallest of the tests of every two levels, Holm-adjusted.
type Omnibus struct {
	Model string `json:"model"`
	P     Number `json:"p"`
}

// Interaction asks whether the axis matters more to some models than others: the
// smallest of the tests of each model's difference between every two levels
// against the mean of all models, Holm-adjusted.
type Interaction struct {
	P     Number `json:"p"`
	Tests int    `json:"tests"`
}

// ByAxes evaluates the models along the design's axes. Triplets without a label
// on an axis are left out of it; an axis without labels is nil.
// Errors name the slice that does not fit.
func ByAxes(d Design, models []Scores, o Options) (Axes, error) {
	o, err := o.prepared(d, models)
	if err != nil {
		return Axes{}, err
	}
	outcomes := make([]outcome, len(models))
	for m, s := range models {
		outcomes[m] = newOutcome(s, o.Credit)
	}
	f := field{number(d.Pictures), models, outcomes, o.Level, d.known}
	relation, distractor := newLabels(d.Relation), newLabels(d.Distractor)
	axes := Axes{Relation: f.axis("relation", relation), Distractor: f.axis("distractor", distractor)}
	switch r, x := len(relation.name), len(distractor.name); {
	case r >= 2 && x >= 2:
		axes.Both = f.crossed(relation, distractor)
	case r < 2 && x < 2:
		axes.Warnings = []Warning{{Kind: NoAxis}}
	}
	return axes, nil
}

// labels is what each triplet is on an axis.
type labels struct {
	name  []string // distinct labels, sorted
	level []int    // of each triplet in name, -1 where it has no label
}

func newLabels(label []string) labels {
	l := labels{name: slices.Compact(slices.Sorted(slices.Values(label))), level: make([]int, len(label))}
	l.name = slices.DeleteFunc(l.name, func(name string) bool { return name == "" })
	for i, name := range label {
		level, found := slices.BinarySearch(l.name, name)
		if !found {
			level = -1
		}
		l.level[i] = level
	}
	return l
}

// field is the models' outcomes on triplets that share pictures.
type field struct {
	shown    shown
	models   []Scores
	outcomes []outcome
	level    float64
	known    *known
}

// axis is every model at every level, and what the levels differ in; nil without
// levels.
func (f field) axis(name string, l labels) *Axis {
	if len(l.name) == 0 {
		return nil
	}
	a := &Axis{Name: name, Levels: l.name}
	cells := make([][]Cell, len(l.name))
	parallel(len(l.name), func() func(int) {
		return func(g int) { cells[g] = f.cellsAt(name, l, g) }
	})
	for m := range f.models {
		for g := range cells {
			a.Cells = append(a.Cells, cells[g][m])
		}
	}
	if len(l.name) > 1 {
		f.effects(a, l)
	}
	a.Warnings = a.warnings()
	return a
}

// cellsAt is every model at one level of an axis.
func (f field) cellsAt(axis string, l labels, level int) []Cell {
	at := place{distractor: l.name[level]}
	if axis == "relation" {
		at = place{relation: l.name[level]}
	}
	return f.cells(at, func(i int) bool { return l.level[i] == level })
}

// crossed is every model in every combination of relation and distractor.
func (f field) crossed(relation, distractor labels) []Cell {
	var combinations [][]Cell
	for r, kind := range relation.name {
		for d, choice := range distractor.name {
			list := f.cells(place{kind, choice}, func(i int) bool { return relation.level[i] == r && distractor.level[i] == d })
			combinations = append(combinations, list)
		}
	}
	var cells []Cell
	for m := range f.models {
		for _, list := range combinations {
			if len(list) > 0 && list[m].Counted > 0 {
				cells = append(cells, list[m])
			}
		}
	}
	return cells
}

// place is a level of relation, of distractor, or of both.
type place struct{ relation, distractor string }

// cells is every model's error on the triplets that belong at a place; none where
// no triplet does.
func (f field) cells(where place, belongs func(int) bool) []Cell {
	var units []int
	for i := range f.shown {
		if belongs(i) {
			units = append(units, i)
		}
	}
	if len(units) == 0 {
		return nil
	}
	a := remembered(f.known, cellKey{where, f.level}, func() arena { return newArena(f.shown.subset(units), f.level) })
	cells := make([]Cell, len(f.models))
	parallel(len(cells), func() func(int) {
		return func(m int) {
			o, related, unrelated := f.outcomes[m].subset(units), at(f.models[m].Related, units), at(f.models[m].Unrelated, units)
			wrong := o.error * float64(o.count)
			cells[m] = Cell{
				Model: f.models[m].Model, Relation: where.relation, Distractor: where.distractor, Triplets: len(units), Counted: o.count, Clusters: a.linked.count,
				Wrong: Number(wrong), Error: Number(o.error), Evidence: a.chance(o),
				Wilson: Wilson(wrong, float64(o.count), f.level), Binomial: Number(o.binomial()), AUC: Number(AUC(related, unrelated)),
			}
			for i, similarity := range related {
				cells[m].Tied += int(indicator(similarity == unrelated[i]))
			}
		}
	})
	return cells
}

// subset is the outcome on some triplets.
func (o outcome) subset(units []int) outcome {
	credit := make([]int8, len(units))
	for i, unit := range units {
		credit[i] = o.credit[unit]
	}
	return creditOutcome(credit)
}

// effects fills in what is said of differences between levels. Effects are
// those from the first level; the omnibus and the interaction take every two.
func (f field) effects(a *Axis, l labels) {
	pairs, tests := make([][]float64, len(f.models)), [][]float64{}
	effects := make([][]Effect, len(f.models))
	for reference := range l.name {
		for level := reference + 1; level < len(l.name); level++ {
			c := remembered(f.known, contrastKey{a.Name, reference, level, f.level}, func() contrast {
				return newContrast(f.shown, l.level, reference, level, f.level)
			})
			contrasts := make([]contrasted, len(f.models))
			found := make([]Effect, len(f.models))
			parallel(len(f.models), func() func(int) {
				return func(m int) {
					contrasts[m] = c.of(f.outcomes[m])
					found[m] = c.described(contrasts[m])
					found[m].Model, found[m].Level, found[m].Reference = f.models[m].Model, l.name[level], l.name[reference]
				}
			})
			for m := range found {
				pairs[m] = append(pairs[m], float64(found[m].Evidence.P))
				if reference == 0 {
					effects[m] = append(effects[m], found[m])
				}
			}
			tests = append(tests, c.changes(contrasts))
		}
	}
	a.Effects = slices.Concat(effects...)
	for m, p := range pairs {
		a.Omnibus = append(a.Omnibus, Omnibus{f.models[m].Model, Number(smallestHolm(p))})
	}
	if len(f.models) > 1 {
		all := slices.Concat(tests...)
		a.Interaction = &Interaction{Number(smallestHolm(all)), len(definedOnly(all))}
	}
}

// described is an effect without its names.
func (c contrast) described(d contrasted) Effect {
	difference, evidence := c.effect(d)
	e := Effect{
		RiskDifference: Number(difference), Evidence: evidence,
		OddsRatio: nan, OddsRatioInterval: undefined, Wald: nan,
	}
	slope := [2]float64{}
	for g, p := range d.mean {
		slope[g] = p * (1 - p)
		e.Separated = e.Separated || p == 0 || p == 1
	}
	if e.Separated || !evidence.P.Defined() || math.IsNaN(difference) {
		return e
	}
	influence := make([]float64, len(d.influence))
	for i, pull := range d.influence {
		influence[i] = pull / slope[c.frame.group[i]]
	}
	ratio := math.Log(d.mean[1]*(1-d.mean[0])) - math.Log(d.mean[0]*(1-d.mean[1]))
	logs := c.frame.student(ratio, 0, c.frame.spread(influence), Interval{math.Inf(-1), math.Inf(1)}, c.level)
	e.OddsRatio, e.Wald = Number(math.Exp(ratio)), logs.P
	e.OddsRatioInterval = Interval{math.Exp(logs.Interval.Low), math.Exp(logs.Interval.High)}
	return e
}
