package feature

import (
	"context"
	"os"
	"slices"
	"testing"

	"github.com/akin-vision/akin/feature/format"
)

// stored returns the one entry of a store.
func stored(t *testing.T, s *Store) Entry {
	t.Helper()
	entries, err := s.Entries()
	if err != nil || len(entries) != 1 {
		t.Fatalf("%d entries, error %v; want one", len(entries), err)
	}
	return entries[0]
}

// TestEntriesFindEveryFlippedByte: what a View would not give, Entries report.
func TestEntriesFindEveryFlippedByte(t *testing.T) {
	s := NewStore(t.TempDir())
	fill(t, s, 0, 3)
	if e := stored(t, s); !e.Sound() || e.Vectors != 3 || e.Dim != 3 || e.Space != space {
		t.Errorf("a sound file reads %+v", e)
	}
	sound, err := os.ReadFile(s.file(space))
	if err != nil {
		t.Fatal(err)
	}
	for at := range sound {
		damaged := slices.Clone(sound)
		damaged[at] ^= 1
		if err := os.WriteFile(s.file(space), damaged, 0o666); err != nil {
			t.Fatal(err)
		}
		if e := stored(t, s); e.Sound() || e.Vectors > 2 {
			t.Fatalf("byte %d flipped: %+v", at, e)
		}
	}
	if err := os.WriteFile(s.file(space), sound[:len(sound)-5], 0o666); err != nil {
		t.Fatal(err)
	}
	if e := stored(t, s); e.Torn != int64(format.RecordSize(3)-5) || e.Vectors != 2 {
		t.Errorf("a torn file reads %+v", e)
	}
}

func TestCollect(t *testing.T) {
	s, name, whole := threeVectors(t)
	damaged := slices.Clone(whole)
	damaged[len(whole)-format.RecordSize(3)-1] ^= 1 // of the second record
	if err := os.WriteFile(name, damaged, 0o666); err != nil {
		t.Fatal(err)
	}
	fill(t, s, 0, 3) // which makes it anew at the end
	old := space
	old.Engine = "an older one"
	x, err := s.Open(context.Background(), old)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Add(picture(0), vector(0)); err != nil {
		t.Fatal(err)
	}
	wanted := func(s Space) bool { return s.Engine == space.Engine }
	collect := func(dry bool, want int) {
		t.Helper()
		removed, err := s.Collect(context.Background(), wanted, dry)
		if err != nil || len(removed) != want {
			t.Errorf("%d things to remove (%+v), error %v; want %d", len(removed), removed, err, want)
		}
	}
	collect(true, 2)
	collect(false, 1) // the other is being written
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	collect(false, 1)
	collect(false, 0)
	if e := stored(t, s); !e.Sound() || e.Vectors != 3 || e.Bytes != int64(len(whole)) {
		t.Errorf("left is %+v", e)
	}
	check(t, s, 0, 1, 2)
}
