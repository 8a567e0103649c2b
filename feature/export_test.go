package feature

import (
	"bytes"
	"fmt"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
)

// TestNPYIsNumPys: the bytes are those of numpy.save (testdata/export.py).
func TestNPYIsNumPys(t *testing.T) {
	var array, index bytes.Buffer
	e := NewNPY(&array, &index, 3)
	for i := range 3 {
		if err := e.Add(fmt.Sprint("p", i), picture(i), vector(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/export.npy")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(array.Bytes(), want) {
		t.Errorf("%d bytes, numpy.save writes %d others", array.Len(), len(want))
	}
	if want := fmt.Sprintf("row,path,sha256\n0,p0,%s\n1,p1,%s\n2,p2,%s\n", picture(0), picture(1), picture(2)); index.String() != want {
		t.Errorf("the index is\n%s", &index)
	}
}

func TestNPYRefuses(t *testing.T) {
	e := NewNPY(&bytes.Buffer{}, &bytes.Buffer{}, 2)
	if err := e.Add("a", picture(0), vector(0)); err != nil {
		t.Fatal(err)
	}
	if e.Add("b", picture(1), []float32{1}) == nil {
		t.Error("a row of another length was written")
	}
	if e.Close() == nil {
		t.Error("an array that lacks a row was closed without an error")
	}
}

// exportParquet gives the file that some vectors make.
func exportParquet(t *testing.T, vectors ...[]float32) *parquet.File {
	t.Helper()
	var table bytes.Buffer
	e := NewParquet(&table)
	for i, v := range vectors {
		if err := e.Add(fmt.Sprint("p", i), picture(i), v); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return openParquet(t, table.Bytes())
}

func openParquet(t *testing.T, b []byte) *parquet.File {
	t.Helper()
	f, err := parquet.OpenFile(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func parquetRows(t *testing.T, f *parquet.File) []parquetRow {
	t.Helper()
	rows := make([]parquetRow, f.NumRows())
	r := parquet.NewGenericReader[parquetRow](f)
	defer r.Close()
	if n, err := r.Read(rows); n != len(rows) {
		t.Fatalf("%d rows of %d: %v", n, len(rows), err)
	}
	return rows
}

// TestParquetIsArrows: columns, rows and Arrow's types are those of a file by
// Arrow's Rust library (testdata/export.mjs).
func TestParquetIsArrows(t *testing.T) {
	b, err := os.ReadFile("testdata/export.parquet")
	if err != nil {
		t.Fatal(err)
	}
	want := openParquet(t, b)
	got := exportParquet(t, vector(0), vector(1), vector(2))
	if !parquet.EqualNodes(want.Schema(), got.Schema()) {
		t.Errorf("the columns are %s\nArrow has %s", got.Schema(), want.Schema())
	}
	if diff := cmp.Diff(parquetRows(t, want), parquetRows(t, got)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(arrowTypes(t, want), arrowTypes(t, got)); diff != "" {
		t.Error(diff)
	}
}

func arrowTypes(t *testing.T, f *parquet.File) []arrowField {
	t.Helper()
	schema, ok := f.Lookup("ARROW:schema")
	if !ok {
		t.Fatal("the metadata lack Arrow's schema")
	}
	return readArrowSchema(t, schema)
}

// TestParquetGrowsInRowGroups: what waits in memory is bounded.
func TestParquetGrowsInRowGroups(t *testing.T) {
	half := make([]float32, rowGroupBytes/4/2)
	var rows []int64
	for _, g := range exportParquet(t, half, half, half).RowGroups() {
		rows = append(rows, g.NumRows())
	}
	if diff := cmp.Diff([]int64{2, 1}, rows); diff != "" {
		t.Error(diff)
	}
}

func TestParquetOfNothing(t *testing.T) {
	if f := exportParquet(t); f.NumRows() != 0 {
		t.Errorf("%d rows", f.NumRows())
	}
}

func TestParquetRefuses(t *testing.T) {
	e := NewParquet(&bytes.Buffer{})
	if err := e.Add("a", picture(0), vector(0)); err != nil {
		t.Fatal(err)
	}
	if e.Add("b", picture(1), []float32{1}) == nil {
		t.Error("a row of another length was written")
	}
}
