package onnx

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protowire"
)

// kinds reads testdata/kinds.onnx, which the onnx package wrote.
func kinds(t testing.TB) ([]byte, *Model) {
	t.Helper()
	return modelOf(t, "testdata/kinds.onnx")
}

// modelOf reads a file.
func modelOf(t testing.TB, file string) ([]byte, *Model) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return data, m
}

// marshalled is a model written again.
func marshalled(t testing.TB, m *Model) []byte {
	t.Helper()
	out, err := m.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestParseReadsWhatTheOnnxPackageWrote(t *testing.T) {
	_, m := kinds(t)
	if m.IRVersion != 8 || m.ProducerName != "make.py" || m.Graph.Name != "kinds" || len(m.Metadata) != 1 || m.Metadata[0].Value != "value" {
		t.Errorf("model %+v", m)
	}
	if len(m.Opsets) != 2 || m.Opsets[1].Domain != "example" || m.Opsets[1].Version != 2 {
		t.Errorf("operator sets %+v", m.Opsets)
	}
	odd := m.Graph.Nodes[1]
	if odd.Op != "Odd" || odd.Domain != "example" || !slices.Equal(odd.Inputs, []string{"", "x"}) || !slices.Equal(odd.Outputs, []string{"o", ""}) {
		t.Errorf("node %+v", odd)
	}
	if odd.Attribute("f").Float != 1.5 || odd.Int("i", 0) != -7 || odd.Int("none", 4) != 4 || odd.Attribute("s").String != "text" ||
		!slices.Equal(odd.Attribute("floats").Floats, []float32{1, 2.5}) || !slices.Equal(odd.Ints("ints"), []int64{1, -2}) ||
		len(odd.Attribute("t").Tensor.Raw) != 12 {
		t.Errorf("attributes %+v", odd.Attributes)
	}
	shapes := [][]Dim{{{Name: "batch"}, {Size: 3}, {unset: true}}, nil, {}, nil}
	for i, v := range m.Graph.Inputs {
		if diff := cmp.Diff(shapes[i], v.Shape, cmp.AllowUnexported(Dim{})); diff != "" {
			t.Errorf("input %s: %s", v.Name, diff)
		}
	}
}

// TestTypedDataBecomeRaw reads 0, 1, 2 of every element type.
func TestTypedDataBecomeRaw(t *testing.T) {
	_, m := kinds(t)
	want := map[string]any{
		"FLOAT": []float32{0, 1, 2}, "DOUBLE": []float64{0, 1, 2},
		"INT64": []int64{0, 1, 2}, "INT32": []int32{0, 1, 2}, "INT16": []int16{0, 1, 2}, "INT8": []int8{0, 1, 2},
		"UINT64": []uint64{0, 1, 2}, "UINT32": []uint32{0, 1, 2}, "UINT16": []uint16{0, 1, 2}, "UINT8": []uint8{0, 1, 2},
		"BOOL": []bool{false, true, true}, "FLOAT16": []uint16{0, 0x3c00, 0x4000}, "BFLOAT16": []uint16{0, 0x3f80, 0x4000},
	}
	for _, tensor := range m.Graph.Initializers {
		var raw []byte
		if values, ok := want[tensor.Name]; ok {
			raw, _ = binary.Append(nil, binary.LittleEndian, values)
			delete(want, tensor.Name)
		}
		if !bytes.Equal(raw, tensor.Raw) {
			t.Errorf("%s: raw data %v, want %v", tensor.Name, tensor.Raw, raw)
		}
	}
	if len(want) > 0 {
		t.Errorf("not in the model: %v", want)
	}
}

func all(m *Model) cmp.Options {
	return cmp.Options{cmp.AllowUnexported(Model{}, Opset{}, Entry{}, Graph{}, Node{}, Attribute{}, External{}, Tensor{}, ValueInfo{}, Dim{})}
}

func TestNothingIsLostOnARoundTrip(t *testing.T) {
	data, m := kinds(t)
	out, err := m.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Parse(out)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m, again, all(m)); diff != "" {
		t.Error(diff)
	}
	// Every text of the file is still there, decoded or not.
	for _, text := range []string{"either way", "a graph", "a model", "then_branch", "else_branch", "weights.bin", "strings", "list"} {
		if n := strings.Count(string(data), text); n == 0 || strings.Count(string(out), text) != n {
			t.Errorf("%q: %d times before, %d after", text, n, strings.Count(string(out), text))
		}
	}
	if diff := cmp.Diff(leaves(data), leaves(out)); diff != "" {
		t.Errorf("fields differ: %s", diff)
	}
}

