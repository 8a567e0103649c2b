package feature

import (
	"bytes"
	"context"
	"os"
	"slices"
	"testing"
)

func openIndex(t *testing.T, s *Store) *Index {
	t.Helper()
	x, err := s.Open(context.Background(), space)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func addAll(t *testing.T, x *Index, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		if err := x.Add(picture(i), vector(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestIndexWritesAsWriter: the two ways into a space leave the same bytes, also
// after a torn end and over a damaged record.
func TestIndexWritesAsWriter(t *testing.T) {
	byWriter, byIndex := NewStore(t.TempDir()), NewStore(t.TempDir())
	fill(t, byWriter, 0, 5)
	addAll(t, openIndex(t, byIndex), 0, 3)
	if err := os.Truncate(byIndex.file(space), int64(fileSize(t, byIndex)-7)); err != nil {
		t.Fatal(err)
	}
	x := openIndex(t, byIndex)
	if x.Has(picture(2)) || !x.Has(picture(1)) {
		t.Error("a torn record is there, or a whole one is not")
	}
	addAll(t, x, 1, 5) // 1 is there already
	want, _ := os.ReadFile(byWriter.file(space))
	got, _ := os.ReadFile(byIndex.file(space))
	if !bytes.Equal(got, want) {
		t.Errorf("%d bytes, the writer left %d", len(got), len(want))
	}
	got[len(got)-1] ^= 1
	if err := os.WriteFile(byIndex.file(space), got, 0o666); err != nil {
		t.Fatal(err)
	}
	x = openIndex(t, byIndex)
	defer x.Close()
	if v, err := x.Vector(picture(4)); v != nil || err != nil {
		t.Errorf("the damaged record reads %v, error %v", v, err)
	}
	if v, err := x.Vector(picture(3)); !slices.Equal(v, vector(3)) || err != nil {
		t.Errorf("picture 3 has %v, error %v", v, err)
	}
	if x.Add(picture(9), []float32{1}) == nil {
		t.Error("a vector of another length was stored")
	}
}

func fileSize(t *testing.T, s *Store) int {
	t.Helper()
	info, err := os.Stat(s.file(space))
	if err != nil {
		t.Fatal(err)
	}
	return int(info.Size())
}
