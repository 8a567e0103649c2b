package stats

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/akin-vision/akin/match"
)

// taskGoldens are the figures of testdata/tasks.py.
type taskGoldens struct {
	Odd []struct {
		Shown      [][3]int32
		Rater      []int32
		Category   []string
		Similarity [][]float64
		Want       struct {
			Accuracy, Majority, Guessed, Repeated, Normalised, Temperature, Ece, Apart float64
			Tied, Triplets, Alone                                                      int
			LeaveOut                                                                   float64            `json:"leave_out"`
			LogLikelihood                                                              float64            `json:"log_likelihood"`
			ByCategory                                                                 map[string]float64 `json:"by_category"`
			Confusion                                                                  float64            `json:"confusion_c0_c1"`
		}
	}
	Votes []struct {
		Shown      [][3]int32
		Votes      [][2]int32
		Similarity [][]float64
		Want       struct {
			Score, Majority, Guessed, Temperature, Best float64
			Tied                                        int
			MajorityAccuracy                            float64 `json:"majority_accuracy"`
			LeaveOut                                    float64 `json:"leave_out"`
			LogLikelihood                               float64 `json:"log_likelihood"`
		}
	}
	Matrices []struct {
		Pictures       int
		Values, Models [][]float64
		Want           struct {
			Figures      []map[MatrixMeasure]float64
			Lower, Upper map[MatrixMeasure]float64
		}
	}
	Tails []struct{ X, N, Null, P float64 }
}

