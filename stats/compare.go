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
	ClusteredBy Linkage    `json:"clustered_by"` // what links the triplets of a cluster
	Models      []OneModel `json:"models"`
	Pairs       []Pair     `json:"pairs,omitempty"` // every two models once, in the order of Models
	CochranQ    *CochranQ  `json:"cochran_q,omitempty"`

	// Matrix[a][b] is the Holm-adjusted sign-flip p-value of models a and b,
	// null on the diagonal.
	Matrix [][]Number `json:"matrix,omitempty"`

	// Groups are the largest sets of models of which no two differ at
	// 1 - Level in Matrix (maximal cliques), best model first. A model may be
	// in several; two models with no group in common differ.
	Groups [][]string `json:"groups,omitempty"`

	Smallest *Smallest `json:"smallest_significant,omitempty"`
	Warnings []Warning `json:"warnings,omitempty"` // of the set and the models together
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

	McNemar         Number   `json:"mcnemar_p"`            // exact, independent triplets
	McNemarMidP     Number   `json:"mcnemar_mid_p"`        // independent triplets
	SignFlip        Number   `json:"sign_flip_p"`          // exact, over clusters, ties by policy
	Holm            Number   `json:"holm_p"`               // of SignFlip, over all pairs
	BH              Number   `json:"benjamini_hochberg_p"` // of SignFlip, over all pairs
	ErrorDifference Number   `json:"error_difference"`
	ErrorInterval   Interval `json:"error_interval"` // paired bootstrap percentile over clusters

	AUCDifference Number   `json:"auc_difference"`
	AUCInterval   Interval `json:"auc_interval"` // paired bootstrap percentile over clusters
	AUCClustered  Number   `json:"auc_p"`        // z test, paired clustered variance
	AUCHolm       Number   `json:"auc_holm_p"`   // of AUCClustered, over all pairs
	AUCBH         Number   `json:"auc_benjamini_hochberg_p"`
}

// Smallest is the difference in matching error that exact McNemar could just
// have found among as many discordant triplets as the median pair has.
type Smallest struct {
	Discordant int    `json:"discordant"`
	Alone      Number `json:"alone"`     // as the only comparison
	AllPairs   Number `json:"all_pairs"` // as the smallest p-value of all pairs under Holm
}

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
	if len(models) > 64 {
		return Comparison{}, fmt.Errorf("compare %d models: more than 64 cannot be grouped; compare fewer at a time", len(models))
	}
	cluster, linkage := d.clusters()
	clusters := count(cluster)
	subjects := make([]subject, len(models))
	parallel(len(models), func() func(int) {
		return func(m int) { subjects[m] = newSubject(models[m], o.Credit, cluster, clusters) }
	})
	c := Comparison{Models: make([]OneModel, len(models)), ClusteredBy: linkage}
	replicates := o.bootstrap(clusters, perModel*len(models), func() evaluator { return newEvaluator(subjects, o.Credit) })
	parallel(len(models), func() func(int) {
		return func(m int) {
			c.Models[m] = subjects[m].describe(replicates[perModel*m:perModel*(m+1)], clusters, o)
			c.Models[m].ClusteredBy = linkage
			c.Models[m].Warnings = c.Models[m].warnings(subjects[m].Unchecked)
		}
	})
	if len(models) > 1 {
		c.comparePairs(subjects, cluster, o)
	}
	c.Warnings = c.warnings(cluster, 1-o.Level)
	return c, nil
}

