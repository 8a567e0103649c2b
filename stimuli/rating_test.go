package stimuli

import (
	"math"
	"slices"
	"testing"
)

func TestRatings(t *testing.T) {
	a, b, c := &Picture{Path: "a", Hash: Hash{1}}, &Picture{Path: "b", Hash: Hash{2}}, &Picture{Path: "c", Hash: Hash{3}}
	copyOfB := &Picture{Path: "copy", Hash: Hash{2}}
	s := &Set{Judgements: []Judgement{
		{Rater: "r", A: b, B: a, Scale: "x", Value: 1}, {Rater: "s", A: a, B: copyOfB, Scale: "x", Value: 4},
		{Rater: "r", A: a, B: c, Scale: "x", Value: 2}, {Rater: "r", A: a, B: b, Scale: "y", Value: 6},
	}}
	r := s.Ratings()
	if !slices.Equal(r.Scales, []string{"x", "y"}) || len(r.Pairs) != 3 {
		t.Fatalf("ratings %+v", r)
	}
	first := r.Pairs[0]
	if first.A != b || first.Raters != 2 || first.Mean != 2.5 || first.Min != 1 || first.Max != 4 || math.Abs(first.SD-math.Sqrt(4.5)) > 1e-15 {
		t.Errorf("the first pair is %+v", first)
	}
	if !math.IsNaN(r.Pairs[1].SD) {
		t.Errorf("the spread of one judgement is %v", r.Pairs[1].SD)
	}
	if r.Mean(a, b, "x") != 2.5 || r.Mean(b, a, "y") != 6 || !math.IsNaN(r.Mean(b, c, "x")) {
		t.Errorf("means %v, %v, %v", r.Mean(a, b, "x"), r.Mean(b, a, "y"), r.Mean(b, c, "x"))
	}
}

// TestZScored compares with R 4.2: scale(c(1, 2, 3, 6)).
func TestZScored(t *testing.T) {
	var js []Judgement
	for _, v := range []float64{1, 2, 3, 6} {
		js = append(js, Judgement{Rater: "r", Scale: "x", Value: v}, Judgement{Rater: "same", Scale: "x", Value: 4})
	}
	js = append(js, Judgement{Rater: "r", Scale: "y", Value: 9})
	scored, left := ZScored(js)
	if !slices.Equal(left, []string{"r", "same"}) || len(scored) != 4 || scored[0].Scale != "x (z per rater)" {
		t.Fatalf("scored %+v, left out %q", scored, left)
	}
	for i, want := range []float64{-0.9258201, -0.4629100, 0, 1.3887301} {
		if math.Abs(scored[i].Value-want) > 5e-8 {
			t.Errorf("value %d is %v, R says %v", i, scored[i].Value, want)
		}
	}
}

// A person who judged a pair twice is one person, whose answers are averaged.
func TestRepeatedJudgementsAreOnePerson(t *testing.T) {
	a, b := &Picture{Path: "a", Hash: Hash{1}}, &Picture{Path: "b", Hash: Hash{2}}
	s := &Set{Judgements: []Judgement{
		{Rater: "r", A: a, B: b, Value: 3}, {Rater: "s", A: a, B: b, Value: 6}, {Rater: "r", A: b, B: a, Value: 5},
	}}
	if p := s.Ratings().Pairs[0]; p.Raters != 2 || p.Mean != 5 || p.Min != 4 || p.Max != 6 {
		t.Errorf("%+v, want 2 persons of 4 and 6", p)
	}
}

// 33.3 three times over has a standard deviation of 7e-15 in floating point.
func TestConstantRaterOfAnyValueIsLeftOut(t *testing.T) {
	var js []Judgement
	for range 6 {
		js = append(js, Judgement{Rater: "B", Value: 33.3})
	}
	if scored, left := ZScored(js); len(scored) != 0 || !slices.Equal(left, []string{"B"}) {
		t.Errorf("scored %v, left out %v", scored, left)
	}
}
