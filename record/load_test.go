package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/imagenet"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// smallRun is a run of two models over eight triplets, with ratings,
// judgements and a tag that is named like one of akin's columns.
func smallRun() *Run {
	set := &stimuli.Set{Name: "small", TagNames: []string{"margin", "hue"}}
	for i := range 24 {
		set.Pictures = append(set.Pictures, &stimuli.Picture{Path: string(rune('a'+i)) + ".png", Label: "label, \"quoted\"", Hash: stimuli.Hash{byte(i)}})
	}
	for i := range 8 {
		set.Triplets = append(set.Triplets, stimuli.Triplet{
			ID: string(rune('A' + i)), Target: set.Pictures[3*i], Related: set.Pictures[3*i+1], Unrelated: set.Pictures[3*i+2],
			RatingRelated: 5 + float64(i)/3, RatingUnrelated: math.NaN(),
			Relation: []string{stimuli.Taxonomic, stimuli.Thematic}[i%2], Distractor: stimuli.RandomChoice,
			Tags: map[string]string{"margin": "wide", "hue": "red\nblue"},
		})
	}
	for _, rater := range []string{"r1", "r2"} {
		set.Judgements = append(set.Judgements, stimuli.Judgement{Rater: rater, A: set.Pictures[0], B: set.Pictures[1], Scale: "1-7", Value: 4.5})
	}
	r := &Run{Akin: "test", Set: SetInfo{Name: "small", Triplets: 8}, Settings: Settings{Similarity: match.Cosine, Level: 0.95, Credit: match.HalfCredit}, Stimuli: set}
	for k, name := range []string{"first-of-two-long-names", "second-of-two-long-names"} {
		m := Model{Card: model.Card{Name: name, Kind: model.Trained}, Hash: "ff", Node: "features"}
		for i := range set.Triplets {
			m.Choices = append(m.Choices, match.Choice{Triplet: &set.Triplets[i], Related: 1 / float64(i+2+k), Unrelated: 1 / float64(4+i%3)})
		}
		r.Models = append(r.Models, m)
	}
	r.Models[1].Posteriors = map[stimuli.Hash][]classify.Guess{}
	for _, p := range set.Pictures[:3] {
		r.Models[1].Posteriors[p.Hash] = []classify.Guess{{Class: 483, WNID: "n02980441", Name: "castle", Probability: 2. / 3}, {Class: 698, WNID: "n03877845", Name: "palace", Probability: 1. / 7}}
	}
	r.Failures = []FailureTable{smallFailures(r.Models[1].Name)}
	return r
}

func smallFailures(model string) FailureTable {
	castle := classify.Guess{Class: 483, WNID: "n02980441", Name: "castle", Probability: .0019}
	palace := classify.Guess{Class: 698, WNID: "n03877845", Name: "palace", Probability: .9}
	return FailureTable{
		Model: model, Hash: "ff", Pictures: 200, Failed: 31, Thumbnails: map[string][]byte{"keep.jpg": {0xff, 0xd8, 0}},
		Failures: []classify.Failure{{
			Prediction: classify.Prediction{Path: "keep.jpg", Truth: castle, Rank: 18, Top: []classify.Guess{palace}},
			Relation:   &imagenet.Relation{Path: .25, WuPalmer: .75, LCS: "n02913152", LCSName: "building", LCSDepth: 7, Height: 3}, Surprise: 3.1,
		}},
	}
}

// write puts a run's record, but for its page, into a folder.
func write(t *testing.T, r *Run) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "run")
	r.Files = map[string]string{}
	if err := r.update(dir, r.record()); err != nil {
		t.Fatal(err)
	}
	return dir
}

