package board

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
	"github.com/google/go-cmp/cmp"
)

// newRun is a run of independent triplets; each model is wrong in the first so many.
func newRun(set string, triplets int, wrong map[string]int, names ...string) *record.Run {
	s := &stimuli.Set{Name: set}
	for i := range 3 * triplets {
		s.Pictures = append(s.Pictures, &stimuli.Picture{Path: fmt.Sprint(i), Hash: stimuli.Hash{byte(i), byte(i >> 8)}})
	}
	for i := range triplets {
		s.Triplets = append(s.Triplets, stimuli.Triplet{ID: fmt.Sprint(i), Target: s.Pictures[3*i], Related: s.Pictures[3*i+1], Unrelated: s.Pictures[3*i+2]})
	}
	r := &record.Run{
		Akin: "v1", Seal: strings.Join(names, "+") + set, Stimuli: s,
		Set:      record.SetInfo{Name: set, Digest: "digest of " + set, Triplets: triplets},
		Settings: record.Settings{Similarity: match.Cosine, Credit: match.HalfCredit, Level: 0.95},
	}
	for _, name := range names {
		m := record.Model{Card: model.Card{Name: name, Kind: model.Trained, Parameters: 5_000_000}, Hash: "hash of " + name, Dim: 7, Cost: &record.Cost{MACs: 2e9, Bytes: 4e6}}
		if network, _, layer := strings.Cut(name, "@"); layer {
			m.Hash, m.Node, m.Cost = "hash of "+network, "layer3", nil
		}
		for i := range s.Triplets {
			c := match.Choice{Triplet: &s.Triplets[i], Related: 0.5 + float64(i)/1000, Unrelated: 0.4}
			if i < wrong[name] {
				c.Unrelated = 0.9
			}
			m.Choices = append(m.Choices, c)
		}
		r.Models = append(r.Models, m)
	}
	return r
}

// cardsOf analyses a run, and reads the statistics back from JSON as a record does.
func cardsOf(t *testing.T, r *record.Run) ([]Card, record.Statistics) {
	t.Helper()
	s, err := record.Analyse(r, stats.Options{Resamples: 99, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var stored record.Statistics
	if err := json.Unmarshal(text, &stored); err != nil {
		t.Fatal(err)
	}
	cards, err := Cards(r, stored)
	if err != nil {
		t.Fatal(err)
	}
	return cards, s
}

var wrong = map[string]int{"poor": 55, "good": 10, "good@layer3": 30, "fine": 12}

func names(b Board) (list []string) {
	for _, r := range b.Rows {
		name := r.Name
		if r.Variant {
			name = "- " + name
		}
		list = append(list, name)
	}
	return list
}

func TestBoardShowsWhatTheStatisticsSay(t *testing.T) {
	cards, s := cardsOf(t, newRun("one", 60, wrong, "poor", "good@layer3", "good", "fine"))
	b, err := New(cards)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"good", "- good@layer3", "fine", "poor"}, names(b)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	best := map[string]bool{"good": true, "fine": true}
	for _, row := range b.Rows {
		for i, one := range s.Comparison.Models {
			if one.Model != row.Name {
				continue
			}
			r := row.Results[0]
			if r.Error != one.Error || r.Interval != one.Evidence.Interval || *r.Ranks != *one.Ranks {
				t.Errorf("%s: %+v is not what the statistics say: %+v", row.Name, r, one)
			}
			if *r.Best != best[row.Name] {
				t.Errorf("%s (row %d) cannot be told from the best: %v", row.Name, i, *r.Best)
			}
		}
		if (row.Parameters == 5_000_000) == row.Variant || row.Dim != 7 || (row.MACs == 2e9) == row.Variant {
			t.Errorf("%s: %+v", row.Name, row.Model)
		}
	}
	if diff := cmp.Diff([]string{"good@layer3 on one", "poor on one"}, b.Above(0.3)); diff != "" {
		t.Errorf("above 30 %% (-want +got):\n%s", diff)
	}
	if above := b.Above(0.5); len(above) != 1 {
		t.Errorf("above 50 %%: %v, want one: 30 of 60 is not above", above)
	}
}

func TestBoardOfSeveralSets(t *testing.T) {
	one, _ := cardsOf(t, newRun("one", 60, wrong, "poor", "good"))
	two, _ := cardsOf(t, newRun("two", 40, map[string]int{"good": 4, "fine": 2}, "good", "fine"))
	b, err := New(append(append(one, two...), one...)) // twice is once
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"good", "poor", "fine"}, names(b)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if len(b.Sets) != 2 || b.Rows[1].Results[1] != nil || b.Rows[2].Results[0] != nil || b.Rows[0].Results[1] == nil {
		t.Errorf("%+v", b)
	}
	if len(b.Notes) > 0 || b.Rows[0].Results[0].Ranks == nil {
		t.Errorf("notes %v, ranks %v", b.Notes, b.Rows[0].Results[0].Ranks)
	}
	again, _ := cardsOf(t, newRun("one", 60, wrong, "fine", "good")) // another run of the same set
	b, err = New(append(one, again...))
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Rows) != 3 || len(b.Notes) != 1 || b.Notes[0].Kind != Apart {
		t.Errorf("%v, notes %v", names(b), b.Notes)
	}
	for _, row := range b.Rows {
		if row.Results[0].Ranks != nil || row.Results[0].Best != nil {
			t.Errorf("%s has a rank although no run has all models", row.Name)
		}
	}
}

