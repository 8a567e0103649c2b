package compose

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/lexicon"
	"github.com/akin-vision/akin/stimuli"
	"github.com/google/go-cmp/cmp"
)

// pictured are the labels of zoo; some pairs among them are near in WordNet,
// bee and honey are associated, and most have nothing to do with one another.
var pictured = []string{"dog", "cat", "jaguar", "guitar", "violin", "bee", "honey", "ship", "wine", "shirt", "nest", "fork", "banana"}

// zoo is a folder of n pictures of each label: stripes in random colours.
func zoo(t testing.TB, n int) fstest.MapFS {
	t.Helper()
	f := fstest.MapFS{}
	r := rand.New(rand.NewPCG(1, 0))
	for _, label := range pictured {
		for i := range n {
			f[fmt.Sprintf("%s/%d.png", label, i)] = &fstest.MapFile{Data: stripes(t, r)}
		}
	}
	return f
}

func stripes(t testing.TB, r *rand.Rand) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 32, 32))
	random := func() color.RGBA { return color.RGBA{uint8(r.IntN(256)), uint8(r.IntN(256)), uint8(r.IntN(256)), 255} }
	colours, dx, dy := [2]color.RGBA{random(), random()}, r.IntN(4), r.IntN(4)
	for y := range 32 {
		for x := range 32 {
			m.Set(x, y, colours[(x*dx+y*dy)/16%2])
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// norms tie the bee to its honey, and rate some others.
var norms = []lexicon.Norm{
	{A: "bee", B: "honey", Value: .4, Max: 1, Kind: lexicon.Association, Source: "USF", Directed: true},
	{A: "dog", B: "cat", Value: 45, Max: 50, Kind: lexicon.Relatedness, Source: "MEN"},
	{A: "cat", B: "jaguar", Value: 10, Max: 50, Kind: lexicon.Relatedness, Source: "MEN"},
}

// configured accepts any likeness, so that few pictures suffice.
func configured(t testing.TB) Config {
	t.Helper()
	return Config{
		Pictures: zoo(t, 3), WordNet: excerpt(t), Norms: norms, Store: feature.NewStore(t.TempDir()),
		Options: Options{Seed: 1, Matched: .01, Unmatched: 1, Middle: [2]float64{.01, 1}}, PerPair: 2,
	}
}

func mustCompose(t testing.TB, c Config) *Composition {
	t.Helper()
	m, err := ComposeFolder(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// related lists the pairs of labels of a set, as "thematic: bee, honey".
func related(m *Composition) map[string]int {
	count := map[string]int{}
	for _, t := range m.Triplets {
		count[t.Relation+": "+m.label(t.Target)+", "+m.label(t.Related)]++
	}
	return count
}

func TestMake(t *testing.T) {
	m := mustCompose(t, configured(t))
	got := related(m)
	if got["thematic: bee, honey"] != 2 { // the cue is the target
		t.Errorf("bee and honey: %v", got)
	}
	if got["taxonomic: guitar, violin"]+got["taxonomic: violin, guitar"] != 2 || got["taxonomic: dog, cat"]+got["taxonomic: cat, dog"] != 2 || len(got) != 3 {
		t.Errorf("pairs: %v", got)
	}
	for _, x := range m.Triplets {
		for _, other := range []int{x.Target, x.Related} {
			if m.lexical.Tied(m.pictures[x.Unrelated].label, m.pictures[other].label) {
				t.Errorf("%s is tied to %s", m.label(x.Unrelated), m.label(other))
			}
		}
	}
	if again := mustCompose(t, configured(t)); cmp.Diff(m.Triplets, again.Triplets) != "" || cmp.Diff(m.Rejected, again.Rejected) != "" {
		t.Error("the same input gives another set")
	}
}

// TestRejected: whatever stays out has its reason.
func TestRejected(t *testing.T) {
	c := configured(t)
	pictures := c.Pictures.(fstest.MapFS)
	pictures["bee/copy.png"] = pictures["bee/0.png"]
	pictures["dog/copy.png"] = pictures["bee/0.png"]
	pictures["dog/broken.png"] = &fstest.MapFile{Data: []byte("no picture")}
	pictures["idea/0.png"] = pictures["bee/0.png"]
	c.Senses = []Sense{{"dodo", "dog.n.01"}}
	got := mustCompose(t, c).Rejected
	for _, want := range []Rejected{
		{"sense", "dodo", "dog.n.01", "no picture has this label"},
		{"label", "idea", "", "no noun of this name that is a physical thing"},
		{"picture", "bee/copy.png", "bee", "is the same picture as bee/0.png"},
		{"picture", "dog/copy.png", "dog", "is the same picture as bee/0.png, which has another label"},
		{"picture", "dog/broken.png", "dog", "cannot be decoded: "},
		{"pair of labels", "cat", "jaguar", "near in WordNet, but not rated related; Wu-Palmer 0.897; MEN 10 of 0..50"},
	} {
		var alike []string
		found := false
		for _, r := range got {
			if r.What == want.What && r.Name == want.Name && r.Other == want.Other {
				alike = append(alike, r.Why)
				found = found || strings.Contains(r.Why, want.Why)
			}
		}
		if !found {
			t.Errorf("%s %s, %s: reasons %q, want %q", want.What, want.Name, want.Other, alike, want.Why)
		}
	}
}

func TestPerLabel(t *testing.T) {
	c := configured(t)
	c.PerLabel = 1
	m := mustCompose(t, c)
	if len(m.pictures) != len(pictured) {
		t.Errorf("%d pictures of %d labels", len(m.pictures), len(pictured))
	}
	if got := related(m)["thematic: bee, honey"]; got != 1 {
		t.Errorf("one picture each makes %d triplets of bee and honey", got)
	}
}

// A dictionary of another version gives WordNet ids another meaning.
func TestVersion(t *testing.T) {
	c := configured(t)
	c.Pictures.(fstest.MapFS)["n02084071/0.png"] = &fstest.MapFile{}
	c.WordNet.Version = "3.1"
	if _, err := ComposeFolder(context.Background(), c); err == nil || !strings.Contains(err.Error(), `ids of WordNet 3.0, the dictionary says it is version "3.1"`) {
		t.Errorf("error %v", err)
	}
}

func TestNegativeCounts(t *testing.T) {
	for want, change := range map[string]func(*Config){
		"pictures of a label is -1":              func(c *Config) { c.PerLabel = -1 },
		"triplets of a pair of labels is -2":     func(c *Config) { c.PerPair = -2 },
		"pairs of a label is -3":                 func(c *Config) { c.PairsPerLabel = -3 },
		"number of triplets is -4":               func(c *Config) { c.Options.Triplets = -4 },
		"uses of a picture is -5":                func(c *Config) { c.Options.MaxRoles = -5 },
		"uses of a picture is -6; use 0 or more": func(c *Config) { c.Options.MaxTargets = -6 },
	} {
		var c Config
		change(&c)
		if _, err := ComposeFolder(context.Background(), c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestNothing(t *testing.T) {
	for _, c := range []struct {
		name   string
		labels []string
		want   []string
	}{
		{"nothing is related", []string{"ship", "wine", "idea"},
			[]string{"2 labels and no triplet: no pair of pictures is related", `label "idea": WordNet knows no noun`}},
		{"nothing is unrelated", []string{"dog", "cat"},
			[]string{"1 related pair of pictures, each dropped or without", "without a distractor: ", "tied"}},
		{"many reasons", []string{"idea", "yeti", "dodo", "moa", "roc"},
			[]string{`label "dodo"`, `label "idea"`, `label "moa"`, "and 2 more of the kind label"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := configured(t)
			all, few := config.Pictures.(fstest.MapFS), fstest.MapFS{}
			for i, label := range c.labels {
				few[label+"/0.png"] = all[pictured[i]+"/0.png"]
			}
			config.Pictures = few
			m, err := ComposeFolder(context.Background(), config)
			var nothing *NothingError
			if !errors.As(err, &nothing) || m != nil {
				t.Fatalf("%v, error %v", m, err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error lacks %q:\n%v", want, err)
				}
			}
		})
	}
}

// TestBalanced: the set says how well appearance solves it, with and without balance.
func TestBalanced(t *testing.T) {
	c := configured(t)
	c.Options.Balance = true
	m := mustCompose(t, c)
	for _, all := range [][]BaselineError{m.Appearance, m.Unbalanced} {
		if len(all) < 3 || all[0].Baseline != "edges" || all[0].Relation+all[0].Distractor != "" {
			t.Fatalf("solved: %+v", all)
		}
		for _, s := range all {
			if s.Error < 0 || s.Error > 1 || s.Triplets == 0 || s.Interval.Low > s.Error || s.Interval.High < s.Error {
				t.Errorf("solved: %+v", s)
			}
		}
	}
	if m.Appearance[0].Triplets != len(m.Triplets) {
		t.Errorf("solved %d of %d triplets", m.Appearance[0].Triplets, len(m.Triplets))
	}
	if text := string(mustTOML(t, m)); !strings.Contains(text, "distractors = ['balanced']") {
		t.Errorf("set.toml does not declare its kind:\n%s", text)
	}
}

func mustTOML(t *testing.T, m *Composition) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "set")
	if err := m.Write(out); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(out, "set.toml"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestWrite(t *testing.T) {
	m := mustCompose(t, configured(t))
	out := filepath.Join(t.TempDir(), "deep", "set")
	for range 2 { // the second replaces the first
		if err := m.Write(out); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(out)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	want := []string{"compose-report.csv", "pictures", "pictures.csv", "review.html", "senses.csv", "set.toml", "triplets.csv"}
	if diff := cmp.Diff(want, names); diff != "" || err != nil {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
	if beside, _ := os.ReadDir(filepath.Dir(out)); len(beside) != 1 {
		t.Errorf("left beside the set: %v", beside)
	}
	set, err := stimuli.Read(os.DirFS(out), nil, stimuli.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if set.Name != "set" || len(set.Triplets) != len(m.Triplets) || len(set.Pictures) != len(m.used()) {
		t.Errorf("%q has %d triplets of %d, %d pictures", set.Name, len(set.Triplets), len(m.Triplets), len(set.Pictures))
	}
	senses, err := ReadSenses(os.DirFS(out), sensesFile)
	if err != nil || len(senses) != len(pictured) {
		t.Errorf("senses.csv reads %v, error %v", senses, err)
	}
	labelled, err := readLabelled(os.DirFS(out))
	if err != nil || len(labelled) != len(m.used()) {
		t.Errorf("pictures.csv labels %d pictures, error %v", len(labelled), err)
	}
}

// TestWriteKeepsWhatItDidNotMake: another folder, a file, and a set to which a
// review was added stay as they are, and nothing is left beside them.
func TestWriteKeepsWhatItDidNotMake(t *testing.T) {
	m := mustCompose(t, configured(t))
	for _, c := range []struct {
		name, want string
		exists     bool // the error is errExists
		files      []string
	}{
		{"another folder", "name another folder", true, []string{"set/notes.txt"}},
		{"a review in the set", "holds review.csv, which is no part of a set that akin made", false, []string{"set/compose-report.csv", "set/review.csv"}},
		{"a file", "not a directory", false, []string{"set"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			for _, name := range c.files {
				if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, name), []byte("mine"), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			err := m.Write(filepath.Join(dir, "set"))
			if err == nil || !strings.Contains(err.Error(), c.want) || errors.Is(err, errExists) != c.exists {
				t.Errorf("error %v, want %q", err, c.want)
			}
			for _, name := range c.files {
				if data, err := os.ReadFile(filepath.Join(dir, name)); string(data) != "mine" {
					t.Errorf("%s holds %q, error %v", name, data, err)
				}
			}
			if all, _ := os.ReadDir(dir); len(all) != 1 {
				t.Errorf("left: %v", all)
			}
		})
	}
}

// TestWriteIsWhole: where a picture cannot be written, the earlier set stays.
func TestWriteIsWhole(t *testing.T) {
	c := configured(t)
	m := mustCompose(t, c)
	out := filepath.Join(t.TempDir(), "set")
	if err := m.Write(out); err != nil {
		t.Fatal(err)
	}
	first := &m.pictures[m.Triplets[0].Target]
	pictures, data := c.Pictures.(fstest.MapFS), c.Pictures.(fstest.MapFS)[first.path]
	for _, path := range []string{"gone.png", strings.Repeat("too long for a file's name ", 20)} {
		if path != "gone.png" {
			pictures[path] = data
		}
		first.path = path
		if err := m.Write(out); err == nil {
			t.Errorf("%s is written without an error", path)
		}
	}
	if _, err := stimuli.Read(os.DirFS(out), nil, stimuli.Options{}); err != nil {
		t.Errorf("the earlier set is harmed: %v", err)
	}
	if beside, _ := os.ReadDir(filepath.Dir(out)); len(beside) != 1 {
		t.Errorf("left beside the set: %v", beside)
	}
}

func TestIDsAreUnique(t *testing.T) {
	seen, unique := map[string]int{}, map[string]bool{}
	for _, parts := range [][]string{{"dog", "Cat"}, {"dog", "cat 2"}, {"dog", "cat"}, {"dog cat"}, {"dog", "cat 2"}} {
		unique[id(seen, parts...)] = true
	}
	if len(unique) != 5 {
		t.Errorf("5 triplets have the ids %v", unique)
	}
}
