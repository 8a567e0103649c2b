package main

import (
	"io"
	"os"

	"github.com/akin-vision/akin/internal/plain"
	"github.com/charmbracelet/x/term"
)

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
	if p, ok := w.(*plain.Writer); ok {
		return p.Writer
	}
	return w
}