func (c *Comparison) comparePairs(subjects []subject, cluster []int, o Options) {
	influences := make([][]float64, len(subjects))
	missed := make([][]int32, len(subjects))
	right := make([][]bool, len(subjects))
	for m, s := range subjects {
		influences[m] = s.placements.combinedInfluence()
		missed[m] = s.credits.missed
		right[m] = s.right()
	}
	var ends [][2]int
	for a := range subjects {
		for b := a + 1; b < len(subjects); b++ {
			ends = append(ends, [2]int{a, b})
		}
	}
	c.Pairs = make([]Pair, len(ends))
	parallel(len(ends), func() func(int) {
		return func(i int) {
			a, b := ends[i][0], ends[i][1]
			c.Pairs[i] = pair(c.Models[a], c.Models[b], o.Level)
			c.Pairs[i].test(subjects[a].credits, subjects[b].credits, cluster)
			c.Pairs[i].AUCClustered = Number(influenceTest(float64(c.Pairs[i].AUCDifference), influences[a], influences[b]))
		}
	})
	c.adjust()
	q := cochran(right)
	if o.Credit != match.Dropped { // a dropped triplet has no outcome to permute
		p, permutations := o.permuteModels(missed)
		q.Permutation, q.Permutations = Number(p), permutations
	}
	c.CochranQ = &q
	c.group(ends, 1-o.Level)
	c.Smallest = c.smallest(len(subjects[0].Related), 1-o.Level)
}

func pair(a, b OneModel, level float64) Pair {
	return Pair{
		A: a.Model, B: b.Model,
		ErrorDifference: a.Error - b.Error,
		ErrorInterval:   percentileInterval(differences(a.errors, b.errors), level),
		AUCDifference:   a.AUC.AUC - b.AUC.AUC,
		AUCInterval:     percentileInterval(differences(a.aucs, b.aucs), level),
	}
}

func (p *Pair) test(a, b credits, cluster []int) {
	for i, credit := range a.halves {
		p.OnlyA += int(indicator(credit == 2 && b.halves[i] == 0))
		p.OnlyB += int(indicator(credit == 0 && b.halves[i] == 2))
	}
	p.McNemar = Number(McNemar(p.OnlyA, p.OnlyB))
	p.McNemarMidP = Number(McNemarMidP(p.OnlyA, p.OnlyB))
	p.SignFlip = Number(SignFlip(a.against(b, cluster)))
}

func differences(a, b []float64) []float64 {
	d := make([]float64, len(a))
	for i := range d {
		d[i] = a[i] - b[i]
	}
	return d
}

// adjust sets the p-values that allow for the number of pairs.
func (c *Comparison) adjust() {
	errors, aucs := make([]float64, len(c.Pairs)), make([]float64, len(c.Pairs))
	for i, p := range c.Pairs {
		errors[i], aucs[i] = float64(p.SignFlip), float64(p.AUCClustered)
	}
	holm, bh := Holm(errors), BenjaminiHochberg(errors)
	aucHolm, aucBH := Holm(aucs), BenjaminiHochberg(aucs)
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

func (c *Comparison) smallest(triplets int, significance float64) *Smallest {
	discordant := make([]int, len(c.Pairs))
	for i, p := range c.Pairs {
		discordant[i] = p.OnlyA + p.OnlyB
	}
	slices.Sort(discordant)
	median := discordant[len(discordant)/2]
	n := float64(triplets)
	return &Smallest{
		Discordant: median,
		Alone:      Number(smallestSignificant(median, significance) / n),
		AllPairs:   Number(smallestSignificant(median, significance/float64(len(c.Pairs))) / n),
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

// combinedInfluence is each cluster's part in the deviation of the AUC.
func (p placements) combinedInfluence() []float64 {
	f := p.influence()
	combined := make([]float64, p.clusters)
	for c := range combined {
		combined[c] = f.positive[c]/float64(len(p.positive)) + f.negative[c]/float64(len(p.negative))
	}
	return combined
}

// influenceTest is the two-sided normal p-value of a difference whose variance
// is that of the paired clusters' influences (DeLong et al. 1988, with
// Obuchowski's clusters). NaN where the influences do not differ.
func influenceTest(difference float64, a, b []float64) float64 {
	squares := 0.0
	for c := range a {
		squares += (a[c] - b[c]) * (a[c] - b[c])
	}
	n := float64(len(a))
	if squares == 0 || n < 2 {
		return math.NaN()
	}
	return normalTwoSided(difference / math.Sqrt(squares*n/(n-1)))
}
