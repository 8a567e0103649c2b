package main

import (
	"bytes"
	"context"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestDamage changes files of store, cache and record at random: a command then
// prints the same figures, or fails.
func TestDamage(t *testing.T) {
	k := newKitchen(t)
	t.Setenv("AKIN_CACHE", filepath.Join(k.dir, "cache"))
	record := filepath.Join(k.dir, "record")
	akin := func(args ...string) (int, string) {
		var out, errs bytes.Buffer
		code := run(context.Background(), args, strings.NewReader(""), &out, &errs)
		return code, out.String()
	}
	commands := [][]string{
		{"compare", record, "--json", "--resamples", "99"},
		{"run", filepath.Join(k.dir, "set"), "--model", "edges", "--model", "colour", "--resamples", "99", "--out", filepath.Join(k.dir, "again"), "--json"},
	}
	first := slices.Clone(commands[1])
	first[len(first)-2] = record
	if code, _ := akin(first...); code != exitOK {
		t.Fatalf("the first run exits %d", code)
	}
	var want []string
	for _, args := range commands {
		code, out := akin(args...)
		if code != exitOK {
			t.Fatalf("akin %v exits %d", args, code)
		}
		want = append(want, out)
	}
	random := rand.New(rand.NewPCG(3, 3))
	noticed := 0
	sound := kitchen{t, k.dir}.copy(t)
	for n := range times(t, 100) {
		files := slices.Concat(keptFiles(filepath.Join(k.dir, "cache")), keptFiles(filepath.Join(k.dir, "record")))
		file := files[random.IntN(len(files))]
		what := damage(t, file, random)
		for i, args := range commands {
			code, out := akin(args...)
			if code != exitOK {
				noticed++
			} else if out != want[i] {
				t.Errorf("damage %d, %s of %s: akin %v exits 0 with other figures", n, what, file, args)
			}
		}
		for _, dir := range []string{"cache", "record", "again"} {
			if err := os.RemoveAll(filepath.Join(k.dir, dir)); err != nil {
				t.Fatal(err)
			}
			if err := os.CopyFS(filepath.Join(k.dir, dir), os.DirFS(filepath.Join(sound.dir, dir))); err != nil {
				t.Fatal(err)
			}
		}
	}
	if noticed == 0 {
		t.Error("no damage made any command fail")
	}
	t.Logf("%d commands failed", noticed)
}

// damage changes a file and says how.
func damage(t *testing.T, file string, random *rand.Rand) (what string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(data) > 0 {
		from := random.IntN(len(data))
		to := min(len(data), from+1+random.IntN(64))
		switch random.IntN(6) {
		case 0:
			what, data[from] = "a flipped bit", data[from]^1<<random.IntN(8)
		case 1:
			what, data = "a lost end", data[:from]
		case 2:
			what = "zeros"
			clear(data[from:to])
		case 3:
			what, data = "a repeated part", slices.Concat(data[:to], data[from:])
		case 4:
			what, data = "a lost part", slices.Delete(data, from, to)
		case 5:
			what = "other digits"
			for i := from; i < to; i++ {
				if '0' <= data[i] && data[i] <= '9' {
					data[i] = byte('0' + random.IntN(10))
				}
			}
		}
	}
	if err := os.WriteFile(file, data, 0o666); err != nil {
		t.Fatal(err)
	}
	return what
}

// keptFiles are the regular files below a folder, without locks.
func keptFiles(dir string) (files []string) {
	filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() && filepath.Ext(name) != ".lock" {
			files = append(files, name)
		}
		return err
	})
	return files
}
