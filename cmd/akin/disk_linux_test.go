package main

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFullDisk runs every command that writes on a disk without room, or with room for
// a part: the error says so, what was there before is as it was, nothing is half-written.
// With room the same command leaves what it leaves on any disk.
func TestFullDisk(t *testing.T) {
	drawn := newKitchen(t)
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=160m"); err != nil {
		t.Skipf("no small disk: %v; run as root", err)
	}
	t.Cleanup(func() { syscall.Unmount(disk, 0) })
	noticed := 0
	for i, w := range writers(t) {
		t.Run(w.name, func(t *testing.T) {
			before := drawn.copy(t)
			for _, args := range w.prepare {
				mustRun(t, before, args)
			}
			undisturbed := before.copy(t)
			mustRun(t, undisturbed, w.args)
			rooms := []int64{int64(i%2) << (13 + i%6)} // none, or from 8 to 256 kB
			if times(t, 1) > 1 {
				rooms = []int64{0, 1 << 12, 1 << 13, 1 << 14, 1 << 15, 1 << 16, 1 << 17, 1 << 18, 1 << 19, 1 << 20, 1 << 22, 1 << 23, 1 << 24}
			}
			for _, room := range rooms {
				noticed += fullDisk(t, before, undisturbed.content(), disk, room, w.args)
			}
		})
	}
	if noticed < len(writers(t))/2 {
		t.Errorf("only %d commands found no room", noticed)
	}
}

func mustRun(t *testing.T, k kitchen, args []string) {
	t.Helper()
	if out, err := k.akin(context.Background(), nil, args...); err != nil {
		t.Fatalf("akin %v: %v: %s", args, err, out)
	}
}

// fullDisk runs a command with so much room in bytes and then with enough; it returns
// how often there was too little.
func fullDisk(t *testing.T, before kitchen, want map[string]string, disk string, room int64, args []string) (noticed int) {
	t.Helper()
	k := kitchen{t, filepath.Join(disk, "kitchen")}
	defer os.RemoveAll(k.dir)
	if err := os.CopyFS(k.dir, os.DirFS(before.dir)); err != nil {
		t.Fatal(err)
	}
	filled := filepath.Join(disk, "fill")
	fill(t, filled, room)
	out, err := k.akin(context.Background(), nil, args...)
	if err := os.Remove(filled); err != nil {
		t.Fatal(err)
	}
	results := func(files map[string]string) map[string]string {
		files = maps.Clone(files)
		maps.DeleteFunc(files, func(name, _ string) bool { return strings.HasPrefix(name, "cache") })
		return files
	}
	switch left := k.content(); {
	case err == nil:
		if diff := cmp.Diff(results(want), results(left)); diff != "" {
			t.Errorf("room of %d: exit 0 without the whole result (-want +got):\n%s%s", room, diff, out)
		}
		return 0
	case !strings.Contains(string(out), "no space left on device"):
		t.Errorf("room of %d: %v without the reason: %s", room, err, out)
	default:
		noticed++
		if diff := cmp.Diff(results(before.content()), results(left)); diff != "" {
			t.Errorf("room of %d: the command failed and left something else (-before +after):\n%s", room, diff)
		}
	}
	mustRun(t, k, args)
	if diff := cmp.Diff(want, k.content()); diff != "" {
		t.Errorf("room of %d (-on any disk +after a full one):\n%s", room, diff)
	}
	return noticed
}

// fill leaves so much room on a disk.
func fill(t *testing.T, name string, room int64) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for block := make([]byte, 4096); err == nil; {
		_, err = f.Write(block)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	size, err := f.Seek(0, 1)
	if err := errors.Join(err, f.Truncate(max(size-room, 0))); err != nil {
		t.Fatal(err)
	}
}
