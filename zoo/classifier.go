package zoo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/akin-vision/akin/onnx"
)

// featuresOutput is the name of the output that akin makes: the vector before
// the classifier.
const featuresOutput = "features"

// exposeFeatures makes the vector that a classifier sees, one for each
// picture, an output of the graph: what a network of the paper gives when its
// last layer is taken away. The logits must come from a fully connected layer
// (Gemm), whose input has two axes by its definition.
func exposeFeatures(g *onnx.Graph, logits string) error {
	i := slices.IndexFunc(g.Nodes, func(n *onnx.Node) bool { return slices.Contains(n.Outputs, logits) })
	if i < 0 {
		return fmt.Errorf("the graph computes no %q; its outputs are %s", logits, outputs(g))
	}
	classifier := g.Nodes[i]
	if classifier.Op != "Gemm" || len(classifier.Inputs) < 2 {
		return fmt.Errorf("%q comes from a node %s, not from a fully connected layer (Gemm) whose input could be the features", logits, classifier.Op)
	}
	g.Nodes = append(g.Nodes, &onnx.Node{
		Name: featuresOutput, Op: "Identity", Inputs: classifier.Inputs[:1:1], Outputs: []string{featuresOutput},
	})
	width := onnx.Dim{Name: featuresOutput}
	for _, t := range g.Initializers {
		if t.Name == classifier.Inputs[1] && len(t.Dims) == 2 {
			width = onnx.Dim{Size: t.Dims[0]}
			if classifier.Int("transB", 0) == 1 {
				width = onnx.Dim{Size: t.Dims[1]}
			}
		}
	}
	g.Outputs = append(g.Outputs, &onnx.ValueInfo{
		Name: featuresOutput, Type: onnx.Float32, Shape: []onnx.Dim{{Name: "batch"}, width},
	})
	return nil
}

// outputs lists the graph's outputs, for people.
func outputs(g *onnx.Graph) string {
	var names []string
	for _, o := range g.Outputs {
		names = append(names, fmt.Sprintf("%q", o.Name))
	}
	return strings.Join(names, ", ")
}
