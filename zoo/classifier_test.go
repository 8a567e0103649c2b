package zoo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/akin-vision/akin/onnx"
)

// classifierFile writes the graph of small weights as an exporter of image
// classifiers does: with no output but the logits.
func classifierFile(t *testing.T, change func(*onnx.Graph)) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "model.onnx")
	if _, err := Convert(context.Background(), weightsFile, file, Conversion{}); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	m, err := onnx.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	renameEdge(m.Graph, "features", "pooled")
	m.Graph.Outputs = slices.DeleteFunc(m.Graph.Outputs, func(o *onnx.ValueInfo) bool { return o.Name != "logits" })
	change(m.Graph)
	if data, err = m.Marshal(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}

func renameEdge(g *onnx.Graph, from, to string) {
	for _, n := range g.Nodes {
		for _, edges := range [][]string{n.Inputs, n.Outputs} {
			for i, name := range edges {
				if name == from {
					edges[i] = to
				}
			}
		}
	}
}

func TestPullExposesWhatTheClassifierSees(t *testing.T) {
	file := classifierFile(t, func(*onnx.Graph) {})
	cache := Catalogue{Pulls: t.TempDir()}
	e := Entry{Name: "published", Format: formatONNX, File: "model.onnx", Logits: "logits", Classes: 10, Recipe: "vit", Source: "a test"}
	p, err := cache.pull(context.Background(), e, PullOptions{From: file})
	if err != nil {
		t.Fatal(err)
	}
	if p.Model.Outputs.Features != "features" || p.Model.Outputs.Logits != "logits" || p.Model.Recipe.Square != 224 || p.Model.Parameters == 0 {
		t.Errorf("the card is %+v", p.Model.Card)
	}
	g, err := cache.Graph("published")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(g.Outputs, func(o *onnx.ValueInfo) bool { return o.Name == "features" })
	if i < 0 {
		t.Fatalf("the outputs are %s", outputs(g))
	}
	classifier := g.Nodes[slices.IndexFunc(g.Nodes, func(n *onnx.Node) bool { return slices.Contains(n.Outputs, "logits") })]
	exposed := g.Nodes[slices.IndexFunc(g.Nodes, func(n *onnx.Node) bool { return slices.Contains(n.Outputs, "features") })]
	if exposed.Op != "Identity" || exposed.Inputs[0] != classifier.Inputs[0] {
		t.Errorf("features is %s of %v, the classifier sees %s", exposed.Op, exposed.Inputs, classifier.Inputs[0])
	}
	weight := g.Initializers[slices.IndexFunc(g.Initializers, func(w *onnx.Tensor) bool { return w.Name == classifier.Inputs[1] })]
	if shape := g.Outputs[i].Shape; len(shape) != 2 || shape[1].Size != weight.Dims[1] {
		t.Errorf("features has the shape %v, the classifier's weight %v", shape, weight.Dims)
	}
}

func TestPullRefusesGraphsWithoutFeatures(t *testing.T) {
	asMatMul := func(g *onnx.Graph) {
		for _, n := range g.Nodes {
			if n.Op == "Gemm" {
				n.Op = "MatMul"
			}
		}
	}
	cases := []struct {
		name   string
		entry  Entry
		change func(*onnx.Graph)
		want   string
	}{
		{"logits by another name", Entry{Logits: "scores"}, func(*onnx.Graph) {}, `the graph computes no "scores"; its outputs are "logits"`},
		{"a layer that keeps tokens apart", Entry{Logits: "logits"}, asMatMul, `"logits" comes from a node MatMul`},
		{"no such output", Entry{Features: "image_embeds"}, func(*onnx.Graph) {}, `the graph has no output "image_embeds", only "logits"`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c.entry.Name, c.entry.Format, c.entry.Recipe = "published", formatONNX, "vit"
			cache := Catalogue{Pulls: t.TempDir()}
			_, err := cache.pull(context.Background(), c.entry, PullOptions{From: classifierFile(t, c.change)})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			if models, err := cache.Pulled(); err != nil || len(models) != 0 {
				t.Errorf("%d models were kept (%v)", len(models), err)
			}
		})
	}
}

// TestPullKeepsPublishedONNX pulls a file that needs no change: its bytes, and
// so its hash, stay.
func TestPullKeepsPublishedONNX(t *testing.T) {
	file := classifierFile(t, func(*onnx.Graph) {})
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	e := Entry{Name: "published", Format: formatONNX, File: "model.onnx", SHA256: hex.EncodeToString(sum[:]), Features: "logits", Recipe: "clip"}
	p, err := Catalogue{Pulls: t.TempDir()}.pull(context.Background(), e, PullOptions{From: file})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile(p.File)
	if err != nil || !bytes.Equal(kept, data) || p.Model.Hash != e.SHA256 {
		t.Errorf("the file was changed (%v)", err)
	}
}

// TestNotPulledSaysWhatIsMissing wants the entry of the catalogue, from which a
// caller can tell how to get the model.
func TestNotPulledSaysWhatIsMissing(t *testing.T) {
	for _, name := range []string{"clip-vit-b32", "densenet264-torch7", "resnet50-tensorflow"} {
		var absent *NotPulledError
		if _, err := (Catalogue{Pulls: t.TempDir()}).Find(name); !errors.As(err, &absent) || absent.Entry.Name != name {
			t.Errorf("%s: error %v, want a NotPulledError with its entry", name, err)
		}
	}
}
