package stats

import "fmt"

// Curve is one figure of a network at each of some layers, by depth.
type Curve struct {
	Network string       `json:"network"`
	Points  []CurvePoint `json:"points"` // by depth

	// Partings say of every two relations from which depth on they can be told apart.
	// Tests is the number of differences of which the simultaneous intervals hold all
	// together: those of two relations at every layer.
	Partings []Parting `json:"partings,omitempty"`
	Tests    int       `json:"simultaneous_differences,omitempty"`
}

// CurvePoint is a layer's figure, and by relation.
type CurvePoint struct {
	Node  string `json:"node"`
	Depth int    `json:"depth"`
	CurveFigure
	ByRelation  []CurveFigure     `json:"by_relation,omitempty"`
	Differences []CurveDifference `json:"differences,omitempty"`
}

// CurveFigure is a matching error, an accuracy, a score or a correlation. Its interval
// is that of the layer alone.
type CurveFigure struct {
	Relation string   `json:"relation,omitempty"` // empty: all triplets
	Triplets int      `json:"triplets,omitempty"`
	Value    Number   `json:"value"`
	Interval Interval `json:"interval"`
	Missing  Reason   `json:"missing,omitempty"`
}

// CurveDifference is the figure at one relation less that at another one.
type CurveDifference struct {
	Relation     string   `json:"relation"`
	Reference    string   `json:"reference"`
	Value        Number   `json:"value"`
	Interval     Interval `json:"interval"`
	Simultaneous Interval `json:"simultaneous_interval"` // over all differences of the curve (Bonferroni)
}

// Parting is the first layer at which the simultaneous interval of the difference of two
// relations excludes 0.
type Parting struct {
	Relation  string `json:"relation"`
	Reference string `json:"reference"`
	Node      string `json:"node,omitempty"` // empty: nowhere
	Depth     int    `json:"depth,omitempty"`
	Layers    int    `json:"layers"` // at which it excludes 0
}

// LayerScores are the similarities that a layer finds.
type LayerScores struct {
	Node  string
	Depth int
	Scores
}

// ErrorCurve is a network's matching error at each of its layers, over all triplets
// and by relation. Errors name the slice that does not fit.
func ErrorCurve(d Design, network string, layers []LayerScores, o Options) (Curve, error) {
	scores := make([]Scores, len(layers))
	for i, l := range layers {
		scores[i] = l.Scores
		scores[i].Model = l.Node
	}
	o, err := o.prepared(d, scores)
	if err != nil {
		return Curve{}, fmt.Errorf("layers of %s: %w", network, err)
	}
	outcomes := make([]outcome, len(scores))
	for i, s := range scores {
		outcomes[i] = newOutcome(s, o.Credit)
	}
	f := field{number(d.Pictures), scores, outcomes, o.Level, nil}
	c := Curve{Network: network, Points: make([]CurvePoint, len(layers))}
	for i, cell := range f.cells(place{}, func(int) bool { return true }) {
		c.Points[i] = CurvePoint{Node: layers[i].Node, Depth: layers[i].Depth, CurveFigure: newCurveFigure(cell)}
	}
	relation := newLabels(d.Relation)
	for g := range relation.name {
		for i, cell := range f.cellsAt("relation", relation, g) {
			c.Points[i].ByRelation = append(c.Points[i].ByRelation, newCurveFigure(cell))
		}
	}
	c.part(f, relation)
	return c, nil
}

func newCurveFigure(c Cell) CurveFigure {
	return CurveFigure{Relation: c.Relation, Triplets: c.Triplets, Value: c.Error, Interval: c.Evidence.Interval, Missing: c.Evidence.Missing}
}

// part compares every two relations at every layer. Layers of one network are far
// from independent; the intervals hold whatever they share (Bonferroni).
func (c *Curve) part(f field, l labels) {
	c.Tests = len(c.Points) * len(l.name) * (len(l.name) - 1) / 2
	for reference := range l.name {
		for level := reference + 1; level < len(l.name); level++ {
			single := newContrast(f.shown, l.level, reference, level, f.level)
			all := single
			all.level = 1 - (1-f.level)/float64(c.Tests)
			parallel(len(c.Points), func() func(int) {
				return func(i int) {
					d := single.of(f.outcomes[i])
					difference, alone := single.effect(d)
					_, together := all.effect(d)
					c.Points[i].Differences = append(c.Points[i].Differences, CurveDifference{
						l.name[level], l.name[reference], Number(difference), alone.Interval, together.Interval,
					})
				}
			})
			c.Partings = append(c.Partings, c.parting(l.name[level], l.name[reference]))
		}
	}
}

// parting is that of the last differences of all points.
func (c *Curve) parting(relation, reference string) Parting {
	p := Parting{Relation: relation, Reference: reference}
	for _, point := range c.Points {
		apart := point.Differences[len(point.Differences)-1].Simultaneous
		if !apart.Defined() || apart.Contains(0) {
			continue
		}
		if p.Layers++; p.Layers == 1 {
			p.Node, p.Depth = point.Node, point.Depth
		}
	}
	return p
}
