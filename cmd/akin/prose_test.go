package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// TestLongLinesHang: lines break at spaces and go on below their text, no word is lost,
// and what fits stays as it is.
func TestLongLinesHang(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       string
	}{
		{"fits", "two words", "two words"},
		{"below its beginning", "  pixels alone solve 52 % of the triplets", "  pixels alone solve\n    52 % of the\n    triplets"},
		{"below its text", "name     alpha beta gamma", "name     alpha beta\n         gamma"},
		{"a long name", "a-name-of-length  alpha beta", "a-name-of-length\n  alpha beta"},
		{"a path stays whole", "pictures  /a/path/that/somebody/copies", "pictures  /a/path/that/somebody/copies"},
		{"columns count characters", "éééé éééé éééé éééé", "éééé éééé éééé éééé"},
		{"rule", strings.Repeat("─", 20), strings.Repeat("─", 20)},
		{"lines", "one two three four five six\n\nshort\n", "one two three four\nfive six\n\nshort\n"},
		{"empty", "", ""},
	} {
		var b bytes.Buffer
		n, err := (&prose{&b, 20}).Write([]byte(c.text))
		if got := b.String(); err != nil || n != len(c.text) || got != c.want {
			t.Errorf("%s: %v, %d of %d bytes, got\n%s\nwant\n%s", c.name, err, n, len(c.text), got, c.want)
		}
	}
	var pipe bytes.Buffer
	long := strings.Repeat("word ", 100) + "\n"
	if fmt.Fprint(wrapping(&pipe), long); pipe.String() != long {
		t.Error("lines are broken in a pipe")
	}
}
