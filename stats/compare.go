package stats

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/akin-vision/akin/match"
)

// Comparison is what the same triplets say of several models, singly and in
// pairs. No test in it takes paired data as unpaired.
type Comparison struct {
	Models []OneModel `json:"models"`
	Pairs  []Pair     `json:"pairs,omitempty"` // every two models once, in the order of Models

	// Omnibus is the p-value of the question whether any models differ in error:
	// the smallest of the tests of each against the mean of all, Holm-adjusted.
	Omnibus  Number    `json:"omnibus_p"`
	CochranQ *CochranQ `json:"cochran_q,omitempty"` // the same for independent triplets

	// Matrix[a][b] is the Holm-adjusted p-value of the errors of models a and b,
	// null on the diagonal.
	Matrix [][]Number `json:"matrix,omitempty"`

	// Groups are the largest sets of models of which no two differ at
	// 1 - Level in Matrix (maximal cliques), best model first. A model may be
	// in several; two models with no group in common differ.
	Groups [][]string `json:"groups,omitempty"`

	Smallest *Smallest `json:"smallest_significant,omitempty"`
	Warnings []Warning `json:"warnings"` // of the set and the models together
}

// Pair compares model A with model B; differences are A less B.
type Pair struct {
	A string `json:"a"`
	B string `json:"b"`
	// OnlyA and OnlyB count the triplets that one model got right and the
	// other wrong; triplets that either ties (as half-credit or dropped) are in
	// neither.
	OnlyA int `json:"only_a_right"`
	OnlyB int `json:"only_b_right"`

	McNemar     Number `json:"mcnemar_p"`     // exact, independent triplets
	McNemarMidP Number `json:"mcnemar_mid_p"` // independent triplets
	SignFlip    Number `json:"sign_flip_p"`   // exact, over linked triplets, ties by the rule; null where these are no units

	ErrorDifference Number   `json:"error_difference"`
	Evidence        Evidence `json:"error_evidence"`
	Holm            Number   `json:"holm_p"`               // of Evidence, over all pairs
	BH              Number   `json:"benjamini_hochberg_p"` // of Evidence, over all pairs

	AUCDifference Number   `json:"auc_difference"`
	AUCEvidence   Evidence `json:"auc_evidence"`
	AUCHolm       Number   `json:"auc_holm_p"` // of AUCEvidence, over all pairs
	AUCBH         Number   `json:"auc_benjamini_hochberg_p"`
}

// Smallest is the smallest difference in matching error that could be
// significant at all: the exact test needs so many linked triplets on one side.
// It is no bound for tests that are not exact.
type Smallest struct {
	AllPairs Number `json:"all_pairs"`
}

// Ranks is where a model may stand by matching error, 1 the best: the models
// that are better, and those that are worse, by the Holm-adjusted tests of all
// pairs. All models' ranks lie within theirs at the level together.
type Ranks struct {
	Best  int `json:"best"`
	Worst int `json:"worst"`
}

// mostModels is the number of models that can be grouped.
const mostModels = 64

// Compare evaluates every model and every pair of models on the same triplets.
// With one model it is that model's record alone. At most 64 models. Errors
// name the slice that does not fit.
func Compare(d Design, models []Scores, o Options) (Comparison, error) {
	o, err := o.prepared(d, models)
	if err != nil {
		return Comparison{}, err
	}
	if len(models) == 0 {
		return Comparison{}, fmt.Errorf("no model to evaluate")
	}
	if len(models) > mostModels {
		return Comparison{}, fmt.Errorf("compare %d models: more than %d cannot be grouped; compare fewer at a time", len(models), mostModels)
	}
	a := remembered(d.known, wholeKey{o.Level}, func() arena { return newArena(number(d.Pictures), o.Level) })
	subjects := make([]subject, len(models))
	c := Comparison{Models: make([]OneModel, len(models)), Omnibus: nan}
	parallel(len(models), func() func(int) {
		return func(m int) {
			subjects[m] = newSubject(models[m], o.Credit)
			c.Models[m] = subjects[m].describe(a, o)
			c.Models[m].Warnings = c.Models[m].warnings(subjects[m].Unchecked)
		}
	})
	if len(models) > 1 {
		c.comparePairs(subjects, a)
	}
	c.Warnings = c.warnings(a)
	return c, nil
}

func (c *Comparison) comparePairs(subjects []subject, a arena) {
	var ends [][2]int
	for one := range subjects {
		for other := one + 1; other < len(subjects); other++ {
			ends = append(ends, [2]int{one, other})
		}
	}
	c.Pairs = make([]Pair, len(ends))
	parallel(len(ends), func() func(int) {
		return func(i int) { c.Pairs[i] = newPair(subjects[ends[i][0]], subjects[ends[i][1]], a) }
	})
	c.adjust()
	c.Omnibus = Number(omnibus(subjects, a))
	right := make([][]bool, len(subjects))
	for m, s := range subjects {
		right[m] = s.right()
	}
	q := cochran(right)
	c.CochranQ = &q
	c.group(ends, 1-a.level)
	c.rank(ends, 1-a.level)
	c.Smallest = a.smallest(subjects)
}

