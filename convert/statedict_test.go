package convert_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/akin-vision/akin/convert"
)

type info struct {
	DType   string   `json:"dtype"`
	Shape   []int64  `json:"shape"`
	Offsets [2]int64 `json:"data_offsets"`
}

// edited gives testdata/basic.safetensors with its header changed.
func edited(t *testing.T, edit func(map[string]info)) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/basic.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	end := 8 + binary.LittleEndian.Uint64(data)
	header := map[string]json.RawMessage{}
	if err := json.Unmarshal(data[8:end], &header); err != nil {
		t.Fatal(err)
	}
	delete(header, "__metadata__")
	tensors := map[string]info{}
	for key, raw := range header {
		var i info
		if err := json.Unmarshal(raw, &i); err != nil {
			t.Fatal(err)
		}
		tensors[key] = i
	}
	edit(tensors)
	var body []byte
	for _, key := range slices.Sorted(maps.Keys(tensors)) { // each with bytes of its own
		i := tensors[key]
		begin := int64(len(body))
		body = append(body, data[end+uint64(i.Offsets[0]):end+uint64(i.Offsets[1])]...)
		i.Offsets = [2]int64{begin, int64(len(body))}
		tensors[key] = i
	}
	text, err := json.Marshal(tensors)
	if err != nil {
		t.Fatal(err)
	}
	return append(safeTensors(string(text)), body...)
}

func convertError(t *testing.T, data []byte, o convert.Options) error {
	t.Helper()
	_, err := convert.Convert(t.Context(), bytes.NewReader(data), int64(len(data)), o)
	if err == nil {
		t.Fatal("no error")
	}
	return err
}

func TestAllUnfitTensorsAreListed(t *testing.T) {
	err := convertError(t, edited(t, func(tensors map[string]info) {
		delete(tensors, "layer2.0.bn1.bias")
		delete(tensors, "layer4.0.conv2.weight")
		tensors["aux.weight"] = tensors["fc.weight"]
		wrong := tensors["layer1.0.conv2.weight"]
		wrong.Shape = []int64{9, 9}
		tensors["layer1.0.conv2.weight"] = wrong
		counter := tensors["bn1.bias"]
		counter.DType, counter.Shape = "I32", []int64{3}
		tensors["bn1.bias"] = counter
	}), convert.Options{})
	want := `convert safetensors weights: 5 tensors do not fit a resnet with basic blocks 1,1,1,1, stem 3, width 3, groups 1:
  missing: layer2.0.bn1.bias, layer4.0.conv2.weight
  of another shape: bn1.bias holds no floating-point numbers, layer1.0.conv2.weight is [9 9], wants [3 3 3 3]
  not part of it: aux.weight`
	if err.Error() != want {
		t.Errorf("got\n%v\nwant\n%v", err, want)
	}
}

func TestAskedArchitecture(t *testing.T) {
	small := edited(t, func(map[string]info) {})
	for _, c := range []struct{ name, want string }{
		{"resnet9000", `unknown architecture "resnet9000"; known are resnet18, `},
		{"densenet121", "the file holds a resnet with basic blocks 1,1,1,1, stem 3, width 3, groups 1; densenet121 is a densenet with layers 6,12,24,16"},
		{"resnet18", "conv1.weight is [3 3 7 7], wants [64 3 7 7]"},
		{"resnet18", "missing: layer1.1.conv1.weight, "},
	} {
		if err := convertError(t, small, convert.Options{Architecture: c.name}); !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.want)
		}
	}
	tree, err := os.ReadFile("testdata/dense.t7")
	if err != nil {
		t.Fatal(err)
	}
	err = convertError(t, tree, convert.Options{Architecture: "densenet121"})
	if want := "the file holds a densenet with layers 2,3,2,2, growth 4, stem 8; densenet121 is a"; !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want one with %q", err, want)
	}
}

func TestWholeModulesAreRefused(t *testing.T) {
	data, err := os.ReadFile("testdata/module.pth")
	if err != nil {
		t.Fatal(err)
	}
	err = convertError(t, data, convert.Options{})
	for _, want := range []string{"torch.nn.modules.container.Sequential", "state_dict()"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

func TestCompressedArchivesAreRefused(t *testing.T) {
	archive, err := zip.OpenReader("testdata/basic.pth")
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	for _, m := range archive.File {
		to, err := w.CreateHeader(&zip.FileHeader{Name: m.Name, Method: zip.Deflate})
		if err != nil {
			t.Fatal(err)
		}
		from, err := m.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(to, from); err != nil {
			t.Fatal(err)
		}
		from.Close()
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := convertError(t, packed.Bytes(), convert.Options{}); !strings.Contains(err.Error(), "compressed") {
		t.Errorf("error %v, want one that says compressed", err)
	}
}

func TestModelBytesRepeat(t *testing.T) {
	for name, data := range samples(t) {
		first, err := convertBytes(t, data)
		again, _ := convertBytes(t, data)
		if err == nil && !slices.Equal(first, again) {
			t.Errorf("%s: two conversions give different bytes", name)
		}
	}
}