func TestBoardRefusesWhatDoesNotBelongTogether(t *testing.T) {
	for what, change := range map[string]func(*record.Run){
		"the content of set one": func(r *record.Run) { r.Set.Digest = "another" },
		"the model good": func(r *record.Run) {
			for i := range r.Models {
				r.Models[i].Hash = "other weights"
			}
		},
		"the similarity of features": func(r *record.Run) { r.Settings.Similarity = match.Dot },
		"the rule for ties":          func(r *record.Run) { r.Settings.Credit = match.AsWrong },
		"the level of intervals":     func(r *record.Run) { r.Settings.Level = 0.9 },
	} {
		one, _ := cardsOf(t, newRun("one", 60, wrong, "good"))
		run := newRun("one", 60, wrong, "good")
		run.Seal = "another run"
		change(run)
		other, _ := cardsOf(t, run)
		var mixed *MixedError
		if _, err := New(append(one, other...)); !errors.As(err, &mixed) || !strings.HasPrefix(mixed.What, what) {
			t.Errorf("%s: error %v", what, err)
		}
	}
	one, _ := cardsOf(t, newRun("one", 60, wrong, "good"))
	run := newRun("one", 60, map[string]int{"good": 11}, "good")
	run.Seal = "another run"
	other, _ := cardsOf(t, run)
	if _, err := New(append(one, other...)); err == nil {
		t.Error("two errors of the same model on the same set stand in one table")
	}
	run = newRun("two", 60, wrong, "good")
	run.Akin, run.Settings.Decoder = "v2", "another"
	other, _ = cardsOf(t, run)
	b, err := New(append(one, other...))
	if err != nil || len(b.Notes) != 2 || b.Notes[0].Kind != Versions || b.Notes[1].Kind != Decoders {
		t.Errorf("notes %v, error %v", b.Notes, err)
	}
}

// readsBack makes a board of cards, and holds its JSON against that of the cards read from it.
func readsBack(t *testing.T, cards []Card) (Board, []byte) {
	t.Helper()
	b, err := New(cards)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	read, err := ParseCards("cards.json", text)
	if err != nil {
		t.Fatal(err)
	}
	again, err := New(read)
	if err != nil {
		t.Fatal(err)
	}
	if once, _ := json.Marshal(again); string(once) != string(text) {
		t.Errorf("cards that were read back differ:\n%s\n%s", text, once)
	}
	return b, text
}

