package akin

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/compute"
	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stimuli"
)

// row is one line of a run: a model, and the output of it that is compared.
type row struct {
	model  *model.Model
	name   string // the model's, or model@layer
	output model.Output
	taps   []string // inner nodes asked of the model in this run

	features extract.Job
	classes  *classes // nil where they are not known
}

// classes are the outputs of a classifier that say what a picture shows.
type classes struct {
	classify.Outputs
	logits extract.Job
}

// isLayer tells a layer that was asked for from the model's features.
func (r row) isLayer() bool { return r.name != r.model.Name }

// newRows lists each model's features and, after them, the layers asked for. A
// layer is a node's name, wanted of every network, or MODEL@NODE, of one.
func newRows(models []*model.Model, layers []string, pooling string) ([]row, error) {
	var list []row
	unused := slices.Clone(layers)
	for _, m := range models {
		nodes := layersOf(m, models, layers)
		unused = slices.DeleteFunc(unused, func(layer string) bool {
			return slices.Contains(nodes, layer) || slices.Contains(nodes, strings.TrimPrefix(layer, m.Name+"@"))
		})
		var taps []string
		var outputs []model.Output
		if len(nodes) > 0 {
			var err error
			if taps, outputs, err = m.Layers(nodes, pooling); err != nil {
				return nil, err
			}
		}
		list = append(list, row{model: m, name: m.Name, output: model.Output{Node: m.Node()}, taps: taps})
		for _, output := range outputs {
			list = append(list, row{model: m, name: layerName(m, output), output: output, taps: taps})
		}
	}
	if len(unused) > 0 {
		return nil, &LayerError{unused[0]}
	}
	return list, nil
}

// layer is one of a curve over a network's depth.
type layer struct {
	row
	op    string
	depth int
}

// newLayers lists the layers of each network's curve, and asks for them in the
// networks' rows too, so that one inference gives them all. left says which layers
// cannot be in it.
func newLayers(rows []row, d model.Depths, pooling string) (layers []layer, left []string, err error) {
	for i, r := range rows {
		if d == "" || r.model.IsBaseline() || r.isLayer() {
			continue
		}
		c, err := r.model.Curve(d, pooling)
		if err != nil {
			return nil, nil, err
		}
		taps := slices.Concat(r.taps, c.Taps)
		slices.Sort(taps)
		taps = slices.Compact(taps)
		for k := i; k < len(rows) && rows[k].model == r.model; k++ {
			rows[k].taps = taps
		}
		for _, p := range c.Points {
			layers = append(layers, layer{row{model: r.model, name: r.name + "@" + p.Node, output: p.Output, taps: taps}, p.Op, p.Depth})
		}
		left = append(left, leftOut(r.name, c.Left)...)
	}
	if d != "" && len(layers) == 0 {
		return nil, nil, &LayerError{string(d)}
	}
	return layers, left, nil
}

// leftOut says which layers of a network are not in its curve, those of one reason
// together.
func leftOut(network string, left []model.LeftOut) (doubts []string) {
	nodes := map[string][]string{}
	for _, l := range left {
		nodes[l.Why] = append(nodes[l.Why], l.Node)
	}
	for _, why := range slices.Sorted(maps.Keys(nodes)) {
		doubts = append(doubts, fmt.Sprintf("model %s: not in the curve over depth, because %s: %s", network, why, strings.Join(nodes[why], ", ")))
	}
	return doubts
}

// curve takes from the store what the layers find.
func (e *evaluator) curve() (list []record.Layer, err error) {
	for _, l := range e.layers {
		found := record.Layer{Network: l.model.Name, Node: l.output.Node, Op: l.op, Pooling: l.output.Pooling, Depth: l.depth}
		if e.set.Task == stimuli.Related {
			var choices []match.Choice
			if choices, found.Dim, err = e.computer.Choices(e.Similarity, e.set.Triplets, l.features.Space); err == nil {
				related, unrelated := match.Similarities(choices)
				found.Values = [][]float64{related, unrelated}
			}
		} else {
			var similarities []float64
			similarities, found.Dim, err = e.computer.Similarities(e.Similarity, e.set, e.pairs, l.features.Space)
			found.Values = [][]float64{similarities}
		}
		if err != nil {
			return nil, fmt.Errorf("layer %s: %w", l.name, err)
		}
		list = append(list, found)
	}
	return list, nil
}

// LayerError is a layer asked for that no network of the run has.
type LayerError struct{ Layer string }

func (e *LayerError) Error() string {
	return fmt.Sprintf("layer %s: no network of this run has layers", e.Layer)
}

// layersOf returns the nodes wanted of a model; of a baseline, which has none, nothing.
func layersOf(m *model.Model, models []*model.Model, layers []string) []string {
	if m.IsBaseline() {
		return nil
	}
	var nodes []string
	for _, layer := range layers {
		name, node, bound := strings.Cut(layer, "@")
		if bound && slices.ContainsFunc(models, func(m *model.Model) bool { return m.Name == name }) {
			if name != m.Name {
				continue
			}
			layer = node
		}
		if !slices.Contains(nodes, layer) {
			nodes = append(nodes, layer)
		}
	}
	return nodes
}

func layerName(m *model.Model, o model.Output) string {
	name := m.Name + "@" + o.Node
	if kind, _, _ := strings.Cut(o.Pooling, ":"); kind != model.PoolAvg {
		name += ":" + kind
	}
	return name
}

// plan says what is computed for the row: its features and, of a trained
// classifier whose card gives its classes, the logits.
func (r *row) plan(computer *compute.Computer) {
	r.features = computer.Job(r.model, r.output, r.taps...)
	if r.model.Kind != model.Trained || r.isLayer() {
		return
	}
	if outputs, err := classify.OutputsOf(r.model); err == nil {
		r.classes = &classes{outputs, computer.Job(r.model, model.Output{Node: r.model.Outputs.Logits}, r.taps...)}
	}
}

// jobs are those of all rows: features first, so that a model is opened for them.
func jobs(rows []row) []extract.Job {
	var list []extract.Job
	for _, r := range rows {
		list = append(list, r.features)
	}
	for _, r := range rows {
		if r.classes != nil {
			list = append(list, r.classes.logits)
		}
	}
	return list
}
