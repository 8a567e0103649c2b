package stats

import (
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/akin-vision/akin/internal/reference"
)

// golden reads one section of a file that testdata/reference.py or reference.R
// wrote.
func golden[T any](t *testing.T, file, section string) []T {
	t.Helper()
	sections := reference.JSON[map[string]json.RawMessage](t, filepath.Join("testdata", file))
	var cases []T
	if err := json.Unmarshal(sections[section], &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) == 0 {
		t.Fatalf("%s has no %s", file, section)
	}
	return cases
}

// near fails unless got is want within 1e-9, relative above 1, or both are NaN.
func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.IsNaN(got) && math.IsNaN(want) || got == want {
		return
	}
	if !(math.Abs(got-want) <= 1e-9*max(1, math.Abs(want))) {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

func nearAll(t *testing.T, what string, got []float64, want []Number) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	for i := range got {
		near(t, fmt.Sprintf("%s[%d]", what, i), got[i], float64(want[i]))
	}
}

func nearInterval(t *testing.T, what string, got, want Interval) {
	t.Helper()
	near(t, what+" low", got.Low, want.Low)
	near(t, what+" high", got.High, want.High)
}

func TestProportionsMatchStatsmodels(t *testing.T) {
	type example struct {
		Successes, N, Level float64
		Wilson              Interval
		ClopperPearson      Interval `json:"clopper_pearson"`
	}
	for _, c := range golden[example](t, "reference.json", "proportions") {
		what := fmt.Sprintf("%v of %v at %v", c.Successes, c.N, c.Level)
		nearInterval(t, "Wilson "+what, Wilson(c.Successes, c.N, c.Level), c.Wilson)
		nearInterval(t, "ClopperPearson "+what, ClopperPearson(c.Successes, c.N, c.Level), c.ClopperPearson)
	}
}

func TestBinomialMatchesScipy(t *testing.T) {
	type example struct {
		Successes, N int
		P            float64
		TwoSided     float64 `json:"two_sided"`
	}
	for _, c := range golden[example](t, "reference.json", "binomials") {
		got := BinomialTwoSided(c.Successes, c.N, c.P)
		near(t, fmt.Sprintf("BinomialTwoSided(%d, %d, %v)", c.Successes, c.N, c.P), got, c.TwoSided)
	}
}

func TestMinimumDetectableMatchesScipy(t *testing.T) {
	type example struct {
		N          int
		Difference Number
	}
	for _, c := range golden[example](t, "reference.json", "detectable") {
		near(t, fmt.Sprintf("MinimumDetectable(%d)", c.N), MinimumDetectable(c.N, 0.05, 0.8), float64(c.Difference))
	}
}

func TestAUCMatchesScikitLearn(t *testing.T) {
	type example struct {
		Positive, Negative []float64
		Cluster            []int
		AUC                float64
		AveragePrecision   float64 `json:"average_precision"`
		FPR, TPR           []Number
		Threshold          []Number
	}
	for i, c := range golden[example](t, "reference.json", "aucs") {
		what := func(name string) string { return fmt.Sprintf("case %d: %s", i, name) }
		near(t, what("AUC"), AUC(c.Positive, c.Negative), c.AUC)
		near(t, what("AveragePrecision"), AveragePrecision(c.Positive, c.Negative), c.AveragePrecision)
		var fpr, tpr, threshold []float64
		for _, point := range ROC(c.Positive, c.Negative) {
			fpr, tpr = append(fpr, point.FalsePositiveRate), append(tpr, point.TruePositiveRate)
			threshold = append(threshold, point.Threshold)
		}
		nearAll(t, what("FPR"), fpr, c.FPR)
		nearAll(t, what("TPR"), tpr, c.TPR)
		nearAll(t, what("thresholds"), threshold[1:], c.Threshold)

		near(t, what("rank"), rank(c.Positive, c.Negative).auc, c.AUC)
	}
}

func TestCorrelationsMatchScipy(t *testing.T) {
	type example struct {
		X, Y, Z                             []float64
		Pearson, Spearman, Kendall, Partial Number
	}
	for i, c := range golden[example](t, "reference.json", "correlations") {
		what := fmt.Sprintf("case %d: ", i)
		near(t, what+"Pearson", Pearson(c.X, c.Y), float64(c.Pearson))
		near(t, what+"Spearman", Spearman(c.X, c.Y), float64(c.Spearman))
		near(t, what+"Kendall", Kendall(c.X, c.Y), float64(c.Kendall))
		if c.Partial.Defined() {
			near(t, what+"PartialSpearman", partialSpearman(c.X, c.Y, c.Z), float64(c.Partial))
		}
	}
}

func TestMcNemarMatchesStatsmodels(t *testing.T) {
	type example struct {
		B, C  int
		Exact float64
		MidP  float64 `json:"mid_p"`
	}
	for _, c := range golden[example](t, "reference.json", "mcnemars") {
		near(t, fmt.Sprintf("McNemar(%d, %d)", c.B, c.C), McNemar(c.B, c.C), c.Exact)
		near(t, fmt.Sprintf("McNemarMidP(%d, %d)", c.B, c.C), McNemarMidP(c.B, c.C), c.MidP)
	}
}

func TestCochranMatchesStatsmodels(t *testing.T) {
	type example struct {
		Outcome [][]int // item by model
		Q, P    float64
	}
	for i, c := range golden[example](t, "reference.json", "cochrans") {
		right := make([][]bool, len(c.Outcome[0]))
		for _, row := range c.Outcome {
			for m, ok := range row {
				right[m] = append(right[m], ok == 1)
			}
		}
		q := cochran(right)
		near(t, fmt.Sprintf("case %d: Q", i), float64(q.Q), c.Q)
		near(t, fmt.Sprintf("case %d: p", i), float64(q.P), c.P)
	}
}

