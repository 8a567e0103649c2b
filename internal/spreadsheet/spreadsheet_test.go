package spreadsheet

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/akin-vision/akin/internal/reference"
	"pgregory.net/rapid"
)

// TestInert holds Inert to the table to which the scripts of pages are held, too.
func TestInert(t *testing.T) {
	for cell, want := range reference.JSON[map[string]string](t, "testdata/cells.json") {
		if got := Inert(cell); got != want {
			t.Errorf("Inert(%q) = %q, want %q", cell, got, want)
		}
	}
}

// TestTextUndoesInert, of every text.
func TestTextUndoesInert(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`'{0,3}[ \t\r\n]{0,2}[=+\-@＝a1.]{0,3}[0-9a-e]{0,3}`).Draw(t, "text")
		if got := Text(Inert(text)); got != text {
			t.Errorf("%q becomes %q and is read as %q", text, Inert(text), got)
		}
	})
}

// TestCopy: the table stays as it is, its copy holds no formula.
func TestCopy(t *testing.T) {
	file, out := filepath.Join(t.TempDir(), "choices.csv"), filepath.Join(t.TempDir(), "tables")
	const table, want = "id,label,margin\n1,=cmd|'/c calc'!A1,-0.5\n2,\"a, b\",\n", "id,label,margin\n1,'=cmd|'/c calc'!A1,-0.5\n2,\"a, b\",\n"
	if err := os.WriteFile(file, []byte(table), 0o666); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time over the first
		if err := Copy(out, []string{file}); err != nil {
			t.Fatal(err)
		}
	}
	for file, want := range map[string]string{file: table, filepath.Join(out, "choices.csv"): want} {
		if got, err := os.ReadFile(file); string(got) != want || err != nil {
			t.Errorf("%s holds %q, want %q (%v)", filepath.Base(filepath.Dir(file)), got, want, err)
		}
	}
	if err := os.WriteFile(filepath.Join(out, "thesis.txt"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := Copy(out, []string{file}); err == nil {
		t.Error("a folder with other files was taken")
	}
}
