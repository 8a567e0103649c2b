package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/akin-vision/akin/internal/plain"
)

// TestPlainJSONReadsBack: what is escaped in JSON is the same text still.
func TestPlainJSONReadsBack(t *testing.T) {
	want := "\x1b[2J \u202e\u009b\x7f line\nbreak"
	var b bytes.Buffer
	c := console{out: &plain.Writer{Writer: &b}}
	if err := c.printJSON(want); err != nil {
		t.Fatal(err)
	}
	var got string
	if err := json.Unmarshal(b.Bytes(), &got); err != nil || got != want {
		t.Errorf("%q reads back as %q, error %v", want, got, err)
	}
}

// TestEngineSaysNothingItself: what ONNX Runtime would print of a graph reaches the
// terminal through akin alone, escaped.
func TestEngineSaysNothingItself(t *testing.T) {
	library, err := home(t).FindLibrary()
	if err != nil {
		t.Skip(err)
	}
	k := newKitchen(t)
	out, err := k.akin(t.Context(), nil, "run", "set", "--model", absolute(t, "testdata/hostile/net.onnx"), "--onnxruntime", library.Path)
	if text := string(out); err == nil || !strings.Contains(text, `Name:'gather\u001b]0;owned`) || plain.Text(text) != text || strings.Count(text, "model net") != 1 {
		t.Errorf("error %v: %q", err, text)
	}
}

func TestSetNamesAreFoldersHere(t *testing.T) {
	for name, want := range map[string]string{
		"everyday": "everyday", "everyday@1": "everyday@1", "my set v1.2": "my set v1.2", "étoile": "étoile",
		"../../EVIL/run": "EVIL-run-", "/etc": "etc-", "..": "-", "": "-", "con": "con-", "a\\b": "a-b-", "a\x1b[2J": "a--2J-", ".hidden": "hidden-",
	} {
		got := folderName(name)
		if exact := !strings.HasSuffix(want, "-"); exact && got != want || !exact && !strings.HasPrefix(got, want) || !filepath.IsLocal(got) || filepath.Base(got) != got {
			t.Errorf("%q becomes the folder %q, want %q...", name, got, want)
		}
	}
	if folderName("a/b") == folderName("a:b") {
		t.Error("two names become one folder")
	}
	if long := folderName(strings.Repeat("宮", 200)); len(long) > 100 || !utf8.ValidString(long) {
		t.Errorf("a long name becomes %q", long)
	}
}
