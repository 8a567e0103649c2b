package model

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/akin-vision/akin/onnx"
)

// outside writes a graph whose one tensor, of four floats, stands in another file.
func outside(t *testing.T, dir string, x onnx.External) string {
	t.Helper()
	m := onnx.Model{IRVersion: 8, Opsets: []*onnx.Opset{{Version: 13}}, Graph: &onnx.Graph{
		Initializers: []*onnx.Tensor{{Name: "w", Type: onnx.Float32, Dims: []int64{4}, External: &x}},
	}}
	data, err := m.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return put(t, dir, "net.onnx", data)
}

func put(t *testing.T, dir, name string, data []byte) string {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o777), os.WriteFile(file, data, 0o666)); err != nil {
		t.Fatal(err)
	}
	return file
}

var anyCard = Card{Name: "net", Outputs: Outputs{Features: "features"}}

// TestHashCoversExternalWeights: the hash follows every file, and only the bytes that
// were hashed are loaded.
func TestHashCoversExternalWeights(t *testing.T) {
	dir := t.TempDir()
	file := outside(t, dir, onnx.External{Location: "weights/w.bin", Offset: 8, Length: 16})
	weights := []byte("before: sixteen bytes!!!")
	put(t, dir, "weights/w.bin", weights)
	m, err := FromFile(anyCard, file)
	if err != nil {
		t.Fatal(err)
	}
	graph, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	list := fmt.Sprintf("%x  graph\n%x  weights/w.bin\n", sha256.Sum256(graph), sha256.Sum256(weights))
	if want := fmt.Sprintf("%x", sha256.Sum256([]byte(list))); m.Hash != want {
		t.Errorf("hash %s, want %s", m.Hash, want)
	}
	merged, err := m.Graph()
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := onnx.Parse(merged)
	if err != nil || !bytes.Equal(parsed.Graph.Initializers[0].Raw, weights[8:]) || parsed.Graph.Initializers[0].External != nil {
		t.Errorf("the merged graph holds %q, error %v", parsed.Graph.Initializers[0].Raw, err)
	}
	put(t, dir, "weights/w.bin", []byte("before: other sixteen!!!"))
	if _, err := m.Graph(); !errors.Is(err, ErrReplaced) {
		t.Errorf("weights replaced after they were hashed: error %v", err)
	}
	if other, err := FromFile(anyCard, file); err != nil || other.Hash == m.Hash {
		t.Errorf("other weights have the same hash, error %v", err)
	}
	put(t, dir, "weights/w.bin", weights)
	if _, err := m.Graph(); err != nil {
		t.Errorf("the weights put back: error %v", err)
	}
	put(t, dir, "net.onnx", append(graph, 8, 8)) // the same model in other bytes
	if _, err := m.Graph(); !errors.Is(err, ErrReplaced) {
		t.Errorf("a graph replaced after it was hashed: error %v", err)
	}
}

