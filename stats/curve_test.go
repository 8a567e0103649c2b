package stats

import (
	"fmt"
	"math"
	"testing"
)

// curveCase is one of testdata/curve.py.
type curveCase struct {
	Pictures [][3]string
	Relation []string
	Related  [][]float64
	// Unrelated, as Related, by layer.
	Unrelated [][]float64
	Points    []struct {
		Value       float64
		Interval    *[2]float64
		By          []curveEnd
		Differences []curveEnd
	}
	Partings []struct{ First, Layers int }
}

type curveEnd struct {
	Value                  float64
	Interval, Simultaneous *[2]float64
}

// TestCurveAgainstDefinition holds errors, bands, simultaneous differences and the
// point where relations part to double sums and written-out matrices.
func TestCurveAgainstDefinition(t *testing.T) {
	for i, c := range golden[curveCase](t, "curve.json", "curve") {
		var layers []LayerScores
		for k := range c.Related {
			layers = append(layers, LayerScores{Node: fmt.Sprint(k), Depth: 3 * k, Scores: Scores{Related: c.Related[k], Unrelated: c.Unrelated[k]}})
		}
		got, err := ErrorCurve(Design{Pictures: c.Pictures, Relation: c.Relation}, "net", layers, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if want := len(layers) * len(c.Partings); got.Tests != want {
			t.Errorf("case %d: intervals hold over %d differences, want %d", i, got.Tests, want)
		}
		for k, want := range c.Points {
			p := got.Points[k]
			name := fmt.Sprintf("case %d, layer %d", i, k)
			ends(t, name, p.Value, want.Value, p.Interval, want.Interval)
			for g, w := range want.By {
				ends(t, name+", "+p.ByRelation[g].Relation, p.ByRelation[g].Value, w.Value, p.ByRelation[g].Interval, w.Interval)
			}
			for d, w := range want.Differences {
				ends(t, name+", difference", p.Differences[d].Value, w.Value, p.Differences[d].Interval, w.Interval)
				ends(t, name+", simultaneous", p.Differences[d].Value, w.Value, p.Differences[d].Simultaneous, w.Simultaneous)
			}
		}
		for k, want := range c.Partings {
			p := got.Partings[k]
			node := ""
			if want.First >= 0 {
				node = fmt.Sprint(want.First)
			}
			if p.Node != node || p.Layers != want.Layers || node != "" && p.Depth != 3*want.First {
				t.Errorf("case %d: %+v, want the parting in layer %q and %d layers", i, p, node, want.Layers)
			}
		}
	}
}

func ends(t *testing.T, name string, value Number, want float64, interval Interval, ends *[2]float64) {
	t.Helper()
	near(t, name, float64(value), want)
	if ends != nil {
		near(t, name+": low", interval.Low, ends[0])
		near(t, name+": high", interval.High, ends[1])
	}
}

// TestCurvesOfLittle: without relations nothing parts; a relation of one triplet, a
// constant layer and layers of other lengths are no reason to make anything up.
func TestCurvesOfLittle(t *testing.T) {
	var d Design
	var related, unrelated []float64
	for i := range 12 {
		d.Pictures = append(d.Pictures, [3]string{fmt.Sprint("t", i), fmt.Sprint("r", i), fmt.Sprint("u", i)})
		related, unrelated = append(related, float64(i%3)), append(unrelated, 1)
	}
	layers := []LayerScores{{Node: "a", Depth: 1, Scores: Scores{Related: related, Unrelated: unrelated}}, {Node: "tied", Depth: 2, Scores: Scores{Related: unrelated, Unrelated: unrelated}}}
	c, err := ErrorCurve(d, "net", layers, Options{})
	if err != nil || len(c.Partings) > 0 || c.Tests > 0 || len(c.Points[0].ByRelation) > 0 {
		t.Errorf("without relations: %+v, error %v", c, err)
	}
	if p := c.Points[1]; p.Value != 0.5 || p.Interval.Defined() {
		t.Errorf("a layer that ties everything: %+v", p)
	}
	d.Relation = make([]string, 12)
	for i := range d.Relation {
		d.Relation[i] = "many"
	}
	d.Relation[0] = "one"
	if c, err = ErrorCurve(d, "net", layers, Options{}); err != nil || c.Partings[0].Layers > 0 {
		t.Errorf("a relation of one triplet parts: %+v, error %v", c.Partings, err)
	}
	layers[1].Related = related[:3]
	if _, err := ErrorCurve(d, "net", layers, Options{}); err == nil {
		t.Error("a layer of 3 similarities for 12 triplets is taken")
	}
	layers[1].Related = append([]float64{math.NaN()}, related[1:]...)
	if _, err := ErrorCurve(d, "net", layers, Options{}); err == nil {
		t.Error("a similarity that is no number is taken")
	}
}
