package model

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/akin-vision/akin/onnx"
)

// Depths are the layers of a network that a curve over its depth shows.
type Depths string

const (
	// EveryBlock are the layers through which the whole network passes: the ends of its
	// blocks.
	EveryBlock Depths = "every-block"
	// AllLayers are those within blocks, too.
	AllLayers Depths = "all"
)

// ParseDepths reads the name of a choice of layers; empty is none.
func ParseDepths(text string) (Depths, error) {
	if d := Depths(text); d == "" || d == EveryBlock || d == AllLayers {
		return d, nil
	}
	return "", fmt.Errorf("layers %q: choose %s or %s", text, EveryBlock, AllLayers)
}

// Curve is what a curve over a network's depth is made of.
type Curve struct {
	Points []CurvePoint
	Taps   []string  // nodes that a session must declare as outputs
	Left   []LeftOut // layers that cannot become vectors
}

// CurvePoint is a layer, and how it becomes a vector.
type CurvePoint struct {
	Output
	Op    string
	Depth int // operations with multiply-accumulates before and in it, on the longest way
}

// LeftOut is a layer of which no vector can be made.
type LeftOut struct{ Node, Why string }

// Curve finds the layers from the picture to the network's last output that its card
// names, by depth. Which axis is which is never guessed: where the graph does not
// tell, the layer is left out.
func (m *Model) Curve(d Depths, pooling string) (Curve, error) {
	asked, err := ParsePooling(cmp.Or(pooling, PoolAvg))
	if err != nil {
		return Curve{}, err
	}
	graph, err := m.parsed()
	if err != nil || graph == nil {
		return Curve{}, err
	}
	height, width := m.Recipe.Size()
	var c Curve
	for _, p := range graph.Points(cmp.Or(m.Outputs.Logits, m.Node()), graph.PictureShape(int64(height), int64(width))...) {
		if d == EveryBlock && !p.Alone {
			continue
		}
		point := CurvePoint{Output{Node: p.Name}, p.Op, p.Depth}
		if p.Name != m.Node() && p.Name != m.Outputs.Logits { // these are taken as they are
			pooled, err := asked.of(p.Layer)
			var layout *LayoutError
			switch {
			case errors.As(err, &layout):
				c.Left = append(c.Left, LeftOut{p.Name, layout.Why})
				continue
			case pooled.Layout == unknownLayout:
				c.Left = append(c.Left, LeftOut{p.Name, "its shape cannot be told from the graph"})
				continue
			}
			point.Pooling = pooled.String()
		}
		if !p.Output {
			c.Taps = append(c.Taps, p.Name)
		}
		c.Points = append(c.Points, point)
	}
	slices.Sort(c.Taps)
	if len(c.Points) == 0 {
		return c, fmt.Errorf("model %s: the graph shows no layer that can become a vector", m.Name)
	}
	return c, nil
}

// parsed is the network's graph; nil for a baseline.
func (m *Model) parsed() (*onnx.Graph, error) {
	data, err := m.Graph()
	if data == nil || err != nil {
		return nil, err
	}
	file, err := onnx.Parse(data)
	if err != nil {
		return nil, Named(m.Name, err)
	}
	return file.Graph, nil
}
