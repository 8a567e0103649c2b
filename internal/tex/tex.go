// Package tex writes text that others wrote so that TeX shows it and does nothing else.
package tex

import (
	"fmt"
	"strings"
	"unicode"
)

// marks hold no lone brace, which would end a field of BibTeX even behind a backslash.
var marks = map[rune]string{
	'\\': `\textbackslash{}`, '{': `\textbraceleft{}`, '}': `\textbraceright{}`, '$': `\$`, '&': `\&`, '#': `\#`, '%': `\%`, '_': `\_`,
	'~': `\textasciitilde{}`, '^': `\textasciicircum{}`, '<': `\textless{}`, '>': `\textgreater{}`, '|': `\textbar{}`,
	'"': `\char34{}`, '`': `\textasciigrave{}`, '\'': `\textquotesingle{}`,
	'–': `--`, '—': `---`, '−': `$-$`, '…': `\ldots{}`, 'ρ': `$\rho$`, '≥': `$\geq$`, '≤': `$\leq$`, '×': `$\times$`,
}

// Escape escapes what TeX would act on. Characters outside the Latin alphabets,
// which pdfLaTeX has no glyphs for, are given by their code points; control
// characters become spaces.
func Escape(s string) string {
	var b strings.Builder
	previous := rune(0)
	for _, r := range s {
		mark, known := marks[r]
		switch {
		case known:
			b.WriteString(mark)
		case r < 0x20:
			b.WriteByte(' ')
		case r == '-' && previous == '-': // no ligature to a dash
			b.WriteString("{}-")
		case r < unicode.MaxASCII, r >= 0xC0 && r <= 0x17F && !strings.ContainsRune("ĦħĸĿŀŉŦŧſ", r): // what the encoding T1 has
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "[U+%04X]", r)
		}
		previous = r
	}
	return b.String()
}

// shortWord is the length up to which a word stays whole.
const shortWord = 10

// Breakable is [Escape] of a name or a sentence in which TeX may break a line after
// marks that join names, and in long runs of letters and digits such as SHA-256 sums,
// where no rule of hyphenation helps.
func Breakable(s string) string {
	const allow, run = `\allowbreak{}`, 8
	var b strings.Builder
	for _, word := range strings.SplitAfter(s, " ") {
		letters := len([]rune(strings.TrimRight(word, " ")))
		named := letters > shortWord && strings.ContainsFunc(word, unicode.IsLetter) // numbers stay whole
		since, previous := 0, ""
		for _, part := range strings.SplitAfter(word, "") {
			if part == "-" && previous == "-" && since > 0 { // no ligature to a dash
				b.WriteString("{}")
			}
			b.WriteString(Escape(part))
			since, previous = since+1, part
			if joins := strings.Contains("-_/.@+:,=", part); named && (joins && since > 1 || letters > 3*run && since >= run) {
				b.WriteString(allow)
				since = 0
			}
		}
	}
	return b.String()
}

// FileName gives a file's name to \includegraphics and its like. A name with a
// character that TeX acts on while it reads an argument (a brace ends it, %
// begins a comment, ^^ stands for another character) is not ok.
func FileName(name string) (quoted string, ok bool) {
	for _, r := range name {
		if r < 0x20 || r == 0x7f || strings.ContainsRune(`\{}%#^~$"`, r) {
			return "", false
		}
	}
	return `\detokenize{` + name + `}`, name != ""
}
