package lexicon

import (
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/akin-vision/akin/internal/reference"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// debian is where the package wordnet-base puts its files.
const debian = "/usr/share/wordnet"

// excerpt is the part of WordNet in testdata.
func excerpt(t testing.TB) *WordNet {
	t.Helper()
	w, err := ReadWordNet(os.DirFS("testdata/dict"))
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// installed is all of WordNet 3.0, or a skip.
func installed(t testing.TB) *WordNet {
	t.Helper()
	if _, err := os.Stat(filepath.Join(debian, "data.noun")); err != nil {
		t.Skipf("%v: install wordnet-base", err)
	}
	w, err := ReadWordNet(os.DirFS(debian))
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestAgreesWithNLTK compares with testdata/wordnet.py: over the excerpt
// everywhere, and over all of WordNet, names included, where it is installed.
func TestAgreesWithNLTK(t *testing.T) {
	t.Run("excerpt", func(t *testing.T) { compareWithNLTK(t, excerpt(t), false) })
	t.Run("installed", func(t *testing.T) { compareWithNLTK(t, installed(t), true) })
}

func compareWithNLTK(t *testing.T, w *WordNet, names bool) {
	t.Helper()
	rows := reference.Rows(t, "testdata/wordnet-pairs.csv")
	if len(rows) < 200 {
		t.Fatalf("%d rows, want 200 or more", len(rows))
	}
	type result struct {
		NameA, NameB, Min, Max, Subsumer string
		Path, WuPalmer                   float64
	}
	number := func(cell string) float64 { return reference.Number(t, cell) }
	for _, r := range rows {
		a, b := w.Synset(r[0]), w.Synset(r[1])
		if a == nil || b == nil {
			t.Fatalf("no synset %s or %s", r[0], r[1])
		}
		rel := Relate(a, b)
		got := result{a.Name, b.Name, strconv.Itoa(a.MinDepth()), strconv.Itoa(a.MaxDepth()), rel.Subsumer.WNID(), rel.Path, rel.WuPalmer}
		want := result{r[2], r[3], r[4], r[5], r[6], number(r[7]), number(r[8])}
		if !names {
			got.NameA, got.NameB = want.NameA, want.NameB
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s, %s (-NLTK +akin):\n%s", r[2], r[3], diff)
		}
	}
}

// TestImageNetIDs: every class of ImageNet is a synset of WordNet 3.0, and what
// stands above it is what the list of ImageNet's authors says.
func TestImageNetIDs(t *testing.T) {
	w := installed(t)
	data, err := os.ReadFile("../../shared/imagenet/wordnet-isa.txt")
	if err != nil {
		t.Skip("the list is not at hand: ", err)
	}
	// Three links of the list are its authors' own.
	own := map[string]bool{"n04217882 n06794110": true, "n04217882 n06874185": true, "n00021939 n09229709": true}
	links := 0
	for line := range strings.Lines(string(data)) {
		parent, child, _ := strings.Cut(strings.TrimSpace(line), " ")
		p, c := w.Synset(parent), w.Synset(child)
		if p == nil || c == nil || c.IsA(p) == own[strings.TrimSpace(line)] {
			t.Errorf("%q is not so", line)
		}
		links++
	}
	if links < 1000 {
		t.Errorf("only %d links", links)
	}
}

func TestSenses(t *testing.T) {
	w := excerpt(t)
	dog := w.Synset("n02084071")
	if got := w.Senses("Dog"); len(got) == 0 || got[0] != dog {
		t.Errorf("Dog: %v", got)
	}
	if got := w.Senses("domestic_dog"); len(got) != 1 || got[0] != dog {
		t.Errorf("domestic_dog: %v", got)
	}
	if got := w.Senses("no such word"); got != nil {
		t.Errorf("no such word: %v", got)
	}
	want := []string{"dog", "domestic dog", "Canis familiaris"}
	if diff := cmp.Diff(want, dog.Lemmas); diff != "" {
		t.Error(diff)
	}
	if !strings.HasPrefix(dog.Gloss, "a member of the genus Canis") {
		t.Errorf("gloss %q", dog.Gloss)
	}
	if w.Version != "3.0" || w.Named("dog.n.01") != dog || w.Named("dog.n.99") != nil || w.Named("dog") != nil {
		t.Errorf("version %q, dog.n.01 is %v", w.Version, w.Named("dog.n.01"))
	}
	if above := dog.Hypernyms[0]; w.Kinds(dog) != 1 || w.Kinds(above) <= 1 {
		t.Errorf("%d kinds of dog, %d of %s", w.Kinds(dog), w.Kinds(above), above.Name)
	}
	for _, wnid := range []string{"", "n2084071", "02084071", "v02084071", "n99999999", "n-2084071"} {
		if s := w.Synset(wnid); s != nil {
			t.Errorf("%q is %s", wnid, s.Name)
		}
	}
}

// TestSimilarityLaws: symmetric values in 0..1, and 1 for the synset itself.
func TestSimilarityLaws(t *testing.T) {
	w := excerpt(t)
	var all []*Synset
	for s := range maps.Values(w.byOffset) {
		all = append(all, s)
	}
	pick := rapid.SampledFrom(all)
	rapid.Check(t, func(t *rapid.T) {
		a, b := pick.Draw(t, "a"), pick.Draw(t, "b")
		ab, ba := Relate(a, b), Relate(b, a)
		if ab.Path != ba.Path || ab.Path <= 0 || ab.Path > 1 || (ab.Path == 1) != (a == b) {
			t.Fatalf("path %v, %v", ab.Path, ba.Path)
		}
		if ab.WuPalmer <= 0 || ab.WuPalmer > 1 || math.IsNaN(ab.WuPalmer) {
			t.Fatalf("Wu-Palmer %v", ab.WuPalmer)
		}
		if !a.IsA(ab.Subsumer) || !b.IsA(ab.Subsumer) {
			t.Fatalf("%s does not subsume both", ab.Subsumer.Name)
		}
		m := NewMatrix([]*Synset{a, nil, b})
		if m.Relate(0, 2) != ab || m.Relate(0, 1) != (Relation{}) {
			t.Fatal("the matrix differs")
		}
	})
}

// dict is a tiny dictionary: a beast, and a cat that is one.
const (
	dataNoun = "  1 licence\n" +
		"00000010 03 n 01 beast 0 001 ~ 00000020 n 0000 | an animal  \n" +
		"00000020 03 n 02 cat 0 true_cat 0 001 @ 00000010 n 0000 | it purrs  \n"
	indexNoun = "  1 licence\nbeast n 1 1 ~ 1 0 00000010\ncat n 1 1 @ 1 1 00000020\n"
)

func dict(data, index string) fs.FS {
	return fstest.MapFS{"data.noun": {Data: []byte(data)}, "index.noun": {Data: []byte(index)}}
}

func TestDictFaults(t *testing.T) {
	if _, err := ReadWordNet(dict(dataNoun, indexNoun)); err != nil {
		t.Fatal(err)
	}
	replace := strings.ReplaceAll
	for _, c := range []struct{ name, data, index, want string }{
		{"cut line", "00000010 03 n 01", indexNoun, "data.noun:1: counts 1 entries, the line holds fewer"},
		{"count beyond the line", replace(dataNoun, "beast 0 001", "beast 0 900"), indexNoun, "data.noun:2: counts 900"},
		{"a verb", replace(dataNoun, "03 n 01", "03 v 01"), indexNoun, `data.noun:2: synset type "v"`},
		{"no number", replace(dataNoun, "00000010 03", "x 03"), indexNoun, `data.noun:2: "x" is not a number`},
		{"twice", dataNoun + dataNoun, indexNoun, "data.noun:5: synset 00000010 stands twice"},
		{"no words", replace(dataNoun, "01 beast 0", "00"), indexNoun, "data.noun:2: a synset without words"},
		{"no hypernym", replace(dataNoun, "@ 00000010", "@ 00000011"), indexNoun, "data.noun: n00000020: no hypernym 00000011"},
		{"circle", replace(dataNoun, "~ ", "@ "), indexNoun, "is its own hypernym"},
		{"no synset", dataNoun, replace(indexNoun, "00000020", "00000021"), "index.noun:3: cat: data.noun has no synset 00000021"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ReadWordNet(dict(c.data, c.index))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
	if _, err := ReadWordNet(fstest.MapFS{}); err == nil {
		t.Error("an empty folder is no dictionary")
	}
}

// FuzzWordNet: whatever the files hold, an error or a graph without a circle.
func FuzzWordNet(f *testing.F) {
	f.Add(dataNoun, indexNoun)
	f.Add(strings.ReplaceAll(dataNoun, "~ ", "@ "), indexNoun)
	f.Add("00000010 03 n ffffffff", "cat n 99999999999 1")
	f.Fuzz(func(t *testing.T, data, index string) {
		w, err := ReadWordNet(dict(data, index))
		if err != nil {
			return
		}
		var first *Synset
		for s := range maps.Values(w.byOffset) {
			if first == nil {
				first = s
			}
			if r := Relate(first, s); r.WuPalmer < 0 || r.WuPalmer > 1 {
				t.Errorf("Wu-Palmer %v", r.WuPalmer)
			}
		}
	})
}

func BenchmarkReadWordNet(b *testing.B) {
	installed(b)
	for b.Loop() {
		if _, err := ReadWordNet(os.DirFS(debian)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRelate(b *testing.B) {
	w := installed(b)
	m := NewMatrix([]*Synset{w.Synset("n02084071"), w.Synset("n03482405")})
	for b.Loop() {
		m.Relate(0, 1)
	}
}
