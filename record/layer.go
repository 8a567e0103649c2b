package record

import (
	"fmt"
	"io"
	"path/filepath"

	"github.com/akin-vision/akin/internal/npy"
	"github.com/akin-vision/akin/stats"
)

// Layer is one of a network's layers that make a curve over its depth. It is no
// model: it counts in nothing but the curve.
type Layer struct {
	Network string `json:"network"` // its name in Models
	Node    string `json:"node"`
	Op      string `json:"op"`
	Pooling string `json:"pooling,omitempty"`
	Depth   int    `json:"depth"` // operations with multiply-accumulates on the longest way to it
	Dim     int    `json:"dim"`

	// Values are similarities: of triplets those of related pairs and those of unrelated
	// pairs, in the set's order; of sets of another task those of its pairs of pictures.
	Values [][]float64 `json:"-"`
}

// layersFile holds the similarities of Layers, row after row; absent without any.
const layersFile = "layers.npy"

// Curves are the runs of Layers that belong to one network each.
func (r *Run) Curves() [][]Layer {
	var list [][]Layer
	for i, l := range r.Layers {
		if i == 0 || l.Network != r.Layers[i-1].Network {
			list = append(list, nil)
		}
		list[len(list)-1] = append(list[len(list)-1], l)
	}
	return list
}

// LayersAsFile is the file of the layers' similarities, each so many long.
func (r *Run) LayersAsFile(length int) File {
	if len(r.Layers) == 0 {
		return File{Name: layersFile}
	}
	var rows [][]float64
	for _, l := range r.Layers {
		rows = append(rows, l.Values...)
	}
	return File{layersFile, func(w io.Writer) error {
		return npy.Write(w, len(rows), length, func(i int, row []float64) { copy(row, rows[i]) })
	}}
}

// ReadLayers reads the similarities of the layers of run.json back, so many rows of so
// many values for each.
func (r *Run) ReadLayers(dir string, read func(name string) ([]byte, error), rows, length int) error {
	if len(r.Layers) == 0 {
		return nil
	}
	data, err := read(layersFile)
	if err != nil {
		return err
	}
	file := filepath.Join(dir, layersFile)
	a, err := npy.Parse(data)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if a.Text() || len(a.Shape) != 2 || a.Shape[0] != rows*len(r.Layers) || a.Shape[1] != length {
		return fmt.Errorf("%s: has the shape %v, %d layers need %d rows of %d values", file, a.Shape, len(r.Layers), rows*len(r.Layers), length)
	}
	value := a.At()
	for i := range r.Layers {
		for k := range rows {
			values := make([]float64, length)
			for at := range values {
				values[at] = value(i*rows+k, at)
			}
			r.Layers[i].Values = append(r.Layers[i].Values, values)
		}
	}
	return nil
}

// curves are the matching errors of networks by depth.
func (r *Run) curves(d stats.Design, o stats.Options) (list []stats.Curve, err error) {
	for _, layers := range r.Curves() {
		scores := make([]stats.LayerScores, len(layers))
		for i, l := range layers {
			scores[i] = stats.LayerScores{Node: l.Node, Depth: l.Depth, Scores: stats.Scores{Related: l.Values[0], Unrelated: l.Values[1]}}
		}
		c, err := stats.ErrorCurve(d, layers[0].Network, scores, o)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}
