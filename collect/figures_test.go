package collect_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/akin-vision/akin/collect"
	"github.com/akin-vision/akin/collect/rehearse"
	"github.com/akin-vision/akin/collect/store"
	"github.com/akin-vision/akin/collect/study"
	"github.com/akin-vision/akin/stimuli"
	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
)

// fill writes answers straight into the database: say gives a person's answer to a trial.
func (f *fixture) fill(t testing.TB, people int, say func(person int, trial study.Trial) (response, rt float64)) {
	t.Helper()
	for n := range people {
		e := store.Entry{Secret: newSecret(), Version: 1, Consent: "1", Language: "en", Device: "desktop"}
		var plan []study.Trial
		p, err := f.Store.Enter(t.Context(), e, time.Now(), func(id int, _ []store.Person) (store.Draft, error) {
			plan = f.Study.NewPlan(f.Items, id, make([]int, len(f.Items.List)), make([]bool, len(f.Items.List)))
			return store.Draft{Code: "p" + newSecret()[:10], Completion: "c", Plan: "[]", Trials: len(plan)}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		var answers []store.Answer
		for k, trial := range plan {
			response, rt := say(n, trial)
			shown, err := json.Marshal(trial.Shown)
			if err != nil {
				t.Fatal(err)
			}
			answers = append(answers, store.Answer{Position: k, UID: newSecret(), Kind: string(trial.Kind), Item: trial.Item, Shown: string(shown),
				Response: &response, RT: &rt, Input: "key", Received: time.Now()})
		}
		if _, err := f.Store.Answer(t.Context(), p.ID, answers); err != nil {
			t.Fatal(err)
		}
		if err := f.Store.Finish(t.Context(), p.ID, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
}

// TestKnownMeansComeBack simulates ratings from known means with known noise: the
// means lie in their intervals as often as these promise, and split-half and
// ICC are the reliability that follows from the two variances.
func TestKnownMeansComeBack(t *testing.T) {
	const people, noise = 24, 20.0
	f := open(t, "title = \"t\"\n[sample]\npractice = 2\nrepeats = 8\nchecks = 4\n", 40, "")
	rng := rand.New(rand.NewPCG(7, 7))
	means := make([]float64, len(f.Items.List))
	for i := range means {
		means[i] = 50 + 12*rng.NormFloat64()
	}
	f.fill(t, people, func(_ int, trial study.Trial) (float64, float64) {
		if trial.Item < 0 {
			return 100, 500 // practice and checks must not count
		}
		if trial.Kind == study.Repeat {
			return 0, 500 // nor must repeats
		}
		return means[trial.Item] + noise*rng.NormFloat64(), 500
	})
	status, err := f.Status(t.Context(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	inside := 0
	for i, item := range status.Items {
		if item.Judged != people {
			t.Fatalf("item %s has %d answers, want %d", item.ID, item.Judged, people)
		}
		const t23 = 2.0686576 // R: qt(.975, 23)
		if math.Abs(float64(item.Mean)-means[i]) <= t23*float64(item.SD)/math.Sqrt(people) {
			inside++
		}
	}
	if inside < 70 || inside > 80 { // of 80: 76 expected, 1.9 SD
		t.Errorf("%d of 80 means lie in their 95 %% intervals", inside)
	}
	reliability := variance(means) / (variance(means) + noise*noise/people)
	a := status.All
	if !a.Interval.Contains(reliability) || !a.Interval.Contains(float64(a.SplitHalf)) || !a.Interval.Contains(float64(a.ICC)) {
		t.Errorf("reliability %.3f: split-half %.3f, ICC %.3f, interval %.3f", reliability, a.SplitHalf, a.ICC, a.Interval)
	}
	if math.Abs(float64(a.SplitHalf)-reliability) > 0.03 || math.Abs(float64(a.ICC)-reliability) > 0.03 {
		t.Errorf("split-half %.3f and ICC %.3f are far from %.3f", a.SplitHalf, a.ICC, reliability)
	}
	if a.Answers != 80*people {
		t.Errorf("%d answers count, want %d", a.Answers, 80*people)
	}
}

func variance(values []float64) (v float64) {
	mean := 0.0
	for _, x := range values {
		mean += x / float64(len(values))
	}
	for _, x := range values {
		v += (x - mean) * (x - mean) / float64(len(values)-1)
	}
	return v
}

// TestSignsAndRules lets people answer with care, at random, always the same, and
// too fast.
func TestSignsAndRules(t *testing.T) {
	f := open(t, "title = \"t\"\n[sample]\npractice = 1\nrepeats = 6\nchecks = 4\n[exclude]\nmin_checks = 0.75\nmax_same = 0.9\nmin_median_ms = 300\nmax_repeat_change = 0.2\n", 12, "")
	said := map[int]float64{}
	f.fill(t, 4, func(person int, trial study.Trial) (float64, float64) {
		value := float64(10 + 3*max(trial.Item, 0)%80)
		switch {
		case person == 1:
			return 50, 900
		case trial.Kind == study.Check:
			value = 95
		case person == 2 && trial.Kind == study.Main:
			said[trial.Item] = value
		case person == 2 && trial.Kind == study.Repeat:
			return said[trial.Item] + 30, 900
		}
		if person == 3 {
			return value, 150
		}
		return value, 900
	})
	status, err := f.Status(t.Context(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{nil, {"checks", "same answer"}, {"repeats"}, {"too fast"}}
	for i, p := range status.Persons {
		if diff := cmp.Diff(want[i], p.Excluded); diff != "" {
			t.Errorf("person %d is left out by other rules: %s", i, diff)
		}
	}
	p := status.Persons
	if p[0].Passed != 1 || p[0].Checks != 4 || p[0].Repeats != 6 || p[0].Change != 0 || p[0].MedianMS != 900 || p[1].Same != 1 || p[1].Run != 30 ||
		math.Abs(float64(p[2].Change)-0.3) > 1e-12 || p[3].MedianMS != 150 {
		t.Errorf("the signs are %+v", p)
	}
	if status.People.Excluded != 3 || status.Kept.People != 1 || status.All.People != 4 {
		t.Errorf("left out %d, agreement of %d and of %d", status.People.Excluded, status.Kept.People, status.All.People)
	}
}

// TestExport reads back what is written, as set, CSV and Parquet.
func TestExport(t *testing.T) {
	for _, task := range study.Tasks() {
		t.Run(task, func(t *testing.T) {
			f := open(t, "title = \"t\"\ntask = \""+task+"\"\n[sample]\npractice = 1\nrepeats = 2\nchecks = 1\n[exclude]\nmin_median_ms = 300\n", 4, "")
			f.fill(t, 3, func(person int, trial study.Trial) (float64, float64) {
				rt := []float64{900, 900, 100}[person]
				if task == study.Rating {
					return float64(10*person + max(trial.Item, 0)), rt
				}
				return float64(len(trial.Shown) - 1), rt // the one on the right
			})
			dir := t.TempDir()
			f.writeSet(t, dir)
			e, err := f.Export(t.Context(), dir, collect.ExportOptions{JsPsych: true})
			if err != nil {
				t.Fatal(err)
			}
			read, err := stimuli.Read(os.DirFS(dir), nil, stimuli.Options{})
			if err != nil {
				t.Fatal(err)
			}
			pairs := map[string]int{study.Rating: 1, study.Triplet: 2, study.OddOneOut: 3}[task]
			items := len(f.Items.List)
			if e.Ratings != 2*items*pairs || len(read.Judgements) != e.Ratings || e.Excluded != 1 || e.Trials != 3*(items+4) {
				t.Errorf("exported %+v; the set has %d judgements of %d items", e, len(read.Judgements), items)
			}
			f.checkRatings(t, read)
			if rows := lines(t, dir, collect.TrialsFile); len(rows) != 1+e.Trials || !strings.Contains(rows[len(rows)-1], ",too fast,") {
				t.Errorf("trials.csv has %d lines; its last is %q", len(rows), rows[len(rows)-1])
			}
			parquetRows, err := parquet.ReadFile[struct {
				Rater string  `parquet:"rater"`
				Value float64 `parquet:"value"`
			}](filepath.Join(dir, "ratings.parquet"))
			if err != nil || len(parquetRows) != e.Ratings || parquetRows[0].Value != read.Judgements[0].Value || parquetRows[0].Rater != read.Judgements[0].Rater {
				t.Errorf("ratings.parquet has %d rows, error %v", len(parquetRows), err)
			}
			f.checkAgain(t, dir)
		})
	}
}

// checkRatings compares the set's judgements with what people said.
func (f *fixture) checkRatings(t *testing.T, read *stimuli.Set) {
	t.Helper()
	sums := map[string]float64{}
	for _, j := range read.Judgements {
		sums[j.Rater] += j.Value
	}
	got := map[float64]int{}
	for _, sum := range sums {
		got[sum]++
	}
	n := float64(len(f.Items.List))
	want := map[float64]int{n: 2} // one pair put together in each item
	if f.Study.Task == study.Rating {
		want = map[float64]int{n * (n - 1) / 2: 1, n*(n-1)/2 + 10*n: 1}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the sums of people's ratings differ: %s", diff)
	}
}

// checkAgain exports again, to the same bytes, and stops at a file changed by hand.
func (f *fixture) checkAgain(t *testing.T, dir string) {
	t.Helper()
	before := lines(t, dir, collect.RatingsFile)
	if _, err := f.Export(t.Context(), dir, collect.ExportOptions{}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, lines(t, dir, collect.RatingsFile)); diff != "" {
		t.Errorf("a second export differs: %s", diff)
	}
	mine := filepath.Join(dir, collect.RatingsFile)
	if err := os.WriteFile(mine, []byte("rater,picture_a,picture_b,value\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	var foreign *collect.ForeignFileError
	if _, err := f.Export(t.Context(), dir, collect.ExportOptions{}); !errors.As(err, &foreign) {
		t.Errorf("over ratings of others: %v", err)
	}
	if _, err := f.Export(t.Context(), dir, collect.ExportOptions{Replace: true}); err != nil {
		t.Errorf("with leave to replace them: %v", err)
	}
}

// TestChoicesAreOfThePicturesShown follows one answer of each task by hand.
func TestChoicesAreOfThePicturesShown(t *testing.T) {
	for _, task := range []string{study.Triplet, study.OddOneOut} {
		f := open(t, "title = \"t\"\ntask = \""+task+"\"\n[sample]\npractice = 0\nrepeats = 0\nchecks = 0\n", 8, "")
		f.fill(t, 1, func(_ int, trial study.Trial) (float64, float64) { // always the related picture
			for k, n := range trial.Shown {
				if n == f.Items.List[trial.Item].Pictures[1] {
					return float64(k), 900
				}
			}
			panic("the related picture is not shown")
		})
		dir := t.TempDir()
		if _, err := f.Export(t.Context(), dir, collect.ExportOptions{}); err != nil {
			t.Fatal(err)
		}
		for _, row := range lines(t, dir, collect.ChoicesFile)[1:] {
			cells := strings.Split(row, ",")
			if cells[5] != cells[3] || cells[6] != "related" {
				t.Errorf("%s: the related picture was chosen, the row says %s", task, row)
			}
		}
		status, err := f.Status(t.Context(), time.Now())
		want := map[string]float64{study.Triplet: 1, study.OddOneOut: 0}[task]
		if err != nil || float64(status.Items[0].Mean) != want {
			t.Errorf("%s: the share who side with the set is %v, error %v; want %v", task, status.Items[0].Mean, err, want)
		}
	}
}

func TestARangeThatTheSetRefuses(t *testing.T) {
	f := open(t, "title = \"t\"\n", 4, "")
	f.Set.RatingMin, f.Set.RatingMax = 1, 7
	var outside *collect.RangeError
	if _, err := f.Export(t.Context(), t.TempDir(), collect.ExportOptions{}); !errors.As(err, &outside) {
		t.Errorf("a scale from 0 to 100 in a set from 1 to 7 gives %v", err)
	}
}

func TestAnswersToOtherQuestionsAreRefused(t *testing.T) {
	f := open(t, "title = \"first\"\n", 4, "")
	again := func(toml string, triplets int) error {
		set, _ := madeSet(triplets)
		set.Digest = "what an export into the set changes"
		_, err := collect.Open(t.Context(), readStudy(t, toml), set, f.Store)
		return err
	}
	if err := again("title = \"edited\"\n[scale]\nmax = 50\n", 5); err != nil {
		t.Errorf("before anybody came a change gives %v", err)
	}
	if err := again("title = \"first\"\n", 4); err != nil {
		t.Errorf("before anybody came a change back gives %v", err)
	}
	f.fill(t, 1, func(int, study.Trial) (float64, float64) { return 5, 900 })
	for what, err := range map[string]error{
		"another set":   again("title = \"t\"\n", 5),
		"another task":  again("title = \"t\"\ntask = \"triplet\"\n", 4),
		"another scale": again("title = \"t\"\n[scale]\nmax = 50\n", 4),
	} {
		var other *collect.OtherStudyError
		if !errors.As(err, &other) || other.Title != "first" {
			t.Errorf("%s gives %v", what, err)
		}
	}
	if err := again("title = \"other words\"\n[timing]\nfirst_ms = 500\n", 4); err != nil {
		t.Errorf("the same questions give %v", err)
	}
}

// TestRehearsal sends people of each manner through the real interface.
func TestRehearsal(t *testing.T) {
	f := open(t, "title = \"t\"\n[sample]\npractice = 1\nrepeats = 5\nchecks = 4\n[exclude]\nmin_checks = 0.75\nmax_same = 0.9\n", 15, "").serve(t)
	people := map[rehearse.Manner]int{rehearse.Careful: 12, rehearse.Random: 2, rehearse.Careless: 2}
	r, err := rehearse.Run(t.Context(), f.Collection, f.base, rehearse.Options{People: people, Agreement: 0.5, Seed: 3, AtOnce: 8})
	if err != nil {
		t.Fatal(err)
	}
	status, err := f.Status(t.Context(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if r.Finished != 16 || len(r.Codes) != 16 || status.People.Finished != 16 || status.People.Excluded != 4 {
		t.Errorf("%+v; %+v", r, status.People)
	}
	if !(status.Kept.ICC > status.All.ICC) || status.Kept.ICC < 0.85 { // 12 people of reliability .5 each give .92
		t.Errorf("ICC of all %.3f, without the careless %.3f", status.All.ICC, status.Kept.ICC)
	}
}

// writeSet writes the fixture's set as a folder.
func (f *fixture) writeSet(t testing.TB, dir string) {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("id,target,related,unrelated\n")
	for _, tr := range f.Set.Triplets {
		b.WriteString(strings.Join([]string{tr.ID, tr.Target.Path, tr.Related.Path, tr.Unrelated.Path}, ",") + "\n")
	}
	files := map[string][]byte{"set.toml": []byte("name = \"made\"\n"), "triplets.csv": b.Bytes()}
	for name, file := range f.files {
		files[name] = file.Data
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func lines(t testing.TB, dir, name string) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
}

// BenchmarkExport writes 50,000 answers of 500 people.
func BenchmarkExport(b *testing.B) {
	f := open(b, "title = \"t\"\n[sample]\nraters = 1000\ntrials = 100\npractice = 0\nrepeats = 0\nchecks = 0\n", 100, "")
	rng := rand.New(rand.NewPCG(1, 1))
	f.fill(b, 500, func(_ int, trial study.Trial) (float64, float64) {
		return float64(trial.Item%50 + rng.IntN(50)), 900
	})
	dir := b.TempDir()
	for b.Loop() {
		if e, err := f.Export(b.Context(), dir, collect.ExportOptions{}); err != nil || e.Trials != 50_000 {
			b.Fatalf("%+v, %v", e, err)
		}
	}
}
