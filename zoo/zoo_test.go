package zoo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/akin-vision/akin/convert"
	"github.com/akin-vision/akin/model"
)

// weightsFile is a small network that PyTorch wrote, of 10 classes.
const weightsFile = "../convert/testdata/basic.pth"

func TestModelsInsideAreWhatTheirCardsSay(t *testing.T) {
	models, err := Inside()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range models {
		names = append(names, m.Name)
		if len(m.Hash) != 64 {
			t.Errorf("%s has the hash %q", m.Name, m.Hash)
		}
		found, err := Catalogue{}.Find(m.Name)
		if err != nil || found.Hash != m.Hash {
			t.Errorf("Find(%s): %v", m.Name, err)
		}
		if m.IsBaseline() {
			continue
		}
		graph, err := Catalogue{}.Graph(m.Name)
		if err != nil || graph.Parameters() != m.Parameters {
			t.Errorf("%s: the card says %d parameters, the graph has %d (%v)", m.Name, m.Parameters, graph.Parameters(), err)
		}
	}
	if want := []string{
		"small-mobilenet", "small-mobilenet-untrained", "pixels", "colour", "edges",
		"small-resnet", "small-resnet-early", "small-resnet-untrained",
	}; !slices.Equal(names, want) {
		t.Errorf("models %v, want %v", names, want)
	}
}

// TestGraphsInsideArePinned: the hashes that cards give are those of the graphs, the
// untrained ones too. Another generator would change every published figure of these.
func TestGraphsInsideArePinned(t *testing.T) {
	models, err := Inside()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range models {
		if m.IsBaseline() {
			continue
		}
		graph, err := m.Graph()
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(graph); hex.EncodeToString(sum[:]) != m.SHA256 {
			t.Errorf("the graph of %s has the SHA-256 %x, its card says %s", m.Name, sum, m.SHA256)
		}
	}
}

// TestCatalogueIsSound checks what can be checked of every entry without a network.
func TestCatalogueIsSound(t *testing.T) {
	entries, err := Entries()
	if err != nil {
		t.Fatal(err)
	}
	hexDigits := regexp.MustCompile(`^[0-9a-f]*$`)
	seen := map[string]bool{}
	for _, e := range entries {
		card, err := e.card()
		if err != nil {
			t.Errorf("%s: %v", e.Name, err)
			continue
		}
		if _, err := encodeCard(card, e.Name); err != nil {
			t.Errorf("%s: its card does not read back: %v", e.Name, err)
		}
		if seen[e.Name] {
			t.Errorf("%s stands twice", e.Name)
		}
		seen[e.Name] = true
		if e.Source == "" || e.Title == "" {
			t.Errorf("%s lacks a source or title", e.Name)
		}
		if !slices.Contains([]string{convert.Torch7, convert.PyTorch, convert.SafeTensors, formatONNX}, e.Format) {
			t.Errorf("%s: unknown format %q", e.Name, e.Format)
		}
		if e.Architecture != "" && !slices.Contains(convert.Architectures(), e.Architecture) {
			t.Errorf("%s: unknown architecture %q", e.Name, e.Architecture)
		}
		if u, err := url.Parse(e.URL); err != nil || e.URL != "" && u.Scheme != "https" {
			t.Errorf("%s: url %q", e.Name, e.URL)
		}
		if !hexDigits.MatchString(e.SHA256+e.SHA256Prefix) || len(e.SHA256) != 0 && len(e.SHA256) != 64 || len(e.SHA256Prefix) != 0 && len(e.SHA256Prefix) < 8 {
			t.Errorf("%s: hash %q, prefix %q", e.Name, e.SHA256, e.SHA256Prefix)
		}
		for _, a := range e.Accuracy {
			if a.Top1 <= 0 || a.Top1 > 100 || a.On == "" || a.Source == "" {
				t.Errorf("%s: accuracy %+v", e.Name, a)
			}
		}
	}
	for _, architecture := range []string{"resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "resnet200",
		"densenet121", "densenet169", "densenet201", "densenet161", "densenet264", "densenet232", "densenet-cosine264-k32", "densenet-cosine264-k48"} {
		if !seen[architecture+"-torch7"] {
			t.Errorf("the paper's %s is not in the catalogue", architecture)
		}
	}
}

