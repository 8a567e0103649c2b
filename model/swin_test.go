package model_test

import (
	"context"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/internal/reference"
	"github.com/akin-vision/akin/internal/testengine"
	"github.com/akin-vision/akin/model"
)

func smallSwin(t *testing.T) *model.Model {
	graph := reference.Archive(t, "testdata/swin/swin.tar.gz")["swin.onnx"]
	card := model.Card{Name: "swin", Outputs: model.Outputs{Features: "logits"},
		Recipe: imaging.Recipe{Resize: "pillow-bilinear", Square: 28, Scale: "1/255", Mean: []float64{.5, .5, .5}, Std: []float64{.5, .5, .5}}}
	return model.FromBytes(card, "", func() ([]byte, error) { return graph, nil })
}

// TestLayersOfASwin: what lies between the blocks of a network that pads, rolls and
// parts its map into windows is pooled as PyTorch's hooks pool it; see
// testdata/swin/swin.py.
func TestLayersOfASwin(t *testing.T) {
	rt := testengine.Open(t)
	want := reference.JSON[map[string][][]float64](t, "testdata/swin/swin.json")
	m := smallSwin(t)
	nodes := slices.Sorted(maps.Keys(want))
	taps, outputs, err := m.Layers(nodes, "")
	if err != nil {
		t.Fatal(err)
	}
	e, err := m.Open(rt, model.SessionOptions{Taps: taps, Outputs: outputs})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	const pictures, size = 3, 3 * 28 * 28
	tensor := make([]float32, pictures*size)
	for i := range tensor {
		tensor[i] = float32(float64(uint64(i)*2654435761>>8&0xffff)/16384 - 2)
	}
	got, err := e.Run(context.Background(), tensor, pictures)
	if err != nil {
		t.Fatal(err)
	}
	for at, node := range nodes {
		for i, vector := range want[node] {
			compareVectors(t, node, got[at][i], vector)
		}
	}
}

// TestCurveOfASwin: between blocks no layer is left out; within them only those in
// windows, which mix the pictures of a batch with places.
func TestCurveOfASwin(t *testing.T) {
	m := smallSwin(t)
	curve, err := m.Curve(model.EveryBlock, "")
	if err != nil || len(curve.Points) != 12 || len(curve.Left) > 0 {
		t.Errorf("%d layers, left out: %v, error %v", len(curve.Points), curve.Left, err)
	}
	all, err := m.Curve(model.AllLayers, "")
	if err != nil || len(all.Points) <= len(curve.Points) {
		t.Errorf("%d of all layers, %d between blocks, error %v", len(all.Points), len(curve.Points), err)
	}
	for _, left := range all.Left {
		if !strings.Contains(left.Node, "/attn/") {
			t.Errorf("%s, which is in no window, is left out: %s", left.Node, left.Why)
		}
	}
}

func compareVectors(t *testing.T, what string, got []float32, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	var difference, largest float64
	for k, w := range want {
		difference, largest = max(difference, math.Abs(float64(got[k])-w)), max(largest, math.Abs(w))
	}
	if !(difference <= 1e-5*largest) {
		t.Errorf("%s: largest difference %.3g, largest value %.3g", what, difference, largest)
	}
}
