package record

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// layeredRun has two networks with layers, of eight triplets each.
func layeredRun() *Run {
	r := smallRun()
	for i, m := range r.Models {
		for k := range 2 + i {
			l := Layer{Network: m.Name, Node: string(rune('p' + k)), Op: "Relu", Pooling: "avg", Depth: 1 + 2*k, Dim: 4}
			l.Values = [][]float64{make([]float64, 8), make([]float64, 8)}
			for at := range 8 {
				l.Values[0][at], l.Values[1][at] = 1/float64(3+at+k), 1/float64(5+i)
			}
			r.Layers = append(r.Layers, l)
		}
	}
	return r
}

func TestLayersReadBack(t *testing.T) {
	r := layeredRun()
	dir := filepath.Join(t.TempDir(), "run")
	want := analysed(t, r)
	if err := r.Write(dir, want); err != nil {
		t.Fatal(err)
	}
	got, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r.Layers, got.Layers); diff != "" {
		t.Errorf("layers (-written +read):\n%s", diff)
	}
	if len(want.Curves) != 2 || len(want.Curves[1].Points) != 3 || want.Curves[1].Points[2].Depth != 5 {
		t.Errorf("curves %+v", want.Curves)
	}
	if diff := cmp.Diff(want.Curves, analysed(t, got).Curves, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("curves differ after reading:\n%s", diff)
	}
	alone, _ := json.Marshal(analysed(t, smallRun()).Comparison)
	if beside, _ := json.Marshal(want.Comparison); string(alone) != string(beside) {
		t.Error("layers change what is said of models")
	}
	table, err := os.ReadFile(filepath.Join(dir, "curves.csv"))
	if err != nil || strings.Count(string(table), "\n") != 1+5*(1+2+1) {
		t.Errorf("curves.csv: %v\n%s", err, table)
	}
	r.Layers = nil // the next run of the folder has none
	if err := r.Write(dir, analysed(t, r)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, layersFile)); err == nil {
		t.Error("layers of an earlier run are left")
	}
}

func TestLayersOfAnotherShape(t *testing.T) {
	r := layeredRun()
	r.Layers = r.Layers[:2]
	dir := write(t, r)
	shorter := layeredRun()
	shorter.Layers = shorter.Layers[:1]
	other := write(t, shorter)
	data, err := os.ReadFile(filepath.Join(other, layersFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, layersFile), data, 0o666); err != nil {
		t.Fatal(err)
	}
	forge(t, dir)
	if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), "layers.npy: has the shape [2 8], 2 layers need 4 rows of 8 values") {
		t.Errorf("error %v", err)
	}
}