func TestCardsOfFiles(t *testing.T) {
	cards, _ := cardsOf(t, newRun("one", 60, wrong, "good", "poor"))
	cards = append(cards, func() []Card { c, _ := cardsOf(t, newRun("alone", 1, nil, "good")); return c }()...) // no interval, no rank
	_, text := readsBack(t, cards)
	var changed *record.ChangedError
	for _, edit := range [][2]string{{`"matching_error":0.9166666666666666`, `"matching_error":0.1`}, {"hash of good", "hash of gold"}, {`"network":"poor"`, `"network":"good"`}} {
		if !strings.Contains(string(text), edit[0]) {
			t.Fatalf("%s is not there: %s", edit[0], text)
		}
		if _, err := ParseCards("cards.json", []byte(strings.Replace(string(text), edit[0], edit[1], 1))); !errors.As(err, &changed) {
			t.Errorf("%s was read as %s: error %v", edit[0], edit[1], err)
		}
	}
	for _, bad := range []string{"", "{}", `{"cards": []}`, `{"cards": [{"format": 9}]}`} {
		if _, err := ParseCards("cards.json", []byte(bad)); err == nil {
			t.Errorf("%q is read as cards", bad)
		}
	}
}

// TestDoubtsStay: what one run knows to be wrong is wrong in the table.
func TestDoubtsStay(t *testing.T) {
	one := newRun("one", 60, wrong, "good")
	one.Models[0].Check = &classify.Check{Verdict: classify.Pass}
	two := newRun("two", 60, wrong, "good")
	two.Models[0].Check = &classify.Check{Verdict: classify.Fail}
	a, _ := cardsOf(t, one)
	c, _ := cardsOf(t, two)
	for _, cards := range [][]Card{append(append([]Card{}, a...), c...), append(append([]Card{}, c...), a...)} {
		b, err := New(cards)
		if err != nil || b.Rows[0].Check != record.Failed {
			t.Errorf("check %q, error %v", b.Rows[0].Check, err)
		}
	}
}

// TestUndefinedFiguresAgree: figures that no run defines are no contradiction, and
// a differing interval is shown.
func TestUndefinedFiguresAgree(t *testing.T) {
	one := newRun("alone", 1, nil, "good")
	again := newRun("alone", 1, nil, "good")
	again.Seal = "another run"
	a, _ := cardsOf(t, one)
	c, _ := cardsOf(t, again)
	if a[0].Results.Interval.Defined() {
		t.Fatalf("one triplet has the interval %v", a[0].Results.Interval)
	}
	b, err := New(append(append([]Card{}, a...), c...))
	if err != nil || len(b.Rows) != 1 {
		t.Errorf("rows %v, error %v", names(b), err)
	}
	c[0].Results.Interval = stats.Interval{Low: 0, High: .5}
	var mixed *MixedError
	if _, err := New(append(a, c...)); !errors.As(err, &mixed) || mixed.A == mixed.B {
		t.Errorf("error %v", err)
	}
}

// TestVariantsOfOneNameAreToldApart: the same space of words from two files has one name,
// and no place in one table.
func TestVariantsOfOneNameAreToldApart(t *testing.T) {
	cards := func(set, seen string) []Card {
		r := newRun(set, 20, map[string]int{"net": 5, "net+words": 4}, "net", "net+words")
		r.Models[1].Hash, r.Models[1].Space = "hash of net", &space.Info{Kind: space.ByWords, Network: "net", Vectors: "words.txt", Seen: seen}
		list, _ := cardsOf(t, r)
		return list
	}
	if _, err := New(append(cards("a", "11aa"), cards("b", "11aa")...)); err != nil {
		t.Errorf("of one file: %v", err)
	}
	var mixed *MixedError
	if _, err := New(append(cards("a", "11aa"), cards("b", "22bb")...)); !errors.As(err, &mixed) || mixed.What != "the model net+words" {
		t.Errorf("of two files: error %v", err)
	}
}
