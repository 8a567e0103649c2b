package figure

import (
	"image/color"
	"math"
	"strconv"

	"github.com/akin-vision/akin/page"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Ratings is Figure 4 of the paper: people's mean rating of each pair against
// the model's cosine.
type Ratings struct {
	Model   string
	Scale   string // of the ratings, for the axis
	Pairs   []RatedPair
	Margins []Bin // the distributions along both axes, from NewMargins
}

// RatedPair is one point.
type RatedPair struct {
	Triplet       string
	Related       bool // the pair of target and related picture
	First, Second string
	Rating        float64
	Cosine        float64
	Outcome       string // of the triplet: right, wrong or tie
}

// Bin counts the pairs of one kind between two values of an axis; only the
// last bin of an axis holds its upper end.
type Bin struct {
	Axis      string // rating or cosine
	Related   bool
	Low, High float64
	Pairs     int
}

const bins = 24

// NewMargins counts the pairs along both axes.
func NewMargins(pairs []RatedPair) []Bin {
	var all []Bin
	for _, axis := range []struct {
		name  string
		value func(RatedPair) float64
	}{
		{"rating", func(p RatedPair) float64 { return p.Rating }},
		{"cosine", func(p RatedPair) float64 { return p.Cosine }},
	} {
		values := make([]float64, len(pairs))
		for i, p := range pairs {
			values[i] = axis.value(p)
		}
		span := around(values)
		step := (span.High - span.Low) / bins
		for _, related := range []bool{true, false} {
			counts := make([]int, bins)
			for i, p := range pairs {
				if p.Related == related {
					counts[min(bins-1, int((values[i]-span.Low)/step))]++
				}
			}
			for k, n := range counts {
				all = append(all, Bin{axis.name, related, span.Low + float64(k)*step, span.Low + float64(k+1)*step, n})
			}
		}
	}
	return all
}

// Size is one column.
func (f Ratings) Size() (width, height vg.Length) { return Column, 84 * vg.Millimeter }

// Points are the pairs, and the bins of the marginal distributions.
func (f Ratings) Points() map[string][][]string {
	pairs := [][]string{{"model", "triplet", "pair", "first", "second", "rating", "cosine", "outcome"}}
	for _, p := range f.Pairs {
		pairs = append(pairs, []string{f.Model, p.Triplet, pairName(p.Related), p.First, p.Second, number(p.Rating), number(p.Cosine), p.Outcome})
	}
	margins := [][]string{{"axis", "pair", "low", "high", "pairs"}}
	for _, b := range f.Margins {
		margins = append(margins, []string{b.Axis, pairName(b.Related), number(b.Low), number(b.High), strconv.Itoa(b.Pairs)})
	}
	return map[string][][]string{"": pairs, "-margins": margins}
}

func pairName(related bool) string {
	if related {
		return "related"
	}
	return "unrelated"
}

func pairColour(related bool) color.Color {
	if related {
		return page.Related.Print
	}
	return page.Unrelated.Print
}

// Draw puts the distributions above and to the right of the points.
func (f Ratings) Draw(c draw.Canvas) {
	const strip = 11 * vg.Millimeter
	ratings, cosines := make([]float64, len(f.Pairs)), make([]float64, len(f.Pairs))
	for i, p := range f.Pairs {
		ratings[i], cosines[i] = p.Rating, p.Cosine
	}
	label := "mean rating of relatedness"
	if f.Scale != "" {
		label += " (" + f.Scale + ")"
	}
	s := style(normal, black)
	p := newPlot(fit(s, label, 60*vg.Millimeter), fit(s, "cosine, "+f.Model, 52*vg.Millimeter), around(ratings), around(cosines))
	main := draw.Crop(c, 1, -strip, 11, -strip)
	p.Add(ratedPoints(f.Pairs))
	p.Draw(main)
	area := p.DataCanvas(main)
	x, y := p.Transforms(&area)
	f.drawMargin(c, "rating", func(at, height float64) vg.Point {
		return vg.Point{X: x(at), Y: area.Max.Y + 2 + vg.Length(height)*(strip-4)}
	})
	f.drawMargin(c, "cosine", func(at, height float64) vg.Point {
		return vg.Point{X: area.Max.X + 2 + vg.Length(height)*(strip-4), Y: y(at)}
	})
	f.drawLegend(c, area)
}

// drawMargin outlines the bins; place maps a value and a height of 0 to 1.
func (f Ratings) drawMargin(c draw.Canvas, axis string, place func(at, height float64) vg.Point) {
	most := 1
	for _, b := range f.Margins {
		if b.Axis == axis {
			most = max(most, b.Pairs)
		}
	}
	for _, related := range []bool{false, true} {
		var outline []vg.Point
		var end vg.Point
		for _, b := range f.Margins {
			if b.Axis != axis || b.Related != related {
				continue
			}
			if len(outline) == 0 {
				outline = append(outline, place(b.Low, 0))
			}
			height := float64(b.Pairs) / float64(most)
			outline = append(outline, place(b.Low, height), place(b.High, height))
			end = place(b.High, 0)
		}
		if len(outline) == 0 {
			continue
		}
		outline = append(outline, end)
		stroke := line(0.9, pairColour(related))
		if !related {
			stroke.Dashes = []vg.Length{2, 1}
		}
		c.StrokeLines(stroke, outline)
	}
}

// drawLegend explains colours and markers in the line below the axis.
func (f Ratings) drawLegend(c draw.Canvas, area draw.Canvas) {
	at := vg.Point{X: area.Min.X - 10, Y: c.Min.Y + 5}
	for _, entry := range []struct {
		text    string
		related bool
		outcome string
	}{{"related, right", true, "right"}, {"wrong", true, "wrong"}, {"unrelated, right", false, "right"}, {"wrong", false, "wrong"}} {
		drawRated(&c, at, entry.related, entry.outcome)
		s := style(small, black)
		at.X += 4
		c.FillText(aligned(s, draw.XLeft, draw.YCenter), at, entry.text)
		at.X += s.Width(entry.text) + 9
	}
}

// ratedPoints draws wrong matches as x, right ones as o: filled for related
// pairs and open for unrelated ones, so that grey print tells them apart.
type ratedPoints []RatedPair

// Plot is plot.Plotter.
func (points ratedPoints) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, related := range []bool{false, true} {
		for _, point := range points {
			if point.Related == related && !math.IsNaN(point.Rating) {
				drawRated(&c, vg.Point{X: x(point.Rating), Y: y(point.Cosine)}, related, point.Outcome)
			}
		}
	}
}

