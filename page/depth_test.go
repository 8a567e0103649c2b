package page

import (
	"math"
	"strings"
	"testing"

	"github.com/akin-vision/akin/stats"
)

func figureOf(relation string, value, low, high float64) stats.CurveFigure {
	return stats.CurveFigure{Relation: relation, Value: stats.Number(value), Interval: stats.Interval{Low: low, High: high}}
}

func curveOf(values ...float64) stats.Curve {
	c := stats.Curve{Network: "net", Partings: []stats.Parting{{Depth: 5, Layers: 1}, {}}}
	for i, v := range values {
		c.Points = append(c.Points, stats.CurvePoint{
			Node: "n", Depth: 1 + 4*i, CurveFigure: figureOf("", v, v-.1, v+.1),
			ByRelation: []stats.CurveFigure{figureOf(Taxonomic.Name, v, math.NaN(), math.NaN()), figureOf("use", v+.01, v, v+.05)},
		})
	}
	return c
}

func TestDepthDrawsEveryLine(t *testing.T) {
	if NewDepth("error", 100, .5, nil, nil) != nil {
		t.Error("no curve is drawn")
	}
	d := NewDepth("error", 100, .5, []stats.Curve{curveOf(.6, .4, .2)}, func(stats.Curve) []string { return []string{"said"} })
	p := d.Panels[0]
	if !d.Bands || !d.Parted || len(p.Partings) != 1 || len(p.Lines) != 3 || len(p.Rows) != 3 || p.Sentences[0] != "said" {
		t.Fatalf("%+v", d)
	}
	for i, l := range p.Lines {
		if len(l.Points) != 3 || strings.Count(l.Path, "L") != 2 {
			t.Errorf("line %s has the points %v and the path %s", l.Name, l.Points, l.Path)
		}
		if (l.Band == "") != (l.Name == Taxonomic.Name) {
			t.Errorf("line %s has the band %q", l.Name, l.Band)
		}
		if i > 0 && l.Label < p.Lines[i-1].Label+depthLabels {
			t.Errorf("the names of %s and %s cover one another", p.Lines[i-1].Name, l.Name)
		}
		if Px(math.Abs(float64(l.Label-p.ChanceLabel))) < depthLabels {
			t.Errorf("the names of %s and of chance cover one another", l.Name)
		}
		for k, at := range l.Points { // lower values stand lower, deeper layers further right
			if k > 0 && (at[0] <= l.Points[k-1][0] || at[1] <= l.Points[k-1][1]) {
				t.Errorf("line %s goes from %v to %v", l.Name, l.Points[k-1], at)
			}
		}
	}
	if got := p.Rows[1].Figures[0]; got != "40.0 (30.0 to 50.0)" {
		t.Errorf("the table says %q", got)
	}
	if classes := p.Lines[0].Class + p.Lines[1].Class + p.Lines[2].Class; !strings.Contains(classes, "ink") || !strings.Contains(classes, Taxonomic.Name) || !strings.Contains(classes, "c2") {
		t.Errorf("classes %s", classes)
	}
}

// TestDepthLeavesGaps: what is not defined is not drawn through.
func TestDepthLeavesGaps(t *testing.T) {
	d := NewDepth("correlation", 1, 0, []stats.Curve{curveOf(.6, math.NaN(), .2, .3)}, func(stats.Curve) []string { return nil })
	for _, l := range d.Panels[0].Lines {
		if len(l.Points) != 3 || strings.Count(l.Path, "M") != 2 || l.Band != "" && strings.Count(l.Band, "Z") != 2 {
			t.Errorf("line %s: %+v", l.Name, l)
		}
	}
	for _, c := range []stats.Curve{curveOf(.5), curveOf(math.NaN())} {
		d := NewDepth("error", 100, .5, []stats.Curve{c}, func(stats.Curve) []string { return nil })
		for _, l := range d.Panels[0].Lines {
			if strings.Contains(l.Path+l.Band, "NaN") {
				t.Errorf("one layer: %+v", l)
			}
		}
		if strings.Contains(d.Panels[0].Chance.String(), "NaN") {
			t.Errorf("chance stands at %v", d.Panels[0].Chance)
		}
	}
}
