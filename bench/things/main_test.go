package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/akin-vision/akin/stimuli"
)

// TestEqualArgumentsWriteEqualBytes, and what is written is a set.
func TestEqualArgumentsWriteEqualBytes(t *testing.T) {
	var dirs [3]string
	for i := range dirs {
		dirs[i] = t.TempDir()
		seed := []string{"7", "7", "8"}[i]
		if err := run([]string{"--out", dirs[i], "--pictures", "30", "--rows", "500", "--repeated", "2", "--models", "2", "--dim", "5", "--seed", seed}); err != nil {
			t.Fatal(err)
		}
	}
	same := func(a, b, name string) bool {
		one, err := os.ReadFile(filepath.Join(a, name))
		if err != nil {
			t.Fatal(err)
		}
		other, err := os.ReadFile(filepath.Join(b, name))
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Equal(one, other)
	}
	for _, name := range []string{"set/train.npy", "set/pictures.csv", "set/pictures/thing_00007.png", "source/trainset.txt", "features/model-01.npy"} {
		if !same(dirs[0], dirs[1], name) {
			t.Errorf("%s differs between equal arguments", name)
		}
	}
	for _, name := range []string{"set/train.npy", "set/pictures/thing_00007.png", "features/model-01.npy"} {
		if same(dirs[0], dirs[2], name) {
			t.Errorf("%s is the same with another seed", name)
		}
	}
	folder := os.DirFS(filepath.Join(dirs[0], "set"))
	set, err := stimuli.Read(folder, folder, stimuli.Options{AnyTask: true})
	if err != nil {
		t.Fatal(err)
	}
	if set.Trials.Len() != 500 || len(set.Pictures) != 30 {
		t.Errorf("%d rows of %d pictures, want 500 of 30", set.Trials.Len(), len(set.Pictures))
	}
}
