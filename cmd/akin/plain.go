package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/term"
)

// plain is a writer to a terminal that no text can command: sets, cards, file
// names and servers are written by others. Control characters but line break and
// tab are shown as JSON writes them, \u001b, and so are those that turn the
// direction of reading. Everything that akin prints goes through here.
type plain struct {
	io.Writer
	rest []byte // the beginning of a character whose end has not come yet
}

func (p *plain) Write(text []byte) (int, error) {
	data := append(p.rest, text...)
	p.rest = nil
	out := make([]byte, 0, len(data))
	for len(data) > 0 {
		if !utf8.FullRune(data) {
			p.rest = data
			break
		}
		r, size := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && size == 1:
			out = fmt.Appendf(out, `\x%02x`, data[0])
		case commands(r):
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			out = append(out, data[:size]...)
		}
		data = data[size:]
	}
	if _, err := p.Writer.Write(out); err != nil {
		return 0, err
	}
	return len(text), nil
}

// commands reports whether a terminal acts on a character instead of showing it:
// C0 and C1 controls, and those of text direction and of separators (Unicode, UAX #9).
func commands(r rune) bool {
	switch {
	case r == '\n', r == '\t':
		return false
	case r < 0x20, 0x7f <= r && r < 0xa0:
		return true
	case r == 0x061c, r == 0x200e, r == 0x200f, 0x2028 <= r && r <= 0x202e, 0x2066 <= r && r <= 0x2069, r == 0xfeff:
		return true
	}
	return false
}

// shown is a text as plain writes it, for what draws on the terminal itself.
func shown(text string) string {
	var b strings.Builder
	(&plain{Writer: &b}).Write([]byte(text)) // a Builder gives no error
	return b.String()
}

// width is that of the terminal on which results are printed; 0 where they go into a
// file or a pipe, for which nothing is cut.
func (c *console) width() int { return widthOf(c.out) }

// widthOf is that of the terminal that a writer leads to, 0 where it leads to none.
func widthOf(w io.Writer) int {
	f, ok := beneath(w).(*os.File)
	if !ok || !isDevice(f) {
		return 0
	}
	width, _, err := term.GetSize(f.Fd())
	if err != nil || width < 1 {
		return 0
	}
	return max(width, leastWidth)
}

// leastWidth is the narrowest terminal that tables are made for.
const leastWidth = 60

// beneath is the writer that a terminal may be found on.
func beneath(w io.Writer) io.Writer {
	if p, ok := w.(*plain); ok {
		return p.Writer
	}
	return w
}
