package imagenet

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/akin-vision/akin/internal/reference"
	"github.com/google/go-cmp/cmp"
)

// TestRelateAsNLTK compares with NLTK on the whole of WordNet 3.0; hierarchy.py
// made the values.
func TestRelateAsNLTK(t *testing.T) {
	for _, row := range reference.Rows(t, "testdata/hierarchy.csv") {
		got, ok := WordNet().Relate(row[0], row[1])
		back, _ := WordNet().Relate(row[1], row[0])
		if !ok || got != back {
			t.Fatalf("%s and %s: %+v, the other way round %+v", row[0], row[1], got, back)
		}
		if math.Abs(got.Path-reference.Number(t, row[2])) > 1e-9 {
			t.Errorf("%s and %s: path %v, NLTK %s", row[0], row[1], got.Path, row[2])
		}
		at := slices.Index(strings.Split(row[4], "|"), got.LCS)
		if at < 0 || strings.Split(row[5], "|")[at] != strconv.Itoa(got.LCSDepth) {
			t.Fatalf("%s and %s: %s at depth %d, NLTK %s at %s", row[0], row[1], got.LCS, got.LCSDepth, row[4], row[5])
		}
		if want := reference.Number(t, strings.Split(row[3], "|")[at]); math.Abs(got.WuPalmer-want) > 1e-9 {
			t.Errorf("%s and %s: Wu-Palmer %v, NLTK %v", row[0], row[1], got.WuPalmer, want)
		}
	}
}

func TestHierarchyHoldsEveryClass(t *testing.T) {
	h := WordNet()
	several := 0
	for _, n := range h.nodes {
		if len(n.parents) > 1 {
			several++
		}
	}
	if len(h.nodes) != 1860 || several != 75 {
		t.Errorf("%d nouns, %d with several hypernyms; the comment says 1,860 and 75", len(h.nodes), several)
	}
	for _, c := range Classes() {
		if r, ok := h.Relate(c.WNID, c.WNID); !ok || r.Path != 1 || r.WuPalmer != 1 || r.LCS != c.WNID || r.Height != 0 {
			t.Errorf("class %s with itself: %+v", c.WNID, r)
		}
	}
	if _, ok := h.Relate("n99999999", "n02980441"); ok {
		t.Error("an unknown class is related to castle")
	}
	if r, _ := h.Relate("n02085620", "n02980441"); r.LCSName != "whole" {
		t.Errorf("a dog and a castle meet at %q", r.LCSName)
	}
}

// animals is a hierarchy of a label set that WordNet knows nothing of.
const animals = `# a class, then what it is
cat pet
cat feline
lion	feline
feline animal
pet animal
dog pet
house thing
goldfish fish
fish animal
`

// readHierarchy reads is-a lines for classes.
func readHierarchy(text string, classes []string, names map[string]string) (*Hierarchy, error) {
	pairs, err := ReadIsA(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	nouns, err := Nouns(pairs, classes, names)
	if err != nil {
		return nil, err
	}
	return NewHierarchy(nouns, classes)
}

func TestHierarchyOfOneself(t *testing.T) {
	classes := []string{"cat", "lion", "dog", "house", "unknown"}
	h, err := readHierarchy(animals, classes, map[string]string{"feline": "feline, felid"})
	if err != nil {
		t.Fatal(err)
	}
	turned := regexp.MustCompile(`(?m)^(\w+)\s(\w+)$`).ReplaceAllString(animals, "$2 $1")
	other, err := readHierarchy(turned, classes, map[string]string{"feline": "feline, felid"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(h.index, other.index); diff != "" {
		t.Errorf("with the hypernym first it is another hierarchy:\n%s", diff)
	}
	// By hand: cat and lion meet in feline at depth 1, an edge above each.
	want := Relation{Path: 1. / 3, WuPalmer: 2 * 2. / (1 + 1 + 2*2), LCS: "feline", LCSName: "feline", LCSDepth: 1, Height: 1}
	if got, ok := h.Relate("cat", "lion"); !ok || got != want {
		t.Errorf("cat and lion: %+v, want %+v", got, want)
	}
	if got, _ := h.Relate("lion", "dog"); got.LCS != "animal" || got.Height != 2 {
		t.Errorf("lion and dog: %+v, want animal, 2 above the classes", got)
	}
	for _, other := range []string{"house", "unknown", "goldfish"} {
		if r, ok := h.Relate("cat", other); ok {
			t.Errorf("cat and %s: %+v", other, r)
		}
	}
}

func TestHierarchyRefuses(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a circle", "cat feline\nfeline pet\npet feline\n", "feline stands above itself"},
		{"other classes", "dog pet\n", "of the 1 classes, 0 stand first in some line, and 0 second"},
		{"both ways", "feline cat\ncat feline\n", "cannot tell which of the two ids of a line is the hypernym"},
		{"one id", "cat feline\ncat\n\nlion\n", "line 2: an is-a line has two ids"},
		{"three ids", "cat feline animal\n", "line 1: an is-a line has two ids"},
		{"a chain without end", chain(2000), "more than 1000 nouns"},
	} {
		if _, err := readHierarchy(c.text, []string{"cat"}, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
	for _, nouns := range [][]Noun{{{ID: "cat"}, {ID: "cat"}}, {{ID: "cat"}}, {{ID: "cat", Above: []string{"feline"}}}} {
		if _, err := NewHierarchy(nouns, []string{"cat"}); err == nil {
			t.Errorf("%v were accepted", nouns)
		}
	}
}

func chain(n int) string {
	var b strings.Builder
	b.WriteString("cat 0\n")
	for i := range n {
		b.WriteString(strconv.Itoa(i) + " " + strconv.Itoa(i+1) + "\n")
	}
	return b.String()
}

func TestReadClasses(t *testing.T) {
	got, err := ReadClasses(strings.NewReader("\ufeffn01440764\ttench, Tinca tinca\r\n\n# more\ncat house cat\nplain\n"))
	want := []Class{{"n01440764", "tench, Tinca tinca"}, {"cat", "house cat"}, {"plain", ""}}
	if !slices.Equal(got, want) || err != nil {
		t.Errorf("%v, error %v", got, err)
	}
	for text, want := range map[string]string{"cat\ndog\ncat\n": "line 3: cat stands twice", "\n": "lists no class"} {
		if _, err := ReadClasses(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
	}
}

// FuzzHierarchy reads is-a lines of anybody: what is accepted has relations
// within their ranges.
func FuzzHierarchy(f *testing.F) {
	f.Add(animals)
	f.Add("cat feline\nfeline cat\n")
	f.Add("cat \x00\n")
	f.Fuzz(func(t *testing.T, text string) {
		words := strings.Fields(text)
		if len(words) < 2 {
			return
		}
		classes := []string{words[0], words[len(words)-2]}
		h, err := readHierarchy(text, classes, nil)
		if err != nil {
			return
		}
		r, ok := h.Relate(classes[0], classes[1])
		if back, _ := h.Relate(classes[1], classes[0]); r != back {
			t.Errorf("%+v, the other way round %+v", r, back)
		}
		if ok && (r.Path <= 0 || r.Path > 1 || r.WuPalmer <= 0 || r.WuPalmer > 1) {
			t.Errorf("%+v", r)
		}
	})
}
