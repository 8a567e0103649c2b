package words

import (
	"math"
	"strings"
	"testing"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
)

// summaryOf is the short view of statistics whose models are trained networks.
func summaryOf(s statistics) record.Summary {
	list := record.Summary{Level: s.Level}
	for _, m := range s.Comparison.Models {
		row := record.ModelSummary{Name: m.Model, Kind: model.Trained, ByRelation: map[string]record.Figures{},
			Figures: record.Figures{Triplets: m.Triplets, Ties: m.Tied, MatchingError: float64(m.Error), MatchingErrorCI: m.Evidence.Interval, PChance: m.Evidence.P}}
		for _, c := range s.Axes.Relation.Cells {
			if c.Model == m.Model {
				row.ByRelation[c.Relation] = record.Figures{Triplets: c.Triplets, MatchingError: float64(c.Error)}
			}
		}
		list.Models = append(list.Models, row)
	}
	return list
}

// TestConclude tells findings in their order: where only the relations differ, that
// comes first; the decimals are those that the number of triplets supports.
func TestConclude(t *testing.T) {
	mixed := func(taxonomicWrong, thematicWrong, half int) string {
		return strings.Repeat("-", taxonomicWrong) + strings.Repeat("+", half-taxonomicWrong) +
			strings.Repeat("-", thematicWrong) + strings.Repeat("+", half-thematicWrong)
	}
	for name, c := range map[string]struct {
		marks []string
		want  string
	}{
		"relations alone": {[]string{mixed(80, 120, 200)}, "a makes more errors on thematic triplets than on taxonomic ones: 60.0 % against 40.0 %, a difference of 20.0 points (10.3 to 29.7; p < .001). " +
			"Over all 400 triplets its error is 50.0 % (95 % interval 45.0 to 55.0; p = 1.000), not significantly different from chance, which is 50 %. " +
			"An error less than 7.2 points from chance would often go unnoticed with these triplets (power below 80 %)."},
		"both": {[]string{mixed(20, 60, 200)}, "a has an error of 20.0 % on 400 triplets (95 % interval 16.2 to 24.3; p < .001), lower than chance, which is 50 %. " +
			"It makes more errors on thematic triplets than on taxonomic ones: 30.0 % against 10.0 %, a difference of 20.0 points (12.4 to 27.6; p < .001)."},
		"neither, few": {[]string{mixed(10, 9, 20)}, "a has an error of 48 % on 40 triplets (95 % interval 32 to 64; p = .875), not significantly different from chance, which is 50 %. " +
			"Its errors do not differ significantly between taxonomic and thematic triplets: 50 % against 45 %, a difference of 5 points (-28 to 38; p = 1.000). " +
			"An error less than 22 points from chance would often go unnoticed with these triplets (power below 80 %)."},
		"worse than chance, two models": {[]string{mixed(150, 150, 200), mixed(160, 160, 200)}, "a has an error of 75.0 % on 400 triplets (95 % interval 70.5 to 79.2; p < .001), higher than chance, which is 50 %. " +
			"Its errors do not differ significantly between thematic and taxonomic triplets: 75.0 % against 75.0 %, a difference of 0.0 points (-8.5 to 8.5; p = 1.000). " +
			"The error of a is 5.0 points lower than that of b (2.9 to 7.1; p < .001): significant; a alone is right on 20 triplets, b alone on 0."},
		"ties": {[]string{"=" + mixed(20, 20, 100)[1:]}, "a has an error of 19.8 % on 200 triplets"},
	} {
		s := outcomes(t, match.HalfCredit, c.marks...)
		got := Conclude(summaryOf(s), s.Statistics).Text()
		if got != c.want && !(name == "ties" && strings.HasPrefix(got, c.want) && strings.Contains(got, "1 triplet ended in a tie and counts half.")) {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

// TestConcludeNamesTheControl: what the same network with random weights does follows the
// leading model, the difference seen from the control; other untrained networks say nothing.
func TestConcludeNamesTheControl(t *testing.T) {
	s := outcomes(t, match.HalfCredit, strings.Repeat("-+++", 50), strings.Repeat("-+-+", 50), strings.Repeat("-", 200))
	figures := summaryOf(s)
	for _, name := range []string{"b-untrained", "a-untrained"} {
		figures.Models[1].Name, figures.Models[1].Kind = name, model.Untrained
		for i, e := range s.Axes.Relation.Effects {
			if e.Model == s.Comparison.Models[1].Model {
				s.Axes.Relation.Effects[i].Model = name
			}
		}
		s.Comparison.Models[1].Model, s.Comparison.Pairs[0].B = name, name
		const want = " a-untrained, the same network with random weights, has an error of 50.0 %, a difference of 25.0 points (18.9 to 31.1; Holm p < .001)." +
			" Its errors do not differ significantly between thematic and taxonomic triplets: 50.0 % against 50.0 %,"
		if got := Conclude(figures, s.Statistics).Text(); strings.Contains(got, want) != (name == "a-untrained") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// TestConcludeWithoutATest says so of one triplet, and says nothing of relations
// without statistics.
func TestConcludeWithoutATest(t *testing.T) {
	alone := record.Summary{Level: .95, Models: []record.ModelSummary{{Name: "a", Kind: model.Trained,
		Figures: record.Figures{Triplets: 1, MatchingError: 1, PChance: stats.Number(math.NaN())}}}}
	for reason, want := range map[stats.Reason]string{
		"":                "a has an error of 100 % on 1 triplet; no test is possible.", // statistics of an earlier version
		stats.OneUnit:     "a has an error of 100 % on 1 triplet; no test is possible (one independent unit).",
		stats.NoVariation: "a has an error of 100 % on 1 triplet; no test is possible (nothing varies).",
		stats.AllTied:     "a has an error of 100 % on 1 triplet; no test is possible (all triplets are ties).",
	} {
		var figures record.Statistics
		figures.Comparison.Models = []stats.OneModel{{Model: "a", Evidence: stats.Evidence{P: stats.Number(math.NaN()), Missing: reason}}}
		if got := Conclude(alone, figures).Text(); got != want {
			t.Errorf("one triplet: %s, want %s", got, want)
		}
	}
	alone.Models[0].Check = record.Failed
	if got := Conclude(alone, record.Statistics{}).Text(); !strings.HasSuffix(got, "It missed its published accuracy, so that its figures are wrong.") {
		t.Errorf("a failed network: %s", got)
	}
}

func TestSharesHaveTheDecimalsThatTheirTripletsSupport(t *testing.T) {
	for n, want := range map[int]string{1: "48", 40: "48", 99: "48", 100: "47.5", 4000: "47.5"} {
		if got := notation.ShareOf(n)(0.475); got != want {
			t.Errorf("47.5 %% of %d triplets is written %s, want %s", n, got, want)
		}
	}
	if got := notation.Estimate(1.0, stats.Interval{Low: math.NaN(), High: math.NaN()}, notation.PercentTo(1)); got != "100.0" {
		t.Errorf("an estimate without an interval is written %q, want 100.0", got)
	}
}