func newPair(one, other subject, a arena) Pair {
	p := Pair{A: one.Model, B: other.Model, SignFlip: nan, AUCDifference: Number(one.auc - other.auc)}
	for i, credit := range one.outcome.credit {
		p.OnlyA += int(indicator(credit == 2 && other.outcome.credit[i] == 0))
		p.OnlyB += int(indicator(credit == 0 && other.outcome.credit[i] == 2))
	}
	p.McNemar, p.McNemarMidP = Number(McNemar(p.OnlyA, p.OnlyB)), Number(McNemarMidP(p.OnlyA, p.OnlyB))
	difference, evidence := a.between(one.outcome, other.outcome)
	p.ErrorDifference, p.Evidence = Number(difference), evidence
	if evidence.Test == SignFlips {
		p.SignFlip = evidence.P
	}
	p.AUCEvidence = a.areas(float64(p.AUCDifference), influence(one.pull), influence(other.pull))
	return p
}

// omnibus is the smallest Holm-adjusted p-value of each model's error against
// the mean of all. Two models have one such test.
func omnibus(subjects []subject, a arena) float64 {
	mean := make([]float64, len(a.shown))
	centre := 0.0
	for _, s := range subjects {
		centre += s.outcome.error / float64(len(subjects))
		for i, pull := range s.outcome.influence() {
			mean[i] += pull / float64(len(subjects))
		}
	}
	if len(subjects) == 2 {
		subjects = subjects[:1]
	}
	p := make([]float64, len(subjects))
	parallel(len(subjects), func() func(int) {
		return func(m int) {
			influence := subjects[m].outcome.influence()
			for i := range influence {
				influence[i] -= mean[i]
			}
			e := a.mean.student(subjects[m].outcome.error-centre, 0, a.mean.spread(influence), differenceBounds, a.level)
			p[m] = float64(e.P)
		}
	})
	return smallestHolm(p)
}

// smallestHolm is the smallest adjusted p-value, NaN where none is defined.
func smallestHolm(p []float64) float64 {
	if p = definedOnly(Holm(p)); len(p) == 0 {
		return math.NaN()
	}
	return slices.Min(p)
}

func (c *Comparison) adjust() {
	errors, aucs := make([]float64, len(c.Pairs)), make([]float64, len(c.Pairs))
	for i, p := range c.Pairs {
		errors[i], aucs[i] = float64(p.Evidence.P), float64(p.AUCEvidence.P)
	}
	holm, bh := Holm(errors), benjaminiHochberg(errors)
	aucHolm, aucBH := Holm(aucs), benjaminiHochberg(aucs)
	for i := range c.Pairs {
		p := &c.Pairs[i]
		p.Holm, p.BH = Number(holm[i]), Number(bh[i])
		p.AUCHolm, p.AUCBH = Number(aucHolm[i]), Number(aucBH[i])
	}
}

func (c *Comparison) group(ends [][2]int, significance float64) {
	c.Matrix = make([][]Number, len(c.Models))
	for a := range c.Matrix {
		c.Matrix[a] = slices.Repeat([]Number{nan}, len(c.Models))
	}
	order := make([]int, len(c.Models)) // best first
	for m := range order {
		order[m] = m
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(c.Models[a].Error, c.Models[b].Error) })
	rank := make([]int, len(order))
	for r, m := range order {
		rank[m] = r
	}
	alike := make([]uint64, len(c.Models)) // by rank
	for i, p := range c.Pairs {
		a, b := ends[i][0], ends[i][1]
		c.Matrix[a][b], c.Matrix[b][a] = p.Holm, p.Holm
		if float64(p.Holm) > significance {
			alike[rank[a]] |= 1 << rank[b]
			alike[rank[b]] |= 1 << rank[a]
		}
	}
	for _, clique := range cliques(alike) {
		names := make([]string, len(clique))
		for i, r := range clique {
			names[i] = c.Models[order[r]].Model
		}
		c.Groups = append(c.Groups, names)
	}
}

// rank sets every model's best and worst rank (as Mohamad, Goeman and van Zwet
// 2019 do with Tukey's test).
func (c *Comparison) rank(ends [][2]int, significance float64) {
	for m := range c.Models {
		c.Models[m].Ranks = &Ranks{1, len(c.Models)}
	}
	for i, p := range c.Pairs {
		if !(float64(p.Holm) <= significance) {
			continue
		}
		better, worse := ends[i][0], ends[i][1]
		if p.ErrorDifference > 0 {
			better, worse = worse, better
		}
		c.Models[better].Ranks.Worst--
		c.Models[worse].Ranks.Best++
	}
}

// right is the strict outcome of each triplet: a tie is wrong.
func (s Scores) right() []bool {
	right := make([]bool, len(s.Related))
	for i, related := range s.Related {
		right[i] = match.Compare(related, s.Unrelated[i]) == match.Right
	}
	return right
}
