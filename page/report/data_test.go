package report

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/akin-vision/akin/internal/browser"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stimuli"
)

func TestPageDataIsTheRun(t *testing.T) {
	run, files := richRun(t, 12)
	run.Stimuli.Triplets[2].RatingUnrelated = math.NaN()
	run.Models[1].Choices[4].Related = run.Models[1].Choices[4].Unrelated
	d := dataOf(t, browser.Parse(t, writePage(t, run, files)))
	pictures := Pictures(run)
	for i, tr := range run.Stimuli.Triplets {
		shown := d.Triplets.Pictures[i]
		if pictures[shown[0]].Hash != tr.Target.Hash || pictures[shown[1]].Hash != tr.Related.Hash || pictures[shown[2]].Hash != tr.Unrelated.Hash {
			t.Errorf("%s shows other pictures", tr.ID)
		}
		if d.Triplets.IDs[i] != tr.ID || d.Triplets.Labels[i] != labels(&tr) || d.Triplets.Relations[i] != tr.Relation || d.Triplets.Distractors[i] != tr.Distractor {
			t.Errorf("%s is told otherwise", tr.ID)
		}
	}
	for k, m := range run.Models {
		for i, c := range m.Choices {
			if got := d.Models[k].Outcomes[i : i+1]; got != string(c.Outcome()[:1]) {
				t.Errorf("%s, %s: outcome %s, want %s", m.Name, c.Triplet.ID, got, c.Outcome())
			}
			if got := float64(d.Models[k].Related[i]); math.Abs(got-c.Related) > 1e-6*math.Abs(c.Related) {
				t.Errorf("%s, %s: similarity %v, want %v", m.Name, c.Triplet.ID, got, c.Related)
			}
		}
	}
	if got := d.Scales[0].Unrelated[2]; got != 0 { // null leaves the zero value
		t.Errorf("a missing rating became %v", got)
	}
	first := d.Models[0].Top[0]
	if want := run.Models[0].Posteriors[pictures[0].Hash]; d.Classes[int(first[0])] != want[0].Name || float64(first[1]) != want[0].Probability {
		t.Errorf("classes of the first picture: %v of %v, want %v", first, d.Classes, want)
	}
}

// TestPageOfALargeSetHoldsASample: the page of a set with more triplets than a
// page takes holds an even spread with the clearest cases, says so, and numbers
// only their pictures; its figures are of all.
// TestPageIsBounded: many pictures and many models leave fewer triplets on the page.
func TestPageIsBounded(t *testing.T) {
	run := &record.Run{Stimuli: &stimuli.Set{Triplets: make([]stimuli.Triplet, 3000)}}
	for i := range run.Stimuli.Triplets {
		shown := [3]*stimuli.Picture{}
		for k := range shown {
			hash := stimuli.Hash{byte(i), byte(i >> 8), byte(k)}
			shown[k] = &stimuli.Picture{Path: fmt.Sprint(i, k), Hash: hash}
		}
		run.Stimuli.Triplets[i] = stimuli.Triplet{ID: fmt.Sprint(i), Target: shown[0], Related: shown[1], Unrelated: shown[2]}
	}
	if s := newSample(run, pageTriplets); len(s.pictures) > pagePictures || len(s.pictures) < pagePictures*9/10 {
		t.Errorf("%d pictures on the page, want at most and about %d", len(s.pictures), pagePictures)
	}
	shared := run.Stimuli.Triplets[0]
	for i := range run.Stimuli.Triplets {
		run.Stimuli.Triplets[i].Target, run.Stimuli.Triplets[i].Related, run.Stimuli.Triplets[i].Unrelated = shared.Target, shared.Related, shared.Unrelated
	}
	run.Models = make([]record.Model, 60)
	if s := newSample(run, pageTriplets); len(s.places) != pageChoices/60 {
		t.Errorf("%d triplets for 60 models, want %d", len(s.places), pageChoices/60)
	}
}

