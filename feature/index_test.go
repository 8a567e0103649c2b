package feature

import (
	"bytes"
	"context"
	"errors"
	"os"
	"slices"
	"syscall"
	"testing"
)

// TestOpenStepsOverDamage: a torn end is cut off and written anew, a damaged
// record is absent and its neighbours are not.
func TestOpenStepsOverDamage(t *testing.T) {
	whole, torn := NewStore(t.TempDir()), NewStore(t.TempDir())
	fill(t, whole, 0, 5)
	fill(t, torn, 0, 3)
	if err := os.Truncate(torn.file(space), int64(fileSize(t, torn)-7)); err != nil {
		t.Fatal(err)
	}
	fill(t, torn, 1, 5) // 1 is there already
	want, _ := os.ReadFile(whole.file(space))
	got, _ := os.ReadFile(torn.file(space))
	if !bytes.Equal(got, want) {
		t.Errorf("%d bytes, an uninterrupted writer left %d", len(got), len(want))
	}
	got[len(got)-1] ^= 1
	if err := os.WriteFile(torn.file(space), got, 0o666); err != nil {
		t.Fatal(err)
	}
	x, err := torn.Open(context.Background(), space)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if v, err := x.Vector(picture(4)); x.Has(picture(4)) || v != nil || err != nil {
		t.Errorf("the damaged record reads %v, error %v", v, err)
	}
	if v, err := x.Vector(picture(3)); !slices.Equal(v, vector(3)) || err != nil {
		t.Errorf("picture 3 has %v, error %v", v, err)
	}
}

// fullDisk writes half of what does not fit, as a file system does.
type fullDisk struct {
	file
	room int
}

func (d *fullDisk) WriteAt(data []byte, at int64) (int, error) {
	if len(data) <= d.room {
		d.room -= len(data)
		return d.file.WriteAt(data, at)
	}
	n, _ := d.file.WriteAt(data[:d.room], at)
	d.room = 0
	return n, syscall.ENOSPC
}

// TestFullDiskLeavesAUsableStore fills the disk at each byte in turn: the error
// says so, what was stored before is there, and going on gives the whole file.
func TestFullDiskLeavesAUsableStore(t *testing.T) {
	whole := NewStore(t.TempDir())
	fill(t, whole, 0, 3)
	want, err := os.ReadFile(whole.file(space))
	if err != nil {
		t.Fatal(err)
	}
	for room := range want {
		s := NewStore(t.TempDir())
		x, err := s.Open(context.Background(), space)
		if err != nil {
			t.Fatal(err)
		}
		x.file = &fullDisk{x.file, room}
		stored := []int{}
		for i := range 3 {
			if err = x.Add(picture(i), vector(i)); err != nil {
				break
			}
			stored = append(stored, i)
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("room for %d bytes: error %v", room, err)
		}
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
		check(t, s, stored...)
		fill(t, s, len(stored), 3)
		if got, _ := os.ReadFile(s.file(space)); !bytes.Equal(got, want) {
			t.Fatalf("room for %d bytes and gone on: the file differs from an uninterrupted one", room)
		}
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