func drawRated(c *draw.Canvas, at vg.Point, related bool, outcome string) {
	s := draw.GlyphStyle{Color: pairColour(related), Radius: 1.3, Shape: ring{0.45}}
	switch {
	case outcome != "right" && related:
		s.Shape, s.Radius = cross{0.9}, 1.5
	case outcome != "right":
		s.Shape, s.Radius = cross{0.4}, 1.5
	case related:
		s.Shape, s.Radius = draw.CircleGlyph{}, 1.1
	}
	c.DrawGlyphNoClip(s, at)
}

// ring and cross are open marks with a line of the given width.
type ring struct{ width vg.Length }

// DrawGlyph is draw.GlyphDrawer.
func (g ring) DrawGlyph(c *draw.Canvas, s draw.GlyphStyle, at vg.Point) {
	c.SetLineStyle(line(g.width, s.Color))
	var p vg.Path
	p.Move(vg.Point{X: at.X + s.Radius, Y: at.Y})
	p.Arc(at, s.Radius, 0, 2*math.Pi)
	p.Close()
	c.Stroke(p)
}

type cross struct{ width vg.Length }

// DrawGlyph is draw.GlyphDrawer.
func (g cross) DrawGlyph(c *draw.Canvas, s draw.GlyphStyle, at vg.Point) {
	r := s.Radius * math.Sqrt2 / 2 * 1.2
	stroke := line(g.width, s.Color)
	c.StrokeLine2(stroke, at.X-r, at.Y-r, at.X+r, at.Y+r)
	c.StrokeLine2(stroke, at.X-r, at.Y+r, at.X+r, at.Y-r)
}