// leaves lists the fields of the model and of its graph that are kept
// undecoded, sorted: numbers above 7 but for those of lists.
func leaves(model []byte) []string {
	var list []string
	for f := range fields(model) {
		if f.num != 7 {
			list = append(list, string(f.raw))
			continue
		}
		for g := range fields(f.bytes) {
			if g.num != 1 && g.num != 5 {
				list = append(list, string(g.raw))
			}
		}
	}
	slices.Sort(list)
	return list
}

func TestUnknownFieldsSurviveEverywhere(t *testing.T) {
	unknown := protowire.AppendBytes(protowire.AppendTag(nil, 1000, bytesTy), []byte("later"))
	field := func(num protowire.Number, parts ...[]byte) []byte {
		return protowire.AppendBytes(protowire.AppendTag(nil, num, bytesTy), append(bytes.Join(parts, nil), unknown...))
	}
	tensor := field(5, protowire.AppendVarint(protowire.AppendTag(nil, 2, varint), 1))
	attribute := field(5, tensor)
	value := field(12, field(2, field(1, field(2, field(1)))))
	graph := field(7, field(1, attribute), tensor, value)
	data := bytes.Join([][]byte{graph, field(8), field(14), unknown}, nil)

	m, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	out := marshalled(t, m)
	want := bytes.Count(data, unknown)
	if got := bytes.Count(out, unknown); got != want {
		t.Errorf("%d unknown fields, want %d", got, want)
	}
}

func TestSharedModelsKeepTheirBytes(t *testing.T) {
	files, err := filepath.Glob("../../shared/*/*.onnx")
	if err != nil || len(files) == 0 {
		t.Skip("no folder shared with .onnx files beside the project")
	}
	for _, file := range files {
		data, m := modelOf(t, file)
		out := marshalled(t, m)
		if !bytes.Equal(data, out) {
			t.Errorf("%s: %d bytes became %d other ones", file, len(data), len(out))
		}
	}
}

type source struct {
	io.Reader
	closed *bool
}

func (s source) Close() error { *s.closed = true; return nil }

func TestStreamedTensors(t *testing.T) {
	raw := []byte{1, 2, 3, 4, 5, 6, 7, 8}
	var closed bool
	opened := func(data []byte) func() (io.ReadCloser, error) {
		return func() (io.ReadCloser, error) { return source{bytes.NewReader(data), &closed}, nil }
	}
	held := &Model{IRVersion: 8, Graph: &Graph{Initializers: []*Tensor{
		{Name: "a", Type: Float32, Dims: []int64{2}, Raw: raw}, {Name: "b", Type: Float32, Dims: []int64{0}, Raw: []byte{}},
	}}}
	want, err := held.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	tensor := held.Graph.Initializers[0]
	tensor.Raw, tensor.Open = nil, opened(raw)
	got, err := held.Marshal()
	if err != nil || !bytes.Equal(got, want) || !closed {
		t.Errorf("streamed %x, want %x; error %v, closed %v", got, want, err, closed)
	}
	tensor.Open = opened(raw[:5])
	if _, err := held.Marshal(); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("short source: error %v", err)
	}
	tensor.Dims = []int64{1 << 40}
	if _, err := held.Marshal(); err == nil || !strings.Contains(err.Error(), "2 GiB") {
		t.Errorf("large tensor: error %v", err)
	}
}

