package convert

import (
	"bytes"
	"encoding/binary"
	"slices"
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
	object, err := readTorch7(t.Context(), f)
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
		view, err := fields[name].(*torchTensor).view(f)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := view.floats(); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s holds %v, error %v, want %v", name, got, err, want)
		}
	}
	if _, err := fields["none"].(*torchTensor).view(f); err == nil {
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
		if got, _ := (&torchReader{long: 8}).numeric(class); got != want {
			t.Errorf("%s: element %d, want %d", class, got, want)
		}
	}
	if got, _ := (&torchReader{long: 4}).numeric("torch.LongTensor"); got != int32s {
		t.Errorf("torch.LongTensor of 4-byte longs: element %d, want %d", got, int32s)
	}
}
