package figure

import (
	"github.com/akin-vision/akin/page"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Concept is Figure 1 of the paper: which of two pictures belongs with the first?
type Concept struct{ Case Case }

const conceptSide = 26 * vg.Millimeter

// Size is one column.
func (f Concept) Size() (width, height vg.Length) { return Column, 2*conceptSide + 40 }

// Points is the triplet.
func (f Concept) Points() map[string][][]string {
	return map[string][][]string{"": {caseColumns, f.Case.cells("", "concept", 1)}}
}

// Draw puts the question at the left and the two answers at the right, frames over pictures.
func (f Concept) Draw(c draw.Canvas) {
	middle := (c.Min.Y + c.Max.Y) / 2
	right := c.Max.X - conceptSide - 1
	target := conceptBox(c.Min.X+1, middle-conceptSide/2+4)
	related, unrelated := conceptBox(right, middle+11), conceptBox(right, middle-conceptSide-7)
	for _, p := range []struct {
		box     vg.Rectangle
		picture Picture
	}{{target, f.Case.Target}, {related, f.Case.Related}, {unrelated, f.Case.Unrelated}} {
		drawPicture(c, p.box, p.picture)
		at := vg.Point{X: (p.box.Min.X + p.box.Max.X) / 2, Y: p.box.Min.Y - 2}
		write(c, aligned(style(normal, black), draw.XCenter, draw.YTop), at, p.picture.Label, conceptSide)
	}
	from := vg.Point{X: target.Max.X + 3, Y: middle + 4}
	for _, arm := range []struct {
		box    vg.Rectangle
		stroke draw.LineStyle
		text   string
		up     vg.Length
	}{
		{related, line(1.2, page.Related.Print), "related", 1},
		{unrelated, line(1.2, page.Unrelated.Print, 3, 2), "unrelated", -1},
	} {
		to := vg.Point{X: arm.box.Min.X - 3, Y: (arm.box.Min.Y + arm.box.Max.Y) / 2}
		c.StrokeLine2(arm.stroke, from.X, from.Y, to.X, to.Y)
		c.SetLineStyle(arm.stroke)
		c.Stroke(arm.box.Path())
		at := vg.Point{X: (from.X+to.X)/2 - 6, Y: (from.Y+to.Y)/2 + arm.up*9}
		c.FillText(aligned(style(large, black), draw.XRight, draw.YCenter), at, arm.text)
	}
	c.SetLineStyle(line(0.6, black))
	c.Stroke(target.Path())
}

func conceptBox(x, y vg.Length) vg.Rectangle {
	return vg.Rectangle{Min: vg.Point{X: x, Y: y}, Max: vg.Point{X: x + conceptSide, Y: y + conceptSide}}
}
