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

// oddGraph is one of testdata/odd, and what is right of it; see graphs.py and
// neighbours.py there.
type oddGraph struct {
	File          string
	Error         string // that opening or running it must give
	Features      [][]*float32
	Within        float64 // relative; 0: 1e-5
	Batch         int
	Layer, Layout string
	Pooling       string
}

// TestOddGraphs: features are PyTorch's, or the refusal says why, and the layouts are right.
func TestOddGraphs(t *testing.T) {
	rt := testengine.Open(t)
	files := reference.Archive(t, "testdata/odd/graphs.tar.gz")
	maps.Copy(files, reference.Archive(t, "testdata/odd/neighbours.tar.gz"))
	graphs := slices.Concat(reference.JSON[[]oddGraph](t, "testdata/odd/graphs.json"), reference.JSON[[]oddGraph](t, "testdata/odd/neighbours.json"))
	if len(graphs) < 200 || len(graphs) != len(files) {
		t.Fatalf("%d graphs, %d files", len(graphs), len(files))
	}
	for _, g := range graphs {
		t.Run(strings.TrimSuffix(g.File, ".onnx"), func(t *testing.T) {
			got, err := g.features(t, rt, files[g.File])
			switch {
			case g.Error != "" && (err == nil || !strings.Contains(err.Error(), g.Error)):
				t.Errorf("error %v, want %q", err, g.Error)
			case g.Error != "" && strings.Count(err.Error(), "model odd") != 1:
				t.Errorf("%v: want the model's name once", err)
			case g.Error == "" && err != nil:
				t.Error(err)
			case g.Error == "":
				g.compare(t, got)
			}
		})
	}
}

// features runs the three pictures in as many runs as the batch wants.
func (g oddGraph) features(t *testing.T, rt *model.Runtime, graph []byte) ([][]float32, error) {
	card := model.Card{Name: "odd", Outputs: model.Outputs{Features: "features"},
		Recipe: imaging.Recipe{Resize: "pillow-bilinear", Square: 16, Scale: "1/255", Mean: []float64{.5, .5, .5}, Std: []float64{.5, .5, .5}}}
	m := model.FromBytes(card, "", func() ([]byte, error) { return graph, nil })
	o := model.SessionOptions{Batch: g.Batch}
	if g.Layer != "" {
		var err error
		g.compareLayout(t, m)
		if o.Taps, o.Outputs, err = m.Layers([]string{g.Layer}, g.Pooling); err != nil {
			return nil, err
		}
	}
	e, err := m.Open(rt, o)
	if err != nil {
		return nil, err
	}
	defer e.Close()
	const pictures, size = 3, 3 * 16 * 16
	tensor := make([]float32, pictures*size)
	for i := range tensor {
		tensor[i] = float32(float64(uint64(i)*2654435761>>8&0xffff)/16384 - 2)
	}
	var features [][]float32
	for first := 0; first < pictures; first += e.Batch() {
		n := min(e.Batch(), pictures-first)
		vectors, err := e.Run(context.Background(), tensor[first*size:(first+n)*size], n)
		if err != nil {
			return nil, err
		}
		features = append(features, vectors[0]...)
	}
	return features, nil
}

func (g oddGraph) compareLayout(t *testing.T, m *model.Model) {
	t.Helper()
	layers, err := m.AllLayers()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range layers {
		if l.Name == g.Layer {
			if l.Layout != g.Layout {
				t.Errorf("layer %q has the layout %q, want %q", l.Name, l.Layout, g.Layout)
			}
			return
		}
	}
	t.Errorf("no layer %q", g.Layer)
}

// compare takes a null in the reference for a value that is no number.
func (g oddGraph) compare(t *testing.T, got [][]float32) {
	t.Helper()
	within := g.Within
	if within == 0 {
		within = 1e-5
	}
	for i, want := range g.Features {
		if len(got[i]) != len(want) {
			t.Fatalf("picture %d: %d features, want %d", i, len(got[i]), len(want))
		}
		var difference, largest float64
		for k, w := range want {
			v := float64(got[i][k])
			if w == nil {
				if !math.IsNaN(v) && !math.IsInf(v, 0) {
					t.Errorf("picture %d, feature %d: %v, want no number", i, k, v)
				}
				continue
			}
			difference, largest = max(difference, math.Abs(v-float64(*w))), max(largest, math.Abs(float64(*w)))
		}
		if difference > within*largest {
			t.Errorf("picture %d: largest difference %.3g, largest value %.3g", i, difference, largest)
		}
	}
}

// TestWholeNumbers: an input of uint8 takes what a recipe without scale gives.
func TestWholeNumbers(t *testing.T) {
	rt := testengine.Open(t)
	files := reference.Archive(t, "testdata/odd/graphs.tar.gz")
	card := model.Card{Name: "odd", Outputs: model.Outputs{Features: "features"}, Recipe: imaging.Recipe{Resize: "pillow-bilinear", Square: 16}}
	tensor := make([]float32, 3*16*16)
	for i := range tensor {
		tensor[i] = float32(i * 7 % 256)
	}
	var vectors [2][]float32
	for k, name := range []string{"input-uint8.onnx", "input-open.onnx"} {
		e, err := model.FromBytes(card, "", func() ([]byte, error) { return files[name], nil }).Open(rt, model.SessionOptions{})
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		out, err := e.Run(context.Background(), tensor, 1)
		if err != nil {
			t.Fatal(err)
		}
		vectors[k] = out[0][0]
	}
	if !slices.Equal(vectors[0], vectors[1]) {
		t.Errorf("%v, as float32 %v", vectors[0], vectors[1])
	}
}
