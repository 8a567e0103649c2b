// Package gallery draws a set for people to look at: contact sheets, and one
// offline page.
package gallery

import (
	"fmt"
	"image"
	"image/color"
	"io/fs"
	"iter"
	"strings"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/stimuli"
	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
)

// Measures of a contact sheet, in pixels and cells.
const (
	pictureSide  = 150
	pictureGap   = 10
	captionPx    = 64 // below the pictures: label, then group
	cellGap      = 44
	marginPx     = 48
	headPx       = 76 // title and the names of the roles
	sheetColumns = 3
	sheetRows    = 8

	cellWidth  = 3*pictureSide + 2*pictureGap
	cellHeight = pictureSide + captionPx

	// PerSheet is the number of triplets on a full sheet.
	PerSheet = sheetColumns * sheetRows
)

var (
	ink   = color.RGBA{0x1b, 0x1f, 0x24, 0xff}
	soft  = color.RGBA{0x59, 0x61, 0x6b, 0xff}
	rule  = color.RGBA{0xd9, 0xdd, 0xe2, 0xff}
	roles = [3]string{"target", "related", "unrelated"}
)

// Sheets draws the triplets in order, PerSheet on each sheet: three pictures
// with their labels, relation and distractor below. Equal inputs give equal
// pixels. It ends with an error where a picture cannot be read.
func Sheets(s *stimuli.Set, files fs.FS) iter.Seq2[*image.RGBA, error] {
	return func(yield func(*image.RGBA, error) bool) {
		faces, err := newFaces()
		if err != nil {
			yield(nil, err)
			return
		}
		count := (len(s.Triplets) + PerSheet - 1) / PerSheet
		for n := range count {
			first := n * PerSheet
			sheet := &sheet{faces: faces, files: files}
			title := fmt.Sprintf("%s   triplets %d to %d of %d", s.Name, first+1, min(first+PerSheet, len(s.Triplets)), len(s.Triplets))
			err := sheet.draw(title, s.Triplets[first:min(first+PerSheet, len(s.Triplets))])
			if !yield(sheet.image, err) || err != nil {
				return
			}
		}
	}
}

// sheet is one contact sheet.
type sheet struct {
	image *image.RGBA
	faces faces
	files fs.FS
}

func (s *sheet) draw(title string, triplets []stimuli.Triplet) error {
	columns := min(len(triplets), sheetColumns)
	rows := (len(triplets) + sheetColumns - 1) / sheetColumns
	s.image = image.NewRGBA(image.Rect(0, 0, 2*marginPx+columns*(cellWidth+cellGap)-cellGap, 2*marginPx+headPx+rows*cellHeight))
	draw.Draw(s.image, s.image.Rect, image.White, image.Point{}, draw.Src)
	s.write(image.Pt(marginPx, marginPx+20), s.image.Rect.Dx()-2*marginPx, title, s.faces.title, ink)
	for c := range columns {
		for k, role := range roles {
			at := image.Pt(marginPx+c*(cellWidth+cellGap)+k*(pictureSide+pictureGap), marginPx+headPx-14)
			s.write(at, pictureSide, role, s.faces.small, soft)
		}
	}
	for i := range triplets {
		at := image.Pt(marginPx+i%sheetColumns*(cellWidth+cellGap), marginPx+headPx+i/sheetColumns*cellHeight)
		if err := s.triplet(at, &triplets[i]); err != nil {
			return err
		}
	}
	return nil
}

func (s *sheet) triplet(at image.Point, t *stimuli.Triplet) error {
	labels := t.Labels()
	for k, p := range t.Shown() {
		corner := at.Add(image.Pt(k*(pictureSide+pictureGap), 0))
		if err := s.picture(image.Rectangle{corner, corner.Add(image.Pt(pictureSide, pictureSide))}, p); err != nil {
			return err
		}
		s.write(corner.Add(image.Pt(0, pictureSide+18)), pictureSide, labels[k], s.faces.label, ink)
	}
	s.write(at.Add(image.Pt(0, pictureSide+37)), cellWidth, group(t), s.faces.small, soft)
	return nil
}

// group says relation and distractor, and the triplet's id.
func group(t *stimuli.Triplet) string {
	var parts []string
	if t.Relation != "" {
		parts = append(parts, t.Relation)
	}
	if t.Distractor != "" {
		parts = append(parts, t.Distractor+" distractor")
	}
	return strings.Join(append(parts, t.ID), " · ")
}

// picture draws a whole picture into the middle of a frame.
func (s *sheet) picture(frame image.Rectangle, p *stimuli.Picture) error {
	data, err := fs.ReadFile(s.files, p.Path)
	if err != nil {
		return err // names the path
	}
	decoded, err := imaging.Decode(data, 0)
	if err != nil {
		return fmt.Errorf("picture %s: %w", p.Path, err)
	}
	draw.Draw(s.image, frame, image.NewUniform(rule), image.Point{}, draw.Src)
	inside := frame.Inset(1)
	draw.Draw(s.image, inside, image.White, image.Point{}, draw.Src)
	small := decoded.Shrunk(inside.Dx())
	corner := inside.Min.Add(image.Pt((inside.Dx()-small.Rect.Dx())/2, (inside.Dy()-small.Rect.Dy())/2))
	draw.Draw(s.image, small.Rect.Add(corner), small, image.Point{}, draw.Src)
	return nil
}

// write draws one line of text that starts at the point at, on the base line,
// and ends with "…" where it is wider than widthPx.
func (s *sheet) write(at image.Point, widthPx int, text string, face font.Face, colour color.Color) {
	d := font.Drawer{Dst: s.image, Src: image.NewUniform(colour), Face: face, Dot: fixed.P(at.X, at.Y)}
	d.DrawString(fitted(face, printable(text), fixed.I(widthPx)))
}
