package model

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/akin-vision/akin/onnx"
)

// Layers finds nodes of the network and how each becomes a vector. taps are those
// that a session must declare as outputs before it can be asked for them. A pooling
// without a layout takes the one that the graph shows. A node that the graph lacks
// is an error that wraps *onnx.LayerError; one whose axes cannot be told, or do not
// suit the pooling, a *LayoutError.
func (m *Model) Layers(nodes []string, pooling string) (taps []string, outputs []Output, err error) {
	if m.baseline != nil {
		return nil, nil, fmt.Errorf("model %s: a baseline has no layers", m.Name)
	}
	asked, err := ParsePooling(cmp.Or(pooling, PoolAvg))
	if err != nil {
		return nil, nil, err
	}
	layers, err := m.AllLayers()
	if err != nil {
		return nil, nil, err
	}
	if taps, err = onnx.Inner(layers, nodes); err != nil {
		return nil, nil, Named(m.Name, err)
	}
	for _, node := range nodes {
		layer := layers[slices.IndexFunc(layers, func(l onnx.Layer) bool { return l.Name == node })]
		p, err := asked.of(layer)
		if err != nil {
			return nil, nil, Named(m.Name, err)
		}
		outputs = append(outputs, Output{node, p.String()})
	}
	return taps, outputs, nil
}

// AllLayers lists what the nodes of the network make of a picture; nothing for a
// baseline.
func (m *Model) AllLayers() ([]onnx.Layer, error) {
	graph, err := m.parsed()
	if graph == nil || err != nil {
		return nil, err
	}
	height, width := m.Recipe.Size()
	return graph.Layers(graph.PictureShape(int64(height), int64(width))...), nil
}

// LayoutError is a layer that cannot become a vector by a pooling.
type LayoutError struct {
	Node    string
	Shape   []int64 // for one picture, with the batch; nil where it is not known
	Pooling string
	Why     string
}

func (e *LayoutError) Error() string {
	shape := "of unknown shape"
	if e.Shape != nil {
		shape = fmt.Sprintf("of shape %v", e.Shape)
	}
	return fmt.Sprintf("layer %q, %s, cannot be pooled by %s: %s", e.Node, shape, e.Pooling, e.Why)
}
