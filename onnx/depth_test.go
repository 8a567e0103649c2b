package onnx

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// pointsOf writes a graph's points as name, depth and whether all passes through.
func pointsOf(g *Graph, to string, shape ...int64) (list []pointText) {
	for _, p := range g.Points(to, shape...) {
		list = append(list, pointText{p.Name, p.Depth, p.Alone})
	}
	return list
}

type pointText struct {
	Name  string
	Depth int
	Alone bool
}

func TestPoints(t *testing.T) {
	conv := map[string][]int64{"w": {3, 3, 1, 1}, "w2": {3, 6, 1, 1}}
	cases := map[string]struct {
		graph *Graph
		to    string
		want  []pointText
	}{
		"a chain ends before the next weights": {
			graphOf(conv, node("Conv", "x w", "a"), node("Relu", "a", "b"), node("MaxPool", "b", "c", list("kernel_shape", 2, 2)), node("Conv", "c w", "d"), node("Relu", "d", "e")), "e",
			[]pointText{{"c", 1, true}, {"e", 2, true}},
		},
		"a shortcut is a block": {
			graphOf(conv, node("Conv", "x w", "a"), node("Conv", "a w", "b"), node("Relu", "b", "c"), node("Conv", "c w", "d"), node("Add", "a d", "e"), node("Relu", "e", "f"), node("Conv", "f w", "g")), "g",
			[]pointText{{"a", 1, true}, {"c", 2, false}, {"d", 3, false}, {"f", 3, true}, {"g", 4, true}},
		},
		"the longest way counts, whatever stands first": {
			graphOf(conv, node("Conv", "x w", "a"), node("Conv", "a w", "b"), node("Conv", "b w", "c"), node("Conv", "a w", "short"), node("Concat", "short c", "d", number("axis", 1)), node("Conv", "d w2", "e")), "e",
			[]pointText{{"a", 1, true}, {"b", 2, false}, {"c", 3, false}, {"short", 2, false}, {"d", 3, true}, {"e", 4, true}},
		},
		"sizes of the input are no way": {
			graphOf(conv, node("Conv", "x w", "a"), node("Shape", "x", "s"), node("Reshape", "a s", "b"), node("Conv", "b w", "c")), "c",
			[]pointText{{"b", 1, true}, {"c", 2, true}},
		},
		"what leads elsewhere is left out": {
			graphOf(conv, node("Conv", "x w", "a"), node("Conv", "a w", "b"), node("Conv", "a w", "aside"), node("Relu", "aside", "more")), "b",
			[]pointText{{"a", 1, true}, {"b", 2, true}},
		},
		"an edge that is not there": {graphOf(conv, node("Conv", "x w", "a")), "z", nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, pointsOf(c.graph, c.to, 1, 3, 32, 32)); diff != "" {
				t.Errorf("points (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPointsOfAResNet(t *testing.T) {
	var blocks []string
	for _, p := range smallResNet(t).Graph.Points("logits", 1, 3, 80, 80) {
		if p.Alone {
			blocks = append(blocks, p.Name)
		}
	}
	want := []string{"conv1.relu", "layer1.0", "layer1.1", "layer2.0", "layer2.1", "layer3.0", "layer3.1", "layer4.0", "features", "logits"}
	if diff := cmp.Diff(want, blocks); diff != "" {
		t.Errorf("blocks (-want +got):\n%s", diff)
	}
}
