package space

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// npz writes arrays of two values, or weights of two by two, as NumPy does.
func npz(t *testing.T, arrays map[string][]float32) string {
	t.Helper()
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	for name, values := range arrays {
		w, err := z.Create(name + ".npy")
		if err != nil {
			t.Fatal(err)
		}
		shape := "(2,)"
		if len(values) == 4 {
			shape = "(2, 2)"
		}
		header := fmt.Sprintf("%-117s\n", "{'descr': '<f4', 'fortran_order': False, 'shape': "+shape+", }")
		fmt.Fprintf(w, "\x93NUMPY\x01\x00%s%s", binary.LittleEndian.AppendUint16(nil, uint16(len(header))), header)
		binary.Write(w, binary.LittleEndian, values)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "transform.npz")
	if err := os.WriteFile(file, packed.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestTransformsAreFinite: one value that is no number would make every choice a tie.
func TestTransformsAreFinite(t *testing.T) {
	arrays := func() map[string][]float32 {
		return map[string][]float32{"weights": {1, 2, 3, 4}, "mean": {0, 1}, "std": {1, 2}, "bias": {5, 6}}
	}
	if _, _, err := ReadTransform(npz(t, arrays())); err != nil {
		t.Fatal(err)
	}
	for name := range arrays() {
		for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			a := arrays()
			a[name][1] = float32(bad)
			if _, _, err := ReadTransform(npz(t, a)); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s with %v: error %v", name, bad, err)
			}
		}
	}
	for _, std := range []float32{0, -1, 1e-45} {
		a := arrays()
		a["std"][0] = std
		if _, _, err := ReadTransform(npz(t, a)); err == nil {
			t.Errorf("a std of %v divides", std)
		}
	}
}