func readTaskGoldens(t *testing.T) taskGoldens {
	t.Helper()
	data, err := os.ReadFile("testdata/tasks.json")
	if err != nil {
		t.Fatal(err)
	}
	var g taskGoldens
	if err := json.Unmarshal(data, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

// rowsOf numbers the pairs of rows, as sets do.
func numberedRows(shown [][3]int32, pictures int) (Rows, [][2]int32) {
	r := Rows{Shown: shown, Pictures: pictures, Pair: make([][3]int32, len(shown))}
	var pairs [][2]int32
	place := map[[2]int32]int32{}
	for i, row := range shown {
		for k, roles := range [3][2]int{{0, 1}, {0, 2}, {1, 2}} {
			pair := [2]int32{min(row[roles[0]], row[roles[1]]), max(row[roles[0]], row[roles[1]])}
			if _, known := place[pair]; !known {
				place[pair] = int32(len(pairs))
				pairs = append(pairs, pair)
			}
			r.Pair[i][k] = place[pair]
		}
	}
	r.Pairs = len(pairs)
	return r, pairs
}

func scoresOf(name string, pairs [][2]int32, similarity [][]float64) PairScores {
	s := PairScores{Model: name}
	for _, p := range pairs {
		s.Similarity = append(s.Similarity, similarity[p[0]][p[1]])
	}
	return s
}

func agrees(t *testing.T, what string, got Number, want, within float64) {
	t.Helper()
	if !(math.Abs(float64(got)-want) <= within) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestOddOneOutAgreesWithNumPy(t *testing.T) {
	for _, c := range readTaskGoldens(t).Odd {
		rows, pairs := numberedRows(c.Shown, len(c.Similarity))
		d := OddDesign{Rows: rows, Rater: c.Rater, Category: c.Category, Ceiling: 0.6767}
		result, err := OddOnes(d, []PairScores{scoresOf("m", pairs, c.Similarity)}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		m, w := result.Models[0], c.Want
		if m.Tied != w.Tied || result.Ceiling.Triplets != w.Triplets || result.Ceiling.Alone != w.Alone {
			t.Errorf("%d tied, %d triplets, %d alone; want %d, %d, %d", m.Tied, result.Ceiling.Triplets, result.Ceiling.Alone, w.Tied, w.Triplets, w.Alone)
		}
		agrees(t, "accuracy", m.Accuracy, w.Accuracy, 1e-12)
		agrees(t, "majority share", result.Ceiling.Majority, w.Majority, 1e-12)
		agrees(t, "majority share of guesses", result.Ceiling.GuessedMajority, w.Guessed, 1e-10)
		agrees(t, "leave one out", result.Ceiling.LeaveOneOut, w.LeaveOut, 1e-12)
		agrees(t, "repeated", m.Repeated, w.Repeated, 1e-12)
		agrees(t, "normalised", m.Normalised, w.Normalised, 1e-12)
		agrees(t, "normalised by the published ceiling", m.NormalisedPublished, (w.Accuracy-1./3)/(0.6767-1./3), 1e-12)
		agrees(t, "temperature", m.Softmax.Temperature, w.Temperature, 1e-5)
		agrees(t, "log likelihood", m.Softmax.Likelihood, w.LogLikelihood, 1e-10)
		agrees(t, "calibration error", m.Softmax.CalibrationError, w.Ece, 1e-4)
		for _, part := range m.Categories {
			agrees(t, part.Category, part.Accuracy, w.ByCategory[part.Category], 1e-12)
		}
		if len(m.Categories) != len(w.ByCategory) {
			t.Errorf("%d categories, want %d", len(m.Categories), len(w.ByCategory))
		}
		for _, part := range m.Kinds {
			if part.Category == OddByKind {
				agrees(t, part.Category, part.Accuracy, w.Apart, 1e-12)
			}
		}
		for _, cell := range m.Confusion {
			if cell.People == "c0" && cell.Model == "c1" {
				agrees(t, "confusion", cell.Rows, w.Confusion, 1e-9)
			}
		}
	}
}

func TestVotesAgreeWithNumPy(t *testing.T) {
	for _, c := range readTaskGoldens(t).Votes {
		rows, pairs := numberedRows(c.Shown, len(c.Similarity))
		result, err := Voting(VoteDesign{Rows: rows, Votes: c.Votes}, []PairScores{scoresOf("m", pairs, c.Similarity)}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		m, w := result.Models[0], c.Want
		if m.Tied != w.Tied {
			t.Errorf("%d tied, want %d", m.Tied, w.Tied)
		}
		agrees(t, "score", m.Score, w.Score, 1e-12)
		agrees(t, "majority accuracy", m.Majority, w.MajorityAccuracy, 1e-12)
		agrees(t, "majority share", result.Ceiling.Majority, w.Majority, 1e-12)
		agrees(t, "majority share of guesses", result.Ceiling.GuessedMajority, w.Guessed, 1e-12)
		agrees(t, "leave one out", result.Ceiling.LeaveOneOut, w.LeaveOut, 1e-12)
		agrees(t, "temperature", m.Likelihood.Temperature, w.Temperature, 1e-5)
		agrees(t, "log likelihood", m.Likelihood.Likelihood, w.LogLikelihood, 1e-10)
		agrees(t, "best log likelihood", m.Likelihood.Best, w.Best, 1e-12)
	}
}

// matrixDesign is people's matrices, and models' named a, b, ...
func matrixDesign(pictures int, values, models [][]float64) (MatrixDesign, []MatrixScores) {
	d := MatrixDesign{Pictures: pictures, Values: values, Ratio: true}
	for i := range values {
		d.People = append(d.People, string(rune('A'+i)))
	}
	var scores []MatrixScores
	for i, m := range models {
		scores = append(scores, MatrixScores{Model: string(rune('a' + i)), Values: m, Ratio: true})
	}
	return d, scores
}

func TestMatricesAgreeWithSciPy(t *testing.T) {
	for _, c := range readTaskGoldens(t).Matrices {
		d, models := matrixDesign(c.Pictures, c.Values, c.Models)
		result, err := CompareMatrices(d, models, Options{Resamples: 300})
		if err != nil {
			t.Fatal(err)
		}
		for m, figures := range c.Want.Figures {
			for measure, want := range figures {
				agrees(t, string(measure), result.Models[m].Figures[measure], want, 1e-10)
			}
		}
		for _, bounds := range result.Ceilings {
			agrees(t, "lower "+string(bounds.Measure), bounds.Lower, c.Want.Lower[bounds.Measure], 1e-10)
			agrees(t, "upper "+string(bounds.Measure), bounds.Upper, c.Want.Upper[bounds.Measure], 1e-10)
		}
		if len(result.Ceilings) != len(MatrixMeasures()) || len(result.Omitted) > 0 {
			t.Errorf("%d ceilings, omitted %v", len(result.Ceilings), result.Omitted)
		}
	}
}

// TestDrawnPicturesWeigh: the correlation of a resample is that of the pairs as
// often as they were drawn.
func TestDrawnPicturesWeigh(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 18))
	const n = 7
	x, y := make([]float64, n*(n-1)/2), make([]float64, n*(n-1)/2)
	for i := range x {
		x[i], y[i] = float64(random.IntN(5)), random.Float64() // x has ties
	}
	x[3] = math.NaN() // a pair that the person did not judge
	d, models := matrixDesign(n, [][]float64{x}, [][]float64{y})
	f := newMatrixField(d, models)
	draw := newMatrixDraw(f, f.orders())
	for r := range 20 {
		rho := draw.resample(Options{}.source(bootstrapStream, r)).rho[0][0]
		var a, b []float64
		eachPair(n, func(at, i, j int) {
			for range int(draw.times[i] * draw.times[j]) {
				if at != 3 {
					a, b = append(a, x[at]), append(b, y[at])
				}
			}
		})
		agrees(t, "correlation", Number(rho), Spearman(a, b), 1e-12)
	}
}

// TestTwoFactors holds the corrected variance against figures of Python:
// 8/7*.02 + 20/19*.03 - 8/7*20/19*(.055-.02-.03), at least 8/7*.02 and 20/19*.03, at most both.
func TestTwoFactors(t *testing.T) {
	agrees(t, "corrected", Number(twoFactors(.055, .02, .03, 8, 20)), 0.04842105263157894, 1e-15)
	agrees(t, "not below either", Number(twoFactors(.12, .02, .03, 8, 20)), 20./19*.03, 1e-15)
	agrees(t, "not above both", Number(twoFactors(.045, .02, .03, 8, 20)), .045, 1e-15)
}

// TestPartMatrices: people who judged other pairs are compared on their own, and
// what needs whole matrices is left out with its reason.
func TestPartMatrices(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 18))
	const n = 8
	values := make([][]float64, 3)
	for p := range values {
		values[p] = make([]float64, n*(n-1)/2)
		for i := range values[p] {
			values[p][i] = random.Float64()
		}
	}
	values[1][4], values[2][9] = math.NaN(), math.NaN()
	d, models := matrixDesign(n, values, [][]float64{values[0]})
	result, err := CompareMatrices(d, models, Options{Resamples: 200})
	if err != nil {
		t.Fatal(err)
	}
	agrees(t, "with itself", result.Models[0].ByPerson[0], 1, 1e-12)
	var a, b []float64
	for i, v := range values[1] {
		if i != 4 {
			a, b = append(a, v), append(b, values[0][i])
		}
	}
	agrees(t, "without the pair", result.Models[0].ByPerson[1], Spearman(a, b), 1e-12)
	incomplete := []MatrixReason{{WhitenedMeasure, Incomplete}, {WhitenedCorrelationMeasure, Incomplete}}
	if !slices.Equal(result.Omitted, incomplete) {
		t.Errorf("omitted %v, want what is whitened", result.Omitted)
	}
	d.Ratio = false
	if result, err = CompareMatrices(d, models, Options{Resamples: 200}); err != nil || len(result.Omitted) != 3 || result.Omitted[0].Why != NoZero || result.Omitted[2] != incomplete[1] {
		t.Errorf("omitted %v of similarities, %v; want both cosines, and for another reason the whitened correlation", result.Omitted, err)
	}
}

// TestMatricesOfChance: of models that know nothing about one in twenty is
// significant.
func TestMatricesOfChance(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 18))
	const n, sets = 12, 150
	significant := 0
	distances := func(own float64, shared []float64) []float64 {
		at := make([]float64, n)
		for i := range at {
			at[i] = own*random.NormFloat64() + shared[i]
		}
		d := make([]float64, n*(n-1)/2)
		eachPair(n, func(k, i, j int) { d[k] = math.Abs(at[i] - at[j]) })
		return d
	}
	for range sets {
		shared := make([]float64, n)
		for i := range shared {
			shared[i] = random.NormFloat64()
		}
		var people [][]float64
		for range 8 {
			people = append(people, distances(1, shared))
		}
		d, models := matrixDesign(n, people, [][]float64{distances(1, make([]float64, n))})
		result, err := CompareMatrices(d, models, Options{Resamples: 200, Seed: random.Uint64()})
		if err != nil {
			t.Fatal(err)
		}
		significant += int(indicator(result.Models[0].Evidence.P < 0.05))
	}
	if significant > 15 { // 5 % of 150 is 7.5, with a standard error of 2.7
		t.Errorf("%d of %d models of chance are significant", significant, sets)
	}
}

