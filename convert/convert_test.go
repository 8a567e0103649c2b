package convert_test

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/akin-vision/akin/convert"
	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/internal/testengine"
	"github.com/akin-vision/akin/model"
)

// expected is what PyTorch says of a network: testdata/make.py and the
// full-size sweep in ../references write lists of them.
type expected struct {
	File         string
	Architecture string
	Family       string
	Structure    string
	Parameters   int64
	Features     []float64 // of pictures one after another
	Logits       []float64
}

func references(t *testing.T, folder string) []expected {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(folder, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []expected
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// picture makes the input of all comparisons: a hash of the index, from -2 to
// 2, exact in float32.
func picture(n int) []float32 {
	values := make([]float32, n*3*224*224)
	for i := range values {
		h := uint64(i) * 2654435761 >> 8 & 0xffff
		values[i] = float32(float64(h)/16384 - 2)
	}
	return values
}

// converted reads a weight file and writes its model, to memory.
func converted(t *testing.T, path string, o convert.Options) (*convert.Result, []byte) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	r, err := convert.Convert(t.Context(), f, info.Size(), o)
	if err != nil {
		t.Fatal(err)
	}
	graph, err := r.Model.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return r, graph
}

func TestNetworksAgreeWithPyTorch(t *testing.T) {
	rt := testengine.Open(t)
	for _, ref := range references(t, "testdata") {
		t.Run(ref.File, func(t *testing.T) { compare(t, rt, "testdata", ref) })
	}
}

// TestReferences compares the networks that references/sweep.py has written
// into the folder AKIN_REFERENCES, and leaves their models there.
func TestReferences(t *testing.T) {
	folder := os.Getenv("AKIN_REFERENCES")
	if folder == "" {
		t.Skip("full-size networks are compared by \"make references\", which needs PyTorch")
	}
	rt := testengine.Open(t)
	for _, ref := range references(t, folder) {
		t.Run(ref.File, func(t *testing.T) {
			graph := compare(t, rt, folder, ref)
			if err := os.WriteFile(filepath.Join(folder, ref.File+".onnx"), graph, 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func compare(t *testing.T, rt *model.Runtime, folder string, ref expected) []byte {
	r, graph := converted(t, filepath.Join(folder, ref.File), convert.Options{Probabilities: true})
	if r.Architecture != ref.Architecture || r.Family != ref.Family || r.Structure != ref.Structure {
		t.Errorf("is %q, family %q, structure %q; want %q, %q, %q",
			r.Architecture, r.Family, r.Structure, ref.Architecture, ref.Family, ref.Structure)
	}
	if r.Parameters != ref.Parameters {
		t.Errorf("%d parameters, want %d", r.Parameters, ref.Parameters)
	}
	n := len(ref.Logits) / r.Classes
	outputs := run(t, rt, graph, n, "features", "logits", "probs")
	closeTo(t, "features", outputs[0], ref.Features)
	closeTo(t, "logits", outputs[1], ref.Logits)
	closeTo(t, "probs", outputs[2], softmax(ref.Logits, r.Classes))
	return graph
}

// run gives the outputs for n pictures, each flattened.
func run(t *testing.T, rt *model.Runtime, graph []byte, n int, outputs ...string) [][]float64 {
	t.Helper()
	card := model.Card{Name: "converted", Outputs: model.Outputs{Features: "features", Logits: "logits"}, Recipe: imaging.Recipe{
		Resize: "pillow-bilinear", Shorter: 256, Crop: 224,
	}}
	m := model.FromBytes(card, "", func() ([]byte, error) { return graph, nil })
	nodes := make([]model.Output, len(outputs))
	for i, name := range outputs {
		nodes[i].Node = name
	}
	session, err := m.Open(rt, model.SessionOptions{Outputs: nodes, Batch: n, Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	values, err := session.(*model.Session).Run(context.Background(), picture(n), n)
	if err != nil {
		t.Fatal(err)
	}
	flat := make([][]float64, len(outputs))
	for i, pictures := range values {
		for _, vector := range pictures {
			for _, v := range vector {
				flat[i] = append(flat[i], float64(v))
			}
		}
	}
	return flat
}

// closeTo compares vectors: the largest difference, relative to the largest
// value, is at most 1e-5.
func closeTo(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d values, want %d", what, len(got), len(want))
		return
	}
	var difference, largest float64
	for i := range want {
		difference = math.Max(difference, math.Abs(got[i]-want[i]))
		largest = math.Max(largest, math.Abs(want[i]))
	}
	if relative := difference / largest; !(relative <= 1e-5) {
		t.Errorf("%s: relative error %.2g, largest value %.3g", what, relative, largest)
	} else {
		t.Logf("%s: relative error %.2g", what, relative)
	}
}

func softmax(logits []float64, classes int) []float64 {
	var probs []float64
	for ; len(logits) > 0; logits = logits[classes:] {
		sum := 0.
		for _, v := range logits[:classes] {
			sum += math.Exp(v)
		}
		for _, v := range logits[:classes] {
			probs = append(probs, math.Exp(v)/sum)
		}
	}
	return probs
}
