package stats

import (
	"math"
	"slices"

	"github.com/akin-vision/akin/match"
)

// OneModel is what the triplets say of one model by itself. Proportions run
// from 0 to 1.
type OneModel struct {
	Model       string       `json:"model"`
	Triplets    int          `json:"triplets"`
	Clusters    int          `json:"clusters"`     // independent units
	ClusteredBy Linkage      `json:"clustered_by"` // what links the triplets of a cluster
	Tied        int          `json:"tied"`         // triplets with equal similarities
	Credit      match.Credit `json:"ties"`         // rule behind Error and its intervals

	Error             Number    `json:"error"`              // matching error
	Percentile        Interval  `json:"error_percentile"`   // bootstrap over clusters
	BCa               Interval  `json:"error_bca"`          // bootstrap over clusters
	SignFlip          Number    `json:"error_sign_flip_p"`  // against chance, exact, over clusters
	MinimumDetectable Number    `json:"minimum_detectable"` // distance from .5, alpha .05, power .8
	UnderCredits      []Tally   `json:"under_tie_policies"` // every rule for ties side by side
	Margins           Margins   `json:"margins"`            // of related over unrelated
	AUC               PooledAUC `json:"auc"`                // all related against all unrelated pairs
	Gap               Gap       `json:"gap"`                // within triplets against across objects
	Warnings          []Warning `json:"warnings,omitempty"`

	errors, aucs []float64 // bootstrap replicates
}

// Tally is the count of wrong matches under one rule for ties, with the
// intervals and the test that take triplets as independent.
type Tally struct {
	Credit         match.Credit `json:"ties"`
	Wrong          Number       `json:"wrong"` // halves under half-credit
	Counted        int          `json:"counted"`
	Error          Number       `json:"error"`
	Wilson         Interval     `json:"wilson"`
	ClopperPearson Interval     `json:"clopper_pearson"`
	// Binomial is the exact two-sided p-value against 1/2. Half a success has
	// no binomial probability: under half-credit it is the sign test, on the
	// triplets without ties.
	Binomial Number `json:"binomial_p"`
}

// PooledAUC is the area under the ROC of related against unrelated pairs of all
// triplets, with intervals that differ in what they take as independent.
type PooledAUC struct {
	AUC              Number   `json:"auc"`
	AveragePrecision Number   `json:"average_precision"`
	ClusteredSE      Number   `json:"clustered_se"`
	Clustered        Interval `json:"clustered"`  // Obuchowski 1997, normal
	Percentile       Interval `json:"percentile"` // bootstrap over clusters
	BCa              Interval `json:"bca"`        // bootstrap over clusters
	DeLongSE         Number   `json:"delong_se"`
	DeLong           Interval `json:"delong"` // scores as independent: for comparison with other software only
}

// Gap is how much more often the model is right within a triplet than across
// objects.
type Gap struct {
	Accuracy    Number   `json:"within_triplet_accuracy"` // ties count half, as in the AUC
	Gap         Number   `json:"gap"`                     // accuracy less AUC
	Interval    Interval `json:"interval"`                // bootstrap percentile over clusters
	Correlation Number   `json:"correlation"`             // Pearson, of a triplet's two similarities
}

// Margins describes sR - sU over the triplets. Quantiles interpolate linearly
// between order statistics, as NumPy's default.
type Margins struct {
	Mean      Number           `json:"mean"`
	SD        Number           `json:"sd"`
	Quantiles []MarginQuantile `json:"quantiles"`
}

// MarginQuantile is the margin below which the share P of the triplets lies.
type MarginQuantile struct {
	P      Number `json:"p"`
	Margin Number `json:"margin"`
}

// Tally is the count under the model's rule for ties.
func (m *OneModel) Tally() Tally {
	i := slices.IndexFunc(m.UnderCredits, func(t Tally) bool { return t.Credit == m.Credit })
	return m.UnderCredits[i]
}

// One is everything about a single model. Errors name the slice of the design
// or the scores that does not fit.
func One(d Design, s Scores, o Options) (OneModel, error) {
	c, err := Compare(d, []Scores{s}, o)
	if err != nil {
		return OneModel{}, err
	}
	one := c.Models[0]
	one.Warnings = append(c.Warnings, one.Warnings...)
	return one, nil
}

// subject is a model made ready for resampling.
type subject struct {
	Scores
	credits    credits
	halfCredit credits // by the AUC's rule for ties
	placements placements
}

func newSubject(s Scores, rule match.Credit, cluster []int, clusters int) subject {
	credits := newCredits(s, rule, cluster, clusters)
	halfCredit := credits
	if rule != match.HalfCredit {
		halfCredit = newCredits(s, match.HalfCredit, cluster, clusters)
	}
	return subject{
		Scores: s, credits: credits, halfCredit: halfCredit,
		placements: place(labelled{s.Related, cluster}, labelled{s.Unrelated, cluster}, clusters),
	}
}

// perModel is the number of statistics that a subject is resampled for: the
// error, the AUC, and the error by the AUC's rule for ties.
const perModel = 3

