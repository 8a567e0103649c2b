package convert

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"
)

// TestLegacyViewsOfStorages reads a tensor of one element, the second of a
// view that begins at the second of four elements. PyTorch before 0.4 wrote
// such views.
func TestLegacyViewsOfStorages(t *testing.T) {
	var b bytes.Buffer
	b.Write([]byte("\x80\x02" + string(legacyMagic)))
	b.WriteString("\x80\x02M\xe9\x03.\x80\x02}.")
	b.WriteString("\x80\x02}U\x01actorch._utils\n_rebuild_tensor_v2\n(" +
		"(U\x07storagectorch\nFloatStorage\nU\x01kU\x03cpuK\x04(U\x01vK\x01K\x02ttQ" +
		"K\x01K\x01\x85K\x01\x85\x89NtRs.")
	b.WriteString("\x80\x02]U\x01ka.")
	for _, v := range []any{int64(4), []float32{10, 11, 12, 13}} {
		if err := binary.Write(&b, binary.LittleEndian, v); err != nil {
			t.Fatal(err)
		}
	}
	d, err := readLegacy(t.Context(), file{bytes.NewReader(b.Bytes()), int64(b.Len())})
	if err != nil {
		t.Fatal(err)
	}
	values, err := d[0].tensors["a"].floats()
	if err != nil || !slices.Equal(values, []float32{12}) {
		t.Errorf("values %v, error %v, want 12", values, err)
	}
}