func TestBinomialTails(t *testing.T) {
	for _, c := range readTaskGoldens(t).Tails {
		agrees(t, "two tails", Number(binomialTwoTails(c.X, c.N, c.Null)), c.P, 1e-12)
	}
}

// guessed are rows of random pictures, and similarities that know nothing of them.
func guessed(random *rand.Rand, pictures, n int) (Rows, PairScores) {
	shown := make([][3]int32, n)
	for i := range shown {
		p := random.Perm(pictures)
		shown[i] = [3]int32{int32(p[0]), int32(p[1]), int32(p[2])}
	}
	rows, pairs := numberedRows(shown, pictures)
	s := PairScores{Model: "m", Similarity: make([]float64, len(pairs))}
	for i := range s.Similarity {
		s.Similarity[i] = random.Float64()
	}
	return rows, s
}

// TestSumsOfManyRowsAreThoseOfAllPairsOfRows visits every two rows.
func TestSumsOfManyRowsAreThoseOfAllPairsOfRows(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 18))
	rows, _ := guessed(random, 9, 300) // rows share one, two and three pictures
	x := make([]float64, len(rows.Shown))
	for i := range x {
		x[i] = random.NormFloat64()
	}
	want := 0.0
	for i, a := range rows.Shown {
		for j, b := range rows.Shown {
			if a[0] == b[0] || a[0] == b[1] || a[0] == b[2] || a[1] == b[0] || a[1] == b[1] || a[1] == b[2] || a[2] == b[0] || a[2] == b[1] || a[2] == b[2] {
				want += x[i] * x[j]
			}
		}
	}
	if got := (manyRows{rows, rows.repeats()}).square(x); math.Abs(got-want) > 1e-9*math.Abs(want) {
		t.Errorf("sum %v, want %v", got, want)
	}
	if got := shown(rows.Shown).sharing().square(x); math.Abs(got-want) > 1e-9*math.Abs(want) {
		t.Errorf("sum of the frame %v, want %v", got, want)
	}
}

