package study

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/akin-vision/akin/stimuli"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// set has triplets of distinct pictures but for shared, of which all triplets
// have the same target.
func set(triplets int, shared bool) *stimuli.Set {
	s := &stimuli.Set{Name: "set", Title: `A "title" \ with` + "\n\x07 all", RatingMin: math.Inf(-1), RatingMax: math.Inf(1)}
	picture := func(n int) *stimuli.Picture {
		p := &stimuli.Picture{Path: fmt.Sprintf("p%d.png", n), Hash: stimuli.Hash{1: byte(n), 2: byte(n >> 8)}}
		s.Pictures = append(s.Pictures, p)
		return p
	}
	for i := range triplets {
		t := stimuli.Triplet{ID: fmt.Sprint(i), Target: picture(3*i + 1), Related: picture(3*i + 2), Unrelated: picture(3*i + 3)}
		if shared && i > 0 {
			t.Target = s.Triplets[0].Target
		}
		s.Triplets = append(s.Triplets, t)
	}
	return s
}

// TestTemplateSaysEverything reads back what init writes.
func TestTemplateSaysEverything(t *testing.T) {
	for _, task := range Tasks() {
		s := set(60, false)
		s.RatingMin, s.RatingMax = 1, 7
		want := New(s, task)
		text, err := want.Template()
		if err != nil {
			t.Fatal(err)
		}
		got, err := Read(fstest.MapFS{"study.toml": {Data: text}}, "study.toml")
		if err != nil {
			t.Fatalf("%s: %v\n%s", task, err, text)
		}
		want.Title = "A \"title\" \\ with\n all" // without the control character
		if want.Languages == nil {
			want.Languages = []string{}
		}
		words, _ := got.Words("en")
		if diff := cmp.Diff(English(task), words); diff != "" {
			t.Errorf("%s: the words differ: %s", task, diff)
		}
		want.words, want.toml, want.Text, got.words, got.toml, got.Text = nil, nil, nil, nil, nil, nil
		if task != Rating { // the file says nothing of what the task lacks
			want.Scale, want.Timing, got.Scale, got.Timing = Scale{}, Timing{}, Scale{}, Timing{}
		}
		if diff := cmp.Diff(want, *got, cmp.AllowUnexported(Study{})); diff != "" {
			t.Errorf("%s differs: %s", task, diff)
		}
	}
}

func TestFaultsOfAStudyAreToldAtOnce(t *testing.T) {
	files := fstest.MapFS{
		"study.toml": {Data: []byte(`title = "t"
task = "guess"
languages = ["de", "../fr", "it"]
[sample]
raters = 0
checks = -1
[scale]
min = 7
max = 1
[recruit]
redirect = "javascript:alert(1)"
[exclude]
min_checks = 2
[text]
consent = "x"
nonsense = "y"
`)},
		"text.de.toml": {Data: []byte("consent = 'ja'\nodd = 'x'\n")},
	}
	_, err := Read(files, "study.toml")
	for _, want := range []string{`task "guess"`, "raters = 0", "checks = -1", "redirect", "min_checks = 2", "text.nonsense", `"../fr"`, "text.it.toml", `text.de.toml: key "agree" is missing`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the faults do not tell of %q:\n%v", want, err)
		}
	}
	_, err = Read(fstest.MapFS{"study.toml": {Data: []byte("title = 't'\n[sample]\nrater = 3\n")}}, "study.toml")
	var problems stimuli.Problems
	if !errors.As(err, &problems) || len(problems) != 1 || problems[0].Line != 3 {
		t.Errorf("a mistyped key gives %v, want its line", err)
	}
}

func TestOtherLanguages(t *testing.T) {
	var german strings.Builder
	for key, text := range English(Triplet) {
		fmt.Fprintf(&german, "%s = %s\n", key, quote("de: "+text))
	}
	s, err := Read(fstest.MapFS{
		"study.toml":   {Data: []byte("title = 't'\ntask = 'triplet'\nlanguages = ['de']\n[text]\nquestion = 'Which?'\n")},
		"text.de.toml": {Data: []byte(german.String())},
	}, "study.toml")
	if err != nil {
		t.Fatal(err)
	}
	if words, language := s.Words("de"); language != "de" || words["agree"] != "de: "+English(Triplet)["agree"] {
		t.Errorf("German is %q: %q", language, words["agree"])
	}
	if words, language := s.Words("fr"); language != "en" || words["question"] != "Which?" {
		t.Errorf("an unknown language gives %q: %q", language, words["question"])
	}
}

func TestItems(t *testing.T) {
	s := set(3, true)
	s.Triplets[2].Unrelated = &stimuli.Picture{Path: "copy.png", Hash: s.Triplets[0].Related.Hash} // a copy under another name
	pairs := NewItems(s, Rating)
	if len(pairs.List) != 5 || pairs.List[0].ID != "p1.png + p2.png" || len(pairs.Pictures) != 6 {
		t.Errorf("the pairs are %+v of %d pictures", pairs.List, len(pairs.Pictures))
	}
	triplets := NewItems(s, Triplet)
	if len(triplets.List) != 3 || triplets.List[2].ID != "2" || triplets.List[2].Pictures[2] != triplets.List[0].Pictures[1] {
		t.Errorf("the triplets are %+v", triplets.List)
	}
	if triplets.Digest() == NewItems(s, OddOneOut).Digest() {
		t.Error("two tasks have one digest")
	}
	before := triplets.Digest()
	s.Triplets[0].Target.Hash[5] = 1
	if NewItems(s, Triplet).Digest() == before {
		t.Error("another picture leaves the digest as it was")
	}
}

