package stats

import (
	"math"
	"slices"

	"github.com/akin-vision/akin/match"
	"gonum.org/v1/gonum/mat"
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
	Interaction *Interaction `json:"interaction,omitempty"` // with two models or more
	Warnings    []Warning    `json:"warnings,omitempty"`
}

// Cell is one model's matching error on the triplets of one level, or of one
// relation and distractor.
type Cell struct {
	Model      string   `json:"model"`
	Relation   string   `json:"relation,omitempty"`
	Distractor string   `json:"distractor,omitempty"`
	Triplets   int      `json:"triplets"`
	Tied       int      `json:"tied"`    // triplets with equal similarities
	Counted    int      `json:"counted"` // triplets, by the rule for ties
	Clusters   int      `json:"clusters"`
	Wrong      Number   `json:"wrong"`
	Error      Number   `json:"error"`
	Wilson     Interval `json:"wilson"` // triplets as independent
	// Clustered is the Wilson interval at the effective number of triplets:
	// that of independent triplets whose error would vary as much, and no more
	// than there are.
	Clustered Interval `json:"clustered"`
	Binomial  Number   `json:"binomial_p"`  // against chance, exact, triplets as independent; see Tally
	SignFlip  Number   `json:"sign_flip_p"` // against chance, exact, over clusters
	AUC       Number   `json:"auc"`
}

// Effect compares one model's errors at a level with those at the reference
// level: different triplets, so nothing is paired but shared clusters.
type Effect struct {
	Model     string `json:"model"`
	Level     string `json:"level"`
	Reference string `json:"reference"`

	RiskDifference         Number   `json:"risk_difference"` // error at Level less at Reference
	RiskDifferenceInterval Interval `json:"risk_difference_interval"`
	OddsRatio              Number   `json:"odds_ratio"` // of an error; null under separation
	OddsRatioInterval      Interval `json:"odds_ratio_interval"`
	Wald                   Number   `json:"wald_p"` // logistic, cluster-robust
	// Permutation is the p-value of the model's differences between all levels
	// from permuting labels across clusters.
	Permutation Number `json:"permutation_p"`
	Separated   bool   `json:"separated"`
}

// Interaction asks whether the axis matters more to some models than others.
type Interaction struct {
	ChiSquare    Number `json:"wald_chi_square"` // logistic, cluster-robust; null under separation
	Degrees      int    `json:"degrees"`
	Wald         Number `json:"wald_p"`
	Permutation  Number `json:"permutation_p"` // labels permuted across clusters
	Permutations int    `json:"permutations"`
	Separated    bool   `json:"separated"`
}

// ByAxes evaluates the models along the design's axes. Triplets without a label
// on an axis are left out of it; an axis without labels is nil, one with a single
// label compares nothing. Errors name the slice that does not fit.
func ByAxes(d Design, models []Scores, o Options) (Axes, error) {
	o, err := o.prepared(d, models)
	if err != nil {
		return Axes{}, err
	}
	cluster, _ := d.clusters()
	relation, distractor := newLabels(d.Relation, cluster), newLabels(d.Distractor, cluster)
	axes := Axes{Relation: relation.axis("relation", models, cluster, o), Distractor: distractor.axis("distractor", models, cluster, o)}
	switch {
	case relation.levels() >= 2 && distractor.levels() >= 2:
		axes.Both = crossed(relation, distractor, models, cluster, o)
	case relation.levels() < 2 && distractor.levels() < 2:
		axes.Warnings = []Warning{{Kind: NoAxis}}
	}
	return axes, nil
}

// labels is the triplets that carry a label on an axis.
type labels struct {
	name     []string // distinct labels, sorted
	triplet  []int    // number in the set, by labelled triplet
	level    []int    // index of name
	cluster  []int    // renumbered
	clusters int
}

func newLabels(label []string, cluster []int) labels {
	l := labels{name: slices.Compact(slices.Sorted(slices.Values(label)))}
	l.name = slices.DeleteFunc(l.name, func(name string) bool { return name == "" })
	number := make(map[int]int)
	for i, name := range label {
		level, found := slices.BinarySearch(l.name, name)
		if !found {
			continue
		}
		if _, known := number[cluster[i]]; !known {
			number[cluster[i]] = len(number)
		}
		l.triplet, l.level = append(l.triplet, i), append(l.level, level)
		l.cluster = append(l.cluster, number[cluster[i]])
	}
	l.clusters = len(number)
	return l
}

func (l labels) levels() int { return len(l.name) }

