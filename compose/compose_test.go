package compose

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/akin-vision/akin/stimuli"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// world is a small table with one pair of each relation and a crowd of
// pictures that neither category, domain nor theme ties to them. Shape and
// colour of concept i are numbers; likeness falls with their difference.
type world struct {
	concepts      []Concept
	shape, colour []float64
}

func newWorld() *world {
	w := &world{}
	w.add("monkey", "mammal", "animal", "jungle", 0, 0)
	w.add("gorilla", "mammal", "animal", "zoo", .3, .3)
	w.add("banana", "fruit", "food", "jungle", .6, .6)
	for i := range 40 {
		spread := float64(i) / 40
		w.add(fmt.Sprint("thing ", i), fmt.Sprint("category ", i), fmt.Sprint("domain ", i), fmt.Sprint("theme ", i), spread, math.Mod(spread*7, 1))
	}
	return w
}

func (w *world) add(label, category, domain, themes string, shape, colour float64) {
	w.concepts = append(w.concepts, Concept{label, category, domain, strings.Fields(themes)})
	w.shape = append(w.shape, shape)
	w.colour = append(w.colour, colour)
}

func (w *world) input(reviews ...Review) Input {
	return Input{
		Pictures: Table(w.concepts).Names(), Ties: Table(w.concepts),
		Pairs:   []Pair{{"monkey", "gorilla", stimuli.Taxonomic}, {"monkey", "banana", stimuli.Thematic}},
		Reviews: reviews,
		Shape:   func(a, b int) float64 { return 1 - math.Abs(w.shape[a]-w.shape[b]) },
		Colour:  func(a, b int) float64 { return 1 - math.Abs(w.colour[a]-w.colour[b]) },
	}
}

func (w *world) labels(triplets []Triplet) (lines []string) {
	for _, t := range triplets {
		lines = append(lines, fmt.Sprintf("%s, %s, %s: %s, %s", w.concepts[t.Target].Label, w.concepts[t.Related].Label,
			w.concepts[t.Unrelated].Label, t.Relation, t.Distractor))
	}
	return lines
}

func TestUnrelated(t *testing.T) {
	bee := Concept{"bee", "insect", "animal", []string{"honey", "garden"}}
	for _, c := range []struct {
		other Concept
		want  bool
	}{
		{Concept{"ant", "insect", "pest", nil}, false},
		{Concept{"dog", "mammal", "animal", []string{"pet"}}, false},
		{Concept{"rake", "hand tool", "hardware", []string{"garden"}}, false},
		{Concept{"piano", "instrument", "music", []string{"music"}}, true},
	} {
		if got := bee.Unrelated(c.other); got != c.want {
			t.Errorf("bee, %s: unrelated %v, want %v", c.other.Label, got, c.want)
		}
		if c.other.Unrelated(bee) != bee.Unrelated(c.other) {
			t.Errorf("bee, %s: not symmetric", c.other.Label)
		}
	}
}

// TestMatchedIsMostAlike: thing 0 has the target's very shape and colour, so
// it is too alike in one measure to be matched in the other alone. The things
// next in shape are thing 1 (colour .175: within the unmatched range).
func TestMatchedIsMostAlike(t *testing.T) {
	w := newWorld()
	for _, c := range []struct{ kind, want string }{
		{stimuli.ShapeMatched, "thing 1"},
		{stimuli.ColourMatched, "thing 23"}, // colour 23/40*7 mod 1 = .025; shape .575
	} {
		in := w.input()
		in.Pairs = in.Pairs[:1]
		b := bench(t, in, Options{Matched: .9, Unmatched: .9})
		unrelated, why := b.pick([2]int{0, 1}, b.pool([2]int{0, 1}), c.kind)
		if why != "" || w.concepts[unrelated].Label != c.want {
			t.Errorf("%s: picked %q, want %q", c.kind, w.concepts[unrelated].Label, c.want)
		}
	}
}

