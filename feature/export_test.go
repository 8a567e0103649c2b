package feature

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
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

func TestParquetReadsBack(t *testing.T) {
	file := filepath.Join(t.TempDir(), "f.parquet")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	e := NewParquet(f)
	var want []parquetRow
	for i := range 100 {
		if err := e.Add(fmt.Sprint("p", i), picture(i), vector(i)); err != nil {
			t.Fatal(err)
		}
		want = append(want, parquetRow{fmt.Sprint("p", i), picture(i).String(), vector(i)})
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := parquet.ReadFile[parquetRow](file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
