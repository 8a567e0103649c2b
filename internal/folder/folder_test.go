package folder

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestWholeOrNotAtAll(t *testing.T) {
	parent := t.TempDir()
	out := filepath.Join(parent, "deep", "out")
	never := errors.New("is not replaceable")
	refuse := func([]os.DirEntry) error { return never }
	put := func(text string) func(*os.Root) error {
		return func(root *os.Root) error { return Put(root, "a/b.txt", []byte(text)) }
	}
	holds := func(want string) {
		t.Helper()
		if got, err := os.ReadFile(filepath.Join(out, "a", "b.txt")); string(got) != want || err != nil {
			t.Errorf("the folder holds %q, error %v, want %q", got, err, want)
		}
		if entries, err := os.ReadDir(filepath.Dir(out)); len(entries) != 1 || err != nil {
			t.Errorf("beside the folder is left: %v, %v", entries, err)
		}
	}
	if err := Write(out, refuse, put("one")); err != nil {
		t.Fatal(err)
	}
	holds("one")
	if err := Write(out, refuse, put("two")); !errors.Is(err, never) {
		t.Errorf("error %v", err)
	}
	holds("one")
	full := errors.New("disk full")
	err := Write(out, func([]os.DirEntry) error { return nil }, func(root *os.Root) error { return errors.Join(put("half")(root), full) })
	if !errors.Is(err, full) {
		t.Errorf("error %v", err)
	}
	holds("one")
	if err := Write(out, func([]os.DirEntry) error { return nil }, put("two")); err != nil {
		t.Fatal(err)
	}
	holds("two")
}
