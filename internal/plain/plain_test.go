package plain

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTextShowsWhatTerminalsObey(t *testing.T) {
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
		if got := Text(c.text); got != c.want {
			t.Errorf("%q is shown as %q, want %q", c.text, got, c.want)
		}
		var pieces bytes.Buffer
		p := &Writer{Writer: &pieces}
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

func FuzzPlain(f *testing.F) {
	f.Add("\x1b[2J\xc2", "\x9b\u202e")
	f.Fuzz(func(t *testing.T, first, second string) {
		var b bytes.Buffer
		p := &Writer{Writer: &b}
		p.Write([]byte(first))
		p.Write([]byte(second))
		if !utf8.Valid(b.Bytes()) || strings.ContainsFunc(b.String(), commands) {
			t.Errorf("%q and %q are shown as %q", first, second, b.String())
		}
	})
}