// TestInspectSeesTheGraphThatWasHashed, in one file, with weights in another and in
// memory alike.
func TestInspectSeesTheGraphThatWasHashed(t *testing.T) {
	dir := t.TempDir()
	weights := []byte("sixteen bytes!!!")
	put(t, dir, "w.bin", weights)
	external, err := FromFile(anyCard, outside(t, dir, onnx.External{Location: "w.bin", Length: 16}))
	if err != nil {
		t.Fatal(err)
	}
	whole, err := external.Graph()
	if err != nil {
		t.Fatal(err)
	}
	alone, err := FromFile(anyCard, put(t, dir, "whole.onnx", whole))
	if err != nil {
		t.Fatal(err)
	}
	inside := FromBytes(anyCard, alone.Hash, func() ([]byte, error) { return whole, nil })
	for name, m := range map[string]*Model{"one file": alone, "two files": external, "memory": inside} {
		err := m.Inspect(func(g *onnx.Graph, size int64) error {
			if !bytes.Equal(g.Initializers[0].Raw, weights) || size != int64(len(whole)) {
				t.Errorf("%s: weights %q of %d bytes, want %q of %d", name, g.Initializers[0].Raw, size, weights, len(whole))
			}
			return nil
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	put(t, dir, "whole.onnx", append(whole, 8, 8)) // the same model in other bytes
	err = alone.Inspect(func(*onnx.Graph, int64) error { t.Error("a graph was seen that was not hashed"); return nil })
	if !errors.Is(err, ErrReplaced) {
		t.Errorf("a graph replaced after it was hashed: error %v", err)
	}
}

// TestInspectOfAFileThatIsCut: a graph that is cut short while it is looked at is an error,
// not the end of the program.
func TestInspectOfAFileThatIsCut(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows cuts no file that is mapped")
	}
	large := onnx.Model{IRVersion: 8, Graph: &onnx.Graph{Initializers: []*onnx.Tensor{{Name: "w", Type: onnx.Float32, Dims: []int64{1 << 18}, Raw: make([]byte, 1<<20)}}}}
	data, err := large.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	file := put(t, t.TempDir(), "net.onnx", data)
	m, err := FromFile(anyCard, file)
	if err != nil {
		t.Fatal(err)
	}
	err = m.Inspect(func(g *onnx.Graph, _ int64) error {
		if err := os.Truncate(file, 0); err != nil {
			return err
		}
		_, err := g.Initializers[0].Floats()
		return err
	})
	if !errors.Is(err, ErrReplaced) {
		t.Errorf("error %v, want that the file changed", err)
	}
}

func TestExternalWeightsThatCannotBeUsed(t *testing.T) {
	for _, c := range []struct {
		name    string
		place   onnx.External
		weights []byte
		want    string
	}{
		{"missing", onnx.External{Location: "none.bin", Length: -1}, nil, "none.bin"},
		{"above the folder", onnx.External{Location: "../w.bin", Length: -1}, make([]byte, 16), "must lie in the graph's folder"},
		{"absolute", onnx.External{Location: "/etc/hostname", Length: -1}, nil, "must lie in the graph's folder"},
		{"a folder", onnx.External{Location: ".", Length: -1}, nil, "is a folder, not a regular file"},
		{"empty", onnx.External{Location: "w.bin", Length: -1}, []byte{}, "empty"},
		{"too short", onnx.External{Location: "w.bin", Length: -1}, make([]byte, 12), "run over the end"},
		{"offset beyond the end", onnx.External{Location: "w.bin", Offset: 1 << 40, Length: -1}, make([]byte, 16), "run over the end"},
		{"offset before the start", onnx.External{Location: "w.bin", Offset: -4, Length: -1}, make([]byte, 16), "run over the end"},
		{"another length", onnx.External{Location: "w.bin", Length: 12}, make([]byte, 16), "wants 16"},
		{"a pointer", onnx.External{Location: "w.bin", Length: -1}, []byte("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 16\n"), "Git LFS"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "below")
			file := outside(t, put(t, dir, "x", nil)[:len(dir)], c.place)
			if c.weights != nil {
				put(t, dir, c.place.Location, c.weights)
			}
			m, err := FromFile(anyCard, file)
			if err == nil {
				_, err = m.Graph()
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func TestFilesThatAreNoGraph(t *testing.T) {
	whole, err := os.ReadFile("../zoo/weights/small-resnet.onnx")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"empty", nil, "empty"},
		{"pointer", []byte("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n"), "Git LFS pointer"},
		{"cut short", whole[:len(whole)/2], "unexpected EOF"},
		{"web page", []byte("<html>not found</html>"), "the file is a web page"},
		{"web page behind a byte order mark", []byte("\ufeff \n<!DOCTYPE HTML>"), "the file is a web page"},
		{"of weights", []byte("PK\x03\x04 and more"), "a zip archive, as torch.save writes"},
		{"of safetensors", []byte("\x02\x00\x00\x00\x00\x00\x00\x00{}"), "of safetensors"},
		{"answer of a server", []byte(`{"error": "gated"}`), "the file is JSON"},
		{"of Keras", []byte("\x89HDF\r\n\x1a\n"), "of HDF5"},
		{"text", []byte("not found"), "read onnx model"},
	} {
		if _, err := FromFile(anyCard, put(t, t.TempDir(), "net.onnx", c.data)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
	if _, err := FromFile(anyCard, filepath.Join(t.TempDir(), "none.onnx")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: error %v", err)
	}
}
