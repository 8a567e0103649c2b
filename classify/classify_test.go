package classify

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/akin-vision/akin/compute"
	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/imagenet"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/onnx"
	"github.com/akin-vision/akin/setup"
	"github.com/google/go-cmp/cmp"
)

// testHome keeps everything in one folder and finds models by their files.
type testHome struct {
	cache   string
	library model.Library
}

// newHome is a home with the engine of the real cache.
func newHome(t *testing.T) testHome {
	t.Helper()
	cache, err := setup.CacheDir()
	if err != nil {
		t.Skip(err)
	}
	library, err := model.FindLibrary(model.Places{Cache: setup.LibraryFolders(cache)})
	if err != nil {
		t.Skipf("%v; run make setup", err)
	}
	return testHome{t.TempDir(), library}
}

func (h testHome) FindModels(files []string) ([]*model.Model, error) {
	models := make([]*model.Model, len(files))
	for i, file := range files {
		var err error
		if models[i], err = model.Load(file); err != nil {
			return nil, err
		}
	}
	return models, nil
}

func (h testHome) Machine() compute.Machine {
	return compute.Machine{
		Features: feature.NewStore(filepath.Join(h.cache, "features")),
		Library:  func() (model.Library, error) { return h.library, nil },
	}
}

func (h testHome) Archive() Archive {
	return Archive{Checks: filepath.Join(h.cache, "checks"), Evaluations: filepath.Join(h.cache, "evaluations")}
}

func (h testHome) Graph(string) (*onnx.Graph, error) { return nil, errors.New("not needed here") }

