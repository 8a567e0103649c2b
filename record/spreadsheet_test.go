package record

import (
	"os"
	"path/filepath"
	"testing"
)

func TestInertCells(t *testing.T) {
	for cell, want := range map[string]string{
		"": "", "apple": "apple", "a=b": "a=b", "-0.25": "-0.25", "+3": "+3", "-1e-9": "-1e-9", "-Inf": "-Inf", ".5": ".5",
		"=1+1": "'=1+1", "-2+3": "'-2+3", "@SUM(A1)": "'@SUM(A1)", "+cmd": "'+cmd", "\tx": "'\tx", "\rx": "'\rx", "＝1": "'＝1", "-": "'-",
	} {
		if got := Inert(cell); got != want {
			t.Errorf("Inert(%q) = %q, want %q", cell, got, want)
		}
	}
}

// TestSpreadsheetsAreCopies: the record stays as it is, the copies hold no formula, and
// what is no number is read back by taking one apostrophe away.
func TestSpreadsheetsAreCopies(t *testing.T) {
	dir, out := t.TempDir(), filepath.Join(t.TempDir(), "tables")
	const table, want = "id,label,margin\n1,=cmd|'/c calc'!A1,-0.5\n2,\"a, b\",\n", "id,label,margin\n1,'=cmd|'/c calc'!A1,-0.5\n2,\"a, b\",\n"
	if err := os.WriteFile(filepath.Join(dir, "choices.csv"), []byte(table), 0o666); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time over the first
		if err := WriteSpreadsheets(dir, out); err != nil {
			t.Fatal(err)
		}
	}
	for file, want := range map[string]string{filepath.Join(dir, "choices.csv"): table, filepath.Join(out, "choices.csv"): want} {
		if got, err := os.ReadFile(file); string(got) != want || err != nil {
			t.Errorf("%s holds %q, want %q (%v)", filepath.Base(filepath.Dir(file)), got, want, err)
		}
	}
	if err := os.WriteFile(filepath.Join(out, "thesis.txt"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := WriteSpreadsheets(dir, out); err == nil {
		t.Error("a folder with other files was taken")
	}
}
