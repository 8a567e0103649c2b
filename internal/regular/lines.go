package regular

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
)

// LongLineError is a text with a line above its limit.
type LongLineError struct{ Limit int }

func (e *LongLineError) Error() string {
	return fmt.Sprintf("has a line of more than %d bytes", e.Limit)
}

// ReadLines is Read of a text whose lines have at most longest bytes: one that is
// longer ends it, so that gigabytes without a line end are never in memory.
func ReadLines(fsys fs.FS, name string, limit int64, longest int) ([]byte, error) {
	return read(fsys, name, limit, func(f io.Reader) io.Reader { return &lines{from: f, longest: longest} })
}

type lines struct {
	from    io.Reader
	longest int
	since   int // bytes since the last line end
}

func (l *lines) Read(p []byte) (int, error) {
	n, err := l.from.Read(p[:min(len(p), l.longest)]) // so that no whole line in it is too long
	p = p[:n]
	first := bytes.IndexByte(p, '\n')
	if first < 0 {
		l.since += n
	} else if l.since+first <= l.longest {
		l.since = n - 1 - bytes.LastIndexByte(p, '\n')
	} else {
		l.since += first
	}
	if l.since > l.longest {
		return 0, &LongLineError{l.longest}
	}
	return n, err
}
