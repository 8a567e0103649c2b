package stats

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/akin-vision/akin/internal/reference"
	"github.com/akin-vision/akin/match"
)

func TestCeilingsMatchTheirDefinitions(t *testing.T) {
	type example struct {
		Judgements                  [][]Number // rater by pair
		Lower, Upper, Label, Others Number
		SplitHalf                   Number `json:"split_half"`
		Splits                      int
	}
	for i, c := range golden[example](t, "reference.json", "ceilings") {
		d, judgements := judged(c.Judgements)
		pairs := newRatedPairs(d, nil, d.ratings(judgements))
		ceiling, _ := newPanel(judgements, pairs.key).ceiling(d, Options{Resamples: 50, Level: 0.95})
		what := fmt.Sprintf("case %d: ", i)
		near(t, what+"lower", float64(ceiling.Lower), float64(c.Lower))
		near(t, what+"upper", float64(ceiling.Upper), float64(c.Upper))
		near(t, what+"split-half", float64(ceiling.SplitHalf), float64(c.SplitHalf))
		near(t, what+"held-out against label", float64(ceiling.HeldOut.Label), float64(c.Label))
		near(t, what+"held-out against others", float64(ceiling.HeldOut.Others), float64(c.Others))
		if ceiling.Splits != c.Splits || !ceiling.Exhaustive {
			t.Errorf("%s%d splits (all: %v), want all %d", what, ceiling.Splits, ceiling.Exhaustive, c.Splits)
		}
	}
}

// judged lays out judgements of pairs 2i (related) and 2i+1 (unrelated) of
// triplet i.
func judged(value [][]Number) (Design, []Judgement) {
	var d Design
	for i := range len(value[0]) / 2 {
		d.Pictures = append(d.Pictures, [3]string{fmt.Sprint("t", i), fmt.Sprint("r", i), fmt.Sprint("u", i)})
	}
	var judgements []Judgement
	for rater, row := range value {
		for k, x := range row {
			if x.Defined() {
				p := d.Pictures[k/2]
				judgements = append(judgements, Judgement{fmt.Sprint(rater), p[1+k%2], p[0], float64(x)})
			}
		}
	}
	return d, judgements
}

func TestMeansAloneGiveNoCeiling(t *testing.T) {
	d, models := simulated(2, 40, 0.5, 1)
	h, err := People(d, models, nil, Options{Resamples: 50})
	if err != nil {
		t.Fatal(err)
	}
	if h.Ceiling != nil || h.NoCeiling == nil || h.NoCeiling.Kind != MeanRatingsOnly {
		t.Errorf("ceiling %v, reason %v; want none, for the means alone", h.Ceiling, h.NoCeiling)
	}
}

func TestPairThatServesSeveralTripletsCountsOnce(t *testing.T) {
	d := Design{
		Pictures:        [][3]string{{"dog", "bone", "car"}, {"bone", "dog", "cup"}, {"sun", "sky", "pea"}},
		RatingRelated:   []float64{4, 6, 7},
		RatingUnrelated: []float64{1, 2, math.NaN()},
	}
	s := Scores{Model: "m", Related: []float64{.4, .6, .9}, Unrelated: []float64{.1, .2, .3}}
	h, err := People(d, []Scores{s}, nil, Options{Resamples: 50})
	if err != nil {
		t.Fatal(err)
	}
	if h.Rated != 4 || h.Related != 2 || h.Unrelated != 2 {
		t.Errorf("%d rated pairs, %d related, %d unrelated; want 4, 2, 2", h.Rated, h.Related, h.Unrelated)
	}
	pairs := newRatedPairs(d, []Scores{s}, d.ratings(nil))
	if pairs.rating[0] != 5 || pairs.score[0][0] != .5 {
		t.Errorf("dog and bone: rating %v, similarity %v; want the means 5 and .5", pairs.rating[0], pairs.score[0][0])
	}
	if h.Models[0].Pooled.Spearman.Defined() || len(h.Warnings) != 1 || h.Warnings[0].Kind != FewRated {
		t.Errorf("4 rated pairs say %+v, warnings %+v", h.Models[0].Pooled, h.Warnings)
	}
}

func TestPartialHoldsLowLevelSimilarityConstant(t *testing.T) {
	d, models := simulated(1, 60, 0.5, 2)
	d.LowLevel = &models[0] // the model knows nothing but the low level
	other, _ := simulated(1, 60, 0.2, 3)
	d.RatingRelated, d.RatingUnrelated = other.RatingRelated, other.RatingUnrelated
	_, second := simulated(1, 60, 0.5, 4)
	h, err := People(d, second, nil, Options{Resamples: 50})
	if err != nil {
		t.Fatal(err)
	}
	pooled := h.Models[0].Pooled
	var score, rating, low []float64
	for i := range d.Pictures {
		score = append(score, second[0].Related[i], second[0].Unrelated[i])
		rating = append(rating, d.RatingRelated[i], d.RatingUnrelated[i])
		low = append(low, d.LowLevel.Related[i], d.LowLevel.Unrelated[i])
	}
	near(t, "partial", float64(pooled.Partial), partialSpearman(score, rating, low))
	near(t, "Spearman", float64(pooled.Spearman), Spearman(score, rating))
}

