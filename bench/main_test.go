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
