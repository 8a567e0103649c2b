package feature

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/akin-vision/akin/feature/format"
)

// TestARecordBelongsToItsSpace: records of one network, appended to the file of
// another of equal width, are damage there.
func TestARecordBelongsToItsSpace(t *testing.T) {
	s := NewStore(t.TempDir())
	fill(t, s, 0, 2)
	other := space
	other.Model = "another"
	x, err := s.Open(context.Background(), other)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if err := x.Add(picture(i), []float32{9, 9, 9}); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	mine, foreign := fileBytes(t, s, space), fileBytes(t, s, other)
	records := foreign[len(foreign)-3*format.RecordSize(3):]
	if err := os.WriteFile(s.file(space), append(mine, records...), 0o666); err != nil {
		t.Fatal(err)
	}
	check(t, s, 0, 1)
	entries, err := s.Entries()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if want := map[Space]int{space: 3, other: 0}[e.Space]; e.Damaged != want {
			t.Errorf("model %s: %d damaged records, want %d", e.Space.Model, e.Damaged, want)
		}
	}
}

// TestOfTwoRecordsTheFirstCounts, for those who read, those who write, and gc.
func TestOfTwoRecordsTheFirstCounts(t *testing.T) {
	s := NewStore(t.TempDir())
	fill(t, s, 0, 2)
	second := encode(picture(0), []float32{9, 9, 9})
	if err := os.WriteFile(s.file(space), append(fileBytes(t, s, space), second...), 0o666); err != nil {
		t.Fatal(err)
	}
	check(t, s, 0, 1)
	x, err := s.Open(context.Background(), space)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := x.Vector(picture(0)); err != nil || !slices.Equal(v, vector(0)) {
		t.Errorf("a writer reads %v, error %v; want %v", v, err, vector(0))
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if err := rewrite(stored(t, s)); err != nil {
		t.Fatal(err)
	}
	check(t, s, 0, 1)
}

// TestHeadersAreBounded: a header may claim any dimension; what it takes is
// bounded by the file, and the space stays usable.
func TestHeadersAreBounded(t *testing.T) {
	for _, dim := range []int{1 << 33, 1<<63 - 1, 1000} {
		s := NewStore(t.TempDir())
		if err := os.MkdirAll(filepath.Dir(s.file(space)), 0o777); err != nil {
			t.Fatal(err)
		}
		data := append(format.Header{Space: space.text(), Dim: dim}.Encode(), make([]byte, 200)...)
		if err := os.WriteFile(s.file(space), data, 0o666); err != nil {
			t.Fatal(err)
		}
		check(t, s)
		if e := stored(t, s); e.Sound() || e.Vectors != 0 {
			t.Errorf("dimension %d: %+v", dim, e)
		}
		fill(t, s, 0, 2)
		check(t, s, 0, 1)
	}
}

// TestEarlierVersions: no vector of a file of version 1 is used, gc frees it, and
// a writer begins anew.
func TestEarlierVersions(t *testing.T) {
	s := NewStore(t.TempDir())
	fill(t, s, 0, 2)
	data := fileBytes(t, s, space)
	copy(data, "akin features 1\n") // the checksum of an old header is not looked at
	if err := os.WriteFile(s.file(space), data, 0o666); err != nil {
		t.Fatal(err)
	}
	check(t, s)
	removed, err := s.Collect(context.Background(), func(Space) bool { return true }, true)
	if err != nil || len(removed) != 1 || removed[0].Why != "made by an earlier version of akin" {
		t.Errorf("gc would remove %+v, error %v", removed, err)
	}
	fill(t, s, 0, 2)
	check(t, s, 0, 1)
	if e := stored(t, s); !e.Sound() {
		t.Errorf("filled anew it is %+v", e)
	}
}

// TestFilesAreScannedOnce: what was scanned is remembered while the file stays
// as it was, and no longer.
func TestFilesAreScannedOnce(t *testing.T) {
	s := NewStore(t.TempDir())
	fill(t, s, 0, 2)
	open := func() *View {
		t.Helper()
		v, err := s.View(space)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { v.Close() })
		return v
	}
	open()
	remembered := func() scanned { return s.seen.files[s.file(space)] }
	remembered().records.At[picture(1)] = -1 // a mark that no scan would make
	if open().records.At[picture(1)] != -1 {
		t.Error("a file that did not change was scanned again")
	}
	fill(t, s, 2, 3)
	if v := open(); v.records.At[picture(1)] == -1 || v.Len() != 3 {
		t.Errorf("of a file that grew %d pictures were found, want 3", v.Len())
	}
	x, err := s.Open(context.Background(), space)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Add(picture(3), vector(3)); err != nil {
		t.Fatal(err)
	}
	if n := open().Len(); n != 4 {
		t.Errorf("beside its writer the file has %d pictures, want 4", n)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if n := len(remembered().records.At); n != 4 || s.seen.held != n {
		t.Errorf("remembered are %d pictures of %d, want 4", n, s.seen.held)
	}
}

func fileBytes(t *testing.T, s *Store, space Space) []byte {
	t.Helper()
	data, err := os.ReadFile(s.file(space))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// encode is a record of the space.
func encode(picture [32]byte, v []float32) []byte {
	none, _, _ := format.Find(bytes.NewReader(nil), 0, space.text()) // memory gives no error
	return none.Encode(picture, v)
}
