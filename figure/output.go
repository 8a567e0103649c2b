package figure

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"image/png"
	"strings"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"github.com/akin-vision/akin/internal/spreadsheet"
)

// dpi is the resolution of PNG files and of pictures within figures.
const dpi = 300

// SVG draws a figure with its title for those who cannot see it.
func SVG(f Figure, title string) ([]byte, error) {
	w, h := f.Size()
	canvas := vgsvg.New(w, h)
	f.Draw(draw.NewCanvas(outlined{canvas}, w, h))
	var out, escaped bytes.Buffer
	if _, err := canvas.WriteTo(&out); err != nil {
		return nil, err
	}
	if err := xml.EscapeText(&escaped, []byte(Plain(title))); err != nil {
		return nil, err
	}
	titled := "role=\"img\"\n\txmlns:xlink=\"http://www.w3.org/1999/xlink\">\n<title>" + escaped.String() + "</title>\n"
	return []byte(strings.Replace(out.String(), "xmlns:xlink=\"http://www.w3.org/1999/xlink\">\n", titled, 1)), nil
}

// PNG draws a figure at dpi, and says so in the file.
func PNG(f Figure) ([]byte, error) {
	w, h := f.Size()
	canvas := vgimg.NewWith(vgimg.UseWH(w, h), vgimg.UseDPI(dpi))
	f.Draw(draw.NewCanvas(outlined{canvas}, w, h))
	var out bytes.Buffer
	if err := png.Encode(&out, canvas.Image()); err != nil {
		return nil, err
	}
	return withResolution(out.Bytes()), nil
}

// CSV writes rows; a cell that a spreadsheet would run as a formula begins with
// an apostrophe.
func CSV(rows [][]string) ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = spreadsheet.Inert(cell)
		}
		if err := w.Write(safe); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// outlined draws text as filled outlines of its glyphs.
type outlined struct{ vg.Canvas }

// FillString is the one method of vg.Canvas that names a font.
func (c outlined) FillString(face font.Face, at vg.Point, line string) {
	var buf sfnt.Buffer
	em := fixed.I(int(face.Face.UnitsPerEm()))
	scale := face.Font.Size / vg.Length(em)
	var path vg.Path
	for _, r := range line {
		glyph, err := face.Face.GlyphIndex(&buf, r)
		if err != nil {
			continue
		}
		segments, err := face.Face.LoadGlyph(&buf, glyph, em, nil)
		if err != nil {
			continue
		}
		path = appendGlyph(path, segments, at, scale)
		if advance, err := face.Face.GlyphAdvance(&buf, glyph, em, 0); err == nil {
			at.X += vg.Length(advance) * scale
		}
	}
	if len(path) > 0 {
		c.Fill(path)
	}
}

func appendGlyph(path vg.Path, segments sfnt.Segments, at vg.Point, scale vg.Length) vg.Path {
	point := func(p fixed.Point26_6) vg.Point {
		return vg.Point{X: at.X + vg.Length(p.X)*scale, Y: at.Y - vg.Length(p.Y)*scale}
	}
	for i, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if i > 0 {
				path.Close()
			}
			path.Move(point(s.Args[0]))
		case sfnt.SegmentOpLineTo:
			path.Line(point(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			path.QuadTo(point(s.Args[0]), point(s.Args[1]))
		case sfnt.SegmentOpCubeTo:
			path.CubeTo(point(s.Args[0]), point(s.Args[1]), point(s.Args[2]))
		}
	}
	if len(segments) > 0 {
		path.Close()
	}
	return path
}
