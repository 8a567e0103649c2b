package classify

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/onnx"
	"github.com/akin-vision/akin/stats"
)

// WeightSemantics says whether a classifier's last layer puts related classes
// close together: representational similarity analysis (Kriegeskorte et al.
// 2008) over all pairs of classes.
type WeightSemantics struct {
	Model    string       `json:"model"`
	Classes  int          `json:"classes"`
	Spearman stats.Number `json:"spearman"` // cosine of two classes' weights against their Wu-Palmer similarity
	// P is Mantel's: the share, one-sided, of permutations of the classes in the
	// hierarchy that reach the correlation, (1 + reached) / (1 + permutations).
	P            stats.Number `json:"p"`
	Permutations int          `json:"permutations"`
	Seed         uint64       `json:"seed"`
}

// passing are nodes that hand on a layer's values, class by class.
var passing = []string{"Add", "Cast", "Clip", "Flatten", "Identity", "Reshape", "Softmax", "Squeeze", "Transpose"}

// classifierWeights returns the weights of the last layer, one row for each
// output: of the Gemm, MatMul or Conv from which logits comes.
func classifierWeights(g *onnx.Graph, logits string) ([][]float32, error) {
	edge := logits
	for range g.Nodes {
		i := slices.IndexFunc(g.Nodes, func(n *onnx.Node) bool { return slices.Contains(n.Outputs, edge) })
		if i < 0 {
			break
		}
		n := g.Nodes[i]
		switch {
		case n.Op == "Gemm" && len(n.Inputs) > 1:
			return weightRows(g, n.Inputs[1], n.Int("transB", 0) == 1)
		case n.Op == "MatMul" && len(n.Inputs) == 2:
			return weightRows(g, n.Inputs[1], false)
		case n.Op == "Conv" && len(n.Inputs) > 1:
			return weightRows(g, n.Inputs[1], true)
		case n.Op == "Slice" && len(n.Inputs) > 2:
			return slicedRows(g, n)
		case slices.Contains(passing, n.Op):
			edge = n.Inputs[0]
		default:
			return nil, fmt.Errorf("%q comes from a node %s, not from a layer whose weights belong to classes (Gemm, MatMul, Conv)", edge, n.Op)
		}
	}
	return nil, fmt.Errorf("the graph computes no %q from a layer of weights", logits)
}

// slicedRows keeps the rows of the outputs that a Slice keeps: networks with a
// background class cut it off so.
func slicedRows(g *onnx.Graph, n *onnx.Node) ([][]float32, error) {
	rows, err := classifierWeights(g, n.Inputs[0])
	if err != nil {
		return nil, err
	}
	var ends [2]int64
	for i, name := range n.Inputs[1:3] {
		k := slices.IndexFunc(g.Initializers, func(t *onnx.Tensor) bool { return t.Name == name })
		if k < 0 || g.Initializers[k].Type != onnx.Int64 || len(g.Initializers[k].Raw) != 8 {
			return nil, fmt.Errorf("the logits are cut out at %q, which is no single constant", name)
		}
		ends[i] = int64(binary.LittleEndian.Uint64(g.Initializers[k].Raw))
	}
	from, to := ends[0], min(ends[1], int64(len(rows)))
	if from < 0 || from > to {
		return nil, fmt.Errorf("the logits are outputs %d to %d of %d", from, to, len(rows))
	}
	return rows[from:to], nil
}

// weightRows reads a constant, also through Cast and Identity; byRow says that
// its first axis is the class, else its second and last is.
func weightRows(g *onnx.Graph, name string, byRow bool) ([][]float32, error) {
	t := g.Constant(name)
	if t == nil {
		return nil, fmt.Errorf("the weights %q of the last layer are no constant of the graph", name)
	}
	values, err := t.Floats()
	if err != nil {
		return nil, fmt.Errorf("weights %q: %w", name, err)
	}
	if len(t.Dims) < 2 || t.Dims[0] < 1 || !byRow && len(t.Dims) != 2 {
		return nil, fmt.Errorf("weights %q have the shape %v, not one row a class", name, t.Dims)
	}
	rows := int(t.Dims[0])
	width := len(values) / rows
	if byRow {
		return slices.Collect(slices.Chunk(values, width)), nil
	}
	columns := make([][]float32, width)
	for c := range columns {
		for r := range rows {
			columns[c] = append(columns[c], values[r*width+c])
		}
	}
	return columns, nil
}