func analysed(t *testing.T, r *Run) Statistics {
	t.Helper()
	s, err := Analyse(r, stats.Options{Resamples: 19, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func summarised(t *testing.T, r *Run) []ModelSummary {
	t.Helper()
	return Summarise(r, analysed(t, r)).Models
}

// forge gives a record whose files were changed the hashes of what they hold now.
func forge(t *testing.T, dir string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, RunFile))
	r := &Run{}
	if err = errors.Join(err, json.Unmarshal(data, r)); err != nil {
		t.Fatal(err)
	}
	for name := range r.Files {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		r.Files[name] = digest(content)
	}
	if data, err = r.sealed(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, RunFile), data, 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestLoadReadsWhatWriteWrote(t *testing.T) {
	r := smallRun()
	got, err := Load(write(t, r))
	if err != nil {
		t.Fatal(err)
	}
	ignore := cmp.Options{
		cmpopts.EquateNaNs(),
		cmpopts.IgnoreFields(stimuli.Set{}, "TagNames", "RatingMin", "RatingMax"),
		cmpopts.IgnoreFields(stimuli.Triplet{}, "Tags", "Line"), cmpopts.IgnoreFields(stimuli.Picture{}, "Named"),
	}
	if diff := cmp.Diff(r, got, ignore); diff != "" {
		t.Errorf("the record read back differs (-written +read):\n%s", diff)
	}
	if diff := cmp.Diff(summarised(t, r), summarised(t, got)); diff != "" {
		t.Errorf("its summary differs:\n%s", diff)
	}
}

func TestLoadNamesWhatIsDamaged(t *testing.T) {
	cases := []struct{ name, file, old, new, want string }{
		{"a number", choicesFile, ",0.5,", ",half,", "choices.csv:2: "},
		{"a model", choicesFile, "second-of-two-long-names,A", "third,A", `choices.csv:18: model "third" does not stand in run.json`},
		{"an order", choicesFile, "second-of-two-long-names,A,", "second-of-two-long-names,B,", `choices.csv:18: triplet "B" of model "second-of-two-long-names" is out of the first model's order`},
		{"a picture", picturesFile, "c.png", "z.png", `choices.csv:2: picture "c.png" does not stand in pictures.csv`},
		{"a hash", picturesFile, strings.Repeat("0", 64), "0", `pictures.csv:2: "0" is no SHA-256`},
		{"a column", choicesFile, "cosine_related", "cosine", `choices.csv:1: column "cosine_related" is missing`},
		{"the record", RunFile, "{", "", "run.json: "},
		{"a rank", posteriorsFile, "a.png,2,", "a.png,3,", `posteriors.csv:3: rank 3 of picture "a.png" is out of order`},
		{"a classifier", posteriorsFile, "second-of-two-long-names,a.png,1,", "third,a.png,1,", `posteriors.csv:2: model "third" does not stand in run.json`},
		{"a class", posteriorsFile, ",483,", ",castle,", "posteriors.csv:2: "},
		{"the failures", failuresFile, "[", "", "failures.json: "},
		{"whose failures", failuresFile, "second-of-two-long-names", "third", `failures.json: model "third" does not stand in run.json`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := write(t, smallRun())
			file := filepath.Join(dir, c.file)
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			damaged := strings.Replace(string(data), c.old, c.new, 1)
			if damaged == string(data) {
				t.Fatalf("%s does not hold %q", c.file, c.old)
			}
			if err := os.WriteFile(file, []byte(damaged), 0o666); err != nil {
				t.Fatal(err)
			}
			if c.file != RunFile {
				want := &ChangedError{file, "was changed after the run: its SHA-256 is not the one in run.json"}
				if _, err := Load(dir); err == nil || err.Error() != want.Error() {
					t.Errorf("error %v, want %v", err, want)
				}
				forge(t, dir)
			}
			if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
	if _, err := Load(t.TempDir()); err == nil || !strings.Contains(err.Error(), "holds no run") {
		t.Errorf("an empty folder gives %v", err)
	}
}

// TestWriteRemovesWhatAnEarlierRunLeft writes a run without classes over one
// with them.
func TestWriteRemovesWhatAnEarlierRunLeft(t *testing.T) {
	classified, run := smallRun(), smallRun()
	dir := t.TempDir()
	run.Failures = nil
	for i := range run.Models {
		run.Models[i].Posteriors = nil
	}
	for _, step := range []struct {
		run  *Run
		want bool
	}{{classified, true}, {run, false}} {
		if err := step.run.Write(dir, analysed(t, step.run)); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{posteriorsFile, failuresFile} {
			if _, err := os.Stat(filepath.Join(dir, name)); (err == nil) != step.want {
				t.Errorf("%s: there %v, want %v (%v)", name, err == nil, step.want, err)
			}
		}
	}
}

func TestKeepFailuresReplacesTheTableOfItsModel(t *testing.T) {
	r := smallRun()
	dir := write(t, r)
	first, second := smallFailures(r.Models[0].Name), smallFailures(r.Models[1].Name)
	second.Pictures = 300
	for _, table := range []FailureTable{second, first} {
		if err := KeepFailures(dir, table); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]FailureTable{first, second}, got.Failures); diff != "" {
		t.Errorf("the record holds (-want +got):\n%s", diff)
	}
	first.Hash = "aa"
	if err := KeepFailures(dir, first); err == nil || !strings.Contains(err.Error(), "another network of that name") {
		t.Errorf("another graph's failures give %v", err)
	}
	if err := KeepFailures(dir, smallFailures("third")); err == nil || !strings.Contains(err.Error(), "has no model third") {
		t.Errorf("a stranger's failures give %v", err)
	}
}

func TestWriteLeavesOtherFoldersAlone(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "thesis.txt"), []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{"beforehand": Writable(dir), "on writing": smallRun().Write(dir, analysed(t, smallRun()))} {
		if err == nil || !strings.Contains(err.Error(), "holds other files") {
			t.Errorf("%s: error %v, want the folder refused", name, err)
		}
	}
	own := filepath.Join(dir, "own")
	if err := smallRun().Write(own, analysed(t, smallRun())); err != nil {
		t.Fatal(err)
	}
	killed := t.TempDir() // as an earlier version left it
	for _, file := range []string{"choices.csv", "models.csv", "summary.json", "statistics.json.tmp"} {
		if err := os.WriteFile(filepath.Join(killed, file), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, dir := range []string{own, killed, filepath.Join(dir, "new"), t.TempDir()} {
		if err := Writable(dir); err != nil {
			t.Error(err)
		}
	}
}

// TestSummaryCountsChoices counts them again by hand.
func TestSummaryCountsChoices(t *testing.T) {
	r := smallRun()
	for i := range r.Stimuli.Triplets { // a relation of its own, and one that is not known
		r.Stimuli.Triplets[i].Relation = []string{"", "thematic", "thematic", "taxonomic"}[i%4]
	}
	r.Models[0].Choices[1].Related = r.Models[0].Choices[1].Unrelated
	for i, m := range summarised(t, r) {
		figures := map[string]Figures{"": m.Figures, "random": m.ByDistractor[stimuli.RandomChoice],
			"thematic": m.ByRelation["thematic"], "taxonomic": m.ByRelation["taxonomic"]}
		if len(m.ByRelation) != 2 || len(m.ByDistractor) != 1 {
			t.Errorf("%s: %d relations and %d distractors, want 2 and 1", m.Name, len(m.ByRelation), len(m.ByDistractor))
		}
		for level, got := range figures {
			triplets, wrong, ties, pairs := 0, 0, 0, 0.0
			var of []match.Choice
			for _, c := range r.Models[i].Choices {
				if level != "" && c.Triplet.Relation != level && c.Triplet.Distractor != level {
					continue
				}
				of = append(of, c)
				triplets++
				switch {
				case c.Related == c.Unrelated:
					ties++
				case c.Related < c.Unrelated:
					wrong++
				}
			}
			for _, a := range of {
				for _, b := range of {
					switch {
					case a.Related > b.Unrelated:
						pairs++
					case a.Related == b.Unrelated:
						pairs += 0.5
					}
				}
			}
			n := float64(triplets)
			want := Figures{Triplets: triplets, Ties: ties, MatchingError: (float64(wrong) + float64(ties)/2) / n, AUC: pairs / (n * n),
				MatchingErrorCI: exactInterval(float64(wrong), float64(ties), n), PChance: stats.Number(stats.BinomialTwoSided(wrong, triplets-ties, .5))}
			if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
				t.Errorf("%s, %q (-want +got):\n%s", m.Name, level, diff)
			}
		}
	}
}

// exactInterval is Clopper and Pearson's of triplets that share no picture, at as
// many whole outcomes as vary as much as these with ties.
func exactInterval(wrong, ties, n float64) stats.Interval {
	p := (wrong + ties/2) / n
	units := n
	if squares := wrong*(1-p)*(1-p) + ties*(0.5-p)*(0.5-p) + (n-wrong-ties)*p*p; squares > 0 {
		units = p * (1 - p) * n * n / squares
	}
	return stats.ClopperPearson(p*units, units, 0.95)
}

// A model that finds all pictures equal has no test against chance, and yet a record.
func TestAllTiesAreWritten(t *testing.T) {
	r := smallRun()
	for i := range r.Models[0].Choices {
		r.Models[0].Choices[i].Related = r.Models[0].Choices[i].Unrelated
	}
	dir := t.TempDir()
	if err := r.Write(dir, analysed(t, r)); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "summary.json"))
	if err != nil || !strings.Contains(string(data), `"p_chance": null`) {
		t.Errorf("summary.json (%v) has no null p-value:\n%s", err, data)
	}
}

// TestAnalyse checks that the run's data reach the statistics, and that a pair
// can be looked at alone.
func TestAnalyse(t *testing.T) {
	r := smallRun()
	s, err := Analyse(r, stats.Options{Resamples: 200, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Comparison.Pairs) != 1 || s.Axes.Relation == nil {
		t.Errorf("%d pairs, relation %v", len(s.Comparison.Pairs), s.Axes.Relation)
	}
	again, err := Analyse(smallRun(), stats.Options{Resamples: 200, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	var a, b bytes.Buffer
	if err := errors.Join(asJSON(s)(&a), asJSON(again)(&b)); err != nil {
		t.Fatal(err)
	}
	if a.String() != b.String() {
		t.Error("one run and seed give two statistics")
	}
	s.Keep("second-of-two-long-names", "second-of-two-long-names")
	if len(s.Comparison.Models) != 1 || len(s.Comparison.Pairs) != 0 || len(s.Axes.Relation.Cells) != 2 {
		t.Errorf("kept %d models, %d pairs, %d cells", len(s.Comparison.Models), len(s.Comparison.Pairs), len(s.Axes.Relation.Cells))
	}
}
