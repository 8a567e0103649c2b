package classify

import (
	"strings"
	"testing"

	"github.com/akin-vision/akin/imagenet"
)

// TestOutputsOfAnotherLabelSet names and relates classes by a hierarchy of their own.
func TestOutputsOfAnotherLabelSet(t *testing.T) {
	classes := []string{"cat", "lion", "house"}
	h, err := imagenet.NewHierarchy([]imagenet.Noun{
		{ID: "cat", Above: []string{"feline"}}, {ID: "lion", Name: "lion", Above: []string{"feline"}},
		{ID: "feline", Name: "feline", Above: []string{"animal"}}, {ID: "animal"}, {ID: "house", Above: []string{"building"}}, {ID: "building"},
	}, classes)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := h.Relate("cat", "lion")
	o := NewOutputs([]string{"cat", "lion", "house"}, 0)
	o.Hierarchy, o.Names = h, map[string]string{"cat": "house cat, tabby"}
	if o.Name("cat") != "house cat" || o.Name("lion") != "lion" || o.Relate("cat", "house") != nil {
		t.Errorf("names %s, %s; relation %v", o.Name("cat"), o.Name("lion"), o.Relate("cat", "house"))
	}
	if _, err := newSemanticsCounter(o); err == nil || !strings.Contains(err.Error(), "cat and house are not both below one noun") {
		t.Errorf("semantics of classes without a common noun: %v", err)
	}
	e, _ := NewEvaluator(o, nil)
	p, err := e.Add(imagenet.Labelled{Path: "a.jpg", WNID: "lion"}, []float32{2, 1, 0})
	if err != nil {
		t.Fatal(err)
	}
	f := NewFailure(p, o)
	if f.Relation == nil || *f.Relation != want || !(Rule{WuPalmer: .6}).Holds(f) || f.Top[0].Name != "house cat" {
		t.Errorf("failure %+v", f)
	}
}
