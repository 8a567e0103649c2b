package space

import (
	"testing"

	"github.com/akin-vision/akin/stimuli"
)

// TestSeenTellsSpacesApart: all that makes a space but the set's own pictures.
func TestSeenTellsSpacesApart(t *testing.T) {
	seen := func(kind Kind, change func(*Info, *Fit)) string {
		i := Info{Kind: kind, Reference: "photos"}
		f := Fit{Reference: append(pictures(1), pictures(2)...), Words: Words{Hash: "aa", Classes: [][]float32{{1}}}, Weight: 1}
		change(&i, &f)
		i.Describe(Spec{Kind: kind}, f)
		return i.Seen
	}
	nothing := func(*Info, *Fit) {}
	for _, c := range []struct {
		name   string
		kind   Kind
		change func(*Info, *Fit)
		same   bool
	}{
		{"the same", Blend, nothing, true},
		{"other words", Blend, func(_ *Info, f *Fit) { f.Words.Hash = "bb" }, false},
		{"other words of no meaning", Centred, func(_ *Info, f *Fit) { f.Words.Hash = "bb" }, true},
		{"another weight", Blend, func(_ *Info, f *Fit) { f.Weight = 2 }, false},
		{"other reference pictures", Centred, func(_ *Info, f *Fit) { f.Reference = pictures(1) }, false},
		{"one of them twice", Centred, func(_ *Info, f *Fit) { f.Reference = append(f.Reference, &stimuli.Picture{Hash: f.Reference[0].Hash}) }, true},
		{"another matrix", Transform, func(_ *Info, f *Fit) { f.Transform, f.TransformHash = &Part{}, "cc" }, false},
	} {
		if got := seen(c.kind, c.change) == seen(c.kind, nothing); got != c.same {
			t.Errorf("%s: same is %v, want %v", c.name, got, c.same)
		}
	}
	own := func(*Info, *Fit) {}
	transductive := func(pictures []*stimuli.Picture) string {
		return seen(Centred, func(i *Info, f *Fit) { i.Transductive, i.Reference, f.Reference = true, "", pictures })
	}
	if transductive(pictures(1)) != transductive(pictures(7)) || transductive(pictures(1)) == seen(Centred, own) {
		t.Error("the set's own pictures count, or are not told from those of another place")
	}
}
