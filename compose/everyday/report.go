package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
)

// cell gathers the triplets of one relation and kind of distractor.
type cell struct {
	triplets, reviewed int
	shape, colour      [2]float64 // sums for related and unrelated
}

// report prints what stands in the set, by relation and kind of distractor.
func (e *everyday) report(w io.Writer) {
	cells := map[string]*cell{}
	for _, t := range e.triplets {
		key := fmt.Sprintf("%-9s  %-6s", t.Relation, t.Distractor)
		if cells[key] == nil {
			cells[key] = &cell{}
		}
		c := cells[key]
		c.triplets++
		if t.Reviewed {
			c.reviewed++
		}
		for i, other := range []int{t.Related, t.Unrelated} {
			c.shape[i] += e.shape(t.Target, other)
			c.colour[i] += e.colour(t.Target, other)
		}
	}
	fmt.Fprintln(w, "relation   kind    triplets  reviewed  shape: related unrelated  colour: related unrelated")
	for _, key := range slices.Sorted(maps.Keys(cells)) {
		c := cells[key]
		n := float64(c.triplets)
		fmt.Fprintf(w, "%s  %8d  %8d  %14.3f %9.3f  %15.3f %9.3f\n", key, c.triplets, c.reviewed,
			c.shape[0]/n, c.shape[1]/n, c.colour[0]/n, c.colour[1]/n)
	}
}