// compareWeights relates weights, one row for each output, to the hierarchy.
func compareWeights(weights [][]float32, outputs Outputs, permutations int, seed uint64) (WeightSemantics, error) {
	n := len(outputs.WNIDs)
	if len(weights) != n+outputs.Offset || n < 3 {
		return WeightSemantics{}, fmt.Errorf("the last layer has %d rows for %d classes after %d other outputs", len(weights), n, outputs.Offset)
	}
	if n > mostClasses {
		return WeightSemantics{}, tooManyClasses(n)
	}
	var pairs [][2]int32
	var related []float64
	for i := range n {
		for j := range i {
			r := outputs.Relate(outputs.WNIDs[i], outputs.WNIDs[j])
			if r == nil {
				return WeightSemantics{}, &UnrelatedError{outputs.WNIDs[i], outputs.WNIDs[j]}
			}
			pairs = append(pairs, [2]int32{int32(i), int32(j)})
			related = append(related, r.WuPalmer)
		}
	}
	close := match.Cosine.Pairs(weights[outputs.Offset:], pairs)
	result := WeightSemantics{Classes: n, Spearman: stats.Number(stats.Spearman(close, related)), Permutations: permutations, Seed: seed}
	result.P = stats.Number(mantel(ranksOf(close), ranksOf(related), n, permutations, seed))
	return result, nil
}

// ranksOf gives equal values the mean of their ranks.
func ranksOf(x []float64) []float64 {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(x[a], x[b]) })
	return match.MidRanks(x, order)
}

// mantel permutes the rows and columns of y, both lower triangles by row. With
// ranks fixed the sum of products orders permutations as the correlation does.
func mantel(x, y []float64, n, permutations int, seed uint64) float64 {
	place := make([]int, n)
	for i := range place {
		place[i] = i
	}
	product := func() float64 {
		sum, k := 0.0, 0
		for i := range n {
			for _, b := range place[:i] {
				low, high := min(place[i], b), max(place[i], b)
				sum += x[k] * y[high*(high-1)/2+low]
				k++
			}
		}
		return sum
	}
	seen := product()
	source := rand.New(rand.NewPCG(seed, 0))
	reached := 0
	for range permutations {
		source.Shuffle(n, func(i, j int) { place[i], place[j] = place[j], place[i] })
		if product() >= seen*(1-1e-12) {
			reached++
		}
	}
	return float64(1+reached) / float64(1+permutations)
}

// CompareWeights relates the last layer of the one classifier of c to the
// hierarchy of classes. It needs no pictures.
func CompareWeights(c Config, permutations int, seed uint64) (WeightSemantics, error) {
	classifiers, err := c.classifiers()
	if err != nil {
		return WeightSemantics{}, err
	}
	m := classifiers[0]
	graph, err := c.Home.Graph(c.Models[0])
	if err != nil {
		return WeightSemantics{}, err
	}
	if m.Kind == model.Untrained {
		return WeightSemantics{}, fmt.Errorf("model %s has random weights, which know no classes", m.Name)
	}
	weights, err := classifierWeights(graph, m.Model.Outputs.Logits)
	if err != nil {
		return WeightSemantics{}, model.Named(m.Name, err)
	}
	w, err := compareWeights(weights, m.Outputs, permutations, seed)
	if err != nil {
		return w, model.Named(m.Name, err)
	}
	w.Model = m.Name
	return w, nil
}
