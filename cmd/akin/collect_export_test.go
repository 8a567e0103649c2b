package main

import (
	"testing"

	"github.com/akin-vision/akin/collect/store"
	"github.com/google/go-cmp/cmp"
)

func TestIdentifiersAreNoFormulas(t *testing.T) {
	people := []store.Person{{ID: 1, Code: "p1"}, {ID: 2, Code: "p2", Finished: true, Completion: "C0DE"}}
	got := identifierRows(people, map[int][]store.Identifier{2: {{Name: "PROLIFIC_PID", Value: "=HYPERLINK(A1)"}, {Name: "age", Value: "-3.2"}}})
	want := [][]string{
		{"person", "name", "value", "finished", "completion_code"},
		{"p2", "PROLIFIC_PID", "'=HYPERLINK(A1)", "true", "C0DE"},
		{"p2", "age", "-3.2", "true", "C0DE"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
