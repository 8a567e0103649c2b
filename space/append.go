package space

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/akin-vision/akin/onnx"
)

// Aligned is the output that Append adds to a graph.
const Aligned = "aligned"

// Append adds the operator to a network's graph: the output Aligned is a picture's
// vector in the space, of the outputs named. Logits may be empty where no part reads
// them. It returns the number of values added.
func (o Operator) Append(m *onnx.Model, features, logits string) (parameters int64, err error) {
	g := &appender{graph: m.Graph}
	if g.has(Aligned) {
		return 0, fmt.Errorf("the graph has an output %q already: it was aligned before", Aligned)
	}
	var made []string
	dim := int64(0)
	for i := range o.Parts {
		p := &o.Parts[i]
		from := features
		if p.Classes > 0 {
			from = logits
		}
		if from == "" {
			return 0, fmt.Errorf("the network has no logits, which the space needs")
		}
		out, width := g.part(p, from)
		made, dim = append(made, out), dim+width
	}
	if len(made) == 1 {
		g.named("Identity", Aligned, made)
	} else {
		g.named("Concat", Aligned, made, integer("axis", 1))
	}
	m.Graph.Outputs = append(m.Graph.Outputs, &onnx.ValueInfo{Name: Aligned, Type: onnx.Float32, Shape: []onnx.Dim{{Name: "N"}, {Size: dim}}})
	return g.parameters, nil
}

// prefix begins the names of what is added.
const prefix = "akin_space"

// appender adds nodes and constants to a graph.
type appender struct {
	graph      *onnx.Graph
	parameters int64
	count      int
}

func (g *appender) has(name string) bool {
	return slices.ContainsFunc(g.graph.Nodes, func(n *onnx.Node) bool { return slices.Contains(n.Outputs, name) })
}

// part adds what apply does, on a batch; dim is the length of its vectors.
func (g *appender) part(p *Part, from string) (out string, dim int64) {
	x := g.node("Cast", []string{from}, integer("to", int64(onnx.Float32)))
	x = g.node("Flatten", []string{x}, integer("axis", 1))
	if p.Classes > 0 {
		dim = int64(p.Classes)
		x = g.node("Slice", []string{x, g.whole(-dim), g.whole(math.MaxInt64), g.whole(1)})
		x = g.node("Softmax", []string{x}, integer("axis", 1))
	}
	if p.Shift != nil {
		dim = int64(len(p.Shift))
		x = g.node("Sub", []string{x, g.row(p.Shift)})
	}
	if p.Scale != nil {
		x = g.node("Mul", []string{x, g.row(p.Scale)})
	}
	if len(p.Axes) > 0 {
		along := g.node("MatMul", []string{x, g.matrix(transposed(p.Axes))})
		along = g.node("Mul", []string{along, g.row(p.Gains)})
		x = g.node("Add", []string{x, g.node("MatMul", []string{along, g.matrix(p.Axes)})})
	}
	if p.Matrix != nil {
		dim = int64(len(p.Matrix[0]))
		x = g.node("MatMul", []string{x, g.matrix(p.Matrix)})
	}
	if p.Bias != nil {
		x = g.node("Add", []string{x, g.row(p.Bias)})
	}
	if p.Weight != 0 {
		x = g.node("LpNormalization", []string{x}, integer("axis", 1), integer("p", 2))
		x = g.node("Mul", []string{x, g.row([]float32{p.Weight})})
	}
	return x, dim
}

func (g *appender) name() string {
	g.count++
	return fmt.Sprintf("%s/%d", prefix, g.count)
}

func (g *appender) node(op string, inputs []string, attributes ...*onnx.Attribute) string {
	return g.named(op, g.name(), inputs, attributes...)
}

func (g *appender) named(op, name string, inputs []string, attributes ...*onnx.Attribute) string {
	g.graph.Nodes = append(g.graph.Nodes, &onnx.Node{Name: name, Op: op, Inputs: inputs, Outputs: []string{name}, Attributes: attributes})
	return name
}

func integer(name string, value int64) *onnx.Attribute {
	return &onnx.Attribute{Name: name, Kind: onnx.KindInt, Int: value}
}

// whole adds a list of one whole number.
func (g *appender) whole(value int64) string {
	return g.constant(onnx.Int64, binary.LittleEndian.AppendUint64(nil, uint64(value)), 1)
}

func (g *appender) row(values []float32) string {
	return g.constant(onnx.Float32, rawFloats(values), int64(len(values)))
}

func (g *appender) matrix(rows [][]float32) string {
	return g.constant(onnx.Float32, rawFloats(slices.Concat(rows...)), int64(len(rows)), int64(len(rows[0])))
}

func (g *appender) constant(kind onnx.DataType, raw []byte, dims ...int64) string {
	name := g.name()
	g.graph.Initializers = append(g.graph.Initializers, &onnx.Tensor{Name: name, Type: kind, Dims: dims, Raw: raw})
	if kind == onnx.Float32 {
		g.parameters += int64(len(raw) / 4)
	}
	return name
}

func rawFloats(values []float32) []byte {
	raw := make([]byte, 0, 4*len(values))
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	return raw
}

func transposed(rows [][]float32) [][]float32 {
	columns := make([][]float32, len(rows[0]))
	for k := range columns {
		for _, row := range rows {
			columns[k] = append(columns[k], row[k])
		}
	}
	return columns
}
