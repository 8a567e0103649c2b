package convert

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
)

// torch7Bytes encodes ints (4 bytes), numbers (8), longs (8), and strings with
// their length.
func torch7Bytes(t *testing.T, values ...any) file {
	t.Helper()
	var b bytes.Buffer
	for _, v := range values {
		switch w := v.(type) {
		case int:
			v = int32(w)
		case string:
			v = append(binary.LittleEndian.AppendUint32(nil, uint32(len(w))), w...)
		}
		if err := binary.Write(&b, binary.LittleEndian, v); err != nil {
			t.Fatal(err)
		}
	}
	return file{bytes.NewReader(b.Bytes()), int64(b.Len())}
}

// TestTorch7Text reads a storage of each class in the ASCII form, as its numbers stand in
// the binary one.
func TestTorch7Text(t *testing.T) {
	for class, c := range map[string]struct {
		text string
		want any
	}{
		"Float":      {"3\n1.5 -0 1.00000001e-45\n", []float32{1.5, float32(math.Copysign(0, -1)), math.SmallestNonzeroFloat32}},
		"Cuda":       {"2\n0.100000001 16777216\n", []float32{.1, 1 << 24}},
		"Half":       {"2\n65504 5.96046448e-08\n", []float32{65504, 1. / (1 << 24)}},
		"Double":     {"2\n0.10000000000000001 -1.7976931348623157e+308\n", []float64{.1, -math.MaxFloat64}},
		"Long":       {"2\n-9223372036854775808 7\n", []int64{math.MinInt64, 7}},
		"Int":        {"1\n-2147483648\n", []int32{math.MinInt32}},
		"Short":      {"2\n-32768 5\n", []int16{math.MinInt16, 5}},
		"CudaDouble": {"1\n3\n", []float64{3}},
		"Byte":       {"4\n\n 7\xff\n", []byte("\n 7\xff")},
		"Char":       {"0\n", []byte{}},
	} {
		text := fmt.Sprintf("3\n1\n1\n2\n1\nx\n4\n2\n3\nV 1\n%d\ntorch.%sStorage\n%s", len(class)+len("torch.Storage"), class, c.text)
		v, err := readTorch7(t.Context(), file{strings.NewReader(text), int64(len(text))}, torchText{})
		if err != nil {
			t.Errorf("%s: %v", class, err)
			continue
		}
		s := v.(*torchTable).fields["x"].(*torchStorage)
		want, err := binary.Append(nil, binary.LittleEndian, c.want)
		if err != nil {
			t.Fatal(err)
		}
		got := make([]byte, s.count*s.elem.size())
		if _, err := io.ReadFull(io.NewSectionReader(s.file, s.at, int64(len(got))), got); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: % x, error %v, want % x", class, got, err, want)
		}
	}
}

// TestTorch7Objects reads a table of every kind of object: a vector and a
// hash of the tds package, functions of all three tags, a view of a storage
// that another tensor of it shares, and itself, as key and as value.
func TestTorch7Objects(t *testing.T) {
	f := torch7Bytes(t,
		tagTable, 1, 9,
		tagString, "vec", tagTorch, 2, "V 1", "tds.Vec", 2, tagNumber, 7., tagBoolean, 1,
		tagString, "hash", tagTorch, 3, "V 1", "tds.Hash", 1, tagString, "k", tagString, "v",
		tagString, "f6", tagOldFunction, "code", tagNil,
		tagString, "f7", tagFunction, 4, "code", tagTable, 5, 0,
		tagString, "f8", tagUpvalues, 6, "code", tagTable, 5,
		tagString, "whole", tagTorch, 7, "V 1", "torch.FloatTensor", 1, int64(4), int64(1), int64(1),
		tagTorch, 8, "V 1", "torch.FloatStorage", int64(4), []float32{10, 11, 12, 13},
		tagString, "part", tagTorch, 9, "torch.FloatTensor", 2, int64(2), int64(1), int64(2), int64(1), int64(2), tagTorch, 8,
		tagString, "none", tagTorch, 10, "V 1", "torch.CudaTensor", 0, int64(0), tagNil,
		tagTable, 1, tagTable, 1,
	)
	object, err := readTorch7(t.Context(), f, torchBinary{int64s}, torchBinary{int32s})
	if err != nil {
		t.Fatal(err)
	}
	fields := object.(*torchTable).fields
	if got := fields["vec"].(*torchObject).list(); !slices.Equal(got, []any{7., true}) {
		t.Errorf("vector %v", got)
	}
	if got := fields["hash"].(*torchObject).fields["k"]; got != "v" {
		t.Errorf("hash holds %v", got)
	}
	for name, want := range map[string][]float32{"whole": {10, 11, 12, 13}, "part": {11, 13}} {
		view, err := fields[name].(*torchTensor).view()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := view.floats(); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s holds %v, error %v, want %v", name, got, err, want)
		}
	}
	if _, err := fields["none"].(*torchTensor).view(); err == nil {
		t.Error("an empty tensor has a view")
	}
}

func TestTorch7ElementTypes(t *testing.T) {
	for class, want := range map[string]element{
		"torch.FloatTensor": float32s, "torch.CudaTensor": float32s, "torch.CudaStorage": float32s,
		"torch.DoubleTensor": float64s, "torch.CudaDoubleStorage": float64s,
		"torch.HalfStorage": float16s, "torch.CudaHalfTensor": float16s,
		"torch.LongStorage": int64s, "torch.IntTensor": int32s, "torch.ShortTensor": int16s,
		"torch.CharStorage": int8s, "torch.ByteTensor": uint8s,
		"torch.Tensor": 0, "torch.Generator": 0, "nn.FloatTensor": 0,
	} {
		if got, _ := numeric(class, int64s); got != want {
			t.Errorf("%s: element %d, want %d", class, got, want)
		}
	}
	if got, _ := numeric("torch.LongTensor", int32s); got != int32s {
		t.Errorf("torch.LongTensor of 4-byte longs: element %d, want %d", got, int32s)
	}
}
