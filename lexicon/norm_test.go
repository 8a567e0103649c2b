package lexicon

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/akin-vision/akin/stimuli"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// read reads one file, with or without a layout beside it.
func read(name, text, layout string) ([]Norm, error) {
	folder := fstest.MapFS{name: {Data: []byte(text)}}
	if layout != "" {
		folder[strings.TrimSuffix(name, filepath.Ext(name))+".toml"] = &fstest.MapFile{Data: []byte(layout)}
	}
	return readNormFile(folder, name)
}

// TestPublishedFiles: each layout as its authors publish it, with made-up figures.
func TestPublishedFiles(t *testing.T) {
	norm := func(a, b string, value, low, high float64, kind Kind, source string, directed bool, line int) Norm {
		return Norm{A: a, B: b, Value: value, Min: low, Max: high, Kind: kind, Source: source, Directed: directed, Line: line}
	}
	for _, c := range []struct {
		file, text string
		want       []Norm
	}{
		{"EN-MEN-TR-3k.txt", "Sun\tsunlight\t50.0\n", []Norm{norm("sun", "sunlight", 50, 0, 50, Relatedness, "MEN", false, 1)}},
		{"MEN_dataset_natural_form_full", "cat dog 42.5\n\nbee fly 3\n", []Norm{
			norm("cat", "dog", 42.5, 0, 50, Relatedness, "MEN", false, 1), norm("bee", "fly", 3, 0, 50, Relatedness, "MEN", false, 3)}},
		{"combined.csv", "Word 1,Word 2,Human (mean)\nlove,sex,6.77\n", []Norm{norm("love", "sex", 6.77, 0, 10, Relatedness, "WordSim-353", false, 2)}},
		{"EN-WS-353-SIM.txt", "tiger\tcat\t7.35\r\n", []Norm{norm("tiger", "cat", 7.35, 0, 10, Similarity, "WordSim-353", false, 1)}},
		{"wordsim_relatedness_goldstandard.txt", "a\tb\t1\n", []Norm{norm("a", "b", 1, 0, 10, Relatedness, "WordSim-353", false, 1)}},
		{"SimLex-999.txt", "word1\tword2\tPOS\tSimLex999\tconc(w1)\tconc(w2)\tconcQ\tAssoc(USF)\tSimAssoc333\tSD(SimLex)\nold\tnew\tA\t1.58\t2\t2\t2\t7.25\t1\t.4\n",
			[]Norm{norm("old", "new", 1.58, 0, 10, Similarity, "SimLex-999", false, 2), norm("old", "new", 7.25, 0, 10, Association, "USF in SimLex-999", true, 2)}},
		{"mturk-771.csv", "access,gateway,3.79\n", []Norm{norm("access", "gateway", 3.79, 1, 5, Relatedness, "MTurk-771", false, 1)}},
		{"rg65.csv", "gem;jewel;3.94\n", []Norm{norm("gem", "jewel", 3.94, 0, 4, Similarity, "RG-65", false, 1)}},
		{"usf.csv", "CUE, TARGET, NORMED?, #G, #P, FSG\nABDOMEN, STOMACH, YES, 152, 75, .493\n", []Norm{norm("abdomen", "stomach", .493, 0, 1, Association, "USF", true, 2)}},
		{"strength.SWOW-EN.R123.csv", "cue\tresponse\tR123\tN\tR123.Strength\nbee\thoney\t90\t300\t0.3\nbee\t6\"\t1\t300\t.003\n",
			[]Norm{norm("bee", "honey", .3, 0, 1, Association, "SWOW R123", true, 2), norm("bee", `6"`, .003, 0, 1, Association, "SWOW R123", true, 3)}},
		{"brysbaert.txt", "Word\tBigram\tConc.M\tConc.SD\nroadsweeper\t0\t4.85\t.37\n", []Norm{norm("roadsweeper", "", 4.85, 1, 5, Concreteness, "Brysbaert", false, 2)}},
	} {
		t.Run(c.file, func(t *testing.T) {
			got, err := read(c.file, c.text, "")
			for i := range c.want {
				c.want[i].File = c.file
			}
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

const myLayout = "source = 'Mine'\nkind = 'relatedness'\na = 'first'\nb = 'second'\nvalue = 'mean'\nmin = 1\nmax = 7\n"

func TestLayoutBesideTheTable(t *testing.T) {
	got, err := read("my.csv", "mean,second,first\n4,ice_cream,Cup\nNA,a,b\n", myLayout)
	want := []Norm{{A: "cup", B: "ice cream", Value: 4, Min: 1, Max: 7, Kind: Relatedness, Source: "Mine", File: "my.csv", Line: 2}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Fatalf("%v (-want +got):\n%s", err, diff)
	}
	if share := got[0].Share(); share != .5 {
		t.Errorf("share %v, want .5", share)
	}
	if s := got[0].String(); s != "Mine 4 of 1..7" {
		t.Errorf("written %q", s)
	}
	for _, c := range []struct{ from, to, want string }{
		{"relatedness", "smell", `my.toml: kind "smell" is unknown`},
		{"max = 7", "max = 1", "the scale min 1 to max 1 is empty"},
		{"max = 7", "max = nan", "is empty"},
		{"b = 'second'\n", "", "needs the columns a, b and value"},
		{"source = 'Mine'\n", "", "needs a source"},
		{"min", "minimum", "my.toml:"},
		{"'mean'", "'median'", `my.csv:1: column "median" is missing`},
		{"'mean'", "'9'", "my.csv:2: has 3 columns, needs 9"},
	} {
		if _, err := read("my.csv", "mean,second,first\n4,b,a\n", strings.Replace(myLayout, c.from, c.to, 1)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q for %q: error %v, want %q", c.to, c.from, err, c.want)
		}
	}
}

// TestFaultsComeTogether: every bad line of a table is named at once.
func TestFaultsComeTogether(t *testing.T) {
	_, err := read("men.txt", "sun\tsunlight\t50\nsun\tmoon\t51\n\tmoon\t1\nsun\tmoon\tmany\nsun\tmoon\nsun\tmoon\tNaN\n", "")
	var problems stimuli.Problems
	if !errors.As(err, &problems) {
		t.Fatal(err)
	}
	want := "men.txt:2: 51 is outside the scale 0 to 50 of MEN\nmen.txt:3: a word is empty\nmen.txt:4: value \"many\" is not a number\n" +
		"men.txt:5: has 2 columns, needs 3\nmen.txt:6: value \"NaN\" is not a number"
	if diff := cmp.Diff(want, problems.Error()); diff != "" {
		t.Error(diff)
	}
	if _, err := read("men.csv", "a,b,\"1\n", ""); !errors.As(err, &problems) || problems[0].Line != 1 {
		t.Errorf("an open quote: %v", err)
	}
	for _, name := range []string{"segment.txt", "omen.txt", "men2x4.png"} {
		if _, err := read(name, "a b c d\n", ""); !errors.Is(err, errUnknownLayout) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNorms(t *testing.T) {
	f := func(source string, kind Kind, a, b string, value float64) Norm {
		return Norm{A: a, B: b, Value: value, Max: 10, Kind: kind, Source: source, Directed: kind == Association}
	}
	n := NewNorms([]Norm{
		f("X", Relatedness, "cup", "tea", 9), f("X", Relatedness, "tea", "cup", 9), f("Y", Relatedness, "tea", "cup", 4),
		f("Z", Association, "cup", "tea", 5), f("Z", Association, "tea", "cup", 5), f("C", Concreteness, "tea", "", 5),
	})
	got := n.Pair("Tea", "cup")
	if len(got) != 4 {
		t.Errorf("%d figures, want X once, Y, and Z both ways: %v", len(got), got)
	}
	if gap := Conflict(got); math.Abs(gap-.5) > 1e-12 {
		t.Errorf("conflict %v, want .5", gap)
	}
	if diff := cmp.Diff([][2]string{{"cup", "tea"}}, n.Pairs()); diff != "" {
		t.Error(diff)
	}
	if c := n.Concreteness("tea"); len(c) != 1 || c[0].Value != 5 {
		t.Errorf("concreteness %v", c)
	}
}

// TestDevelopmentFolder reads every file there whole.
func TestDevelopmentFolder(t *testing.T) {
	const folder = "../../shared/norms"
	if _, err := os.Stat(folder); err != nil {
		t.Skip("the norms are not at hand: ", err)
	}
	norms, skipped, err := ReadNorms(folder)
	if err != nil || len(skipped) > 0 {
		t.Fatal(skipped, err)
	}
	count := map[string]int{}
	for _, n := range norms {
		count[n.Source+" "+string(n.Kind)]++
	}
	want := map[string]int{
		"MEN relatedness": 3000, "WordSim-353 relatedness": 353 + 252, "WordSim-353 similarity": 203, "SimLex-999 similarity": 999,
		"USF in SimLex-999 association": 999, "MTurk-771 relatedness": 771, "RG-65 similarity": 65, "USF association": 45777, "Brysbaert concreteness": 37058,
	}
	if diff := cmp.Diff(want, count); diff != "" {
		t.Error(diff)
	}
}

func TestReadNorms(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"men.txt": "a b 1\n", "notes.txt": "hello\n", "picture.png": "x"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	notes := filepath.Join(dir, "notes.txt")
	norms, skipped, err := ReadNorms(dir)
	if err != nil || len(norms) != 1 || len(skipped) != 1 || skipped[0] != notes {
		t.Errorf("%v, skipped %v, %v", norms, skipped, err)
	}
	if _, _, err := ReadNorms(notes, filepath.Join(dir, "absent")); !errors.Is(err, errUnknownLayout) || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("both faults are wanted: %v", err)
	}
}

// TestShares: whatever figure is accepted lies on its scale.
func TestShares(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`(a [bc] -?[0-9]{1,3}(\.5)?\n){1,5}`).Draw(t, "table")
		norms, _ := read("men.txt", text, "")
		for _, n := range norms {
			if s := n.Share(); s < 0 || s > 1 {
				t.Fatalf("%v has the share %v", n, s)
			}
		}
	})
}

// FuzzNormFile: whatever a table and its layout hold, faults or sound figures.
func FuzzNormFile(f *testing.F) {
	f.Add("men.txt", "sun\tmoon\t3\n", "")
	f.Add("SimLex-999.txt", "word1\tword2\tSimLex999\tAssoc(USF)\na\tb\t1\t2\n", "")
	f.Add("my.csv", "mean,second,first\n4,b,a\n", myLayout)
	f.Add("x.csv", "1;\"2\n3", "a='1'\nb='2'\nvalue='99999999999999999999'\nmin=-inf\nmax=1\nkind='similarity'\nsource='s'")
	f.Fuzz(func(t *testing.T, name, text, layout string) {
		if name == "" || strings.ContainsAny(name, "/\x00") {
			return
		}
		norms, err := read(name, text, layout)
		for _, n := range norms {
			if s := n.Share(); err != nil || !(s >= 0 && s <= 1) {
				t.Errorf("%+v, share %v, %v", n, s, err)
			}
		}
	})
}

// TestNormBombs: what no table of norms has is refused, in bounded memory.
func TestNormBombs(t *testing.T) {
	const card = "kind = 'similarity'\na = '1'\nb = '2'\nvalue = '3'\nmin = 0\nmax = 1\nsource = 's'\n"
	for name, c := range map[string]struct{ table, card, want string }{
		"a line without end": {strings.Repeat("a", maxLine+1), card, "a line of more than"},
		"many cells":         {strings.Repeat(strings.Repeat("a\t", 50_000)+"\n", 401), card, "cells so far"},
		"a card of 2 MB":     {"a b 1\n", card + "#" + strings.Repeat("x", 2<<20), "the limit is"},
		"faults without end": {strings.Repeat("a\tb\tc\n", 5000), card, "n.txt"},
	} {
		_, err := readNormFile(fstest.MapFS{"n.txt": {Data: []byte(c.table)}, "n.toml": {Data: []byte(c.card)}}, "n.txt")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
		var problems stimuli.Problems
		if errors.As(err, &problems) && len(problems) > mostProblems {
			t.Errorf("%s: %d problems", name, len(problems))
		}
	}
}