// writeClassifier makes a network whose output of class c is the picture's
// brightness, 0 to 1, for the class of that thousandth, and less for others:
// -(1000 x - c + offset)^2 without the terms that all classes share.
func writeClassifier(t *testing.T, outputs, offset int, classes string) string {
	t.Helper()
	weights, bias := make([]byte, 0, 12*outputs), make([]byte, 0, 4*outputs)
	for c := range outputs {
		place := float64(c - offset)
		bias = binary.LittleEndian.AppendUint32(bias, math.Float32bits(float32(-place*place/1000)))
		for range 3 {
			weights = binary.LittleEndian.AppendUint32(weights, math.Float32bits(float32(2*place/3)))
		}
	}
	batch := onnx.Dim{Name: "n"}
	node := func(op, in, out string) *onnx.Node {
		return &onnx.Node{Op: op, Inputs: strings.Fields(in), Outputs: []string{out}}
	}
	gemm := node("Gemm", "features w b", "logits")
	gemm.Attributes = []*onnx.Attribute{{Name: "transB", Kind: onnx.KindInt, Int: 1}}
	m := onnx.Model{IRVersion: 8, Opsets: []*onnx.Opset{{Version: 13}}, Graph: &onnx.Graph{
		Name:  "brightness",
		Nodes: []*onnx.Node{node("GlobalAveragePool", "data", "pool"), node("Flatten", "pool", "features"), gemm},
		Initializers: []*onnx.Tensor{
			{Name: "w", Type: onnx.Float32, Dims: []int64{int64(outputs), 3}, Raw: weights},
			{Name: "b", Type: onnx.Float32, Dims: []int64{int64(outputs)}, Raw: bias},
		},
		Inputs: []*onnx.ValueInfo{{Name: "data", Type: onnx.Float32, Shape: []onnx.Dim{batch, {Size: 3}, {Size: 8}, {Size: 8}}}},
		Outputs: []*onnx.ValueInfo{
			{Name: "features", Type: onnx.Float32, Shape: []onnx.Dim{batch, {Size: 3}}},
			{Name: "logits", Type: onnx.Float32, Shape: []onnx.Dim{batch, {Size: int64(outputs)}}},
		},
	}}
	graph, err := m.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "brightness.onnx")
	card := "name = \"brightness\"\n" + classes + "\n[recipe]\nresize = \"pillow-bilinear\"\nshorter = 8\ncrop = 8\nscale = \"1/255\"\nmean = [0, 0, 0]\nstd = [1, 1, 1]\n"
	for name, data := range map[string][]byte{file: graph, strings.TrimSuffix(file, ".onnx") + ".toml": []byte(card)} {
		if err := os.WriteFile(name, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return file
}

// grey is a picture whose brightness the network takes for a class near
// 1000 level / 255.
func grey(t testing.TB, level uint8) []byte {
	t.Helper()
	picture := image.NewGray(image.Rect(0, 0, 8, 8))
	for i := range picture.Pix {
		picture.Pix[i] = color.Gray{level}.Y
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// writePictures makes a folder for each class that a grey level stands for.
func writePictures(t *testing.T, levels ...uint8) string {
	t.Helper()
	dir := t.TempDir()
	for _, level := range levels {
		class := imagenet.Classes()[int(math.Round(1000*float64(level)/255))]
		name := filepath.Join(dir, class.WNID, fmt.Sprint(level)+".png")
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, grey(t, level), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const withLogits = "[outputs]\nlogits = \"logits\"\n[classes]\n"

// TestBackgroundClass evaluates a network of 1,001 outputs, told by the card and
// by the configuration; a run shows its classes too.
func TestBackgroundClass(t *testing.T) {
	home := newHome(t)
	images := writePictures(t, 3, 51, 204)
	for name, c := range map[string]Config{
		"card":          {Models: []string{writeClassifier(t, 1001, 1, withLogits+"count = 1000\noffset = 1\n")}},
		"configuration": {Models: []string{writeClassifier(t, 1001, 1, withLogits+"count = 1001\n")}, Labels: LabelSet{Offset: 1}},
	} {
		c.Home, c.Images = home, images
		got, err := Evaluate(context.Background(), c, nil)
		if err != nil || got[0].Top1.Correct != 3 || got[0].Pictures != 3 || got[0].Classes != 1000 {
			t.Errorf("%s: %+v, error %v", name, got, err)
		}
		check, err := CheckModel(context.Background(), c)
		if err != nil || check.Top1.Correct != 3 || check.Verdict != CannotTell {
			t.Errorf("%s: check %+v, error %v", name, check, err)
		}
	}
}

// TestManyClasses evaluates a network of 21,841 outputs whose classes a file lists.
func TestManyClasses(t *testing.T) {
	var ids strings.Builder
	for i := range 21841 {
		if i < 1000 {
			fmt.Fprintln(&ids, imagenet.Classes()[i].WNID)
		} else {
			fmt.Fprintf(&ids, "n%08d\n", 99000000+i)
		}
	}
	list := filepath.Join(t.TempDir(), "ids.txt")
	if err := os.WriteFile(list, []byte(ids.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	c := Config{Home: newHome(t), Images: writePictures(t, 51), Models: []string{writeClassifier(t, 21841, 0, withLogits+"count = 21841\n")}}
	if _, err := Evaluate(context.Background(), c, nil); err == nil || !strings.Contains(err.Error(), "its card does not say which") {
		t.Errorf("without a list: %v", err)
	}
	c.Labels.Classes = list
	if got, err := Evaluate(context.Background(), c, nil); err != nil || got[0].Top1.Correct != 1 || got[0].Classes != 21841 {
		t.Errorf("%+v, error %v", got, err)
	}
	if _, err := FindSemantics(context.Background(), c, 9, 1); err == nil || !strings.Contains(err.Error(), "21841 are too many") {
		t.Errorf("semantics: %v", err)
	}
}

// TestWhatCannotBeClassified wants errors that say what to do.
func TestWhatCannotBeClassified(t *testing.T) {
	home := newHome(t)
	images := writePictures(t, 51)
	for _, c := range []struct {
		name    string
		outputs int
		card    string
		want    string
	}{
		{"no logits", 1000, "", `its card names no logits; if its graph has an output of class scores, name it there: [outputs] logits = "..."`},
		{"another name", 1000, "[outputs]\nlogits = \"scores\"\n[classes]\ncount = 1000\n", `output "scores"`},
		{"a background class", 1001, withLogits + "count = 1001\n", "has 1001 classes and its card does not say which"},
		{"a background class that the card denies", 1001, withLogits + "count = 1000\n", "if the first is a background class, its card needs [classes] offset = 1"},
		{"a card of 1,000 for 21,841", 21841, withLogits + "count = 1000\n", "the network has 21841 outputs"},
		{"unknown classes", 12, withLogits + "count = 12\n", "has 12 classes and its card does not say which: [classes] wnids = [...]"},
		{"a negative offset", 12, withLogits + "count = 12\noffset = -1\n", "[classes] offset -1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := Config{Home: home, Images: images, Models: []string{writeClassifier(t, c.outputs, 0, c.card)}}
			_, err := Evaluate(context.Background(), config, nil)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

// storeOf returns the one feature file of a home.
func storeOf(t *testing.T, h testHome) []byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(h.cache, "features", "*", "*.features"))
	if err != nil || len(files) != 1 {
		t.Fatalf("feature files %v, error %v", files, err)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestEvaluationGoesOn stops an evaluation on its way: what it had done stays,
// and the figures and the store become those of an uninterrupted one.
func TestEvaluationGoesOn(t *testing.T) {
	levels := make([]uint8, 250)
	for i := range levels {
		levels[i] = uint8(i)
	}
	home := newHome(t)
	c := Config{Home: home, Images: writePictures(t, levels...), Models: []string{writeClassifier(t, 1000, 0, withLogits+"count = 1000\n")}}
	want, err := Evaluate(context.Background(), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	uninterrupted := storeOf(t, home)

	home = newHome(t)
	c.Home = home
	ctx, stop := context.WithCancel(context.Background())
	c.Progress = func(p extract.Progress) {
		if p.Done >= 100 {
			stop()
		}
	}
	if _, err := Evaluate(ctx, c, nil); !errors.Is(err, context.Canceled) {
		t.Fatalf("the interrupted evaluation gives %v", err)
	}
	if kept := storeOf(t, home); len(kept) >= len(uninterrupted) || !bytes.HasPrefix(uninterrupted, kept) || len(kept) < len(uninterrupted)*100/250 {
		t.Errorf("%d bytes of %d were kept, or others", len(kept), len(uninterrupted))
	}
	c.Progress = nil
	got, err := Evaluate(context.Background(), c, nil)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("error %v (-uninterrupted +gone on):\n%s", err, diff)
	}
	if !bytes.Equal(storeOf(t, home), uninterrupted) {
		t.Error("the store differs from that of an uninterrupted evaluation")
	}
}
