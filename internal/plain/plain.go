// Package plain shows text that others wrote on a terminal, which cannot be
// commanded by it: sets, cards, file names and servers are written by others.
package plain

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode/utf8"
)

// Writer shows control characters but line break and tab as JSON writes them,
// \u001b, and so those that turn the direction of reading.
type Writer struct {
	io.Writer
	lock sync.Mutex // logs are written beside results
	rest []byte     // the beginning of a character whose end has not come yet
}

func (p *Writer) Write(text []byte) (int, error) {
	p.lock.Lock()
	defer p.lock.Unlock()
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

// Text is a text as a Writer writes it, for what draws on the terminal itself.
func Text(text string) string {
	var b strings.Builder
	(&Writer{Writer: &b}).Write([]byte(text)) // a Builder gives no error
	return b.String()
}