// TestManyRowsHaveTheWorkingModelOfFew: where rows that share pictures are no longer
// listed, every figure of the inference stays.
func TestManyRowsHaveTheWorkingModelOfFew(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 18))
	for _, size := range [][2]int{{9, 300}, {40, 500}, {600, 300}} {
		rows, s := guessed(random, size[0], size[1])
		f := &oddField{OddDesign: OddDesign{Rows: rows}, Options: Options{Level: 0.95, Credit: match.HalfCredit}}
		credits := f.credits(f.choices(s))
		many := manyRows{rows, rows.repeats()}
		few, summed := newFrame(shown(rows.Shown), nil), newFrameOf(many, many.families, nil)
		if len(few.effect) != len(summed.effect) {
			t.Errorf("%v: %d effects, want %d", size, len(summed.effect), len(few.effect))
		}
		_, rest, _ := outcomeOf(credits, nil)
		got, want := summed.spread(rest), few.spread(rest)
		for what, pair := range map[string][2]float64{
			"variance": {got.variance, want.variance}, "factor": {got.factor, want.factor}, "degrees": {got.degrees, want.degrees}, "units": {summed.units, few.units},
		} {
			if !(math.Abs(pair[0]-pair[1]) <= 1e-9*pair[1]) {
				t.Errorf("%v: %s %v by sums, %v by lists", size, what, pair[0], pair[1])
			}
		}
	}
}

// TestGuessesAreAtChance: intervals of models that know nothing hold 1/3 in about
// 95 of 100 sets whose rows share few pictures.
func TestGuessesAreAtChance(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 18))
	held, significant := 0, 0
	const sets = 200
	for range sets {
		rows, s := guessed(random, 25, 120)
		result, err := OddOnes(OddDesign{Rows: rows}, []PairScores{s}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		held += int(indicator(result.Models[0].Evidence.Interval.Contains(oddChance)))
		significant += int(indicator(result.Models[0].Evidence.P < 0.05))
	}
	if held < 182 || significant > 18 { // 95 % of 200 is 190, with a standard error of 3
		t.Errorf("%d of %d intervals hold 1/3, %d tests are significant", held, sets, significant)
	}
}

func TestSeparableChoicesHaveNoTemperature(t *testing.T) {
	rows, pairs := numberedRows([][3]int32{{0, 1, 2}, {1, 0, 3}}, 4)
	s := PairScores{Model: "m", Similarity: make([]float64, len(pairs))}
	s.Similarity[0] = 1 // of the kept pair
	for _, sign := range []float64{1, -1} {
		s.Similarity[0] = sign
		result, err := OddOnes(OddDesign{Rows: rows}, []PairScores{s}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := result.Models[0].Softmax.Temperature; got.Defined() {
			t.Errorf("temperature %v where similarities predict all or nothing", got)
		}
	}
}
