package regular

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestMatching finds the files of a folder whose name would be a pattern.
func TestMatching(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "[a] *?")
	if files, err := Matching(dir, "*.csv"); err != nil || files != nil {
		t.Errorf("a folder that is not there has %v, %v", files, err)
	}
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"b.csv", "a.csv", "c.json"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	files, err := Matching(dir, "*.csv")
	if want := []string{filepath.Join(dir, "a.csv"), filepath.Join(dir, "b.csv")}; err != nil || !slices.Equal(files, want) {
		t.Errorf("%v, error %v; want %v", files, err, want)
	}
	if _, err := Matching(dir, "["); err == nil {
		t.Error("a pattern that is none is taken")
	}
}
