package figure

import (
	"bytes"
	"image"
	"image/color"
	"sync"
	"time"

	"codeberg.org/go-pdf/fpdf"
	imagedraw "golang.org/x/image/draw"
	"golang.org/x/text/encoding/charmap"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgpdf"
)

// PDF draws a figure with its font embedded.
func PDF(f Figure) ([]byte, error) {
	fixPDF()
	w, h := f.Size()
	canvas := vgpdf.New(w, h)
	f.Draw(draw.NewCanvas(&embedded{outlined{canvas}, map[int]bool{}, map[image.Image]image.Image{}}, w, h))
	var out bytes.Buffer
	_, err := canvas.WriteTo(&out)
	return out.Bytes(), err
}

// fixPDF makes equal figures equal files: vgpdf does not hand out its document,
// so that only fpdf's defaults can take the clock and the order of maps out.
var fixPDF = sync.OnceFunc(func() {
	epoch := time.Date(2017, 9, 12, 0, 0, 0, 0, time.UTC)
	fpdf.SetDefaultCreationDate(epoch)
	fpdf.SetDefaultModificationDate(epoch)
	fpdf.SetDefaultCatalogSort(true)
})

// embedded draws text in the PDF's font where its code page has all characters,
// and as outlines elsewhere.
type embedded struct {
	outlined
	widths map[int]bool // of pictures drawn so far, in pixels
	drawn  map[image.Image]image.Image
}

// FillString hands vgpdf what it expects, bytes of Windows-1252.
func (c *embedded) FillString(face font.Face, at vg.Point, line string) {
	encoded, err := charmap.Windows1252.NewEncoder().String(line)
	if err != nil {
		c.outlined.FillString(face, at, line)
		return
	}
	c.Canvas.FillString(face, at, encoded)
}

// SetColor hands vgpdf colours that are not multiplied by their opacity: it takes
// them so.
func (c *embedded) SetColor(ink color.Color) {
	if ink != nil {
		ink = straight{ink}
	}
	c.Canvas.SetColor(ink)
}

// straight is a colour that says its components beside its opacity.
type straight struct{ color.Color }

func (s straight) RGBA() (r, g, b, a uint32) {
	c := color.NRGBA64Model.Convert(s.Color).(color.NRGBA64)
	return uint32(c.R), uint32(c.G), uint32(c.B), uint32(c.A)
}

// DrawImage gives each picture a width of its own: fpdf orders pictures by
// width, and those of equal width by chance. One drawn twice is stored once.
// vgpdf turns its axes so that y points up, and pictures with them: they are turned back.
func (c *embedded) DrawImage(box vg.Rectangle, picture image.Image) {
	sized, again := c.drawn[picture]
	if !again {
		sized = picture
		size := picture.Bounds().Size()
		if c.widths[size.X] {
			for c.widths[size.X] {
				size.X++
			}
			wider := image.NewRGBA(image.Rectangle{Max: size})
			imagedraw.CatmullRom.Scale(wider, wider.Bounds(), picture, picture.Bounds(), imagedraw.Src, nil)
			sized = wider
		}
		c.widths[size.X] = true
		c.drawn[picture] = sized
	}
	c.Canvas.Push()
	c.Canvas.Translate(vg.Point{Y: box.Min.Y + box.Max.Y})
	c.Canvas.Scale(1, -1)
	c.Canvas.DrawImage(box, sized)
	c.Canvas.Pop()
}