func apart(n int) [][3]string {
	var pictures [][3]string
	for i := range n {
		pictures = append(pictures, [3]string{fmt.Sprint("t", i), fmt.Sprint("r", i), fmt.Sprint("u", i)})
	}
	return pictures
}

func all(n int, x float64) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = x
	}
	return values
}

// everyAnalysis computes all that there is, which JSON can hold whatever the data.
func everyAnalysis(t *testing.T, d Design, models []Scores, o Options) (Comparison, Axes, Human) {
	t.Helper()
	comparison, axes := compared(t, d, models, o)
	human, err := People(d, models, nil, o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := json.Marshal([]any{comparison, axes, human}); err != nil {
		t.Fatal(err)
	}
	return comparison, axes, human
}

func TestDegenerateDataAnswersWithNullsAndWarnings(t *testing.T) {
	for _, c := range []struct {
		name     string
		pictures [][3]string
		related  float64
		warning  WarningKind
	}{
		{"one triplet", apart(1), 1, OneCluster},
		{"all tied", apart(40), 0, ManyTies},
		{"perfect", apart(40), 1, ""},
		{"all wrong", apart(40), -1, ""},
		{"one cluster", [][3]string{{"a", "b", "c"}, {"a", "d", "e"}}, 1, OneCluster},
		{"few units", apart(8), 1, FewUnits},
		{"too few", apart(5), 1, TooFewTriplets},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := len(c.pictures)
			d := Design{Pictures: c.pictures, RatingRelated: all(n, 5), RatingUnrelated: all(n, 5)}
			for i := range n {
				d.Relation = append(d.Relation, []string{"taxonomic", "thematic"}[i%2])
			}
			models := []Scores{
				{Model: "a", Related: all(n, c.related), Unrelated: all(n, 0), Unchecked: true},
				{Model: "b", Related: all(n, 1), Unrelated: all(n, 0)},
			}
			for _, ties := range match.Credits() {
				comparison, axes, human := everyAnalysis(t, d, models, Options{Resamples: 50, Credit: ties})
				warnings := slices.Concat(comparison.Warnings, comparison.Models[0].Warnings)
				has := func(kind WarningKind) bool {
					return slices.ContainsFunc(warnings, func(w Warning) bool { return w.Kind == kind })
				}
				if c.warning != "" && !has(c.warning) || !has(Unchecked) {
					t.Errorf("%s: warnings %+v lack %q or the unchecked model", ties, warnings, c.warning)
				}
				if human.Models[0].Pooled.Spearman.Defined() {
					t.Errorf("constant ratings correlate at %v", human.Models[0].Pooled.Spearman)
				}
				if axes.Relation != nil && c.name == "perfect" && !axes.Relation.Effects[0].Separated {
					t.Errorf("a perfect model is not reported as separated")
				}
			}
		})
	}
}

func TestWhatDoesNotFitIsNamed(t *testing.T) {
	d, models := simulated(1, 5, 0, 1)
	short := Scores{Model: "resnet", Related: []float64{1}, Unrelated: []float64{1}}
	broken := Scores{Model: "vit", Related: []float64{1, 1, math.NaN(), 1, 1}, Unrelated: make([]float64, 5)}
	for _, c := range []struct {
		want string
		run  func() error
	}{
		{"model resnet: 1 related", func() error { _, err := One(d, short, Options{}); return err }},
		{"model vit: the score of triplet 3", func() error { _, err := One(d, broken, Options{}); return err }},
		{`rule for ties "half"`, func() error { _, err := One(d, models[0], Options{Credit: "half"}); return err }},
		{"level 95", func() error { _, err := One(d, models[0], Options{Level: 95}); return err }},
		{"-1 resamples", func() error { _, err := One(d, models[0], Options{Resamples: -1}); return err }},
		{"no triplets", func() error { _, err := One(Design{}, models[0], Options{}); return err }},
		{"no model", func() error { _, err := Compare(d, nil, Options{}); return err }},
		{"no pair of the set has a rating", func() error {
			_, err := People(Design{Pictures: d.Pictures}, models, nil, Options{})
			return err
		}},
		{"relation: 1 entries for 5", func() error {
			_, err := ByAxes(Design{Pictures: d.Pictures, Relation: []string{"x"}}, models, Options{})
			return err
		}},
	} {
		if err := c.run(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one with %q", err, c.want)
		}
	}
}

func TestNumbersSurviveJSON(t *testing.T) {
	type record struct {
		A, B Number
		C, D Interval
	}
	text, err := json.Marshal(record{Number(math.Inf(1)), 0.25, undefined, Interval{1, 2}})
	if want := `{"A":null,"B":0.25,"C":null,"D":[1,2]}`; err != nil || string(text) != want {
		t.Fatalf("%s, %v; want %s", text, err, want)
	}
	var back record
	if err := json.Unmarshal(text, &back); err != nil || back.A.Defined() || back.B != 0.25 || back.C.Defined() || back.D.High != 2 {
		t.Errorf("read back %+v, %v", back, err)
	}
}