func TestConvertWritesModelAndCard(t *testing.T) {
	out := filepath.Join(t.TempDir(), "small.onnx")
	made, err := Convert(context.Background(), weightsFile, out, Conversion{Name: "small"})
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := model.Load(out)
	if err != nil {
		t.Fatal(err)
	}
	if loaded.Hash != made.Model.Hash || loaded.Name != "small" || loaded.Parameters != made.Parameters || loaded.Family != "resnet" {
		t.Errorf("loaded %+v, made %+v", loaded.Card, made.Model.Card)
	}
	if !made.Guess || !strings.Contains(loaded.Note, "is a guess") || made.Recipe != "torchvision" {
		t.Errorf("unknown weights have the recipe %s (guess %v), noted %q", made.Recipe, made.Guess, loaded.Note)
	}
	first, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var exists *ExistsError
	if _, err := Convert(context.Background(), weightsFile, out, Conversion{}); !errors.As(err, &exists) {
		t.Errorf("converting over a model gives %v", err)
	}
	if _, err := Convert(context.Background(), weightsFile, out, Conversion{Overwrite: true, Recipe: "clip"}); err != nil {
		t.Fatal(err)
	}
	second, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(first, second) {
		t.Error("one file of weights gives two graphs")
	}
	if loaded, err = model.Load(out); err != nil || loaded.Recipe.Shorter != 224 {
		t.Errorf("the recipe by name is not the card's: %+v, %v", loaded.Recipe, err)
	}
}

func TestConvertLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	broken := filepath.Join(dir, "broken.pth")
	data, err := os.ReadFile(weightsFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(broken, data[:len(data)/2], 0o666); err != nil {
		t.Fatal(err)
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	cases := []struct {
		name, weights, out string
		ctx                context.Context
		o                  Conversion
		want               string
	}{
		{"damaged weights", broken, "a.onnx", context.Background(), Conversion{}, "broken.pth"},
		{"unknown recipe", weightsFile, "a.onnx", context.Background(), Conversion{Recipe: "soup"}, `no recipe is named "soup"; choose torchvision`},
		{"other architecture", weightsFile, "a.onnx", context.Background(), Conversion{Architecture: "resnet152"}, "do not fit a resnet with bottleneck blocks 3,8,36,3"},
		{"bad name", weightsFile, "a.onnx", context.Background(), Conversion{Name: "a b"}, `name "a b"`},
		{"bad output", weightsFile, "a.bin", context.Background(), Conversion{}, "ends in .onnx"},
		{"cancelled", weightsFile, "a.onnx", cancelled, Conversion{}, "canceled"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			into := t.TempDir()
			_, err := Convert(c.ctx, c.weights, filepath.Join(into, c.out), c.o)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			left, err := os.ReadDir(into)
			if err != nil || len(left) != 0 {
				t.Errorf("%d files were left (%v)", len(left), err)
			}
		})
	}
}

// TestGraphWithoutCard: where a process died between graph and card, the same command goes
// on; a graph of other bytes is another's, and stays.
func TestGraphWithoutCard(t *testing.T) {
	weights, out := filepath.Join("..", "convert", "testdata", "basic.pth"), filepath.Join(t.TempDir(), "basic.onnx")
	made := func() error {
		_, err := Convert(t.Context(), weights, out, Conversion{})
		return err
	}
	if err := errors.Join(made(), os.Remove(cardFile(out)), made()); err != nil {
		t.Errorf("over its own graph without a card: %v", err)
	}
	var exists *ExistsError
	if err := made(); !errors.As(err, &exists) || exists.File != out {
		t.Errorf("over a whole model: %v", err)
	}
	if err := errors.Join(os.Remove(cardFile(out)), os.WriteFile(out, []byte("another's"), 0o666)); err != nil {
		t.Fatal(err)
	}
	if err := made(); !errors.As(err, &exists) || exists.File != out {
		t.Errorf("over another's graph: %v", err)
	}
	if data, _ := os.ReadFile(out); string(data) != "another's" {
		t.Errorf("another's graph became %d bytes", len(data))
	}
	if err := errors.Join(os.Remove(out), os.WriteFile(cardFile(out), nil, 0o666)); err != nil {
		t.Fatal(err)
	}
	if err := made(); !errors.As(err, &exists) || exists.File != cardFile(out) {
		t.Errorf("over another's card: %v", err)
	}
}
