package ingest

import (
	"math"
	"strings"
	"testing"
)

func TestNumbersWithCommas(t *testing.T) {
	everything := [2]float64{math.Inf(-1), math.Inf(1)}
	for _, c := range []struct {
		cells []string
		scale [2]float64
		text  string
		want  float64 // NaN: refused
	}{
		{[]string{"1,200", "1,201"}, everything, "1,200", math.NaN()},
		{[]string{"1,200", "4,5"}, everything, "1,200", 1.2},
		{[]string{"1,200"}, [2]float64{1, 7}, "1,200", 1.2},
		{[]string{"1,200"}, [2]float64{0, 5000}, "1,200", math.NaN()},
		{[]string{"1,200"}, [2]float64{100, 5000}, "1,200", 1200},
		{[]string{"0,375"}, everything, "0,375", 0.375},
		{[]string{"4,5", "1.200"}, everything, "1.200", math.NaN()},
		{[]string{"4.5"}, everything, "4.5", 4.5},
	} {
		s := (&sheet{comma: true}).takeHeader([]record{{line: 1, cells: []string{"value"}}}, false, &problems{})
		for i, cell := range c.cells {
			s = (&sheet{comma: true, proven: s.proven}).takeHeader([]record{{line: 1, cells: []string{"value"}}, {line: i + 2, cells: []string{cell}}}, false, &problems{})
		}
		got, err := s.number(c.text, c.scale[0], c.scale[1])
		if refused := err != nil; refused != math.IsNaN(c.want) || !refused && got != c.want {
			t.Errorf("%s beside %q on %v: %v, %v, want %v", c.text, c.cells, c.scale, got, err, c.want)
		}
	}
}

// Codes for missing answers are refused with their lines, and never kept.
func TestCodesAreRefused(t *testing.T) {
	source := layout(map[string]string{
		"t.csv": "id,target,related,unrelated,rating_related,rating_unrelated\n" +
			"one,a.png,b.png,c.png,5,1\ntwo,b.png,c.png,a.png,-99,2\nthree,c.png,a.png,b.png,6,999\n",
		"a.png": "", "b.png": "", "c.png": "",
	})
	var m Mapping
	m.Triplets.File = "t.csv"
	plan, err := Understand(source, m)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"t.csv:3: rating_related: -99 looks like a code", "t.csv:4: rating_unrelated: 999 looks like a code"} {
		if !strings.Contains(plan.Problems.Error(), want) {
			t.Errorf("no problem %q in\n%v", want, plan.Problems)
		}
	}
	for _, triplet := range plan.Triplets {
		for _, v := range triplet.Ratings {
			if v == -99 || v == 999 {
				t.Errorf("triplet %s keeps %v", triplet.ID, v)
			}
		}
	}
	low, high := -1000.0, 1000.0
	m.RatingMin, m.RatingMax = &low, &high
	if plan, err = Understand(source, m); err != nil || len(plan.Problems) > 0 {
		t.Errorf("on a scale that holds them: %v %v", err, plan.Problems)
	}
}
