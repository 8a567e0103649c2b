package vectors

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/internal/npy"
	"github.com/akin-vision/akin/stimuli"
)

func FuzzNPY(f *testing.F) {
	for _, name := range []string{"float16.npy", "float32.npy", "by-columns.npy", "integers.npy"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := npy.Parse(data)
		if err != nil || n.Text() {
			return
		}
		a, err := tableOf(n)
		if err != nil {
			return
		}
		if a.dim > 1<<20 {
			return
		}
		dst := make([]float32, a.dim)
		a.row(0, dst)
		a.row(a.rows-1, dst)
	})
}

// FuzzOpen: a table of any format opens or gives an error, and has the rows it says.
func FuzzOpen(f *testing.F) {
	dir := f.TempDir()
	formats := []string{".npz", ".csv", ".mat", ".parquet", ".h5"}
	for _, name := range []string{"named.npz", "two.npz", "named.mat", "packed.mat", "named.h5", "packed.h5", "latest.h5"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint8(slices.Index(formats, filepath.Ext(name))), data)
	}
	f.Add(uint8(1), []byte("name,a,b\nx.png,1,2\ny.png,0.5,-3e2\n"))
	f.Add(uint8(3), smallParquet(f))
	f.Fuzz(func(t *testing.T, format uint8, data []byte) {
		file := filepath.Join(dir, "table"+formats[int(format)%len(formats)])
		if err := os.WriteFile(file, data, 0o666); err != nil {
			t.Fatal(err)
		}
		table, err := Open(file, "")
		if err != nil {
			return
		}
		defer table.Close()
		if len(table.Names) != table.Len() || table.Dim < 1 || table.Len() < 1 {
			t.Fatalf("%d names, %d rows of %d", len(table.Names), table.Len(), table.Dim)
		}
		row := make([]float32, table.Dim)
		table.Row(0, row)
		table.Row(table.Len()-1, row)
	})
}

func smallParquet(f testing.TB) []byte {
	file, err := os.Create(filepath.Join(f.TempDir(), "f.parquet"))
	if err != nil {
		f.Fatal(err)
	}
	e := feature.NewParquet(file)
	for i, item := range items {
		if err := e.Add(item, stimuli.Hash{byte(i)}, golden[i]); err != nil {
			f.Fatal(err)
		}
	}
	if err := errors.Join(e.Close(), file.Close()); err != nil {
		f.Fatal(err)
	}
	data, err := os.ReadFile(file.Name())
	if err != nil {
		f.Fatal(err)
	}
	return data
}