// newEvaluator computes the perModel statistics of each subject in turn.
func newEvaluator(subjects []subject, rule match.Credit) evaluator {
	var errors, aucs, halfCredits []func([]uint16) float64
	for _, s := range subjects {
		errors = append(errors, s.credits.measure())
		aucs = append(aucs, s.placements.measure())
		halfCredits = append(halfCredits, s.halfCredit.measure())
	}
	return func(weight []uint16, out []float64) {
		for m := range subjects {
			three := out[perModel*m : perModel*(m+1)]
			three[0], three[1] = errors[m](weight), aucs[m](weight)
			three[2] = three[0]
			if rule != match.HalfCredit {
				three[2] = halfCredits[m](weight)
			}
		}
	}
}

// describe is the model's record; replicates are those of its statistics.
func (s subject) describe(replicates [][]float64, clusters int, o Options) OneModel {
	one := OneModel{
		Model: s.Model, Triplets: len(s.Related), Clusters: clusters,
		Credit: o.Credit, Error: Number(s.credits.error()),
		Percentile:        percentileInterval(replicates[0], o.Level),
		BCa:               bcaInterval(s.credits.error(), replicates[0], s.credits.jackknife(), o.Level),
		SignFlip:          Number(SignFlip(s.credits.againstChance())),
		MinimumDetectable: Number(MinimumDetectable(len(s.Related), 0.05, 0.8)),
		Margins:           margins(s.Scores),
		AUC:               s.pooledAUC(replicates[1], o),
		errors:            replicates[0], aucs: replicates[1],
	}
	for _, rule := range match.Credits() {
		one.UnderCredits = append(one.UnderCredits, s.tally(rule, o.Level))
	}
	for i, related := range s.Related {
		one.Tied += int(indicator(related == s.Unrelated[i]))
	}
	one.Gap = s.gap(replicates[2], replicates[1], o.Level)
	return one
}

func (s subject) tally(rule match.Credit, level float64) Tally {
	credits := s.halves(rule)
	missed, counted, right, wrong := 0, 0, 0, 0
	for _, credit := range credits {
		if credit == match.Uncounted {
			continue
		}
		counted++
		missed += int(2 - credit)
		right += int(indicator(credit == 2))
		wrong += int(indicator(credit == 0))
	}
	errors, n := float64(missed)/2, float64(counted)
	return Tally{
		Credit: rule, Wrong: Number(errors), Counted: counted, Error: Number(errors / n),
		Wilson: Wilson(errors, n, level), ClopperPearson: ClopperPearson(errors, n, level),
		Binomial: Number(BinomialTwoSided(wrong, right+wrong, 0.5)),
	}
}

func (s subject) pooledAUC(replicates []float64, o Options) PooledAUC {
	auc := s.placements.auc()
	clustered, plain := s.placements.clusteredVariance(), s.placements.plainVariance()
	return PooledAUC{
		AUC:              Number(auc),
		AveragePrecision: Number(AveragePrecision(s.Related, s.Unrelated)),
		ClusteredSE:      Number(math.Sqrt(clustered)),
		Clustered:        normalInterval(auc, clustered, o.Level),
		Percentile:       percentileInterval(replicates, o.Level),
		BCa:              bcaInterval(auc, replicates, s.placements.jackknife(), o.Level),
		DeLongSE:         Number(math.Sqrt(plain)),
		DeLong:           normalInterval(auc, plain, o.Level),
	}
}

func (s subject) gap(errors, aucs []float64, level float64) Gap {
	gaps := make([]float64, len(errors))
	for r := range gaps {
		gaps[r] = 1 - errors[r] - aucs[r]
	}
	accuracy := 1 - s.halfCredit.error()
	return Gap{
		Accuracy:    Number(accuracy),
		Gap:         Number(accuracy - s.placements.auc()),
		Interval:    percentileInterval(gaps, level),
		Correlation: Number(Pearson(s.Related, s.Unrelated)),
	}
}

func margins(s Scores) Margins {
	margin := make([]float64, len(s.Related))
	for i := range margin {
		margin[i] = s.Related[i] - s.Unrelated[i]
	}
	slices.Sort(margin)
	centre, squares := mean(margin), 0.0
	for _, m := range margin {
		squares += (m - centre) * (m - centre)
	}
	described := Margins{
		Mean: Number(centre),
		SD:   Number(math.Sqrt(squares / float64(len(margin)-1))),
	}
	for _, p := range []float64{0, 0.05, 0.25, 0.5, 0.75, 0.95, 1} {
		described.Quantiles = append(described.Quantiles, MarginQuantile{Number(p), Number(linearQuantile(margin, p))})
	}
	return described
}

func linearQuantile(ascending []float64, p float64) float64 {
	position := p * float64(len(ascending)-1)
	k := int(position)
	if k+1 >= len(ascending) {
		return ascending[len(ascending)-1]
	}
	return ascending[k] + (position-float64(k))*(ascending[k+1]-ascending[k])
}
