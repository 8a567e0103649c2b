package onnx

import (
	"fmt"
	"slices"
)

// A Summary counts what a graph holds and what it costs to run.
type Summary struct {
	Inputs     []*ValueInfo // less those that only name an initializer
	Outputs    []*ValueInfo
	Nodes      int
	Parameters int64 // see Graph.Parameters

	// MACs counts the multiply-accumulates of convolutions and matrix
	// products for one input. It is 0 where Unknown says why not.
	MACs    int64
	Unknown string
}

// Summary describes the graph and what one input of the shape (1, C, H, W)
// costs. Without a shape, the declared one is used, with batch size 1.
func (g *Graph) Summary(shape ...int64) Summary {
	s := Summary{Inputs: g.inputs(), Outputs: g.Outputs, Nodes: len(g.Nodes), Parameters: g.Parameters()}
	macs, err := g.MACs(shape...)
	if err != nil {
		s.Unknown = err.Error()
		return s
	}
	s.MACs = macs
	return s
}

// Parameters counts the elements of floating-point constants as PyTorch
// counts parameters: without the running statistics of batch norm.
func (g *Graph) Parameters() int64 {
	skip := map[string]bool{}
	source := map[string]string{} // of casts
	for _, n := range g.Nodes {
		if n.Op == "BatchNormalization" && len(n.Inputs) == 5 {
			skip[n.Inputs[3]], skip[n.Inputs[4]] = true, true
		}
		if n.Op == "Cast" && len(n.Inputs) == 1 && len(n.Outputs) == 1 {
			source[n.Outputs[0]] = n.Inputs[0]
		}
	}
	for output, input := range source {
		skip[input] = skip[input] || skip[output]
	}
	var total int64
	for _, t := range g.constants() {
		if n, ok := t.Elements(); ok && t.Type.IsFloat() && !skip[t.Name] {
			total += n
		}
	}
	return total
}

// constants gives the initializers and the tensors of Constant nodes, under
// the names by which nodes refer to them.
func (g *Graph) constants() []*Tensor {
	list := slices.Clone(g.Initializers)
	for _, n := range g.Nodes {
		if a := n.Attribute("value"); n.Op == "Constant" && a != nil && a.Tensor != nil && len(n.Outputs) == 1 {
			t := *a.Tensor
			t.Name = n.Outputs[0]
			list = append(list, &t)
		}
	}
	return list
}

func (g *Graph) inputs() []*ValueInfo {
	initialized := map[string]bool{}
	for _, t := range g.Initializers {
		initialized[t.Name] = true
	}
	return slices.DeleteFunc(slices.Clone(g.Inputs), func(v *ValueInfo) bool { return initialized[v.Name] })
}

// MACs counts the multiply-accumulates of one run at the input shape, such as
// (N, C, H, W), by following shapes from node to node. Only convolutions and matrix
// products count. It gives an error, not a guess, where a node's output shape
// cannot be told.
func (g *Graph) MACs(shape ...int64) (int64, error) {
	c, err := g.newTracer(shape)
	if err != nil {
		return 0, fmt.Errorf("count operations: %w", err)
	}
	for _, n := range g.Nodes {
		if err := c.node(n); err != nil {
			return 0, fmt.Errorf("count operations: node %q (%s): %w", n.Name, n.Op, err)
		}
	}
	return c.macs, nil
}
