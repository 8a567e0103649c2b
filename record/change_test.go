package record

import (
	"math"
	"slices"
	"testing"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// seenOtherwise adds a variant of the second model in which the choices at some places
// are turned.
func seenOtherwise(r *Run, kind space.Kind, reference string, turned ...int) {
	m := r.Models[1]
	m.Space = &space.Info{Kind: kind, Network: m.Name, Reference: reference}
	m.Name = space.Spec{Kind: kind, From: reference}.Variant(m.Name)
	m.Choices = slices.Clone(m.Choices)
	for _, i := range turned {
		c := &m.Choices[i]
		c.Related, c.Unrelated = c.Unrelated, c.Related
	}
	r.Models = append(r.Models, m)
}

// TestSpaceChanges: each space stands against the network's features, over all triplets
// and by relation, as the comparison of the two alone has it; a blend stands against
// the centred features of the same reference, too, and of no other.
func TestSpaceChanges(t *testing.T) {
	r := smallRun()
	seenOtherwise(r, space.Centred, "", 0)
	seenOtherwise(r, space.Centred, "elsewhere", 1)
	seenOtherwise(r, space.Blend, "", 0, 2, 3)
	o := stats.Options{Resamples: 99, Seed: 1, Level: .95, Credit: match.HalfCredit}
	changes, err := r.SpaceChanges(o)
	if err != nil || len(changes) != 1 || changes[0].Network != "second-of-two-long-names" || len(changes[0].Groups) != 3 {
		t.Fatalf("%+v, error %v; want one network with three groups", changes, err)
	}
	design, scores := r.Design()
	whole, err := stats.Compare(design, scores, o)
	if err != nil {
		t.Fatal(err)
	}
	all := changes[0].Groups[0]
	var rows [][2]string
	for _, row := range all.Rows {
		rows = append(rows, [2]string{row.Space, row.Against})
	}
	want := [][2]string{{"centred", Features}, {"centred:elsewhere", Features}, {"blend", Features}, {"blend", "centred"}}
	if !slices.Equal(rows, want) {
		t.Fatalf("rows %v, want %v", rows, want)
	}
	one, err := whole.Baseline("second-of-two-long-names", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, alone := range one {
		for _, row := range all.Rows {
			if "second-of-two-long-names+"+row.Space == alone.Model && row.Against == Features &&
				(row.Change.ErrorDifference != alone.ErrorDifference || row.Change.Interval != alone.Interval || row.Change.P != alone.P) {
				t.Errorf("%s: %+v, the comparison of the run has %+v", row.Space, row.Change, alone)
			}
		}
	}
	for i, g := range changes[0].Groups[1:] {
		if relation := []string{stimuli.Taxonomic, stimuli.Thematic}[i]; g.Relation != relation || g.Triplets != 4 {
			t.Errorf("group %d: %d of %q, want 4 of %q", i, g.Triplets, g.Relation, relation)
		}
	}
	if none, err := smallRun().SpaceChanges(o); none != nil || err != nil {
		t.Errorf("without spaces: %+v, %v", none, err)
	}
}

// TestSpaceCases: the blend goes before other spaces of words; how alike pictures are by
// words is that of the space words, of associations their own, and else not known.
func TestSpaceCases(t *testing.T) {
	for _, c := range []struct {
		kinds   []space.Kind
		by      string
		byWords bool
	}{
		{[]space.Kind{space.Centred}, "", false},
		{[]space.Kind{space.ByWords}, "words", true},
		{[]space.Kind{space.Association, space.Blend}, "blend", false},
		{[]space.Kind{space.Association, space.Blend, space.ByWords}, "blend", true},
		{[]space.Kind{space.Blend, space.Association}, "blend", false},
		{[]space.Kind{space.ByWords, space.Association}, "association", true},
	} {
		r := smallRun()
		for _, kind := range c.kinds {
			seenOtherwise(r, kind, "", 0, 5)
		}
		cases := r.SpaceCases()
		if c.by == "" {
			if len(cases) != 0 {
				t.Errorf("%v: %+v, want none", c.kinds, cases)
			}
			continue
		}
		if len(cases) != 1 || cases[0].Space != c.by || cases[0].ByWords != c.byWords || len(cases[0].Cases) != 2 {
			t.Fatalf("%v: %+v, want two cases by %s", c.kinds, cases, c.by)
		}
		one := cases[0].Cases[0]
		if math.IsNaN(one.Words[0]) == c.byWords {
			t.Errorf("%v: words %v, known %v", c.kinds, one.Words, c.byWords)
		}
		if one.Seen != [3]string{"castle", "castle", "castle"} || one.ID != "A" {
			t.Errorf("%v: %+v", c.kinds, one)
		}
	}
}