// axis is every model at every level, and what the levels differ in; nil without
// levels.
func (l labels) axis(name string, models []Scores, cluster []int, o Options) *Axis {
	if l.levels() == 0 {
		return nil
	}
	a := &Axis{Name: name, Levels: l.name}
	outcome := make([][]int8, len(models)) // halves missed, by labelled triplet
	for m, s := range models {
		outcome[m] = l.missed(s, o.Credit)
		for level, label := range l.name {
			cell := newCell(s, l.at(level), cluster, o)
			if name == "relation" {
				cell.Relation = label
			} else {
				cell.Distractor = label
			}
			a.Cells = append(a.Cells, cell)
		}
	}
	if l.levels() > 1 {
		l.compare(a, models, outcome, o)
	}
	return a
}

// at is the triplets of a level.
func (l labels) at(level int) []int {
	var triplets []int
	for i, triplet := range l.triplet {
		if l.level[i] == level {
			triplets = append(triplets, triplet)
		}
	}
	return triplets
}

// compare sets the levels against one another.
func (l labels) compare(a *Axis, models []Scores, outcome [][]int8, o Options) {
	permuted := l.permute(outcome, o)
	for m, s := range models {
		a.Effects = append(a.Effects, l.effects(s.Model, outcome[m], permuted.model[m], o.Level)...)
	}
	if len(models) > 1 {
		a.Interaction = l.interaction(outcome, o)
		a.Interaction.Permutation, a.Interaction.Permutations = Number(permuted.interaction), permuted.permutations
	}
	a.Warnings = a.warnings(l.clusters)
}

// missed is the halves missed at each labelled triplet, or match.Uncounted.
func (l labels) missed(s Scores, rule match.Credit) []int8 {
	halves := s.halves(rule)
	missed := make([]int8, len(l.triplet))
	for i, triplet := range l.triplet {
		missed[i] = match.Uncounted
		if halves[triplet] != match.Uncounted {
			missed[i] = 2 - halves[triplet]
		}
	}
	return missed
}

// clusterSum is a cluster's part of a cell.
type clusterSum struct{ missed, counted int } // missed in halves

// newCell sums up a model's matches on some triplets.
func newCell(s Scores, triplets, cluster []int, o Options) Cell {
	sums, all := make([]clusterSum, count(cluster)), clusterSum{}
	related, unrelated := make([]float64, len(triplets)), make([]float64, len(triplets))
	tied, right, wrong := 0, 0, 0
	for i, t := range triplets {
		related[i], unrelated[i] = s.Related[t], s.Unrelated[t]
		outcome := match.Compare(related[i], unrelated[i])
		tied += int(indicator(outcome == match.Tie))
		halves := o.Credit.Halves(outcome)
		if halves == match.Uncounted {
			continue
		}
		right += int(indicator(halves == 2))
		wrong += int(indicator(halves == 0))
		for _, sum := range []*clusterSum{&sums[cluster[t]], &all} {
			sum.missed += int(2 - halves)
			sum.counted++
		}
	}
	missed, counted := float64(all.missed)/2, float64(all.counted)
	cell := Cell{
		Model: s.Model, Triplets: len(triplets), Tied: tied, Counted: all.counted,
		Wrong: Number(missed), Error: Number(missed / counted), Wilson: Wilson(missed, counted, o.Level),
		Binomial: Number(BinomialTwoSided(wrong, right+wrong, 0.5)), AUC: Number(AUC(related, unrelated)),
	}
	cell.overClusters(sums, o.Level)
	return cell
}

// overClusters adds what takes clusters as the independent units.
func (c *Cell) overClusters(sums []clusterSum, level float64) {
	n, p, squares := float64(c.Counted), float64(c.Error), 0.0
	var beyond []int // chance, in halves
	for _, sum := range sums {
		if sum.counted == 0 {
			continue
		}
		d := float64(sum.missed)/2 - p*float64(sum.counted)
		squares += d * d
		beyond = append(beyond, sum.counted-sum.missed)
	}
	g := float64(len(beyond))
	c.Clusters, c.SignFlip = len(beyond), Number(SignFlip(beyond))
	effective := min(p*(1-p)/(squares*g/(g-1)/(n*n)), n)
	if math.IsNaN(effective) {
		effective = g // all right or all wrong: no more is known than the clusters
	}
	c.Clustered = Wilson(p*effective, effective, level)
}

// crossed is every model in every combination of relation and distractor.
func crossed(relation, distractor labels, models []Scores, cluster []int, o Options) []Cell {
	var cells []Cell
	for _, s := range models {
		for r := range relation.name {
			ofRelation := relation.at(r)
			for x := range distractor.name {
				both := common(ofRelation, distractor.at(x))
				if cell := newCell(s, both, cluster, o); cell.Counted > 0 {
					cell.Relation, cell.Distractor = relation.name[r], distractor.name[x]
					cells = append(cells, cell)
				}
			}
		}
	}
	return cells
}

