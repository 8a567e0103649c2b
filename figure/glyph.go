package figure

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/image/font/sfnt"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/recorder"
)

// hasGlyph reports whether the embedded font, which holds the Latin, Greek, Cyrillic
// and Hebrew alphabets, can draw a character.
func hasGlyph(r rune) bool {
	face := cache.Lookup(style(normal, black).Font, normal)
	var buf sfnt.Buffer
	glyph, err := face.Face.GlyphIndex(&buf, r)
	return err == nil && glyph != 0
}

func cannotDraw(r rune) bool { return !hasGlyph(r) }

// drawable gives characters that the font lacks by their code points, in brackets, so
// that no empty box stands for them.
func drawable(line string) string {
	if !strings.ContainsFunc(line, cannotDraw) {
		return line
	}
	var b strings.Builder
	open := false
	for _, r := range line {
		switch missing := cannotDraw(r); {
		case missing && open:
			fmt.Fprintf(&b, " U+%04X", r)
		case missing:
			fmt.Fprintf(&b, "[U+%04X", r)
			open = true
		case open:
			b.WriteString("]" + string(r))
			open = false
		default:
			b.WriteRune(r)
		}
	}
	if open {
		b.WriteByte(']')
	}
	return b.String()
}

// Undrawn lists the labels of a figure that it writes with code points, because the
// font lacks their characters.
func Undrawn(f Figure) []string {
	var candidates []string
	for _, rows := range f.Points() {
		for _, row := range rows {
			for _, cell := range row {
				if strings.ContainsFunc(Plain(cell), cannotDraw) && !slices.Contains(candidates, cell) {
					candidates = append(candidates, cell)
				}
			}
		}
	}
	if len(candidates) == 0 {
		return nil
	}
	drawn := &listener{}
	w, h := f.Size()
	f.Draw(draw.NewCanvas(drawn, w, h))
	list := slices.DeleteFunc(candidates, func(label string) bool { return !drawn.has(drawable(Plain(label))) })
	slices.Sort(list)
	return list
}

// listener is a canvas that keeps only what is written on it.
type listener struct {
	recorder.Canvas
	lines []string
}

// FillString is the one method of vg.Canvas that writes.
func (l *listener) FillString(_ font.Face, _ vg.Point, line string) { l.lines = append(l.lines, line) }

// has reports whether a label was written, whole or cut off at its end.
func (l *listener) has(label string) bool {
	return slices.ContainsFunc(l.lines, func(line string) bool {
		start := strings.TrimSuffix(line, "…")
		return strings.Contains(line, label) || start != line && strings.Contains(start, "[U+") && strings.HasPrefix(label, start)
	})
}
