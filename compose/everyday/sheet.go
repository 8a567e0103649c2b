package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"path/filepath"
	"slices"

	"github.com/akin-vision/akin/compose"
	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/internal/atomicfile"
	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

// Measures of a contact sheet, in pixels and cells.
const (
	thumbSide    = 104
	cellWidth    = 3*thumbSide + 12
	cellHeight   = thumbSide + 36
	sheetColumns = 4
	sheetRows    = 8
)

// writeSheets draws the triplets for the eye, as target, related, unrelated,
// onto sheets sheet-01.png, ... in folder; those that nobody has reviewed
// come first.
func (e *everyday) writeSheets(folder string) error {
	const perSheet = sheetColumns * sheetRows
	triplets := slices.SortedStableFunc(slices.Values(e.triplets), func(a, b compose.Triplet) int {
		switch {
		case a.Reviewed == b.Reviewed:
			return 0
		case b.Reviewed:
			return -1
		}
		return 1
	})
	for first := 0; first < len(triplets); first += perSheet {
		sheet := image.NewRGBA(image.Rect(0, 0, sheetColumns*cellWidth, sheetRows*cellHeight))
		draw.Draw(sheet, sheet.Rect, image.White, image.Point{}, draw.Src)
		for i, t := range triplets[first:min(first+perSheet, len(triplets))] {
			e.drawTriplet(sheet, image.Pt(i%sheetColumns*cellWidth, i/sheetColumns*cellHeight), first+i+1, t)
		}
		var b bytes.Buffer
		if err := png.Encode(&b, sheet); err != nil {
			return err
		}
		file := filepath.Join(folder, fmt.Sprintf("sheet-%02d.png", first/perSheet+1))
		if err := atomicfile.Write(file, b.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

func (e *everyday) drawTriplet(sheet *image.RGBA, at image.Point, number int, t compose.Triplet) {
	for i, concept := range []int{t.Target, t.Related, t.Unrelated} {
		corner := at.Add(image.Pt(i*thumbSide, 0))
		thumb := image.Rectangle{corner, corner.Add(image.Pt(thumbSide, thumbSide))}
		source := view(e.pictures[concept].image)
		draw.CatmullRom.Scale(sheet, thumb, source, source.Rect, draw.Src, nil)
		write(sheet, corner.Add(image.Pt(2, thumbSide+12)), e.concepts[concept].Label, color.Black)
	}
	ink := color.RGBA{0, 0x80, 0, 0xff}
	if !t.Reviewed {
		ink = color.RGBA{0xc0, 0, 0, 0xff}
	}
	note := fmt.Sprintf("%d %.3s %s  s %.2f %.2f  c %.2f %.2f", number, t.Relation, t.Distractor,
		e.shape(t.Target, t.Related), e.shape(t.Target, t.Unrelated),
		e.colour(t.Target, t.Related), e.colour(t.Target, t.Unrelated))
	write(sheet, at.Add(image.Pt(2, thumbSide+26)), note, ink)
}

func write(sheet *image.RGBA, at image.Point, text string, ink color.Color) {
	d := font.Drawer{Dst: sheet, Src: image.NewUniform(ink), Face: basicfont.Face7x13, Dot: fixed.P(at.X, at.Y)}
	d.DrawString(text)
}

// view shows a decoded picture to the standard library.
func view(m *imaging.Image) *image.RGBA {
	v := image.NewRGBA(image.Rect(0, 0, m.Width, m.Height))
	for i := range m.Width * m.Height {
		copy(v.Pix[4*i:], m.Pix[3*i:3*i+3])
		v.Pix[4*i+3] = 0xff
	}
	return v
}
