package stats

import (
	"math"
	"math/rand/v2"
	"slices"
)

const (
	// FewestModels is the number of models below which a correlation over models
	// carries no verdict: three are in order by chance once in three.
	FewestModels = 8
	// NearlyEqual is how far the ImageNet errors of two models may lie apart to
	// be called nearly equal: 2 points.
	NearlyEqual = 0.02
)

// Published is one network's figures, as proportions.
type Published struct {
	Model, Family string
	ImageNetError float64 // top-1
	MatchingError float64
	AUC           float64
}

// Across relates matching to ImageNet error over models. Models are few, chosen
// and often trained alike: it describes these models and infers nothing about
// others.
type Across struct {
	Overall  Trends    `json:"overall"`
	Families []Trends  `json:"families,omitempty"` // with two families or more
	Nearest  []Nearest `json:"nearest"`            // within Caliper
	Caliper  Number    `json:"caliper"`            // of nearly equal ImageNet error
	Warnings []Warning `json:"warnings,omitempty"`
}

// Trends are the correlations with ImageNet error within some models.
type Trends struct {
	Family   string `json:"family,omitempty"`
	Models   int    `json:"models"`
	Matching Trend  `json:"matching_error"`
	AUC      Trend  `json:"one_minus_auc"`
}

// Trend is one correlation over models, by value and by rank.
type Trend struct {
	Pearson          Number   `json:"pearson"`
	PearsonP         Number   `json:"pearson_p"`        // permutation, two-sided
	PearsonInterval  Interval `json:"pearson_interval"` // bootstrap percentile over models; null for fewer than 8
	Spearman         Number   `json:"spearman"`
	SpearmanP        Number   `json:"spearman_p"`
	SpearmanInterval Interval `json:"spearman_interval"`
	Permutations     int      `json:"permutations"`
	Exhaustive       bool     `json:"all_permutations"` // else random ones
}

// Nearest is a model and the one of another family closest to it in ImageNet
// error, where they are nearly equal in it.
type Nearest struct {
	A                  string `json:"a"`
	B                  string `json:"b"`
	ImageNetDifference Number `json:"imagenet_difference"` // A less B
	MatchingDifference Number `json:"matching_difference"`
	AUCDifference      Number `json:"auc_difference"`
	McNemar            Number `json:"mcnemar_p"` // independent triplets; null where the pair was not compared
	P                  Number `json:"matching_p"`
	AUCP               Number `json:"auc_p"`
}

// AcrossModels correlates matching error and 1 - AUC with ImageNet error,
// overall and within families. Each network is given once: its layers and other
// forms are no models. pairs, as from Compare on the same models, lend the
// nearest pairs their tests and may be nil.
func AcrossModels(models []Published, pairs []Pair, o Options) Across {
	o = o.withDefaults()
	a := Across{Overall: newTrends("", models, o), Nearest: nearest(models, pairs), Caliper: NearlyEqual}
	var families []string
	for _, m := range models {
		if !slices.Contains(families, m.Family) {
			families = append(families, m.Family)
		}
	}
	if len(families) > 1 {
		for _, family := range families {
			within := slices.DeleteFunc(slices.Clone(models), func(m Published) bool { return m.Family != family })
			a.Families = append(a.Families, newTrends(family, within, o))
		}
	}
	a.Warnings = a.warnings()
	return a
}

func newTrends(family string, models []Published, o Options) Trends {
	imageNet, matching, auc := make([]float64, len(models)), make([]float64, len(models)), make([]float64, len(models))
	for i, m := range models {
		imageNet[i], matching[i], auc[i] = m.ImageNetError, m.MatchingError, 1-m.AUC
	}
	return Trends{family, len(models), newTrend(imageNet, matching, o), newTrend(imageNet, auc, o)}
}

func newTrend(x, y []float64, o Options) Trend {
	t := Trend{Pearson: Number(Pearson(x, y)), Spearman: Number(Spearman(x, y))}
	var p, s float64
	p, t.Permutations, t.Exhaustive = o.correlationP(x, y)
	s, _, _ = o.correlationP(ranks(x), ranks(y))
	t.PearsonP, t.SpearmanP = Number(p), Number(s)
	t.PearsonInterval, t.SpearmanInterval = o.modelBootstrap(x, y)
	return t
}

