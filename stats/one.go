package stats

import (
	"math"
	"slices"

	"github.com/akin-vision/akin/match"
)

// OneModel is what the triplets say of one model by itself. Proportions run
// from 0 to 1.
type OneModel struct {
	Model    string       `json:"model"`
	Triplets int          `json:"triplets"`
	Clusters int          `json:"clusters"` // connected components of triplets that share pictures
	Tied     int          `json:"tied"`     // triplets with equal similarities
	Credit   match.Credit `json:"ties"`     // rule behind Error and its evidence

	Error    Number   `json:"error"`          // matching error
	Evidence Evidence `json:"error_evidence"` // against chance

	// MinimumDetectable is the distance from 1/2 that triplets as these show with
	// power .8 at alpha .05.
	MinimumDetectable Number    `json:"minimum_detectable"`
	UnderCredits      []Tally   `json:"under_tie_policies"` // every rule for ties side by side
	Margins           Margins   `json:"margins"`            // of related over unrelated
	AUC               PooledAUC `json:"auc"`                // all related against all unrelated pairs
	Gap               Gap       `json:"gap"`                // within triplets against across objects
	Ranks             *Ranks    `json:"ranks,omitempty"`    // among several models
	Warnings          []Warning `json:"warnings"`
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
// triplets.
type PooledAUC struct {
	AUC              Number   `json:"auc"`
	Evidence         Evidence `json:"evidence"` // against 1/2
	AveragePrecision Number   `json:"average_precision"`
	DeLongSE         Number   `json:"delong_se"`
	DeLong           Interval `json:"delong"` // scores as independent: for comparison with other software only
}

// Gap is how much more often the model is right within a triplet than across
// objects.
type Gap struct {
	Accuracy    Number   `json:"within_triplet_accuracy"` // ties count half, as in the AUC
	Gap         Number   `json:"gap"`                     // accuracy less AUC
	Interval    Interval `json:"interval"`
	Correlation Number   `json:"correlation"` // Pearson, of a triplet's two similarities
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

// subject is a model made ready for inference.
type subject struct {
	Scores
	outcome     outcome
	auc         float64
	independent float64 // variance of the AUC if all scores were independent
	precision   float64 // average
	pull        []int32 // of each triplet on the AUC, see influence
}

func newSubject(s Scores, rule match.Credit) subject {
	r := rank(s.Related, s.Unrelated)
	return subject{
		Scores: s, outcome: newOutcome(s, rule), auc: r.auc, independent: r.independent(),
		precision: r.precision, pull: r.pull(),
	}
}

// describe is the model's record.
func (s subject) describe(a arena, o Options) OneModel {
	one := OneModel{
		Model: s.Model, Triplets: len(s.Related), Clusters: a.linked.count,
		Credit: o.Credit, Error: Number(s.outcome.error), Evidence: a.chance(s.outcome),
		Margins: margins(s.Scores), AUC: s.pooledAUC(a, o), Gap: s.gap(a),
	}
	one.MinimumDetectable = Number(a.detectable(one.Evidence, s.outcome))
	for _, rule := range match.Credits() {
		one.UnderCredits = append(one.UnderCredits, s.tally(rule, o.Level))
	}
	for i, related := range s.Related {
		one.Tied += int(indicator(related == s.Unrelated[i]))
	}
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

func (s subject) pooledAUC(a arena, o Options) PooledAUC {
	return PooledAUC{
		AUC:              Number(s.auc),
		Evidence:         a.area(s.auc, influence(s.pull)),
		AveragePrecision: Number(s.precision),
		DeLongSE:         Number(math.Sqrt(s.independent)),
		DeLong:           normalInterval(s.auc, s.independent, o.Level),
	}
}

// normalInterval is estimate +- z standard errors, within [0, 1].
func normalInterval(estimate, variance, level float64) Interval {
	half := critical(level) * math.Sqrt(variance)
	if math.IsNaN(estimate) || !(half > 0) {
		return undefined
	}
	return Interval{math.Max(0, estimate-half), math.Min(1, estimate+half)}
}

func (s subject) gap(a arena) Gap {
	half := s.outcome
	if !slices.ContainsFunc(half.credit, func(c int8) bool { return c == 1 }) {
		half = newOutcome(s.Scores, match.HalfCredit) // whatever the rule for the error
	}
	pulls := half.influence()
	for i, pull := range influence(s.pull) {
		pulls[i] = -pulls[i] - pull
	}
	accuracy := 1 - half.error
	gap := accuracy - s.auc
	spread := a.mean.spread(pulls)
	spread.variance *= spread.factor
	return Gap{
		Accuracy: Number(accuracy), Gap: Number(gap),
		Interval:    a.mean.student(gap, 0, spread, differenceBounds, a.level).Interval,
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
