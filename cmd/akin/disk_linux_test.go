package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFullDisk runs commands that write to a disk without room: the error says so and
// nothing is left. With room the same command leaves what it leaves elsewhere.
func TestFullDisk(t *testing.T) {
	run := []string{"run", "set", "--model", "edges", "--model", "colour", "--resamples", "99", "--out"}
	commands := map[string][]string{
		"run":    run,
		"paper":  {"paper", "record", "--resamples", "99", "--out"},
		"import": {"sets", "import", "table.csv", "--out"},
		"export": {"features", "export", "set", "--model", "edges", "--out"},
	}
	k := newKitchen(t)
	if out, err := k.akin(t.Context(), nil, append(run, "record")...); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	disk := filepath.Join(k.dir, "disk")
	if err := os.Mkdir(disk, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=24m"); err != nil {
		t.Skipf("no small disk: %v; run as root", err)
	}
	t.Cleanup(func() { syscall.Unmount(disk, 0) })
	for name, args := range commands {
		t.Run(name, func(t *testing.T) { fullDisk(t, k, disk, name, args) })
	}
}

func fullDisk(t *testing.T, k kitchen, disk, name string, args []string) {
	fill(t, filepath.Join(disk, "fill"))
	target := name
	if name == "export" {
		target += ".npy"
	}
	out, err := k.akin(context.Background(), nil, append(args, filepath.Join("disk", target))...)
	if err == nil || !strings.Contains(string(out), "no space left on device") {
		t.Errorf("without room: error %v: %s", err, out)
	}
	if err := os.Remove(filepath.Join(disk, "fill")); err != nil {
		t.Fatal(err)
	}
	none := kitchen{t, disk}.content()
	if len(none) > 0 {
		t.Errorf("without room it leaves %v", none)
	}
	for _, at := range []string{"disk", "elsewhere"} {
		if err := os.MkdirAll(filepath.Join(k.dir, at), 0o777); err != nil {
			t.Fatal(err)
		}
		if out, err := k.akin(context.Background(), nil, append(args, filepath.Join(at, target))...); err != nil {
			t.Errorf("with room: %v: %s", err, out)
		}
	}
	if diff := cmp.Diff(kitchen{t, filepath.Join(k.dir, "elsewhere")}.content(), kitchen{t, disk}.content()); diff != "" {
		t.Errorf("(-elsewhere +after a full disk):\n%s", diff)
	}
	for _, at := range []string{disk, filepath.Join(k.dir, "elsewhere")} {
		entries, _ := filepath.Glob(filepath.Join(at, "*"))
		for _, e := range entries {
			os.RemoveAll(e)
		}
	}
}

// fill leaves no room on a disk.
func fill(t *testing.T, name string) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for block := make([]byte, 4096); err == nil; {
		_, err = f.Write(block)
	}
}
