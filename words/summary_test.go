package words

import (
	"cmp"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	gocmp "github.com/google/go-cmp/cmp"
)

func TestTable(t *testing.T) {
	f := func(n int, e, low, high float64, p stats.Number, auc float64) record.Figures {
		return record.Figures{Triplets: n, MatchingError: e, MatchingErrorCI: stats.Interval{Low: low, High: high}, PChance: p, AUC: auc}
	}
	s := record.Summary{Set: record.SetInfo{Triplets: 216}, Models: []record.ModelSummary{
		{Name: "a-name-of-22-letters-a", Kind: "trained", Check: record.Unchecked, Figures: f(216, .25, .2, .31, .0001, .8),
			ByRelation:   map[string]record.Figures{"thematic": f(108, .3, .22, .39, .01, .7), "taxonomic": f(108, .2, .13, .29, .001, .9)},
			ByDistractor: map[string]record.Figures{"shape": f(72, .2, .1, .3, .01, .8), "colour": f(72, 1, .95, 1, .01, .8), "random": f(72, 0, 0, .05, .01, .8)}},
		{Name: "edges", Kind: "baseline", Figures: record.Figures{Triplets: 216, Ties: 3, MatchingError: .5, MatchingErrorCI: stats.Interval{Low: .43, High: .57}, PChance: 1, AUC: .5},
			ByRelation: map[string]record.Figures{"taxonomic": f(108, .5, .4, .6, 1, .5)}},
	}}
	got := Table(s, 0)
	for _, width := range []int{0, 80, 60} {
		for i, line := range strings.Split(Table(s, width), "\n") {
			if n := utf8.RuneCountInString(line); n > cmp.Or(width, 80) {
				t.Errorf("for %d columns, line %d is %d wide: %s", width, i+1, n, line)
			}
		}
	}
	for _, part := range []string{
		"<.001  .800", "20.0 to 31.0", "20.0 (13.0 to 29.0)", "100 (95 to 100)", "edges: 3 ties, each half an error",
		"Accuracy not checked: a-name-of-22-letters-a", "216 triplets",
	} {
		if !strings.Contains(got, part) {
			t.Errorf("the table lacks %q:\n%s", part, got)
		}
	}
	for line, want := range map[int]string{5: "error by relation taxonomic thematic", 10: "error by distractor shape colour random"} {
		if header := strings.Join(strings.Fields(strings.Split(got, "\n")[line]), " "); header != want {
			t.Errorf("line %d is %q, want the columns %q", line+1, header, want)
		}
	}
	bars := []string{bar(s.Models[0], .2, .6), bar(s.Models[1], .2, .6)}
	if diff := gocmp.Diff([]string{"──●───        ┊    ", "          ────○─── "}, bars); diff != "" {
		t.Errorf("bars (-want +got):\n%s", diff)
	}
}

func TestOfManyPairsTheDifferentAreShown(t *testing.T) {
	s := statistics{record.Statistics{Level: .95}}
	for i := range manyPairs {
		s.Comparison.Pairs = append(s.Comparison.Pairs, stats.Pair{Evidence: stats.Evidence{P: stats.Number(0.2 + float64(i)/100)}})
	}
	if n := len(s.shownPairs()); n != manyPairs {
		t.Errorf("%d of %d pairs are shown", n, manyPairs)
	}
	s.Comparison.Pairs = append(s.Comparison.Pairs, stats.Pair{Evidence: stats.Evidence{P: 0.01}}, stats.Pair{Evidence: stats.Evidence{P: stats.Number(math.NaN())}})
	if shown := s.shownPairs(); len(shown) != 1 || shown[0].Evidence.P != 0.01 {
		t.Errorf("shown are %+v, want the one with p = .01", shown)
	}
}
