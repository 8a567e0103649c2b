package onnx

import (
	"fmt"
	"slices"
)

// UnsteadyError is a node that makes what a network says of a picture depend on
// chance, or on the pictures beside it.
type UnsteadyError struct {
	Node, Op string
	Why      string
	Company  bool // a picture alone in its batch is safe
}

func (e *UnsteadyError) Error() string {
	return fmt.Sprintf("node %q (%s) %s", e.Node, e.Op, e.Why)
}

// Steady reports, as an *UnsteadyError, a node on the way to the named edges that
// was exported in training mode or draws at random. It reads the graph's own nodes;
// what stands in sub-graphs and functions only a trial shows.
func (g *Graph) Steady(edges []string) error {
	wanted := map[string]bool{}
	for _, edge := range edges {
		wanted[edge] = true
	}
	for _, n := range slices.Backward(g.Nodes) { // in topological order, so readers come first
		if !slices.ContainsFunc(n.Outputs, func(out string) bool { return wanted[out] }) {
			continue
		}
		if why := g.unsteady(n); why != "" {
			return &UnsteadyError{n.Outputs[0], n.Op, why, n.Op == "DynamicQuantizeLinear"}
		}
		for _, in := range n.Inputs {
			wanted[in] = true
		}
	}
	return nil
}

func (g *Graph) unsteady(n *Node) string {
	if n.Domain != "" && n.Domain != "ai.onnx" {
		return ""
	}
	switch n.Op {
	case "BatchNormalization":
		if n.Int("training_mode", 0) != 0 {
			return "was exported in training mode: it normalises by the other pictures of a batch"
		}
	case "Dropout":
		if len(n.Inputs) > 2 && g.truth(n.Inputs[2]) && !g.isZero(n.Inputs[1]) {
			return "was exported in training mode: it drops values at random"
		}
	case "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Bernoulli", "Multinomial":
		return "draws at random"
	case "DynamicQuantizeLinear":
		return "takes one scale for all pictures of a batch"
	}
	return ""
}

// truth reads a constant truth value.
func (g *Graph) truth(edge string) bool {
	t := g.Constant(edge)
	return t != nil && len(t.Raw) == 1 && t.Raw[0] != 0
}

// isZero reports whether an edge is the constant 0; one left out is not.
func (g *Graph) isZero(edge string) bool {
	t := g.Constant(edge)
	return t != nil && len(t.Raw) > 0 && !slices.ContainsFunc(t.Raw, func(b byte) bool { return b != 0 })
}
