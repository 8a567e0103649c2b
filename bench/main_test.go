package main

import (
	"math"
	"testing"
)

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{{[]float64{3}, 3}, {[]float64{5, 1, 3}, 3}, {[]float64{4, 1, 3, 2}, 2.5}} {
		if got := median(c.values); got != c.want {
			t.Errorf("median of %v: %v, want %v", c.values, got, c.want)
		}
	}
}

// TestInterleave holds ratios to their rounds: a slow round slows both rivals.
func TestInterleave(t *testing.T) {
	b := &bench{rounds: 3}
	slow := []float64{1, 10, 2}
	round := [2]int{}
	rival := func(i int, factor float64) func() (float64, error) {
		return func() (float64, error) {
			round[i]++
			return factor * slow[round[i]-1], nil
		}
	}
	times, err := b.interleave(rival(0, 3), rival(1, 2))
	if err != nil {
		t.Fatal(err)
	}
	if got := median(ratios(times[0], times[1])); math.Abs(got-1.5) > 1e-12 {
		t.Errorf("ratio %v, want 1.5", got)
	}
}

func TestBarsHaveADirection(t *testing.T) {
	if !(row{value: 2, bar: 1.4}).met() || (row{value: 1, bar: 1.4}).met() {
		t.Error("a speed must reach its bar")
	}
	if !(row{value: 1, bar: 2, atMost: true}).met() || (row{value: 3, bar: 2, atMost: true}).met() {
		t.Error("a time must stay below its bar")
	}
}

func TestTable(t *testing.T) {
	got := table([]row{
		{"resnet50, over eager", "25.0 against 20.0 pictures/s", 1.25, 1.4, "x", false},
		{"warm rerun", "peak 90 MB", 0.9, 2, "s", true},
	})
	want := `| what | measured | value | bar | |
|---|---|---|---|---|
| resnet50, over eager | 25.0 against 20.0 pictures/s | 1.25 x | at least 1.4 x | **not met** |
| warm rerun | peak 90 MB | 0.90 s | at most 2 s | met |
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestCheckRefusesToMeasureNothing(t *testing.T) {
	for _, c := range []struct {
		pictures, rounds int
		only             string
		ok               bool
	}{
		{60, 1, "", true}, {60, 1, "memory,auc", true},
		{0, 1, "", false}, {60, 0, "", false}, {60, 1, "networks,int9", false},
	} {
		if err := (&bench{pictures: c.pictures, rounds: c.rounds}).check(c.only); (err == nil) != c.ok {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
