package model_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/internal/reference"
	"github.com/akin-vision/akin/internal/testengine"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/onnx"
)

// shared is the folder of development data beside the repository.
const shared = "../../shared"

// mobilenetCard prepares pictures as model/testdata/reference.py does.
var mobilenetCard = model.Card{
	Name: "mobilenet", Outputs: model.Outputs{Features: "features", Logits: "logits"},
	Recipe: imaging.Recipe{Resize: "pillow-bilinear", Shorter: 219, Crop: 192,
		Mean: []float64{128, 128, 128}, Std: []float64{128, 128, 128}},
}

func TestFeaturesAgreeWithPyTorch(t *testing.T) {
	type mobilenet struct {
		Graph    string
		Pictures []struct {
			Path     string
			Features []float32
		}
	}
	want := reference.JSON[mobilenet](t, "testdata/mobilenet_v1_0.75_192.json")
	if _, err := os.Stat(filepath.Join(shared, want.Graph)); err != nil {
		t.Skipf("the reference network is not here: %v", err)
	}
	rt := testengine.Open(t)
	m, err := model.FromFile(mobilenetCard, filepath.Join(shared, want.Graph))
	if err != nil {
		t.Fatal(err)
	}
	session, err := m.Open(rt, model.SessionOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	tensor := make([]float32, 3*192*192)
	for _, picture := range want.Pictures {
		file, err := os.ReadFile(filepath.Join(shared, picture.Path))
		if err != nil {
			t.Fatal(err)
		}
		img, err := imaging.Decode(file, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := mobilenetCard.Recipe.Apply(img, tensor); err != nil {
			t.Fatal(err)
		}
		out, err := session.Run(context.Background(), tensor, 1)
		if err != nil {
			t.Fatal(err)
		}
		least := 0.9999
		if strings.HasSuffix(picture.Path, ".png") {
			least = 0.999999
		}
		cosine := match.Cosine.Similarity(out[0][0], picture.Features)
		t.Logf("%-60s 1 - cosine = %.1e", picture.Path, 1-cosine)
		if cosine < least {
			t.Errorf("%s: cosine %.8f with PyTorch's features, want at least %v", picture.Path, cosine, least)
		}
	}
}

// smallModel is the network inside akin, at its own size.
func smallModel(t *testing.T) *model.Model {
	t.Helper()
	graph, err := os.ReadFile("../zoo/weights/small-resnet.onnx")
	if err != nil {
		t.Fatal(err)
	}
	card := model.Card{Name: "small", Outputs: model.Outputs{Features: "features"},
		Recipe: imaging.Recipe{Resize: "pillow-bilinear", Square: 80, Scale: "1/255"}}
	return model.FromBytes(card, "hash", func() ([]byte, error) { return graph, nil })
}

func TestVectorDoesNotDependOnItsCompany(t *testing.T) {
	rt := testengine.Open(t)
	m := smallModel(t)
	session, err := m.Open(rt, model.SessionOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	const size = 3 * 80 * 80
	tensor := make([]float32, 4*size)
	for i := range tensor {
		tensor[i] = float32(i*2654435761%1000) / 1000
	}
	together, err := session.Run(context.Background(), tensor, 4)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 4 {
		alone, err := session.Run(context.Background(), tensor[i*size:(i+1)*size], 1)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(alone[0][0], together[0][i]) {
			t.Errorf("picture %d alone has another vector than in a batch of 4", i)
		}
	}
	if slices.Equal(together[0][0], together[0][1]) {
		t.Error("two different pictures have one vector")
	}
	if _, err := session.Run(context.Background(), tensor[:size-1], 1); err == nil {
		t.Error("a tensor of the wrong size was accepted")
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := session.Run(cancelled, tensor[:size], 1); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled Embed returned %v", err)
	}
}

func TestOpenNamesWhatDisagrees(t *testing.T) {
	rt := testengine.Open(t)
	graph := func() ([]byte, error) { return os.ReadFile("../zoo/weights/small-resnet.onnx") }
	square := imaging.Recipe{Resize: "pillow-bilinear", Square: 80}
	cases := []struct {
		name string
		card model.Card
		want string
	}{
		{"output", model.Card{Name: "m", Outputs: model.Outputs{Features: "pool5"}, Recipe: square}, `no output "pool5", only "features", "logits"`},
		{"input", model.Card{Name: "m", Input: "data", Outputs: model.Outputs{Features: "features"}, Recipe: square}, `the graph has the inputs "input"`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := model.FromBytes(c.card, "", graph).Open(rt, model.SessionOptions{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
	broken := model.FromBytes(model.Card{Name: "m", Outputs: model.Outputs{Features: "features"}, Recipe: square}, "",
		func() ([]byte, error) { return []byte("not a graph"), nil })
	if _, err := broken.Open(rt, model.SessionOptions{}); err == nil {
		t.Error("bytes that are no graph were opened")
	}
}

// TestIntegersDoNotSaturate: sums of products of uint8 and int8 may exceed 16
// bits on every processor.
func TestIntegersDoNotSaturate(t *testing.T) {
	rt := testengine.Open(t)
	const steps = 255 * 127 // of the product of one channel
	graph := onnx.Graph{
		Inputs:  []*onnx.ValueInfo{{Name: "x", Type: onnx.Float32, Shape: []onnx.Dim{{Name: "batch"}, {Size: 3}, {Size: 8}, {Size: 8}}}},
		Outputs: []*onnx.ValueInfo{{Name: "features", Type: onnx.Float32, Shape: []onnx.Dim{{Name: "batch"}, {Size: 16}, {Size: 8}, {Size: 8}}}},
		Initializers: []*onnx.Tensor{
			{Name: "one", Type: onnx.Float32, Raw: binary.LittleEndian.AppendUint32(nil, math.Float32bits(1))},
			{Name: "step", Type: onnx.Float32, Raw: binary.LittleEndian.AppendUint32(nil, math.Float32bits(3*steps/255.))},
			{Name: "zero", Type: onnx.Uint8, Raw: []byte{0}},
			{Name: "w", Type: onnx.Int8, Dims: []int64{16, 3, 1, 1}, Raw: bytes.Repeat([]byte{127}, 48)},
			{Name: "wzero", Type: onnx.Int8, Raw: []byte{0}},
		},
	}
	for _, n := range [][]string{
		{"QuantizeLinear", "xq", "x", "one", "zero"}, {"DequantizeLinear", "xdq", "xq", "one", "zero"},
		{"DequantizeLinear", "wdq", "w", "one", "wzero"}, {"Conv", "y", "xdq", "wdq"},
		{"QuantizeLinear", "yq", "y", "step", "zero"}, {"DequantizeLinear", "features", "yq", "step", "zero"},
	} {
		graph.Nodes = append(graph.Nodes, &onnx.Node{Op: n[0], Outputs: n[1:2], Inputs: n[2:]})
	}
	data, err := (&onnx.Model{IRVersion: 8, Opsets: []*onnx.Opset{{Version: 13}}, Graph: &graph}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	card := model.Card{Name: "integers", Outputs: model.Outputs{Features: "features"}, Recipe: imaging.Recipe{Resize: "pillow-bilinear", Square: 8, Scale: "1/255"}}
	m := model.FromBytes(card, "", func() ([]byte, error) { return data, nil })
	m.WideSums = true
	session, err := m.Open(rt, model.SessionOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	got, err := session.Run(context.Background(), slices.Repeat([]float32{255}, 3*8*8), 1)
	if err != nil {
		t.Fatal(err)
	}
	if v := got[0][0][0]; v != 3*steps {
		t.Errorf("the convolution gives %v, want %d", v, 3*steps)
	}
}
