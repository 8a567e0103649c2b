package figure

import (
	"image"
	"strconv"

	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/page"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Gallery is Figure 3 and Figures 7 to 10 of the paper: triplets in a grid, in
// titled sections.
type Gallery struct {
	Model    string // empty where no model's cosines are shown
	Sections []Section
}

// Section is some cases under a title.
type Section struct {
	Title string
	Cases []Case
}

// Case is one triplet as one model sees it.
type Case struct {
	Triplet              string
	Relation, Distractor string
	Target               Picture
	Related, Unrelated   Picture
	// The cosines with the target, NaN where no model is asked, and people's
	// mean ratings, NaN where there are none.
	CosineRelated, CosineUnrelated float64
	RatingRelated, RatingUnrelated float64
}

// Picture is a labelled picture; a nil Image is drawn as a grey box.
type Picture struct {
	Label, Path string
	Image       image.Image
}

// Margin is positive where the related picture is closer.
func (c Case) Margin() float64 { return c.CosineRelated - c.CosineUnrelated }

// Sizes of a card, which shows one case.
const (
	cardsAcross   = 3
	pictureSide   = 18 * vg.Millimeter
	cardWidth     = 61.5 * vg.Millimeter
	sectionHeight = 14
)

func (f Gallery) cardHeight() vg.Length {
	if f.Model == "" {
		return pictureSide + 20
	}
	return pictureSide + 29
}

// Size is the page's width.
func (f Gallery) Size() (width, height vg.Length) {
	for _, s := range f.Sections {
		height += sectionHeight + vg.Length(max(1, (len(s.Cases)+cardsAcross-1)/cardsAcross))*f.cardHeight()
	}
	return Page, max(height, sectionHeight)
}

// Points has one row for each case.
func (f Gallery) Points() map[string][][]string {
	rows := [][]string{caseColumns}
	for _, s := range f.Sections {
		for i, c := range s.Cases {
			rows = append(rows, c.cells(f.Model, s.Title, i+1))
		}
	}
	return map[string][][]string{"": rows}
}

var caseColumns = []string{
	"model", "section", "place", "triplet", "relation", "distractor", "target", "related", "unrelated",
	"target_label", "related_label", "unrelated_label",
	"cosine_related", "cosine_unrelated", "margin", "rating_related", "rating_unrelated",
}

func (c Case) cells(model, section string, place int) []string {
	return []string{
		model, section, strconv.Itoa(place), c.Triplet, c.Relation, c.Distractor, c.Target.Path, c.Related.Path, c.Unrelated.Path,
		c.Target.Label, c.Related.Label, c.Unrelated.Label,
		number(c.CosineRelated), number(c.CosineUnrelated), number(c.Margin()), number(c.RatingRelated), number(c.RatingUnrelated),
	}
}

// Draw fills sections from the left and from the top.
func (f Gallery) Draw(c draw.Canvas) {
	top := c.Max.Y
	const key = "first the target; solid frame: related, dashed frame: unrelated"
	c.FillText(aligned(style(small, grey), draw.XRight, draw.YTop), vg.Point{X: c.Max.X - 1, Y: top - 3}, key)
	for _, s := range f.Sections {
		write(c, aligned(style(large, black), draw.XLeft, draw.YTop), vg.Point{X: c.Min.X, Y: top - 2}, s.Title, c.Max.X-c.Min.X-190)
		top -= sectionHeight
		if len(s.Cases) == 0 {
			c.FillText(aligned(style(normal, grey), draw.XLeft, draw.YTop), vg.Point{X: c.Min.X, Y: top - 4}, "no such triplet")
		}
		for i, one := range s.Cases {
			if i > 0 && i%cardsAcross == 0 {
				top -= f.cardHeight()
			}
			f.drawCard(c, vg.Point{X: c.Min.X + 1 + vg.Length(i%cardsAcross)*cardWidth, Y: top}, one, s.Title)
		}
		top -= f.cardHeight()
	}
}

// drawCard puts target, related and unrelated side by side; the frame of the
// related one is solid, that of the unrelated one dashed.
func (f Gallery) drawCard(c draw.Canvas, corner vg.Point, one Case, section string) {
	const gap = 3
	for i, p := range []Picture{one.Target, one.Related, one.Unrelated} {
		left := corner.X + vg.Length(i)*(pictureSide+gap)
		box := vg.Rectangle{Min: vg.Point{X: left, Y: corner.Y - pictureSide}, Max: vg.Point{X: left + pictureSide, Y: corner.Y}}
		drawPicture(c, box, p)
		frame := line(0.4, grey)
		switch i {
		case 1:
			frame = line(1, page.Related.Print)
		case 2:
			frame = line(1, page.Unrelated.Print, 2.5, 1.5)
		}
		c.SetLineStyle(frame)
		c.Stroke(box.Path())
		y := corner.Y - pictureSide - 2
		name := aligned(style(small, black), draw.XLeft, draw.YTop)
		write(c, name, vg.Point{X: left, Y: y}, p.Label, pictureSide)
		under := aligned(style(small, grey), draw.XLeft, draw.YTop)
		at := vg.Point{X: left, Y: y - 8}
		if f.Model == "" {
			write(c, under, at, []string{"target", "related", "unrelated"}[i], pictureSide)
			continue
		}
		switch i {
		case 0:
			write(c, under, at, one.tag(section), pictureSide)
		case 1:
			c.FillText(under, at, "cos "+notation.Decimal(one.CosineRelated))
		case 2:
			c.FillText(under, at, "cos "+notation.Decimal(one.CosineUnrelated))
			c.FillText(under, vg.Point{X: at.X, Y: at.Y - 7.5}, "margin "+notation.Decimal(one.Margin()))
		}
	}
}

// tag is what the section's title does not say of a case.
func (c Case) tag(section string) string {
	if c.Relation == "" || c.Relation == section {
		return c.Distractor
	}
	return c.Relation
}

// drawPicture keeps the picture's shape within the box.
func drawPicture(c draw.Canvas, box vg.Rectangle, p Picture) {
	if p.Image == nil {
		c.SetColor(pale)
		c.Fill(box.Path())
		middle := vg.Point{X: (box.Min.X + box.Max.X) / 2, Y: (box.Min.Y + box.Max.Y) / 2}
		room := box.Size().X - 4
		write(c, aligned(style(small, black), draw.XCenter, draw.YBottom), middle, p.Label, room)
		write(c, aligned(style(small, grey), draw.XCenter, draw.YTop), middle, "no picture", room)
		return
	}
	size := p.Image.Bounds().Size()
	longer := vg.Length(max(size.X, size.Y))
	w, h := box.Size().X*vg.Length(size.X)/longer, box.Size().Y*vg.Length(size.Y)/longer
	corner := vg.Point{X: (box.Min.X + box.Max.X - w) / 2, Y: (box.Min.Y + box.Max.Y - h) / 2}
	c.DrawImage(vg.Rectangle{Min: corner, Max: vg.Point{X: corner.X + w, Y: corner.Y + h}}, p.Image)
}
