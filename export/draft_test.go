package export

import (
	"errors"
	"testing"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/onnx"
	"github.com/google/go-cmp/cmp"
)

// graphOf is a graph with an input of pictures and outputs of the given widths;
// 0 is a map, and has four sides.
func graphOf(side int64, outputs map[string]int64, metadata ...*onnx.Entry) *onnx.Model {
	fixed := func(sizes ...int64) []onnx.Dim {
		shape := []onnx.Dim{{Name: "batch"}}
		for _, size := range sizes {
			shape = append(shape, onnx.Dim{Size: size})
		}
		return shape
	}
	g := &onnx.Graph{Inputs: []*onnx.ValueInfo{{Name: "pixels", Type: onnx.Float32, Shape: fixed(3, side, side)}}}
	for _, name := range []string{"output", "features", "logits", "map", "pooled", "a", "b", "embedding", "scores"} {
		if width, there := outputs[name]; there {
			v := &onnx.ValueInfo{Name: name, Type: onnx.Float32, Shape: fixed(width)}
			if width == 0 {
				v.Shape = fixed(8, 7, 7)
			}
			g.Outputs = append(g.Outputs, v)
		}
	}
	return &onnx.Model{Graph: g, Metadata: metadata}
}

func TestDraftGuessesOutputs(t *testing.T) {
	recipe := &imaging.Recipe{Resize: "pillow-bilinear", Shorter: 256, Crop: 224}
	for _, c := range []struct {
		name             string
		outputs          map[string]int64
		features, logits string
		classes, offset  int
		missing          []Gap
	}{
		{"by name", map[string]int64{"features": 512, "logits": 10}, "features", "logits", 10, 0, nil},
		{"by width", map[string]int64{"a": 1000, "b": 512}, "b", "a", 1000, 0, nil},
		{"a background class", map[string]int64{"pooled": 256, "scores": 1001}, "pooled", "scores", 1000, 1, nil},
		{"maps are no features", map[string]int64{"map": 0, "embedding": 384}, "embedding", "", 0, 0, nil},
		{"a classifier alone", map[string]int64{"output": 1000}, "", "output", 1000, 0, []Gap{NoFeatures}},
		{"two that could be", map[string]int64{"a": 64, "b": 32}, "", "", 0, 0, []Gap{NoFeatures}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := NewDraft("net", "ff", graphOf(224, c.outputs), recipe)
			if err != nil {
				t.Fatal(err)
			}
			o, classes := d.Card.Outputs, d.Card.Classes
			if o.Features != c.features || o.Logits != c.logits || classes.Count != c.classes || classes.Offset != c.offset {
				t.Errorf("outputs %+v, classes %+v", o, classes)
			}
			if diff := cmp.Diff(c.missing, d.Missing); diff != "" {
				t.Errorf("missing (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDraftHoldsTheRecipeAgainstTheInput(t *testing.T) {
	outputs := map[string]int64{"features": 512}
	var size *SizeError
	if _, err := NewDraft("net", "ff", graphOf(80, outputs), &imaging.Recipe{Resize: "pillow-bilinear", Shorter: 256, Crop: 224}); !errors.As(err, &size) {
		t.Errorf("a recipe of 224 for an input of 80 gives %v", err)
	}
	if _, err := NewDraft("net", "ff", graphOf(0, outputs), &imaging.Recipe{Resize: "pillow-bilinear", Shorter: 256, Crop: 224}); err != nil {
		t.Errorf("an input of free size gives %v", err)
	}
	d, err := NewDraft("net", "ff", graphOf(224, outputs), nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Gap{NoRecipe}, d.Missing); diff != "" {
		t.Errorf("missing (-want +got):\n%s", diff)
	}
}

func TestDraftReadsWhatTheScriptWrote(t *testing.T) {
	said := `{"format": 1, "source": "torchvision", "model": "resnet18", "version": "torchvision 0.14.1", "outputs": ["features", "logits"],
		"input": [3, 224, 224], "classes": 1000, "random_seed": null, "parameters": 11689512, "licence": "BSD-3-Clause", "url": "https://example.org/w.pth",
		"revision": "IMAGENET1K_V1", "accuracy": {"top1": 69.758, "top5": 89.078},
		"transform": {"crop_size": [224], "resize_size": [256], "interpolation": "bilinear", "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}}`
	d, err := NewDraft("resnet18-torchvision", "ff", graphOf(224, map[string]int64{"features": 512, "logits": 1000}, &onnx.Entry{Key: metadataKey, Value: said}), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Missing) > 0 || len(d.Guesses) > 0 {
		t.Errorf("missing %v, guessed %v", d.Missing, d.Guesses)
	}
	want := imaging.Recipe{Resize: "pillow-bilinear", Shorter: 256, Crop: 224, Scale: "1/255", Mean: imageNetMean, Std: imageNetStd}
	if diff := cmp.Diff(want, d.Card.Recipe); diff != "" {
		t.Errorf("recipe (-want +got):\n%s", diff)
	}
	if a := d.Card.Accuracy; len(a) != 1 || a[0].Top1 != 69.758 || d.Card.Classes.Count != 1000 || d.Card.SHA256 != "ff" || d.Card.Kind != "trained" {
		t.Errorf("card %+v", d.Card)
	}
}
