package vectors_test

import (
	"archive/zip"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/akin-vision/akin/vectors"
)

// Arrays that NumPy wrote column by column (order="F") are read in the order of
// rows, whatever the number of their axes.
func TestArchiveColumnByColumn(t *testing.T) {
	for name, shape := range map[string]string{"two": "(3, 8)", "three": "(2, 3, 4)"} {
		lies := map[string][]float32{
			// np.arange(24).reshape(shape).ravel(order="F")
			"two":   {0, 8, 16, 1, 9, 17, 2, 10, 18, 3, 11, 19, 4, 12, 20, 5, 13, 21, 6, 14, 22, 7, 15, 23},
			"three": {0, 12, 4, 16, 8, 20, 1, 13, 5, 17, 9, 21, 2, 14, 6, 18, 10, 22, 3, 15, 7, 19, 11, 23},
		}[name]
		file := filepath.Join(t.TempDir(), "a.npz")
		f, err := os.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		z := zip.NewWriter(f)
		w, _ := z.Create(name + ".npy")
		header := fmt.Sprintf("%-117s\n", "{'descr': '<f4', 'fortran_order': True, 'shape': "+shape+", }")
		fmt.Fprintf(w, "\x93NUMPY\x01\x00%c\x00%s", len(header), header)
		binary.Write(w, binary.LittleEndian, lies)
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		f.Close()
		arrays, _, err := vectors.ReadArchive(file)
		if err != nil {
			t.Fatal(err)
		}
		want := make([]float32, 24)
		for i := range want {
			want[i] = float32(i)
		}
		if got := arrays[name].Values; !slices.Equal(got, want) {
			t.Errorf("%s axes: got %v", name, got)
		}
	}
}

// TestArchiveOfOneNameTwice: which of two arrays is meant is not guessed.
func TestArchiveOfOneNameTwice(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.npz")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for _, name := range []string{"old/weight.npy", "new/weight.npy"} {
		w, _ := z.Create(name)
		header := fmt.Sprintf("%-117s\n", "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }")
		fmt.Fprintf(w, "\x93NUMPY\x01\x00%c\x00%s", len(header), header)
		binary.Write(w, binary.LittleEndian, float32(1))
	}
	if err := errors.Join(z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := vectors.ReadArchive(file); err == nil || !strings.Contains(err.Error(), "two arrays of the name weight") {
		t.Errorf("error %v, want that the name is there twice", err)
	}
}
