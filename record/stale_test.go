package record

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestFiguresOfAnotherRunAreRemoved: what PaperFile lists goes when the record under it
// changes, and only then; a file of the user's own stays.
func TestFiguresOfAnotherRunAreRemoved(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	run := smallRun()
	write := func() {
		t.Helper()
		if err := run.Write(dir, analysed(t, run)); err != nil {
			t.Fatal(err)
		}
	}
	write()
	made := []string{"figures/1.svg", "figures/own.svg", PaperFile, "methods.md"}
	if err := os.Mkdir(filepath.Join(dir, "figures"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, name := range made {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(`{"files": ["figures/1.svg", "methods.md", "figures", "run.json", "../elsewhere"]}`), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	remaining := func() (list []string) {
		for _, name := range made {
			if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
				list = append(list, name)
			}
		}
		return list
	}
	write()
	if got := remaining(); !slices.Equal(got, made) {
		t.Errorf("the same run again left %v of %v", got, made)
	}
	run.Failures = nil
	write()
	if got, want := remaining(), []string{"figures/own.svg"}; !slices.Equal(got, want) {
		t.Errorf("another run left %v, want %v", got, want)
	}
	if _, err := Load(dir); err != nil {
		t.Errorf("the record is no longer whole: %v", err)
	}
}