// bench is a composer ready to pick.
func bench(t *testing.T, in Input, o Options) *composer {
	t.Helper()
	c, err := newComposer(in, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRandomPrefersRated(t *testing.T) {
	w := newWorld()
	in := w.input()
	pair := [2]int{0, 1}
	pick := func(in Input) int {
		b := bench(t, in, Options{})
		u, why := b.pick(pair, b.pool(pair), stimuli.RandomChoice)
		if why != "" {
			t.Fatal("no random distractor: ", why)
		}
		return u
	}
	plain := pick(in)
	b := bench(t, in, Options{})
	var other int
	for u := range w.concepts {
		if u != plain && b.fault(pair, u, stimuli.RandomChoice) == nil {
			other = u
		}
	}
	in.Rated = func(a, b int) bool { return a == 0 && b == other }
	if got := pick(in); got != other {
		t.Errorf("picked %d, the rated one is %d", got, other)
	}
}

// TestKindsAreLevelled: where every pair could have any kind, the kinds come
// out equally often.
func TestKindsAreLevelled(t *testing.T) {
	w := newWorld()
	in := w.input()
	in.Pairs = nil
	for i := range 9 {
		label := fmt.Sprint("beast ", i)
		w.add(label, "mammal", "animal", "zoo", float64(i)/9, float64(i)/9)
		in.Pairs = append(in.Pairs, Pair{label, "gorilla", stimuli.Taxonomic})
	}
	in.Pictures, in.Ties = Table(w.concepts).Names(), Table(w.concepts)
	triplets, _, err := Compose(in, Options{Matched: .01, Unmatched: 1, Middle: [2]float64{0, 1}, MaxRoles: 99})
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, x := range triplets {
		count[x.Distractor]++
	}
	want := map[string]int{stimuli.ShapeMatched: 3, stimuli.ColourMatched: 3, stimuli.RandomChoice: 3}
	if diff := cmp.Diff(want, count); diff != "" {
		t.Error(diff)
	}
}

// TestLevelBalances: levelled random distractors leave neither measure right
// more often than wrong, where the pairs allow both.
func TestLevelBalances(t *testing.T) {
	w := newWorld()
	in := w.input()
	in.Pairs = nil
	for i := range 12 {
		label := fmt.Sprint("beast ", i)
		w.add(label, "mammal", "animal", "zoo", .5, .5)
		in.Pairs = append(in.Pairs, Pair{label, "gorilla", stimuli.Taxonomic})
	}
	for i := range 12 { // alike and unlike, never both
		w.add(fmt.Sprint("item ", i), fmt.Sprint("kind ", i), fmt.Sprint("field ", i), fmt.Sprint("theme ", i), .5+float64(i%2), .5+float64(i%2))
	}
	in.Pictures, in.Ties = Table(w.concepts).Names(), Table(w.concepts)
	triplets, _, err := Compose(in, Options{Matched: 2, Middle: [2]float64{0, 1}, MaxRoles: 99, Level: true})
	if err != nil {
		t.Fatal(err)
	}
	right := 0
	for _, x := range triplets {
		right += sign(in.Shape(x.Target, x.Related) - in.Shape(x.Target, x.Unrelated))
	}
	if len(triplets) < 6 || abs(right) > 1 {
		t.Errorf("of %d triplets shape is right %d times more often than wrong", len(triplets), right)
	}
}

func TestReviews(t *testing.T) {
	w := newWorld()
	proposed, _, err := Compose(w.input(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	first := proposed[0]
	name := func(i int) string { return w.concepts[i].Label }
	review := Review{Target: "monkey", Related: "gorilla", Unrelated: name(first.Unrelated), Distractor: first.Distractor}

	review.Decision = Keep
	kept, _, err := Compose(w.input(review), Options{Seed: 99})
	if err != nil {
		t.Fatal(err)
	}
	first.Reviewed = true
	if diff := cmp.Diff(first, kept[0]); diff != "" {
		t.Errorf("a kept triplet changed with the seed: %s", diff)
	}

	review.Decision = Refuse
	refused, _, err := Compose(w.input(review), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if refused[0].Unrelated == first.Unrelated {
		t.Errorf("the refused distractor %s came back", name(first.Unrelated))
	}

	dropped, incomplete, err := Compose(w.input(Review{Target: "monkey", Related: "gorilla", Decision: Drop}), Options{})
	if err != nil || len(dropped) != 1 || dropped[0].Relation != stimuli.Thematic || len(incomplete) != 0 {
		t.Errorf("after a drop: %v, %v, %v", w.labels(dropped), incomplete, err)
	}
}

func TestErrors(t *testing.T) {
	review := func(unrelated, kind, decision string) Review {
		return Review{Target: "monkey", Related: "gorilla", Unrelated: unrelated, Distractor: kind, Decision: decision}
	}
	keep := review("thing 30", stimuli.ShapeMatched, Keep)
	for _, c := range []struct {
		name, want string
		change     func(*Input)
	}{
		{"label twice", `both named "banana"`, func(in *Input) { in.Pictures[3] = "banana" }},
		{"unknown concept", "not both are among the pictures", func(in *Input) { in.Pairs[0].Related = "yeti" }},
		{"own partner", "not its own partner", func(in *Input) { in.Pairs[0].Related = "monkey" }},
		{"pair twice", "is proposed twice", func(in *Input) { in.Pairs[1] = Pair{"gorilla", "monkey", stimuli.Taxonomic} }},
		{"taxonomic across categories", "categories are mammal and fruit", func(in *Input) { in.Pairs[1].Relation = stimuli.Taxonomic }},
		{"thematic within a category", "both are of the category mammal", func(in *Input) { in.Pairs[0].Relation = stimuli.Thematic }},
		{"thematic without a theme", "no theme in common", func(in *Input) { in.Pairs[1].Related = "thing 4" }},
		{"unknown relation", `relation "rhyme" is unknown`, func(in *Input) { in.Pairs[0].Relation = "rhyme" }},
		{"review of no pair", "no such pair", func(in *Input) { in.Reviews = []Review{{Target: "monkey", Related: "thing 1", Decision: Drop}} }},
		{"unknown decision", `decision "maybe" is unknown`, func(in *Input) {
			in.Reviews = []Review{review("thing 1", "", "maybe")}
		}},
		{"unknown distractor", `"yeti" is not among the pictures`, func(in *Input) {
			in.Reviews = []Review{review("yeti", stimuli.ShapeMatched, Keep)}
		}},
		{"kept twice", "reviews:2: keep of monkey, gorilla: line 1 says keep already", func(in *Input) { in.Reviews = []Review{keep, keep} }},
		{"kept and dropped", "reviews:2: drop of monkey, gorilla: line 1 says keep already", func(in *Input) {
			in.Reviews = []Review{keep, review("", "", Drop)}
		}},
		{"kept but related", "banana is tied to monkey", func(in *Input) {
			in.Reviews = []Review{review("banana", stimuli.ShapeMatched, Keep)}
		}},
		{"kept but not matched", "do not make a distractor of the kind shape", func(in *Input) { in.Reviews = []Review{keep} }},
		{"kept with an unknown kind", `kind "smell" is unknown`, func(in *Input) {
			in.Reviews = []Review{review("thing 1", "smell", Keep)}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := newWorld().input()
			c.change(&in)
			_, _, err := Compose(in, Options{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

// TestLaws draws whole worlds and holds every outcome to the rules.
func TestLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		in := w.input()
		in.Pairs = w.pairs()
		o := Options{
			Seed: rapid.Uint64().Draw(t, "seed"), MaxRoles: rapid.IntRange(0, 4).Draw(t, "roles"), Level: rapid.Bool().Draw(t, "level"),
			MaxLinked: rapid.IntRange(0, 9).Draw(t, "linked"), MaxCell: rapid.IntRange(0, 5).Draw(t, "cell"),
		}
		triplets, incomplete, err := Compose(in, o)
		if err != nil {
			t.Fatal(err)
		}
		again, _, _ := Compose(in, o)
		if diff := cmp.Diff(triplets, again); diff != "" {
			t.Fatalf("the same input gives another set: %s", diff)
		}
		if len(triplets)+len(incomplete) != len(in.Pairs) {
			t.Fatalf("%d triplets and %d pairs without one, of %d pairs", len(triplets), len(incomplete), len(in.Pairs))
		}
		w.check(t, in, o.withDefaults(), triplets)
	})
}

func drawWorld(t *rapid.T) *world {
	w := &world{}
	unit := rapid.Float64Range(0, 1)
	for i := range rapid.IntRange(8, 60).Draw(t, "concepts") {
		w.add(fmt.Sprint("c", i), fmt.Sprint("category", rapid.IntRange(0, 12).Draw(t, "category")),
			fmt.Sprint("domain", rapid.IntRange(0, 6).Draw(t, "domain")), fmt.Sprint("theme", rapid.IntRange(0, 12).Draw(t, "theme")),
			unit.Draw(t, "shape"), unit.Draw(t, "colour"))
	}
	return w
}

// pairs lists every pair that the table allows, with each concept first at most once.
func (w *world) pairs() (pairs []Pair) {
	for i, a := range w.concepts {
		for _, b := range w.concepts[i+1:] {
			switch {
			case a.Category == b.Category:
				pairs = append(pairs, Pair{a.Label, b.Label, stimuli.Taxonomic})
			case a.Shares(b):
				pairs = append(pairs, Pair{a.Label, b.Label, stimuli.Thematic})
			}
		}
	}
	return pairs
}

func (w *world) check(t *rapid.T, in Input, o Options, triplets []Triplet) {
	free := untied(len(in.Pictures), in.Ties.Tied, 0)
	shape, colour := newLikeness(in.Shape, free), newLikeness(in.Colour, free)
	targets, distractors, roles := map[int]int{}, map[int]int{}, map[int]int{}
	var opposed [][2]int
	var together [][3]int
	cells := map[cell]int{}
	for _, x := range triplets {
		together = append(together, [3]int{x.Target, x.Related, x.Unrelated})
		cells[cell{x.Relation, x.Distractor}]++
		u := w.concepts[x.Unrelated]
		if !u.Unrelated(w.concepts[x.Target]) || !u.Unrelated(w.concepts[x.Related]) {
			t.Fatalf("related distractor in %v", w.labels([]Triplet{x}))
		}
		targets[x.Target]++
		distractors[x.Unrelated]++
		for _, c := range []int{x.Target, x.Related, x.Unrelated} {
			roles[c]++
		}
		if slices.Contains(opposed, [2]int{x.Target, x.Unrelated}) {
			t.Fatalf("the target meets the distractor twice in %v", w.labels([]Triplet{x}))
		}
		opposed = append(opposed, [2]int{x.Target, x.Unrelated})
		s, c := in.Shape(x.Target, x.Unrelated), in.Colour(x.Target, x.Unrelated)
		if x.Distractor == stimuli.ShapeMatched && (s < shape.quantile(o.Matched) || c > colour.quantile(o.Unmatched)) ||
			x.Distractor == stimuli.ColourMatched && (c < colour.quantile(o.Matched) || s > shape.quantile(o.Unmatched)) {
			t.Fatalf("mismatched: shape %v, colour %v in %v", s, c, w.labels([]Triplet{x}))
		}
	}
	for i := range together {
		if n := walk(together, i); o.MaxLinked > 0 && n > o.MaxLinked {
			t.Fatalf("%d triplets hang together, at most %d may", n, o.MaxLinked)
		}
	}
	for at, n := range cells {
		if o.MaxCell > 0 && n > o.MaxCell {
			t.Fatalf("%d triplets of %v, at most %d may be", n, at, o.MaxCell)
		}
	}
	for c := range w.concepts {
		if targets[c] > o.MaxTargets || distractors[c] > o.MaxDistractors || roles[c] > o.MaxRoles {
			t.Fatalf("%s is worn out: %d, %d, %d", w.concepts[c].Label, targets[c], distractors[c], roles[c])
		}
	}
}

func TestSampleDrawsEachOnceAndAllAlike(t *testing.T) {
	const n, k, times = 12, 5, 6000
	counts := make([]int, n)
	r := rand.New(rand.NewPCG(7, 7))
	for range times {
		drawn := sample(r, n, k)
		if len(drawn) != k || len(slices.Compact(slices.Sorted(slices.Values(drawn)))) != k {
			t.Fatalf("drawn %v", drawn)
		}
		for _, i := range drawn {
			counts[i]++
		}
	}
	for i, got := range counts {
		// 2,500 are expected, with a standard deviation of 38.
		if got < 2300 || got > 2700 {
			t.Errorf("%d was drawn %d times of %d", i, got, times)
		}
	}
}
