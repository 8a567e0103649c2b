package zoo

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/akin-vision/akin/export"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/onnx"
)

// plainGraph writes an .onnx with an input of side x side pixels and the outputs
// features and logits; mark makes its bytes its own.
func plainGraph(t *testing.T, file string, side int64, mark string) {
	t.Helper()
	shape := func(sizes ...int64) []onnx.Dim {
		dims := []onnx.Dim{{Name: "batch"}}
		for _, size := range sizes {
			dims = append(dims, onnx.Dim{Size: size})
		}
		return dims
	}
	m := &onnx.Model{IRVersion: 8, Opsets: []*onnx.Opset{{Version: 13}}, ProducerName: mark, Graph: &onnx.Graph{
		Name: "g", Nodes: []*onnx.Node{{Op: "Identity", Inputs: []string{"pixels"}, Outputs: []string{"x"}}},
		Inputs:  []*onnx.ValueInfo{{Name: "pixels", Type: onnx.Float32, Shape: shape(3, side, side)}},
		Outputs: []*onnx.ValueInfo{{Name: "features", Type: onnx.Float32, Shape: shape(512)}, {Name: "logits", Type: onnx.Float32, Shape: shape(1000)}},
	}}
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestWriteCard(t *testing.T) {
	file := filepath.Join(t.TempDir(), "net.onnx")
	plainGraph(t, file, 224, "first")

	if made, err := WriteCard(file, CardOptions{}); err != nil || made.Written || len(made.Missing) != 1 || made.Missing[0] != export.NoRecipe {
		t.Fatalf("without a recipe: %+v, %v", made, err)
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(file), "net.toml")); err == nil {
		t.Fatal("a card without a recipe was written")
	}
	made, err := WriteCard(file, CardOptions{Recipe: "torchvision"})
	if err != nil || !made.Written {
		t.Fatalf("with a recipe: %+v, %v", made, err)
	}
	m, err := model.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	if m.Name != "net" || m.Outputs.Logits != "logits" || m.Classes.Count != 1000 || m.Recipe.Crop != 224 {
		t.Errorf("the card reads back as %+v", m.Card)
	}

	var exists *ExistsError
	if _, err := WriteCard(file, CardOptions{Recipe: "torchvision"}); !errors.As(err, &exists) {
		t.Errorf("a card over a card gives %v", err)
	}
	plainGraph(t, file, 224, "second")
	if _, err := model.Load(file); err == nil || !strings.Contains(err.Error(), "SHA-256") {
		t.Errorf("a card of another graph gives %v", err)
	}
	if _, err := WriteCard(file, CardOptions{Rehash: true}); err != nil {
		t.Fatal(err)
	}
	if m, err := model.Load(file); err != nil || m.Outputs.Logits != "logits" {
		t.Errorf("after the hash was renewed: %v", err)
	}

	plainGraph(t, file, 80, "third")
	var size *export.SizeError
	if _, err := WriteCard(file, CardOptions{Recipe: "torchvision", Overwrite: true}); !errors.As(err, &size) {
		t.Errorf("a recipe of 224 pixels for an input of 80 gives %v", err)
	}
}
