package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPlainShowsWhatTerminalsObey(t *testing.T) {
	cases := []struct{ text, want string }{
		{"a tie\tof 2\n", "a tie\tof 2\n"},
		{"été 宮 🦓", "été 宮 🦓"},
		{"\x1b]0;title\x07\x1b[2J", `\u001b]0;title\u0007\u001b[2J`},
		{"over\rwritten\b\x7f", `over\u000dwritten\u0008\u007f`},
		{"\u009b2J", `\u009b2J`},
		{"\x9b2J\xff", `\x9b2J\xff`},
		{"gpj.\u202egnp", `gpj.\u202egnp`},
		{"\u2066a\u2069\u200f\u061c\u2028", `\u2066a\u2069\u200f\u061c\u2028`},
	}
	for _, c := range cases {
		if got := shown(c.text); got != c.want {
			t.Errorf("%q is shown as %q, want %q", c.text, got, c.want)
		}
		var pieces bytes.Buffer
		p := &plain{Writer: &pieces}
		for i := range len(c.text) {
			if n, err := p.Write([]byte{c.text[i]}); n != 1 || err != nil {
				t.Fatalf("wrote %d bytes of 1, error %v", n, err)
			}
		}
		if pieces.String() != c.want {
			t.Errorf("%q in pieces is shown as %q, want %q", c.text, &pieces, c.want)
		}
	}
}

// TestPlainJSONReadsBack: what is escaped in JSON is the same text still.
func TestPlainJSONReadsBack(t *testing.T) {
	want := "\x1b[2J \u202e\u009b\x7f line\nbreak"
	var b bytes.Buffer
	c := console{out: &plain{Writer: &b}}
	if err := c.printJSON(want); err != nil {
		t.Fatal(err)
	}
	var got string
	if err := json.Unmarshal(b.Bytes(), &got); err != nil || got != want {
		t.Errorf("%q reads back as %q, error %v", want, got, err)
	}
}

func FuzzPlain(f *testing.F) {
	f.Add("\x1b[2J\xc2", "\x9b\u202e")
	f.Fuzz(func(t *testing.T, first, second string) {
		var b bytes.Buffer
		p := &plain{Writer: &b}
		p.Write([]byte(first))
		p.Write([]byte(second))
		if !utf8.Valid(b.Bytes()) || strings.ContainsFunc(b.String(), commands) {
			t.Errorf("%q and %q are shown as %q", first, second, b.String())
		}
	})
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