func TestAdjustmentsMatchStatsmodels(t *testing.T) {
	type example struct {
		P        []float64
		Holm, BH []Number
	}
	for i, c := range golden[example](t, "reference.json", "adjustments") {
		nearAll(t, fmt.Sprintf("case %d: Holm", i), Holm(c.P), c.Holm)
		nearAll(t, fmt.Sprintf("case %d: BH", i), benjaminiHochberg(c.P), c.BH)
	}
}

func TestSignFlipMatchesEnumeration(t *testing.T) {
	type example struct {
		Differences []int
		P           float64
	}
	for _, c := range golden[example](t, "reference.json", "flips") {
		near(t, fmt.Sprintf("SignFlip(%v)", c.Differences), SignFlip(c.Differences), c.P)
	}
}

func TestLogisticMatchesStatsmodels(t *testing.T) {
	type example struct {
		Outcome            [][]int8 // halves, model by triplet
		Level, Cluster     []int
		Coefficients       []Number
		CovarianceDiagonal []Number `json:"covariance_diagonal"`
		LinearDiagonal     []Number `json:"linear_diagonal"`
	}
	for i, c := range golden[example](t, "reference.json", "logistics") {
		if len(c.Outcome) != 1 {
			continue
		}
		pictures, o := make(shown, len(c.Level)), creditOutcome(nil)
		for k, halves := range c.Outcome[0] {
			pictures[k] = [3]int32{int32(c.Cluster[k]), int32(1000 + 2*k), int32(1001 + 2*k)}
			o.credit = append(o.credit, 2-halves)
		}
		// statsmodels' correction for few clusters
		g, n := float64(count(c.Cluster)), float64(len(c.Level))
		correction := g / (g - 1) * (n - 1) / (n - float64(count(c.Level)))
		for level := 1; level < count(c.Level); level++ {
			x := newContrast(pictures, c.Level, 0, level, 0.95)
			d := x.of(o)
			odds := math.Log(d.mean[1]/(1-d.mean[1])) - math.Log(d.mean[0]/(1-d.mean[0]))
			near(t, fmt.Sprintf("case %d: coefficient %d", i, level), odds, float64(c.Coefficients[level]))
			square := func(slope [2]float64) float64 {
				scaled := slices.Clone(d.influence)
				for k := range scaled {
					scaled[k] *= x.frame.weight[x.frame.of(k)] / slope[x.frame.of(k)]
				}
				return correction * x.frame.share.square(scaled)
			}
			near(t, fmt.Sprintf("case %d: linear variance %d", i, level), square([2]float64{1, 1}), float64(c.LinearDiagonal[level]))
			logit := [2]float64{d.mean[0] * (1 - d.mean[0]), d.mean[1] * (1 - d.mean[1])}
			near(t, fmt.Sprintf("case %d: variance %d", i, level), square(logit), float64(c.CovarianceDiagonal[level]))
		}
	}
}

func TestDeLongMatchesPROC(t *testing.T) {
	type example struct {
		Positive, Negative []float64
		AUC                float64
		Variance           Number
		Interval           Interval
	}
	for i, c := range golden[example](t, "reference_r.json", "delong") {
		r := rank(c.Positive, c.Negative)
		near(t, fmt.Sprintf("case %d: AUC", i), r.auc, c.AUC)
		near(t, fmt.Sprintf("case %d: variance", i), r.independent(), float64(c.Variance))
		if c.Variance > 0 { // pROC gives a perfect curve an interval without width
			nearInterval(t, fmt.Sprintf("case %d", i), normalInterval(r.auc, r.independent(), 0.95), c.Interval)
		}
	}
}

func TestBootstrapIntervalsMatchBoot(t *testing.T) {
	type example struct {
		Level      float64
		Replicates []float64
		Percentile Interval
	}
	for i, c := range golden[example](t, "reference_r.json", "intervals") {
		nearInterval(t, fmt.Sprintf("case %d: percentile", i), percentileInterval(c.Replicates, c.Level), c.Percentile)
	}
}

func TestWilliamsMatchesPsych(t *testing.T) {
	type example struct {
		N             int
		R12, R13, R23 float64
		T, P          float64
	}
	for i, c := range golden[example](t, "reference_r.json", "williams") {
		statistic, p := Williams(c.N, c.R12, c.R13, c.R23)
		near(t, fmt.Sprintf("case %d: t", i), statistic, c.T)
		near(t, fmt.Sprintf("case %d: p", i), p, c.P)
	}
}

func TestICCMatchesPsych(t *testing.T) {
	type example struct {
		Table    [][]float64
		ICC      Number
		Interval Interval
	}
	for i, c := range golden[example](t, "reference_r.json", "iccs") {
		icc, interval := ICC2k(c.Table, 0.95)
		near(t, fmt.Sprintf("case %d: ICC", i), icc, float64(c.ICC))
		nearInterval(t, fmt.Sprintf("case %d", i), interval, c.Interval)
	}
}

func TestPartialMatchesPsych(t *testing.T) {
	type example struct {
		X, Y, Z []float64
		Partial float64
	}
	for i, c := range golden[example](t, "reference_r.json", "partials") {
		near(t, fmt.Sprintf("case %d", i), partialSpearman(c.X, c.Y, c.Z), c.Partial)
	}
}