// exhaustiveModels is the number of models up to which all orders are taken.
const exhaustiveModels = 8

// correlationP is the share of orders of y whose correlation with x is at least
// as far from zero as the one seen.
func (o Options) correlationP(x, y []float64) (p float64, permutations int, exhaustive bool) {
	seen := math.Abs(Pearson(x, y))
	if math.IsNaN(seen) {
		return math.NaN(), 0, false
	}
	reaches := func(order []float64) bool { return math.Abs(Pearson(x, order)) >= seen-1e-12 }
	if len(y) <= exhaustiveModels {
		reached := 0
		for order := range orders(y) {
			permutations++
			reached += int(indicator(reaches(order)))
		}
		return float64(reached) / float64(permutations), permutations, true
	}
	extreme := make([]bool, o.Resamples)
	parallel(o.Resamples, func() func(int) {
		order := make([]float64, len(y))
		return func(r int) {
			copy(order, y)
			shuffle(order, o.source(modelStream, r))
			extreme[r] = reaches(order)
		}
	})
	return permutationP(extreme), o.Resamples, false
}

// orders yields every order of the values, in one slice that changes (Heap
// 1963).
func orders(values []float64) func(func([]float64) bool) {
	return func(yield func([]float64) bool) {
		order := slices.Clone(values)
		var heap func(n int) bool
		heap = func(n int) bool {
			if n <= 1 {
				return yield(order)
			}
			for i := range n {
				if !heap(n - 1) {
					return false
				}
				if swap := i * ((n + 1) % 2); i < n-1 {
					order[swap], order[n-1] = order[n-1], order[swap]
				}
			}
			return true
		}
		heap(len(order))
	}
}

// modelBootstrap resamples models; resamples in which a figure does not vary
// have no correlation and are left out.
func (o Options) modelBootstrap(x, y []float64) (pearson, spearman Interval) {
	if math.IsNaN(Pearson(x, y)) || len(x) < FewestModels {
		return undefined, undefined
	}
	byValue, byRank := make([]float64, o.Resamples), make([]float64, o.Resamples)
	parallel(o.Resamples, func() func(int) {
		drawnX, drawnY := make([]float64, len(x)), make([]float64, len(y))
		return func(r int) {
			draw(drawnX, drawnY, x, y, o.source(bootstrapStream, r))
			byValue[r], byRank[r] = Pearson(drawnX, drawnY), Spearman(drawnX, drawnY)
		}
	})
	return percentileInterval(byValue, o.Level), percentileInterval(byRank, o.Level)
}

func draw(drawnX, drawnY, x, y []float64, source *rand.PCG) {
	for i := range drawnX {
		j := below(uint32(len(x)), source)
		drawnX[i], drawnY[i] = x[j], y[j]
	}
}

// nearest pairs each model with the model of another family closest in ImageNet
// error, each two once.
func nearest(models []Published, pairs []Pair) []Nearest {
	list := []Nearest{}
	for _, a := range models {
		best := -1
		for j, b := range models {
			if b.Family != a.Family && (best < 0 || math.Abs(a.ImageNetError-b.ImageNetError) < math.Abs(a.ImageNetError-models[best].ImageNetError)) {
				best = j
			}
		}
		if best < 0 || math.Abs(a.ImageNetError-models[best].ImageNetError) > NearlyEqual || slices.ContainsFunc(list, func(n Nearest) bool { return n.A == models[best].Model && n.B == a.Model }) {
			continue
		}
		list = append(list, newNearest(a, models[best], pairs))
	}
	return list
}

func newNearest(a, b Published, pairs []Pair) Nearest {
	n := Nearest{
		A: a.Model, B: b.Model,
		ImageNetDifference: Number(a.ImageNetError - b.ImageNetError),
		MatchingDifference: Number(a.MatchingError - b.MatchingError),
		AUCDifference:      Number(a.AUC - b.AUC),
		McNemar:            nan, P: nan, AUCP: nan,
	}
	for _, p := range pairs {
		if p.A == a.Model && p.B == b.Model || p.A == b.Model && p.B == a.Model {
			n.McNemar, n.P, n.AUCP = p.McNemar, p.Evidence.P, p.AUCEvidence.P
		}
	}
	return n
}