// common is the numbers that two ascending lists share.
func common(a, b []int) []int {
	var both []int
	for _, n := range a {
		if _, found := slices.BinarySearch(b, n); found {
			both = append(both, n)
		}
	}
	return both
}

// effects compares each level of one model with the first.
func (l labels) effects(model string, missed []int8, permutation, level float64) []Effect {
	patterns := l.patterns(1)
	observations := l.observations([][]int8{missed})
	fit := fitLogistic(patterns, observations, l.clusters)
	means, covariance := levelMeans(patterns, observations, l.clusters)
	z := critical(level)
	var effects []Effect
	for g := 1; g < l.levels(); g++ {
		e := Effect{
			Model: model, Level: l.name[g], Reference: l.name[0], Separated: fit.separated,
			RiskDifference: Number(means[g] - means[0]), Permutation: Number(permutation),
			OddsRatio: nan, OddsRatioInterval: undefined, Wald: nan,
		}
		half := z * math.Sqrt(covariance.At(g, g))
		e.RiskDifferenceInterval = Interval{max(-1, means[g]-means[0]-half), min(1, means[g]-means[0]+half)}
		if !fit.separated {
			b, se := fit.coefficients[g], math.Sqrt(fit.covariance.At(g, g))
			e.OddsRatio, e.OddsRatioInterval = Number(math.Exp(b)), Interval{math.Exp(b - z*se), math.Exp(b + z*se)}
			e.Wald = Number(normalTwoSided(b / se))
		}
		effects = append(effects, e)
	}
	return effects
}

// observations numbers patterns as model times levels plus level.
func (l labels) observations(missed [][]int8) []observation {
	observations := make([]observation, 0, len(missed)*len(l.level))
	for m := range missed {
		for i, halves := range missed[m] {
			if halves != match.Uncounted {
				observations = append(observations, observation{m*l.levels() + l.level[i], l.cluster[i], float64(halves) / 2})
			}
		}
	}
	return observations
}

// levelMeans are the mean outcomes of the levels, with the cluster-robust
// covariance of the linear model's coefficients (the differences from the first
// level). As statsmodels OLS with cov_type="cluster".
func levelMeans(patterns [][]float64, observations []observation, clusters int) ([]float64, *mat.SymDense) {
	k := len(patterns)
	times, means := make([]float64, k), make([]float64, k)
	for _, o := range observations {
		times[o.pattern]++
		means[o.pattern] += o.outcome
	}
	information := mat.NewSymDense(k, nil)
	for g, x := range patterns {
		means[g] /= times[g]
		information.SymRankOne(information, times[g], mat.NewVecDense(k, x))
	}
	residuals := make([]residual, len(observations))
	for i, o := range observations {
		residuals[i] = residual{o.pattern, o.cluster, o.outcome - means[o.pattern]}
	}
	var factor mat.Cholesky
	var inverse mat.SymDense
	if !factor.Factorize(information) || factor.InverseTo(&inverse) != nil {
		// A level whose triplets were all dropped has no mean to compare.
		return means, mat.NewSymDense(k, slices.Repeat([]float64{math.NaN()}, k*k))
	}
	return means, sandwich(&inverse, patterns, residuals, clusters, len(observations))
}

// patterns are the covariates of each model at each level: intercept, the other
// models, the other levels, and their products.
func (l labels) patterns(models int) [][]float64 {
	levels := l.levels()
	patterns := make([][]float64, models*levels)
	for m := range models {
		for g := range levels {
			row := make([]float64, models*levels)
			row[0] = 1
			if m > 0 {
				row[m] = 1
			}
			if g > 0 {
				row[models+g-1] = 1
			}
			if m > 0 && g > 0 {
				row[models+levels-1+(m-1)*(levels-1)+g-1] = 1
			}
			patterns[m*levels+g] = row
		}
	}
	return patterns
}

// interaction tests the axis-by-model terms of a logistic regression on both.
func (l labels) interaction(missed [][]int8, o Options) *Interaction {
	levels, models := l.levels(), len(missed)
	patterns := l.patterns(models)
	fit := fitLogistic(patterns, l.observations(missed), l.clusters)
	i := Interaction{ChiSquare: nan, Wald: nan, Degrees: (models - 1) * (levels - 1), Separated: fit.separated}
	if !fit.separated {
		chiSquare, degrees := fit.wald(models + levels - 1)
		i.ChiSquare, i.Wald = Number(chiSquare), Number(chiSquareTail(chiSquare, float64(degrees)))
	}
	return &i
}
