// Package figure draws the figures of a paper at print size and says in CSV what
// they draw. Each figure is a plain struct of the points it shows: drawing and
// CSV read the same fields, so that neither can say what the other does not.
//
// Text in SVG and PNG is drawn as outlines: no font needs to be there, and no
// label can be markup. PDF embeds its font, so that text can be searched.
package figure

import (
	"image/color"
	"strings"
	"unicode"

	"github.com/akin-vision/akin/page"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Figure can be drawn and tabulated.
type Figure interface {
	// Size is the printed size.
	Size() (width, height vg.Length)
	// Draw fills a canvas of that size.
	Draw(c draw.Canvas)
	// Points are the rows of CSV files, headers first, by what is appended to
	// the figure's name; the points themselves stand under "".
	Points() map[string][][]string
}

// Widths of one column and of the page in most journals.
const (
	Column = 89 * vg.Millimeter
	Page   = 183 * vg.Millimeter
)

// Inks of the palette that figures share with web pages. Markers and dashes say
// the same as the colours.
var (
	black = page.Ink.Print
	grey  = page.Quiet.Print
	pale  = page.Faint.Print
)

// Sizes of text in points.
const (
	normal = 7
	small  = 6
	large  = 8
)

// cache finds the embedded Liberation fonts, whose widths are Arial's.
var cache = font.NewCache(liberation.Collection())

var handler = text.Plain{Fonts: cache}

func style(size vg.Length, ink color.Color) text.Style {
	return text.Style{
		Color: ink, Font: font.Font{Typeface: "Liberation", Variant: "Sans", Size: size},
		XAlign: text.XLeft, YAlign: text.YBottom, Handler: handler,
	}
}

// aligned is a style with its anchor: x from -1 (left) to 0 (right), y from -1
// (the text's bottom) to 0 (its top).
func aligned(s text.Style, x text.XAlignment, y text.YAlignment) text.Style {
	s.XAlign, s.YAlign = x, y
	return s
}

// Plain is one line of text without control and format characters, among which
// are those that turn the direction of writing.
func Plain(s string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.C, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(clean), " ")
}

// fit shortens text to a width, with an ellipsis where something was cut.
func fit(s text.Style, line string, width vg.Length) string {
	line = drawable(Plain(line))
	if s.Width(line) <= width {
		return line
	}
	const longest = 200 // no label of a figure is wider than the page
	runes := []rune(line)
	runes = runes[:min(len(runes), longest)]
	for len(runes) > 0 && s.Width(string(runes)+"…") > width {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimRight(string(runes), " ") + "…"
}

// write draws one line of text, shortened to a width.
func write(c draw.Canvas, s text.Style, at vg.Point, line string, width vg.Length) {
	c.FillText(s, at, fit(s, line, width))
}
