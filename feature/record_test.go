package feature

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"testing"
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
	records := foreign[len(foreign)-3*recordSize(3):]
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
	second := encode(picture(0), []float32{9, 9, 9}, seal(space))
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
		data := append(header{space, dim}.encode(), make([]byte, 200)...)
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
	copy(data, "akin features 1\n")
	end := len(magic) + 4 + int(binary.LittleEndian.Uint32(data[len(magic):]))
	binary.LittleEndian.PutUint32(data[end:], crc32.Checksum(data[:end], castagnoli))
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
	remembered().at[picture(1)] = -1 // a mark that no scan would make
	if open().at[picture(1)] != -1 {
		t.Error("a file that did not change was scanned again")
	}
	fill(t, s, 2, 3)
	if v := open(); v.at[picture(1)] == -1 || v.Len() != 3 {
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
	if n := len(remembered().at); n != 4 || s.seen.held != n {
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

// FuzzScan patches a file: it is read within its own size, and only records whose
// checksum is right are found. The patch is small, since Go tries for a minute to
// make a large input smaller.
func FuzzScan(f *testing.F) {
	whole := header{space, 3}.encode()
	for i := range 3 {
		whole = append(whole, encode(picture(i), vector(i), seal(space))...)
	}
	huge := header{space, 1 << 40}.encode()
	f.Add(uint16(0), uint16(0), []byte{})
	f.Add(uint16(len(whole)-5), uint16(5), []byte{})
	f.Add(uint16(0), uint16(len(huge)), huge)
	f.Add(uint16(len(whole)), uint16(0), encode(picture(0), vector(1), seal(space)))
	f.Fuzz(func(t *testing.T, at, cut uint16, patch []byte) {
		from := min(int(at), len(whole))
		data := slices.Concat(whole[:from], patch, whole[min(from+int(cut), len(whole)):])
		found, end, err := find(bytes.NewReader(data), int64(len(data)), space)
		if err != nil || end < 0 || end > int64(len(data)) {
			t.Fatalf("%d bytes are read up to %d, error %v", len(data), end, err)
		}
		v, record := make([]float32, found.dim), make([]byte, recordSize(found.dim))
		for picture, at := range found.at {
			if err := found.read(bytes.NewReader(data), at, picture, record, v); err != nil {
				t.Fatal(err)
			}
			if again := encode(picture, v, found.seal); !bytes.Equal(again, data[at:at+int64(len(again))]) {
				t.Fatalf("the record at %d encodes to other bytes", at)
			}
		}
	})
}
