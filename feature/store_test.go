package feature

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/akin-vision/akin/feature/format"
	"github.com/akin-vision/akin/stimuli"
)

var space = Space{Model: "m", Recipe: "r", Node: "features", Decoder: "d", Engine: "e"}

func picture(i int) stimuli.Hash { return sha256.Sum256([]byte(fmt.Sprint(i))) }

func vector(i int) []float32 { return []float32{float32(i), math.Pi, -1e-30} }

// fill stores pictures from..to-1.
func fill(t *testing.T, s *Store, from, to int) {
	t.Helper()
	w, err := NewStore(s.dir).Open(context.Background(), space)
	if err != nil {
		t.Fatal(err)
	}
	for i := from; i < to; i++ {
		if err := w.Add(picture(i), vector(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func check(t *testing.T, s *Store, want ...int) {
	t.Helper()
	v := view(t, s, space)
	if v.Len() != len(want) {
		t.Errorf("the space holds %d pictures, want %d", v.Len(), len(want))
	}
	got := make([]float32, v.Dim())
	for _, i := range want {
		if err := v.Read(picture(i), got); err != nil || !slices.Equal(got, vector(i)) {
			t.Errorf("picture %d has the vector %v, error %v; want %v", i, got, err, vector(i))
		}
	}
}

func view(t *testing.T, s *Store, space Space) *View {
	t.Helper()
	v, err := NewStore(s.dir).View(space) // which remembers nothing
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { v.Close() })
	return v
}

func TestStoreKeepsVectors(t *testing.T) {
	s := NewStore(t.TempDir())
	check(t, s)
	fill(t, s, 0, 3)
	check(t, s, 0, 1, 2)
	fill(t, s, 3, 5)
	check(t, s, 0, 1, 2, 3, 4)
	other := space
	other.Recipe = "another"
	if v := view(t, s, other); v.Len() != 0 || v.Read(picture(0), nil) == nil {
		t.Errorf("another recipe has %d vectors, want none", v.Len())
	}
}

// threeVectors is a store of them, its file and what that holds.
func threeVectors(t *testing.T) (s *Store, name string, sound []byte) {
	t.Helper()
	s = NewStore(t.TempDir())
	fill(t, s, 0, 3)
	name = s.file(space)
	sound, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return s, name, sound
}

// TestEveryFlippedByteIsNoticed damages each byte of a store in turn: no wrong
// vector is ever read, and adding what is missing restores the store.
func TestEveryFlippedByteIsNoticed(t *testing.T) {
	s, name, sound := threeVectors(t)
	for at := range sound {
		damaged := slices.Clone(sound)
		damaged[at] ^= 0x10
		if err := os.WriteFile(name, damaged, 0o666); err != nil {
			t.Fatal(err)
		}
		v := view(t, s, space)
		if v.Len() >= 3 {
			t.Fatalf("byte %d flipped: nothing was noticed", at)
		}
		got := make([]float32, v.Dim())
		for i := range 3 {
			if v.Has(picture(i)) && (v.Read(picture(i), got) != nil || !slices.Equal(got, vector(i))) {
				t.Fatalf("byte %d flipped: picture %d reads %v", at, i, got)
			}
		}
		fill(t, s, 0, 3)
		check(t, s, 0, 1, 2)
	}
}

// TestViewChecksAgain: a record that is damaged after a view found it is not
// read, and its neighbours are.
func TestViewChecksAgain(t *testing.T) {
	s := NewStore(t.TempDir())
	fill(t, s, 0, 3)
	v := view(t, s, space)
	f, err := os.OpenFile(s.file(space), os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte{0xff}, int64(fileSize(t, s)-format.RecordSize(3)+33)); err != nil {
		t.Fatal(err)
	}
	got := make([]float32, 3)
	if v.Read(picture(2), got) == nil {
		t.Errorf("the damaged record reads %v", got)
	}
	if err := v.Read(picture(1), got); err != nil || !slices.Equal(got, vector(1)) {
		t.Errorf("picture 1 has %v, error %v", got, err)
	}
}

// TestEveryTornEndIsCut stops the file at each length, as a crash may.
func TestEveryTornEndIsCut(t *testing.T) {
	s, name, sound := threeVectors(t)
	for length := range sound {
		if err := os.WriteFile(name, sound[:length], 0o666); err != nil {
			t.Fatal(err)
		}
		fill(t, s, view(t, s, space).Len(), 3)
		again, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(again, sound) {
			t.Fatalf("torn at %d and gone on: the file differs from an uninterrupted one", length)
		}
	}
}

func TestAddRefuses(t *testing.T) {
	w, err := NewStore(t.TempDir()).Open(context.Background(), space)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for name, v := range map[string][]float32{
		"NaN":      {1, float32(math.NaN())},
		"infinity": {float32(math.Inf(1))},
		"empty":    {},
	} {
		if err := w.Add(picture(0), v); err == nil {
			t.Errorf("%s was stored", name)
		}
	}
	if err := w.Add(picture(0), vector(0)); err != nil {
		t.Fatal(err)
	}
	if err := w.Add(picture(1), []float32{1}); err == nil {
		t.Error("a vector of another length was stored")
	}
}

func TestOneWriterAtATime(t *testing.T) {
	s := NewStore(t.TempDir())
	first, err := s.Open(context.Background(), space)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := s.Open(ctx, space); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("a second writer got %v while the first writes", err)
	}
	if err := first.Add(picture(0), vector(0)); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := s.Open(context.Background(), space)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if !second.Has(picture(0)) {
		t.Error("the second writer does not see what the first wrote")
	}
}

func TestOpeningCutsATornEndOff(t *testing.T) {
	s, name, sound := threeVectors(t)
	if err := os.WriteFile(name, append(slices.Clone(sound), "torn"...), 0o666); err != nil {
		t.Fatal(err)
	}
	fill(t, s, 0, 0)
	if again, err := os.ReadFile(name); err != nil || !slices.Equal(again, sound) {
		t.Errorf("%d bytes are left of %d sound ones (%v)", len(again), len(sound), err)
	}
}
