package page

import (
	"cmp"
	"embed"
	"html/template"
	"math"
	"slices"
	"strings"

	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/stats"
)

//go:embed depth.html depth.css
var depthFiles embed.FS

// WithDepth adds the part that shows networks over their depth: the template "depth",
// which draws a *Depth, and its style.
func (v View) WithDepth() View {
	template.Must(v.Body.ParseFS(depthFiles, "depth.html"))
	v.Style += mustRead(depthFiles, "depth.css")
	return v
}

// Depth is a figure of networks over their depth, a panel for each.
type Depth struct {
	Figure string // what is drawn upward
	Bands  bool   // whether anything has an interval
	Parted bool   // whether relations part anywhere
	Panels []DepthPanel
}

// DepthPanel is a network: a line for all triplets and for each relation.
type DepthPanel struct {
	Network                  string
	Left, Right, Top, Bottom Px
	X, Y                     []Tick
	Chance, ChanceLabel      Px          // where chance lies, and where its name stands
	Lines                    []DepthLine // in the order of Names from the top
	Partings                 []Px        // depths from which on relations differ
	Sentences                []string
	Rows                     []DepthRow
	Columns                  []string // of Rows, behind depth and layer
}

// DepthLine is a figure over depth, with its intervals.
type DepthLine struct {
	Name, Class string
	Path, Band  string
	Points      [][2]Px
	Label       Px // where the name stands
}

// DepthRow is a layer's figures as text.
type DepthRow struct {
	Depth   int
	Node    string
	Figures []string
}

// depthFrame leaves room for the axes and, to the right, the names of the lines.
const (
	depthLeft, depthRight, depthTop, depthBottom Px = 44, 404, 12, 252
	// depthLabels is the least distance of two names.
	depthLabels Px = 15
)

// NewDepth draws curves of figures such as "matching error, %" that are counted in
// units: 100 where they are per cent. It returns nil without curves.
func NewDepth(figure string, unit, chance float64, curves []stats.Curve, sentences func(stats.Curve) []string) *Depth {
	if len(curves) == 0 {
		return nil
	}
	d := &Depth{Figure: figure}
	low, high := chance-0.05, chance+0.05
	for _, c := range curves {
		for _, l := range depthSeries(c) {
			for _, f := range l.figures {
				for _, v := range []float64{float64(f.Value), f.Interval.Low, f.Interval.High} {
					if !math.IsNaN(v) {
						low, high = min(low, v), max(high, v)
					}
				}
			}
		}
	}
	step := NiceStep((high - low) * unit / 5)
	low, high = math.Floor(low*unit/step)*step/unit, math.Ceil(high*unit/step)*step/unit
	for _, c := range curves {
		d.Panels = append(d.Panels, newDepthPanel(c, Scale{low * unit, high * unit, depthBottom, depthTop}, unit, chance))
		last := &d.Panels[len(d.Panels)-1]
		last.Sentences = sentences(c)
		d.Parted = d.Parted || len(last.Partings) > 0
		d.Bands = d.Bands || slices.ContainsFunc(last.Lines, func(l DepthLine) bool { return l.Band != "" })
	}
	return d
}

// depthSeries are the lines of a curve: all triplets, and each relation.
type depthSerie struct {
	name    string
	figures []stats.CurveFigure // by point
}

func depthSeries(c stats.Curve) []depthSerie {
	all := depthSerie{name: "all"}
	var list []depthSerie
	for i, p := range c.Points {
		all.figures = append(all.figures, p.CurveFigure)
		for k, f := range p.ByRelation {
			if i == 0 {
				list = append(list, depthSerie{name: f.Relation})
			}
			list[k].figures = append(list[k].figures, f)
		}
	}
	return append([]depthSerie{all}, list...)
}

func newDepthPanel(c stats.Curve, y Scale, unit, chance float64) DepthPanel {
	most := 1
	for _, p := range c.Points {
		most = max(most, p.Depth)
	}
	x := Scale{0, float64(most), depthLeft, depthRight}
	p := DepthPanel{Network: c.Network, Left: depthLeft, Right: depthRight, Top: depthTop, Bottom: depthBottom, X: x.Ticks(5), Y: y.Ticks(5), Chance: y.At(chance * unit)}
	series := depthSeries(c)
	for i, s := range series {
		line := DepthLine{Name: s.name, Class: depthClass(s.name, i)}
		line.draw(c, s.figures, x, y, unit)
		p.Lines = append(p.Lines, line)
		p.Columns = append(p.Columns, s.name)
	}
	p.spreadLabels()
	for _, parting := range c.Partings {
		if parting.Layers > 0 {
			p.Partings = append(p.Partings, x.At(float64(parting.Depth)))
		}
	}
	write := notation.Decimal[float64]
	if unit == 100 {
		write = notation.Percent[float64]
	}
	for i, point := range c.Points {
		row := DepthRow{Depth: point.Depth, Node: point.Node}
		for _, s := range series {
			row.Figures = append(row.Figures, notation.Estimate(s.figures[i].Value, s.figures[i].Interval, write))
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

// depthClass is the colour of a line: known relations have their own.
func depthClass(name string, place int) string {
	switch {
	case place == 0:
		return "ink"
	case name == Taxonomic.Name || name == Thematic.Name:
		return name
	}
	return Series[(place-1)%len(Series)].Name
}

// draw fills path, points and band. What is not defined leaves a gap.
func (l *DepthLine) draw(c stats.Curve, figures []stats.CurveFigure, x, y Scale, unit float64) {
	var path, band strings.Builder
	var upper, lower Polyline
	closed := func() {
		if len(upper.points) > 0 {
			slices.Reverse(lower.points)
			band.WriteString(upper.String() + strings.Replace(lower.String(), "M", "L", 1) + "Z")
		}
		upper, lower = Polyline{}, Polyline{}
	}
	pen := "M"
	for i, f := range figures {
		if !f.Value.Defined() {
			pen = "M"
			closed()
			continue
		}
		at, height := round(x.At(float64(c.Points[i].Depth))), round(y.At(unit*float64(f.Value)))
		path.WriteString(pen + at.String() + " " + height.String())
		l.Points, l.Label, pen = append(l.Points, [2]Px{at, height}), height, "L"
		if !f.Interval.Defined() {
			closed()
			continue
		}
		upper.points = append(upper.points, [2]Px{at, round(y.At(unit * f.Interval.High))})
		lower.points = append(lower.points, [2]Px{at, round(y.At(unit * f.Interval.Low))})
	}
	closed()
	l.Path, l.Band = path.String(), band.String()
}

// spreadLabels moves names apart that would cover one another, that of chance with them.
func (p *DepthPanel) spreadLabels() {
	slices.SortStableFunc(p.Lines, func(a, b DepthLine) int { return cmp.Compare(a.Label, b.Label) })
	p.ChanceLabel = p.Chance
	labels := []*Px{&p.ChanceLabel}
	for i := range p.Lines {
		labels = append(labels, &p.Lines[i].Label)
	}
	slices.SortStableFunc(labels, func(a, b *Px) int { return cmp.Compare(*a, *b) })
	for i, label := range labels[1:] {
		*label = max(*label, *labels[i]+depthLabels)
	}
}
