package onnx

import (
	"slices"
	"testing"
)

// constants are integers that the nodes of these tests name.
func constants() []*Node {
	return []*Node{constant("six", 1, 2, 3, 4, 5, 6), constant("pairs", 3, 2), constant("flat", -1), constant("zero", 0), constant("one", 1), constant("two", 2),
		constant("five", 5), constant("minus1", -1), constant("lowest", -1<<62), constant("zeros", 0, 0), constant("fives", 5, 5), constant("tokens", 1, 3, -1)}
}

// TestFold: integers that a graph computes are those that its operators give; what is
// not followed is unknown.
func TestFold(t *testing.T) {
	toFloat, toWhole := number("to", int64(Float32)), number("to", int64(Int64))
	cases := map[string]struct {
		nodes []*Node
		want  []int64
	}{
		"a table is taken row by row from the back": {
			[]*Node{node("Reshape", "six pairs", "t"), node("Slice", "t minus1 lowest zero minus1", "r"), node("Transpose", "r", "c", list("perm", 1, 0)), node("Reshape", "c flat", "out")},
			[]int64{5, 3, 1, 6, 4, 2},
		},
		"a column of a table":                   {[]*Node{node("Reshape", "six pairs", "t"), node("Slice", "t zero one one", "out")}, []int64{1, 3, 5}},
		"a table is no list of its numbers":     {[]*Node{node("Reshape", "six pairs", "t"), node("Gather", "t one", "out")}, nil},
		"a remainder has the divisor's sign":    {[]*Node{node("Mod", "minus1 five", "out")}, []int64{4}},
		"as C takes it, it is not followed":     {[]*Node{node("Mod", "minus1 five", "out", number("fmod", 1))}, nil},
		"whole numbers are cut":                 {[]*Node{node("Div", "five two", "out")}, []int64{2}},
		"numbers with a part are not followed":  {[]*Node{node("Cast", "five", "f", toFloat), node("Div", "f two", "g"), node("Cast", "g", "out", toWhole)}, nil},
		"those without one are":                 {[]*Node{node("Cast", "six", "f", toFloat), node("Add", "f f", "g"), node("Div", "g two", "h"), node("Cast", "h", "out", toWhole)}, []int64{1, 2, 3, 4, 5, 6}},
		"an axis that is cut twice has no size": {[]*Node{node("Slice", "six zeros fives zeros", "out")}, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			traced := graphOf(nil, append(constants(), c.nodes...)...).trace([]int64{1, 3, 8, 8})
			if got := traced.values["out"]; !slices.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

// TestTokensFromTheBack: a class token that a slice puts last is not taken for the first.
func TestTokensFromTheBack(t *testing.T) {
	g := graphOf(map[string][]int64{"class": {1, 1, 3}}, append(constants(), node("Reshape", "x tokens", "r"), node("Transpose", "r", "p", list("perm", 0, 2, 1)),
		node("Concat", "class p", "first", number("axis", 1)), node("Slice", "first minus1 lowest one minus1", "last"))...)
	axes := g.trace([]int64{1, 3, 8, 8}).axes
	for name, want := range map[string]int64{"first": 1, "last": 0} {
		if len(axes[name]) != 3 || axes[name][1].lead() != want {
			t.Errorf("%s: axes %v, want %d tokens in front that are not of the picture", name, axes[name], want)
		}
	}
}
