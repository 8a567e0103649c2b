package classify

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/akin-vision/akin/imagenet"
	"github.com/akin-vision/akin/lexicon"
	"github.com/akin-vision/akin/model"
)

// TestWordNetIsThatInsideAkin: the dict folder gives the hierarchy that is
// embedded, for the classes that the latter holds.
func TestWordNetIsThatInsideAkin(t *testing.T) {
	dict, err := lexicon.OpenWordNet("")
	if err != nil {
		t.Skip(err)
	}
	classes := imagenet.WNIDs()
	h, err := imagenet.NewHierarchy(nounsAbove(dict, classes), classes)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 0))
	for range 3000 {
		a, b := classes[random.IntN(1000)], classes[random.IntN(1000)]
		got, ok := h.Relate(a, b)
		if want, _ := imagenet.WordNet().Relate(a, b); !ok || got != want {
			t.Fatalf("%s and %s: %+v, inside akin %+v", a, b, got, want)
		}
	}
}

// TestLabelSetOfFiles reads names and a hierarchy for a network whose card has
// no word of its classes.
func TestLabelSetOfFiles(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	labels, err := LabelSet{
		Classes: file("classes", "cat tabby, cat\nlion\nhouse\n"), Names: file("names", "cat pussy\nlion lion, king of beasts\nfeline felid\n"),
		Hierarchy: file("isa", "thing house\nfeline cat\nfeline lion\nthing feline\n"),
	}.read()
	if err != nil {
		t.Fatal(err)
	}
	o, err := labels.outputs(&model.Model{Card: model.Card{Kind: model.Trained, Outputs: model.Outputs{Logits: "logits"}}})
	if err != nil {
		t.Fatal(err)
	}
	r := o.Relate("cat", "lion")
	if o.Name("cat") != "tabby" || o.Name("lion") != "lion" || o.Name("house") != "house" || r == nil || r.LCSName != "felid" || r.LCSDepth != 1 {
		t.Errorf("names %s, %s, %s; relation %+v", o.Name("cat"), o.Name("lion"), o.Name("house"), r)
	}
}
