package quantise

import (
	"math"
	"slices"

	"github.com/akin-vision/akin/onnx"
)

// equalise brings the channels of an activation to like ranges, so that the one
// scale that 8 bits have for all of them serves each: what makes a channel is
// divided by a factor, what reads it multiplied, and the graph computes what it
// did. ReLU lets positive factors through (Nagel et al. 2019, Data-free
// quantization through weight equalization and bias correction, ICCV). The
// factor shares the burden between activation and weights:
//
//	sqrt(range of the channel / range of the weights that read it)
//
// (Xiao et al. 2023, SmoothQuant, ICML, equation 4 with alpha 0.5).
func (g *Graph) equalise(ranges map[string]Range) {
	for _, s := range g.streams(ranges) {
		factors := s.factors(g.kernels, ranges)
		for _, n := range s.made {
			g.kernels[n].scaleOut(factors)
		}
		for _, n := range s.read {
			g.kernels[n].scaleIn(factors)
		}
		for _, edge := range s.edges {
			r := ranges[edge]
			ranges[edge] = Range{divided(r.Min, factors), divided(r.Max, factors)}
		}
	}
}

// stream is a class of activations whose channels must keep one factor, as
// those of a residual stream, which sums join.
type stream struct {
	edges      []string // with a range
	made, read []*onnx.Node
	channels   int // 0 where its parts disagree, as the kernels of a convolution in groups do with what they read
}

// streams are those that only convolutions make and read, in the order of the graph.
func (g *Graph) streams(ranges map[string]Range) []*stream {
	root := g.joined()
	kept := root("")
	found := map[string]*stream{}
	var list []*stream
	at := func(edge string, channels int) *stream {
		r := root(edge)
		if found[r] == nil {
			found[r] = &stream{channels: channels}
			list = append(list, found[r])
		}
		if r == kept || found[r].channels != channels {
			found[r].channels = 0
		}
		return found[r]
	}
	for _, n := range g.model.Graph.Nodes {
		if k, ok := g.kernels[n]; ok {
			in, out := at(n.Inputs[0], k.inputs()), at(n.Outputs[0], k.channels())
			in.read, out.made = append(in.read, n), append(out.made, n)
		}
	}
	for _, edge := range g.observed() {
		s := at(edge, len(ranges[edge].Max))
		s.edges = append(s.edges, edge)
	}
	return slices.DeleteFunc(list, func(s *stream) bool {
		return s.channels == 0 || len(s.edges) == 0 || len(s.made) == 0 || len(s.read) == 0
	})
}

// joined tells the class of an edge. That of "" holds what must keep its values.
func (g *Graph) joined() (root func(edge string) string) {
	parent := map[string]string{}
	root = func(edge string) string {
		for p, ok := parent[edge]; ok; p, ok = parent[edge] {
			edge = p
		}
		return edge
	}
	join := func(to string, edges ...string) {
		for _, edge := range edges {
			if a, b := root(edge), root(to); a != b {
				parent[a] = b
			}
		}
	}
	for _, v := range slices.Concat(g.model.Graph.Inputs, g.model.Graph.Outputs) {
		join("", v.Name)
	}
	for _, n := range g.model.Graph.Nodes {
		_, convolution := g.kernels[n]
		switch {
		case convolution: // its weights take the factors
		case slices.Contains([]string{"Relu", "MaxPool"}, n.Op), n.Op == "Add" && len(g.integerInputs(n)) > 0:
			join(n.Outputs[0], n.Inputs...)
		default:
			join("", slices.Concat(n.Inputs, n.Outputs)...)
		}
	}
	return root
}

// factors are one for each channel; 1 where a channel or its weights are all but
// silent on the sample, as a quotient of such values says nothing.
func (s *stream) factors(kernels map[*onnx.Node]kernel, ranges map[string]Range) []float64 {
	const silent = 1e-6
	activations, weights := make([]float64, s.channels), make([]float64, s.channels)
	for _, edge := range s.edges {
		keepLargest(activations, ranges[edge].magnitudes())
	}
	for _, n := range s.read {
		for row := range slices.Chunk(kernels[n].weights, kernels[n].size()) {
			taps := len(row) / s.channels
			largest := make([]float64, s.channels)
			for i, w := range row {
				largest[i/taps] = max(largest[i/taps], math.Abs(float64(w)))
			}
			keepLargest(weights, largest)
		}
	}
	factors := make([]float64, s.channels)
	for c := range factors {
		factors[c] = 1
		if activations[c] > silent && weights[c] > silent {
			factors[c] = math.Sqrt(activations[c] / weights[c])
		}
	}
	return factors
}

// keepLargest raises each kept value to what the channel has of the largest of values.
func keepLargest(kept, values []float64) {
	if most := slices.Max(values); most > 0 {
		for c, v := range values {
			kept[c] = max(kept[c], v/most)
		}
	}
}

func divided(values []float32, factors []float64) []float32 {
	scaled := make([]float32, len(values))
	for c, v := range values {
		scaled[c] = float32(float64(v) / factors[c])
	}
	return scaled
}
