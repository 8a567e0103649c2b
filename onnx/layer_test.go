package onnx

import (
	"errors"
	"slices"
	"testing"
)

func smallResNet(t *testing.T) *Model {
	t.Helper()
	_, m := modelOf(t, "../zoo/weights/small-resnet.onnx")
	return m
}

func TestLayers(t *testing.T) {
	layers := smallResNet(t).Graph.Layers(1, 3, 80, 80)
	shapes := map[string][]int64{}
	for _, l := range layers {
		shapes[l.Name] = l.Shape
		if l.Op == "Cast" {
			t.Errorf("%s is made of constants alone", l.Name)
		}
		if l.Output != (l.Name == "features" || l.Name == "logits") {
			t.Errorf("%s: output %v", l.Name, l.Output)
		}
	}
	if !slices.Equal(shapes["layer2.0"], []int64{1, 64, 20, 20}) || !slices.Equal(shapes["features"], []int64{1, 256}) {
		t.Errorf("layer2.0 has the shape %v, features %v", shapes["layer2.0"], shapes["features"])
	}
	if layers[0].Name != "conv1" {
		t.Errorf("the first layer is %s", layers[0].Name)
	}
}

func TestInner(t *testing.T) {
	g := smallResNet(t).Graph
	inner, err := Inner(g.Layers(), []string{"layer2.0", "features", "layer1.0", "layer2.0"})
	if err != nil || !slices.Equal(inner, []string{"layer1.0", "layer2.0"}) {
		t.Errorf("inner are %v, error %v", inner, err)
	}
	_, err = Inner(g.Layers(), []string{"Layer2"})
	var missing *LayerError
	if !errors.As(err, &missing) || len(missing.Like) != 5 || missing.Like[0] != "layer2.0" {
		t.Errorf("error %v", err)
	}
}