func TestParseRefuses(t *testing.T) {
	b := func(num protowire.Number, content string) string {
		return string(protowire.AppendBytes(protowire.AppendTag(nil, num, bytesTy), []byte(content)))
	}
	for _, c := range []struct{ name, data, want string }{
		{"nothing", "", "no graph"},
		{"text", "<html>", "read onnx model"},
		{"cut short", "\x3a\x7f\x0a", "EOF"},
		{"two graphs", b(7, "") + b(7, ""), "two graphs"},
		{"negative shape", b(7, b(5, "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x10\x01")), "impossible shape"},
		{"shape beyond measure", b(7, b(5, "\x08\x80\x80\x80\x80\x80\x80\x80\x80\x40\x08\x08\x10\x01")), "impossible shape"},
		{"data unlike the shape", b(7, b(5, "\x08\x03\x10\x01"+b(9, "1234"))), "4 bytes of data, shape [3] wants 12"},
		{"attribute of two kinds", b(7, b(1, b(5, "\x18\x01"+b(4, "s")))), "kinds 2 and 3"},
		{"attribute of another kind", b(7, b(1, b(5, "\x18\x01\xa0\x01\x03"))), "declared kind 3"},
	} {
		if _, err := Parse([]byte(c.data)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	data, _ := kinds(f)
	f.Add(data)
	f.Add([]byte("\x3a\x00"))
	f.Add(traced(f))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Parse(data)
		if err != nil {
			return
		}
		m.Graph.Summary(1, 3, 224, 224)
		m.Graph.Summary()
		m.Graph.Layers(m.Graph.PictureShape(224, 224)...)
		var ends []string
		for _, v := range m.Graph.Outputs {
			ends = append(ends, v.Name)
		}
		_ = m.Graph.Steady(ends)
		places, err := Locations(bytes.NewReader(data), int64(len(data)))
		if err == nil && len(m.Externals()) > 0 && len(places) == 0 {
			t.Fatal("a tensor in another file is not found")
		}
		out, err := m.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(out)
		if err != nil {
			t.Fatalf("own bytes are refused: %v", err)
		}
		once, err := again.Marshal()
		if err != nil || !bytes.Equal(out, once) {
			t.Fatalf("a second round trip changes the bytes; error %v", err)
		}
	})
}

// traced is a model whose shapes are followed through reshapes and computed integers.
func traced(t testing.TB) []byte {
	g := graphOf(map[string][]int64{"w": {8, 3, 8, 8}, "d": {8, 8}}, constant("last", -1), constant("zero", 0), constant("eight", 8),
		node("Conv", "x w", "c", list("strides", 8, 8)), node("Shape", "c", "s"), node("Gather", "s zero", "n"), node("Concat", "n eight last", "flat", number("axis", 0)),
		node("Reshape", "c flat", "r"), node("Transpose", "r", "t", list("perm", 0, 2, 1)), node("MatMul", "t d", "m"),
		node("Slice", "m zero last", "part"), node("ReduceMean", "m", "mean", list("axes", 1)), node("Concat", "mean m", "joined", number("axis", 1)))
	data, err := (&Model{IRVersion: 8, Opsets: []*Opset{{Version: 13}}, Graph: g}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestMillionsOfParts: empty nodes of two bytes each would take a hundred times that.
func TestMillionsOfParts(t *testing.T) {
	for count, good := range map[int]bool{1000: true, mostParts: false} {
		nodes := bytes.Repeat([]byte{0x0a, 0}, count)
		data := append(protowire.AppendVarint([]byte{0x3a}, uint64(len(nodes))), nodes...)
		if _, err := Locations(bytes.NewReader(data), int64(len(data))); good != (err == nil) || !good && !strings.Contains(err.Error(), "more than 2000000 parts") {
			t.Errorf("%d nodes: error %v", count, err)
		}
	}
}