func TestPageOfALargeSetHoldsASample(t *testing.T) {
	run, files := syntheticRun(t, 60)
	if all := newSample(run, 60); len(all.places) != 60 || all.places[59] != 59 {
		t.Fatalf("60 of 60 triplets are %v", all.places)
	}
	some := newSample(run, 20)
	if n := len(some.places); n < 20 || n > 20+2*casesShown*len(run.Models) || !slices.IsSorted(some.places) {
		t.Errorf("20 of 60 triplets and the clearest are %v", some.places)
	}
	for k := range 20 {
		if !slices.ContainsFunc(some.places, func(place int) bool { return place/3 == k }) {
			t.Errorf("none of triplets %d to %d is there", 3*k, 3*k+2)
		}
	}
	if some.places[0] != 0 {
		t.Error("the first triplet, the page's example, is not there")
	}
	if none := newSample(&record.Run{Stimuli: &stimuli.Set{}}, 20); len(none.places) != 0 {
		t.Errorf("of no triplets there are %v", none.places)
	}
	repeated := slices.Repeat(run.Stimuli.Triplets, 50)
	for i := range repeated {
		repeated[i].ID = fmt.Sprint("r", i)
	}
	run.Stimuli.Triplets, run.Set.Triplets = repeated, len(repeated)
	for i := range run.Models {
		run.Models[i].Choices = drawnChoices(repeated, rand.New(rand.NewPCG(1, uint64(i))), .1, .1, .5, .1)
	}
	html := written(t, Input{Run: run, Summary: summarised(t, run), Pictures: page.Pictures{Files: files}})
	doc := browser.Parse(t, html)
	d := dataOf(t, doc)
	if n := len(d.Triplets.IDs); !d.Sampled || n < pageTriplets || n > pageTriplets+2*casesShown*len(run.Models) || len(d.Models[0].Related) != n {
		t.Errorf("the page holds %d of %d triplets", n, len(run.Stimuli.Triplets))
	}
	for _, m := range run.Models {
		right, wrong := clearest(m.Choices)
		for _, place := range append(right, wrong...) {
			if !slices.Contains(d.Triplets.IDs, m.Choices[place].Triplet.ID) {
				t.Errorf("a clearest case of %s, %s, is missing", m.Name, m.Choices[place].Triplet.ID)
			}
		}
	}
	if n := strings.Count(html, "data:image/"); n != len(Pictures(run)) {
		t.Errorf("the page holds %d pictures, its triplets have %d", n, len(Pictures(run)))
	}
	if best := newHeadline(summarised(t, run), analysed(t, run)).Best; best.Triplets != len(repeated) || !strings.Contains(doc.Find("#headline").Text(), fmt.Sprintf(" on %d triplets ", len(repeated))) {
		t.Errorf("the headline is about %q", doc.Find("#headline").Text())
	}
	text := doc.Find("#explore").Text()
	if want := fmt.Sprintf("Of the set’s %d triplets, the page holds %d", len(run.Stimuli.Triplets), len(d.Triplets.IDs)); !strings.Contains(text, want) {
		t.Errorf("the page does not say %q", want)
	}
}

func TestRatingScalesAverageJudgementsOfEitherOrder(t *testing.T) {
	run, _ := syntheticRun(t, 3)
	set := run.Stimuli
	tr := set.Triplets[1]
	for i, v := range []float64{2, 5, 5} {
		j := stimuli.Judgement{Rater: fmt.Sprint(i), A: tr.Target, B: tr.Related, Scale: "similar", Value: v}
		if i == 1 {
			j.A, j.B = j.B, j.A
		}
		set.Judgements = append(set.Judgements, j)
	}
	scales := ratingScales(set, []*stimuli.Triplet{&set.Triplets[0], &set.Triplets[1], &set.Triplets[2]})
	if len(scales) != 1 || scales[0].Name != "similar" {
		t.Fatalf("scales %v, want only that of the judgements", scales)
	}
	nan := decimal(math.NaN())
	want := ratingScale{Name: "similar", Related: []decimal{nan, 4, nan}, Unrelated: []decimal{nan, nan, nan}}
	if got := fmt.Sprint(scales[0]); got != fmt.Sprint(want) {
		t.Errorf("got %s, want %v", got, want)
	}
}

// TestDecimalsRoundAlike: a number of the page's data rounds to the text that Go
// writes, where its seven digits alone would end half-way.
func TestDecimalsRoundAlike(t *testing.T) {
	for value, want := range map[decimal]string{
		0.71949999999: "0.71949999999", 0.7195: "0.7195", -0.06249999999: "-0.06249999999",
		0.123456789: "0.1234568", 12: "12", 0.5: "0.5", 0.000012345678: "1.234568e-05", decimal(math.NaN()): "null",
	} {
		if got, err := json.Marshal(value); err != nil || string(got) != want {
			t.Errorf("%v is written %s, error %v, want %s", float64(value), got, err, want)
		}
	}
}
