package board

import (
	"math"
	"strings"
	"testing"

	"github.com/akin-vision/akin/judged"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// judgedCards are of two models on a set of a task, with the figures given.
func judgedCards(t *testing.T, task stimuli.Task, good, poor float64) []Card {
	t.Helper()
	r := &record.Run{Akin: "v1", Seal: string(task), Set: record.SetInfo{Name: string(task), Digest: "digest of " + string(task), Task: task, Judgements: 50},
		Settings: record.Settings{Similarity: match.Cosine, Credit: match.HalfCredit, Level: 0.95}}
	var s judged.Statistics
	odd, votes, matrices := &stats.OddOneOut{}, &stats.Vote{}, &stats.Matrices{}
	for i, name := range []string{"good", "poor"} {
		r.Models = append(r.Models, record.Model{Card: model.Card{Name: name, Kind: model.Trained, Parameters: 5_000_000}, Hash: "hash of " + name, Dim: 7, Cost: &record.Cost{MACs: 2e9, Bytes: 4e6}})
		v := stats.Number([]float64{good, poor}[i])
		e := stats.Evidence{Interval: stats.Interval{Low: float64(v) - .1, High: float64(v) + .1}, P: .01}
		odd.Models = append(odd.Models, stats.OddModel{Model: name, Accuracy: v, Evidence: e})
		votes.Models = append(votes.Models, stats.VoteModel{Model: name, Score: v, Evidence: e})
		matrices.Models = append(matrices.Models, stats.MatrixModel{Model: name, Figures: map[stats.MatrixMeasure]stats.Number{stats.SpearmanMeasure: v}, Evidence: e})
	}
	switch task {
	case stimuli.OddOneOut:
		s.OddOneOut = odd
	case stimuli.Votes:
		s.Votes = votes
	default:
		s.Matrices = matrices
	}
	cards, err := JudgedCards(r, s)
	if err != nil {
		t.Fatal(err)
	}
	return cards
}

// TestHeatHasEachTasksOwnChance: the same .5 is chance, better than chance or
// neither, as the task has it.
func TestHeatHasEachTasksOwnChance(t *testing.T) {
	cards, _ := cardsOf(t, newRun("one", 60, map[string]int{"good": 6, "poor": 30}, "poor", "good"))
	for _, task := range []stimuli.Task{stimuli.OddOneOut, stimuli.Votes, stimuli.Matrix} {
		cards = append(cards, judgedCards(t, task, .9, .5)...)
	}
	b, err := New(cards)
	if err != nil {
		t.Fatal(err)
	}
	if b.Triplets() || !b.Heat.Mixed || len(b.Heat.Sets) != 4 || b.Heat.Rows[0].Model != "good" {
		t.Fatalf("%+v", b.Heat)
	}
	want := map[string][4]float64{"good": {.8, .85, .8, .9}, "poor": {0, .25, 0, .5}}
	told := map[string][4]bool{"good": {true, true, true, true}, "poor": {false, true, false, true}}
	for _, row := range b.Heat.Rows {
		for i, c := range row.Cells {
			if math.Abs(float64(c.Share)-want[row.Model][i]) > 1e-12 || c.Told != told[row.Model][i] {
				t.Errorf("%s on %s: share %v, told from chance %v; want %v, %v", row.Model, b.Heat.Sets[i].Set, c.Share, c.Told, want[row.Model][i], told[row.Model][i])
			}
		}
	}
	if above := b.Above(0.4); len(above) != 1 || above[0] != "poor on one" {
		t.Errorf("errors above 40 %%: %v; sets of other tasks have none", above)
	}
}

// TestHeatOrdersByTheFirstSet: more is better in accuracy, less in error.
func TestHeatOrdersByTheFirstSet(t *testing.T) {
	for _, task := range []stimuli.Task{stimuli.OddOneOut, stimuli.Matrix} {
		b, err := New(judgedCards(t, task, .4, .6))
		if err != nil {
			t.Fatal(err)
		}
		if b.Heat == nil || b.Heat.Mixed || b.Rows[0].Name != "poor" {
			t.Errorf("%s: %+v", task, b.Heat)
		}
	}
	one, _ := cardsOf(t, newRun("one", 60, wrong, "good"))
	if b, err := New(one); err != nil || b.Heat != nil {
		t.Errorf("one set of triplets has a heat map: %v", err)
	}
}

// TestCardsOfOtherTasksReadBack, also those of undefined figures.
func TestCardsOfOtherTasksReadBack(t *testing.T) {
	cards := append(judgedCards(t, stimuli.Matrix, math.NaN(), .3), judgedCards(t, stimuli.Votes, .7, .6)[0])
	b, text := readsBack(t, cards)
	if c := b.Heat.Rows[1].Cells[1]; b.Rows[1].Name == "poor" && c.Value.Defined() {
		t.Errorf("poor was not run on votes, and has %v", c)
	}
	if !strings.Contains(string(text), `"figure":"spearman","value":null`) {
		t.Errorf("an undefined figure is not null: %s", text)
	}
}
