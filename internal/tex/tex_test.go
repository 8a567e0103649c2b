package tex

import (
	"regexp"
	"strings"
	"testing"
)

// escape matches what Escape writes for a character; any other mark would act.
var escape = regexp.MustCompile(`\\(textbackslash|textbraceleft|textbraceright|textasciitilde|textasciicircum|textless|textgreater|textbar|textasciigrave|textquotesingle|ldots)\{\}|\\char34\{\}|\$(-|\\rho|\\geq|\\leq|\\times)\$|\\[$&#%_]|\{\}`)

func TestNothingActs(t *testing.T) {
	for r := rune(0); r < 0x3000; r++ {
		text := "a" + string(r) + string(r) + "b"
		if rest := escape.ReplaceAllString(Escape(text), ""); strings.ContainsAny(rest, "\\{}$&#%_~^\"<>|\n\r") {
			t.Errorf("%U is written as %q", r, Escape(text))
		}
	}
	if got, want := Escape(`50%_a--b {x}`), `50\%\_a-{}-b \textbraceleft{}x\textbraceright{}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestFileNames(t *testing.T) {
	for name, want := range map[string]string{
		"a b/castle_1&2.png": `\detokenize{a b/castle_1&2.png}`,
		"}}\\input{/x}.png":  "",
		"50%.png":            "",
		"^^5cinput.png":      "",
		"a\nb.png":           "",
		"":                   "",
	} {
		if got, ok := FileName(name); ok != (want != "") || ok && got != want {
			t.Errorf("%q: got %q, %v; want %q", name, got, ok, want)
		}
	}
}
