package akin

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/akin-vision/akin/model"
)

// row is one line of a run: a model, and the output of it that is compared.
type row struct {
	model  *model.Model
	name   string // the model's, or model@layer
	output model.Output
	taps   []string // inner nodes asked of the model in this run
}

// isLayer tells a layer that was asked for from the model's features.
func (r row) isLayer() bool { return r.name != r.model.Name }

// rows lists each model's features and, after them, the layers asked for. A
// layer is a node's name, wanted of every network, or MODEL@NODE, of one.
func rows(models []*model.Model, layers []string, pooling string) ([]row, error) {
	var list []row
	unused := slices.Clone(layers)
	for _, m := range models {
		nodes := layersOf(m, models, layers)
		unused = slices.DeleteFunc(unused, func(layer string) bool {
			return slices.Contains(nodes, layer) || slices.Contains(nodes, strings.TrimPrefix(layer, m.Name+"@"))
		})
		var taps []string
		if len(nodes) > 0 {
			var err error
			if taps, err = m.Taps(nodes); err != nil {
				return nil, err
			}
		}
		list = append(list, row{m, m.Name, model.Output{Node: m.Node()}, taps})
		for _, node := range nodes {
			output := model.Output{Node: node, Pooling: cmp.Or(pooling, model.PoolAvg)}
			list = append(list, row{m, layerName(m, output), output, taps})
		}
	}
	if len(unused) > 0 {
		return nil, fmt.Errorf("--layer %s: no network of this run has layers; name a network with --model", unused[0])
	}
	return list, nil
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
	if o.Pooling == model.PoolAvg {
		return m.Name + "@" + o.Node
	}
	return m.Name + "@" + o.Node + ":" + o.Pooling
}