// The 23 raters of the photo-pairs set, on the scale of co-occurrence.
func TestCeilingOfPhotoPairs(t *testing.T) {
	folder := filepath.Join("..", "..", "shared", "sets", "photo-pairs")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("needs the photo-pairs set, which lies outside the repository:", err)
	}
	var d Design
	for _, row := range reference.Rows(t, filepath.Join(folder, "triplets.csv")) {
		d.Pictures = append(d.Pictures, [3]string{row[1], row[2], row[3]})
		d.Relation = append(d.Relation, row[4])
	}
	var judgements []Judgement
	for _, row := range reference.Rows(t, filepath.Join(folder, "ratings.csv")) {
		if row[3] == "association" {
			judgements = append(judgements, Judgement{row[0], row[1], row[2], reference.Number(t, row[4])})
		}
	}
	h, err := People(d, nil, judgements, Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := h.Ceiling
	if c == nil || c.Raters != 23 || h.Related != 20 {
		t.Fatalf("%d related pairs, ceiling %+v; want 20 and 23 raters", h.Related, c)
	}
	if !(c.Lower > 0 && c.Lower < c.Upper && c.Upper < 1 && c.SplitHalf > c.Lower && c.ICC.Raters == 23) {
		t.Errorf("ceilings out of order: %+v", *c)
	}
	t.Logf("%+v", *c)
}

// grades lays out raters' answers to pairs of so many triplets.
func grades(t *testing.T, triplets int, answer func(rater, pair int) float64) Human {
	t.Helper()
	value := make([][]Number, 3)
	for r := range value {
		for pair := range 2 * triplets {
			value[r] = append(value[r], Number(answer(r, pair)))
		}
	}
	d, judgements := judged(value)
	h, err := People(d, nil, judgements, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestDegenerateRatingsHaveNoReliability(t *testing.T) {
	for _, c := range []struct {
		name    string
		answer  func(rater, pair int) float64
		warning WarningKind
	}{
		{"always 33.3", func(int, int) float64 { return 33.3 }, NoICC},
		{"each rater always the same", func(r, _ int) float64 { return 33.3 + 0.1*float64(r) }, NoICC},
		{"raters who oppose each other", func(r, pair int) float64 { return float64((1 - 2*(r%2)) * (pair*7%11 - 5) * (1 + r/2*-2)) }, Opposed},
	} {
		h := grades(t, 12, c.answer)
		if h.Ceiling.ICC.ICC2k.Defined() || h.Ceiling.ICC.Interval.Defined() {
			t.Errorf("%s: ICC %+v", c.name, h.Ceiling.ICC)
		}
		for _, n := range []Number{h.Ceiling.SplitHalf, h.Ceiling.Attainable} {
			if n.Defined() && (n < -1 || n > 1) {
				t.Errorf("%s: reliability %v", c.name, n)
			}
		}
		if !slices.ContainsFunc(h.Ceiling.Warnings, func(w Warning) bool { return w.Kind == c.warning }) {
			t.Errorf("%s: warnings %+v lack %s", c.name, h.Ceiling.Warnings, c.warning)
		}
	}
}

// psych prints an interval from -infinity upside down for this table.
func TestICCBeyondItsRangeIsNull(t *testing.T) {
	icc, interval := ICC2k([][]float64{{5, 4, 4}, {5, 4, 3}, {4, 5, 4}}, 0.95)
	if !math.IsNaN(icc) && !(icc >= -1 && icc <= 1) || interval.Defined() {
		t.Errorf("ICC %v, interval %v", icc, interval)
	}
	a := [][]float64{{1, 6}, {2, 5}, {6, 1}, {4, 3}, {3, 4}, {5, 2.1}}
	if icc, interval := ICC2k(a, 0.95); !math.IsNaN(icc) || interval.Defined() {
		t.Errorf("two raters who oppose each other: ICC %v, interval %v", icc, interval)
	}
}

func TestReversedScaleIsWarnedOf(t *testing.T) {
	h := grades(t, 12, func(r, pair int) float64 { return float64(pair%2*4 + (pair+r)%3) }) // unrelated pairs rated higher
	if !(h.RatingAUC < 0.5) || !slices.ContainsFunc(h.Warnings, func(w Warning) bool { return w.Kind == ReversedScale }) {
		t.Errorf("rating AUC %v, warnings %+v", h.RatingAUC, h.Warnings)
	}
}

// One person's many answers to a pair weigh as one.
func TestPersonsAreAveragedFirst(t *testing.T) {
	d := Design{Pictures: [][3]string{{"a", "b", "c"}}}
	ratings := d.ratings([]Judgement{{"r", "a", "b", 1}, {"r", "b", "a", 1}, {"r", "a", "b", 1}, {"s", "a", "b", 5}})
	if got := ratings[newPairOf("a", "b")]; got != 3 {
		t.Errorf("the mean of persons who say 1 and 5 is %v", got)
	}
}
