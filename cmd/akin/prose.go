package main

import (
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/akin-vision/akin/words"
)

// prose writes text for people to the terminal on which results are printed: lines that
// are too long break at spaces, and go on below where their text began. Files and pipes
// get whole lines, and so do scripts, cards and JSON, which must not come through here.
func (c *console) prose() io.Writer { return wrapping(c.out) }

func wrapping(w io.Writer) io.Writer { return &prose{w, widthOf(w)} }

type prose struct {
	io.Writer
	width int // 0: lines are not broken
}

func (p *prose) Write(text []byte) (int, error) {
	if p.width == 0 {
		return p.Writer.Write(text)
	}
	lines := strings.Split(string(text), "\n")
	for i, line := range lines {
		lines[i] = hang(line, p.width)
	}
	if _, err := io.WriteString(p.Writer, strings.Join(lines, "\n")); err != nil {
		return 0, err
	}
	return len(text), nil
}

// beginning is what stands before the text of a line: room, or a name and room.
var beginning = regexp.MustCompile(`^ *(?:\S+(?: \S+)* {2,})?`)

// hang breaks a line. Where a name stands before its text the lines below begin under the
// text, as long as that leaves them half of the width.
func hang(line string, width int) string {
	if utf8.RuneCountInString(line) <= width {
		return line
	}
	left := len(line) - len(strings.TrimLeft(line, " "))
	indent := utf8.RuneCountInString(beginning.FindString(line))
	if indent == left && left > 0 || indent > width/2 {
		indent = left + 2
	}
	return strings.Join(words.Break(line, width, indent), "\n")
}