// TestPlans states what every plan keeps to.
func TestPlans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Default(rapid.SampledFrom(Tasks()).Draw(t, "task"))
		s.Seed = rapid.Uint64().Draw(t, "seed")
		s.Sample.Trials = rapid.IntRange(0, 30).Draw(t, "trials")
		s.Sample.Repeats, s.Sample.Checks = rapid.IntRange(0, 12).Draw(t, "repeats"), rapid.IntRange(0, 8).Draw(t, "checks")
		s.Sample.Practice = rapid.IntRange(0, 5).Draw(t, "practice")
		items := NewItems(set(rapid.IntRange(1, 25).Draw(t, "triplets"), rapid.Bool().Draw(t, "shared")), s.Task)
		counts, closed := make([]int, len(items.List)), make([]bool, len(items.List))
		open := 0
		for i := range counts {
			counts[i], closed[i] = rapid.IntRange(0, 3).Draw(t, "count"), rapid.IntRange(0, 4).Draw(t, "closed") == 0
			if !closed[i] {
				open++
			}
		}
		person := rapid.IntRange(1, 1000).Draw(t, "person")
		plan := s.NewPlan(items, person, counts, closed)
		if diff := cmp.Diff(plan, s.NewPlan(items, person, counts, closed)); diff != "" {
			t.Fatalf("the same arguments give another plan: %s", diff)
		}
		if open == 0 {
			if plan != nil {
				t.Fatalf("with every item closed the plan has %d trials", len(plan))
			}
			return
		}
		checkPlan(t, &s, items, plan, counts, closed, open)
	})
}

func checkPlan(t *rapid.T, s *Study, items *Items, plan []Trial, counts []int, closed []bool, open int) {
	number := map[Kind]int{}
	shown := map[int][]int{}
	most, taken := 0, map[int]bool{}
	arrangements := map[string]int{}
	for i, trial := range plan {
		number[trial.Kind]++
		switch trial.Kind {
		case Practice:
			if i >= s.Sample.Practice {
				t.Fatalf("trial %d is practice", i)
			}
		case Main:
			if closed[trial.Item] || taken[trial.Item] {
				t.Fatalf("item %d is closed or comes twice", trial.Item)
			}
			taken[trial.Item], shown[trial.Item] = true, trial.Shown
			most = max(most, counts[trial.Item])
			arrangements[places(items.List[trial.Item].Pictures, trial.Shown)]++
		case Repeat:
			if diff := cmp.Diff(shown[trial.Item], trial.Shown); diff != "" || len(trial.Shown) == 0 {
				t.Fatalf("a repeat is no earlier trial: %s", diff)
			}
		case Check:
			if right := trial.Right(s.Task); s.Task != Rating && (right < 0 || s.Task == Triplet && trial.Shown[right] != trial.Shown[0]) {
				t.Fatalf("the check %v has the right answer %d", trial.Shown, right)
			}
		}
	}
	want := open
	if s.Sample.Trials > 0 {
		want = min(want, s.Sample.Trials)
	}
	if number[Main] != want || number[Repeat] != min(s.Sample.Repeats, want/2) || number[Practice] != s.Sample.Practice || number[Check] > s.Sample.Checks {
		t.Fatalf("the plan has %v, want %d main trials", number, want)
	}
	for i := range counts {
		if !closed[i] && !taken[i] && counts[i] < most {
			t.Fatalf("item %d, judged %d times, is left out; another, judged %d times, is not", i, counts[i], most)
		}
	}
	least := number[Main] / map[string]int{Rating: 2, Triplet: 2, OddOneOut: 6}[s.Task]
	for places, n := range arrangements {
		if n < least || n > least+1 {
			t.Fatalf("arrangement %s comes %d times of %d", places, n, number[Main])
		}
	}
}

// places says where an item's pictures stand.
func places(item, shown []int) string {
	var b strings.Builder
	for _, n := range shown {
		for k, p := range item {
			if p == n {
				fmt.Fprint(&b, k)
			}
		}
	}
	return b.String()
}

// TestPractice takes no item that counts, where it can, and is the same for all.
func TestPractice(t *testing.T) {
	s := Default(Triplet)
	items := NewItems(set(20, false), Triplet)
	counts, closed := make([]int, 20), make([]bool, 20)
	one, other := s.NewPlan(items, 1, counts, closed)[:3], s.NewPlan(items, 2, counts, closed)[:3]
	if diff := cmp.Diff(one, other); diff != "" {
		t.Errorf("two people practise on different trials: %s", diff)
	}
	p := planner{&s, items, nil}
	for _, trial := range one {
		if trial.Kind != Practice || p.isItem(trial.Shown) {
			t.Errorf("practice %+v is an item of the study", trial)
		}
	}
}

// TestEveryItemEquallyOften lets one person after another judge all they get.
func TestEveryItemEquallyOften(t *testing.T) {
	s := Default(Rating)
	s.Sample.Trials = 7
	items := NewItems(set(25, false), Rating)
	counts, closed := make([]int, 50), make([]bool, 50)
	for person := 1; person <= 100; person++ {
		for _, trial := range s.NewPlan(items, person, counts, closed) {
			if trial.Kind == Main {
				counts[trial.Item]++
			}
		}
		least, most := counts[0], counts[0]
		for _, n := range counts {
			least, most = min(least, n), max(most, n)
		}
		if most-least > 1 {
			t.Fatalf("after %d people items are judged between %d and %d times", person, least, most)
		}
	}
}
