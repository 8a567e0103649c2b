package vectors

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestContents: numbers in the order of rows whatever the file's, and no numbers
// for cells, complex and sparse matrices; those of structures by field (testdata/make.py).
func TestContents(t *testing.T) {
	matlab := "whole [2 3]: 0 1 2 3 4 5; deep [2 3 4]: 0 1 2 3 4 5 ...; one [1 1]: 3; words [2]: ant.png bée.png; record: other; record.a [1 1]: 1; record.b [1]: x; cells [2]: p qq; complex: other; sparse: other"
	for file, want := range map[string]string{
		"kinds.mat": matlab, "kinds-packed.mat": matlab,
		"kinds.npz":      "columns [2 3]: 0 1 2 3 4 5; words [2 2]: a b c dé",
		"by-columns.npy": " [4 3]: 0.5 -1.25 3 2 0.125 -7 ...",
	} {
		data, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		list, err := Contents(filepath.Ext(file), data)
		if err != nil {
			t.Fatal(file, err)
		}
		var got []string
		for _, c := range list {
			got = append(got, describe(c))
		}
		if diff := cmp.Diff(want, strings.Join(got, "; ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
}

func describe(c Content) string {
	switch {
	case c.Text != nil:
		return fmt.Sprintf("%s %v: %s", c.Name, c.Shape, strings.Join(c.Text, " "))
	case c.Number == nil:
		return c.Name + ": other"
	}
	count := 1
	for _, side := range c.Shape {
		count *= side
	}
	text := fmt.Sprintf("%s %v:", c.Name, c.Shape)
	for i := range min(count, 6) {
		text += fmt.Sprint(" ", c.Number(i))
	}
	if count > 6 {
		text += " ..."
	}
	return text
}

// FuzzContents: whatever the bytes, an error and no panic. HDF5 is left out as in
// FuzzOpen.
func FuzzContents(f *testing.F) {
	for _, name := range []string{"kinds.mat", "kinds-packed.mat", "kinds.npz", "by-columns.npy"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(filepath.Ext(name), data)
	}
	f.Fuzz(func(t *testing.T, ending string, data []byte) {
		if bytes.HasPrefix(data, []byte("MATLAB 7.3")) {
			return
		}
		list, _ := Contents(ending, data)
		for _, c := range list {
			describe(c)
		}
	})
}

// TestSinglePrecision: the text of a number is that of the number that was meant, and
// still the number of the file.
func TestSinglePrecision(t *testing.T) {
	single := Content{Single: true, Number: func(i int) float64 { return float64([]float32{.8, 1e-7, 16777216, 1}[i]) }}
	for i, want := range []float64{.8, 1e-7, 16777216, 1} {
		if got := single.Decimal(i); got != want || float32(got) != float32(want) {
			t.Errorf("%v, want %v", got, want)
		}
	}
	double := Content{Number: func(int) float64 { return float64(float32(.8)) }}
	if got := double.Decimal(0); got == .8 {
		t.Error("a number of double precision was rounded")
	}
	for _, name := range []string{"single.mat", "single73.mat", "single.npz"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		contents, err := Contents(filepath.Ext(name), data)
		if err != nil || len(contents) != 2 {
			t.Fatal(name, contents, err)
		}
		for _, c := range contents {
			if got := c.Decimal(0); c.Number(0) != float64(float32(.8)) || (got == .8) != (c.Name == "single") {
				t.Errorf("%s: %s has %v", name, c.Name, got)
			}
		}
	}
}
