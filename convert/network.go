package convert

import (
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/akin-vision/akin/onnx"
)

// An edge is a value between two nodes, with its shape for one picture of
// 224x224: channels, height, width; or channels alone once flattened.
type edge struct {
	name  string
	shape []int64
}

func (e edge) channels() int64 {
	if len(e.shape) == 0 {
		return 0
	}
	return e.shape[0]
}

func (e edge) flat() bool { return len(e.shape) == 1 }

// A network is an ONNX graph under construction. Each method adds a node that
// is named after the module it stands for. The first problem sticks: later
// calls do nothing, and whoever finishes the network reads err.
type network struct {
	graph onnx.Graph
	taken map[string]int // how often a name was asked for
	fixed bool           // works for the one picture size only
	err   error
}

// maxChannels bounds what joins of joins can grow to; the networks of the
// paper reach 4,032.
const maxChannels = 1 << 20

// pictureSide is the height and width of the pictures that all of these
// networks were trained on.
const pictureSide = 224

func newNetwork() (*network, edge) {
	n := &network{taken: map[string]int{"input": 1, "features": 1, "logits": 1, "probs": 1}}
	return n, edge{name: "input", shape: []int64{3, pictureSide, pictureSide}}
}

// fail records the first problem, and gives an edge to go on with.
func (n *network) fail(name, format string, args ...any) edge {
	if n.err == nil {
		n.err = fmt.Errorf("%s: %w", name, fmt.Errorf(format, args...))
	}
	return edge{name: name, shape: []int64{0, 0, 0}}
}

// unique gives the name, or the name with the first free number.
func (n *network) unique(name string) string {
	free := name
	for n.taken[free] > 0 {
		n.taken[name]++
		free = fmt.Sprintf("%s_%d", name, n.taken[name])
	}
	n.taken[free]++
	return free
}

func (n *network) node(op, name string, shape []int64, inputs []string, attributes ...*onnx.Attribute) edge {
	out := n.unique(name)
	n.graph.Nodes = append(n.graph.Nodes, &onnx.Node{
		Name: out, Op: op, Inputs: inputs, Outputs: []string{out}, Attributes: attributes,
	})
	return edge{name: out, shape: shape}
}

func ints(name string, values ...int64) *onnx.Attribute {
	return &onnx.Attribute{Name: name, Kind: onnx.KindInts, Ints: values}
}

func integer(name string, value int64) *onnx.Attribute {
	return &onnx.Attribute{Name: name, Kind: onnx.KindInt, Int: value}
}

// weight adds an initializer whose data stay in the file until it is written.
func (n *network) weight(name string, t *tensor) string {
	return n.stream(name, t, -math.MaxFloat32)
}

// stream is weight for values of which none is below least. Writing ends with an error
// at one that is, or is not finite.
func (n *network) stream(name string, t *tensor, least float32) string {
	name = n.unique(name)
	open := func() (io.ReadCloser, error) {
		r, err := t.open()
		return &checked{source: r, name: name, least: least}, err
	}
	n.graph.Initializers = append(n.graph.Initializers, &onnx.Tensor{
		Name: name, Type: onnx.Float32, Dims: t.shape, Open: open,
	})
	return name
}

// values adds an initializer of known numbers.
func (n *network) values(name string, values []float32) string {
	name = n.unique(name)
	raw := make([]byte, 0, 4*len(values))
	for _, v := range values {
		raw = appendFloat(raw, v)
	}
	n.graph.Initializers = append(n.graph.Initializers, &onnx.Tensor{
		Name: name, Type: onnx.Float32, Dims: []int64{int64(len(values))}, Raw: raw,
	})
	return name
}

// A window is the geometry of a convolution or a pooling. The first of each
// pair runs along the height, the second along the width.
type window struct {
	kernel, stride, pad [2]int64
	ceil                bool // round the output size up, not down
}

func square(kernel, stride, pad int64) window {
	return window{kernel: [2]int64{kernel, kernel}, stride: [2]int64{stride, stride}, pad: [2]int64{pad, pad}}
}

// over gives the height and width that the window leaves of x.
func (w window) over(x edge) ([]int64, error) {
	out := make([]int64, 2)
	for i := range out {
		const limit = 1 << 12 // keeps a hostile geometry far from overflow
		k, s, p := w.kernel[i], w.stride[i], w.pad[i]
		if k < 1 || s < 1 || p < 0 || max(k, s, p) > limit {
			return nil, fmt.Errorf("impossible window: kernel %v, stride %v, padding %v", w.kernel, w.stride, w.pad)
		}
		free := x.shape[1+i] + 2*p - k
		if free < 0 {
			return nil, fmt.Errorf("kernel %v is larger than its input %v", w.kernel, x.shape[1:])
		}
		out[i] = free/s + 1
		// Torch drops a last window that would start in the padding.
		if w.ceil && free%s != 0 && out[i]*s < x.shape[1+i]+p {
			out[i]++
		}
	}
	return out, nil
}

// rounded says how the sizes come about for ONNX, which drops no last window where
// it rounds up.
func (w window) rounded(x edge, sizes []int64) (window, error) {
	up, dropped := false, false
	for i, size := range sizes {
		free := x.shape[1+i] + 2*w.pad[i] - w.kernel[i]
		up = up || size > free/w.stride[i]+1
		dropped = dropped || free%w.stride[i] != 0 && size == free/w.stride[i]+1
	}
	if w.ceil && up && dropped {
		return w, fmt.Errorf("rounding up of an input %v: Torch drops the last window along one side alone, which ONNX cannot say", x.shape[1:])
	}
	w.ceil = w.ceil && up
	return w, nil
}

func (w window) attributes() []*onnx.Attribute {
	list := []*onnx.Attribute{
		ints("kernel_shape", w.kernel[:]...),
		ints("pads", w.pad[0], w.pad[1], w.pad[0], w.pad[1]),
		ints("strides", w.stride[:]...),
	}
	if w.ceil {
		list = append(list, integer("ceil_mode", 1))
	}
	return list
}

// conv adds a convolution with weight (out, in/groups, height, width) and
// optional bias (out).
func (n *network) conv(name string, x edge, w window, groups int64, weight, bias *tensor) edge {
	if n.err != nil {
		return x
	}
	if x.flat() {
		return n.fail(name, "convolution of a flattened input")
	}
	if len(weight.shape) != 4 || groups < 1 || weight.shape[1] != x.channels()/groups || x.channels()%groups != 0 || weight.shape[0]%groups != 0 {
		return n.fail(name, "weight of shape %v does not fit an input of %d channels in %d groups", weight.shape, x.channels(), groups)
	}
	w.kernel = [2]int64{weight.shape[2], weight.shape[3]}
	size, err := w.over(x)
	if err != nil {
		return n.fail(name, "%w", err)
	}
	out := weight.shape[0]
	inputs := []string{x.name, n.weight(name+".weight", weight)}
	if bias != nil {
		if !slices.Equal(bias.shape, []int64{out}) {
			return n.fail(name, "bias of shape %v for %d channels", bias.shape, out)
		}
		inputs = append(inputs, n.weight(name+".bias", bias))
	}
	attributes := w.attributes()
	if groups > 1 {
		attributes = append(attributes, integer("group", groups))
	}
	return n.node("Conv", name, append([]int64{out}, size...), inputs, attributes...)
}

// A normalization holds the tensors of a batch norm, each of one number for
// each channel. A nil scale is 1, a nil shift 0.
type normalization struct {
	scale, shift, mean, variance *tensor
	inverseStd                   *tensor // what old Torch files hold in place of the variance
	eps                          float64
}

func (n *network) batchNorm(name string, x edge, p normalization) edge {
	if n.err != nil {
		return x
	}
	if p.mean == nil || p.variance == nil && p.inverseStd == nil {
		return n.fail(name, "batch norm without running statistics")
	}
	for _, t := range []*tensor{p.scale, p.shift, p.mean, p.variance, p.inverseStd} {
		if t != nil && !slices.Equal(t.shape, []int64{x.channels()}) {
			return n.fail(name, "batch norm of shape %v after %d channels", t.shape, x.channels())
		}
	}
	inputs := []string{
		x.name,
		n.weightOr(name+".weight", p.scale, x, 1),
		n.weightOr(name+".bias", p.shift, x, 0),
		n.weight(name+".running_mean", p.mean),
		n.variance(name+".running_var", p),
	}
	return n.node("BatchNormalization", name, x.shape, inputs,
		&onnx.Attribute{Name: "epsilon", Kind: onnx.KindFloat, Float: float32(p.eps)})
}

func (n *network) weightOr(name string, t *tensor, x edge, otherwise float32) string {
	if t != nil {
		return n.weight(name, t)
	}
	return n.values(name, slices.Repeat([]float32{otherwise}, int(x.channels())))
}

func (n *network) variance(name string, p normalization) string {
	if p.variance != nil {
		return n.stream(name, p.variance, 0)
	}
	values, err := p.inverseStd.floats()
	if err != nil {
		return n.fail(name, "%w", err).name
	}
	for i, v := range values {
		if !(v > 0) || v > math.MaxFloat32 {
			return n.fail(name, "%w", &onnx.WeightError{Tensor: name, At: i, Value: float64(v)}).name
		}
		values[i] = float32(1/(float64(v)*float64(v)) - p.eps)
	}
	return n.values(name, values)
}

func (n *network) relu(name string, x edge) edge {
	if n.err != nil {
		return x
	}
	return n.node("Relu", name, x.shape, []string{x.name})
}

func (n *network) maxPool(name string, x edge, w window) edge {
	return n.pool("MaxPool", name, x, w)
}

// averagePool adds an average pooling; padding counts as zeros where
// countPadding is set. A window of exactly the whole input becomes a global
// pooling, so that the network takes pictures of other sizes too.
func (n *network) averagePool(name string, x edge, w window, countPadding bool) edge {
	if n.err == nil && !x.flat() && w.pad == [2]int64{} && slices.Equal(w.kernel[:], x.shape[1:]) {
		return n.globalPool(name, x)
	}
	if countPadding && w.pad != [2]int64{} {
		return n.pool("AveragePool", name, x, w, integer("count_include_pad", 1))
	}
	return n.pool("AveragePool", name, x, w)
}

func (n *network) pool(op, name string, x edge, w window, extra ...*onnx.Attribute) edge {
	if n.err != nil {
		return x
	}
	if x.flat() {
		return n.fail(name, "pooling of a flattened input")
	}
	size, err := w.over(x)
	if err != nil {
		return n.fail(name, "%w", err)
	}
	if 2*w.pad[0] > w.kernel[0] || 2*w.pad[1] > w.kernel[1] {
		return n.fail(name, "padding %v is more than half of the window %v", w.pad, w.kernel)
	}
	if w, err = w.rounded(x, size); err != nil {
		return n.fail(name, "%w", err)
	}
	return n.node(op, name, append([]int64{x.channels()}, size...), []string{x.name}, append(w.attributes(), extra...)...)
}

func (n *network) globalPool(name string, x edge) edge {
	if n.err != nil {
		return x
	}
	return n.node("GlobalAveragePool", name, []int64{x.channels(), 1, 1}, []string{x.name})
}

// add sums two or more inputs of one shape.
func (n *network) add(name string, inputs []edge) edge {
	if n.err != nil || len(inputs) < 2 {
		return n.fail(name, "addition of %d inputs", len(inputs))
	}
	sum := inputs[0]
	for _, x := range inputs[1:] {
		if !slices.Equal(x.shape, sum.shape) {
			return n.fail(name, "addition of shapes %v and %v", sum.shape, x.shape)
		}
		sum = n.node("Add", name, x.shape, []string{sum.name, x.name})
	}
	return sum
}

// concat joins inputs along the channels.
func (n *network) concat(name string, inputs []edge) edge {
	if n.err != nil || len(inputs) == 0 {
		return n.fail(name, "nothing to join")
	}
	if len(inputs) == 1 {
		return inputs[0]
	}
	shape := slices.Clone(inputs[0].shape)
	names := []string{inputs[0].name}
	for _, x := range inputs[1:] {
		if !slices.Equal(x.shape[1:], shape[1:]) {
			return n.fail(name, "join of shapes %v and %v", inputs[0].shape, x.shape)
		}
		shape[0] += x.shape[0]
		names = append(names, x.name)
	}
	if shape[0] > maxChannels {
		return n.fail(name, "join to more than %d channels", maxChannels)
	}
	return n.node("Concat", name, shape, names, integer("axis", 1))
}

// flatten makes one vector of each picture.
func (n *network) flatten(name string, x edge) edge {
	if n.err != nil || x.flat() {
		return x
	}
	if x.shape[1] != 1 || x.shape[2] != 1 {
		n.fixed = true
	}
	size := x.shape[0] * x.shape[1] * x.shape[2]
	return n.node("Flatten", name, []int64{size}, []string{x.name}, integer("axis", 1))
}

// linear adds a fully connected layer with weight (out, in) and optional bias.
func (n *network) linear(name string, x edge, weight, bias *tensor) edge {
	if n.err != nil {
		return x
	}
	if !x.flat() || len(weight.shape) != 2 || weight.shape[1] != x.channels() {
		return n.fail(name, "weight of shape %v does not fit an input of shape %v", weight.shape, x.shape)
	}
	out := weight.shape[0]
	inputs := []string{x.name, n.weight(name+".weight", weight)}
	if bias != nil {
		if !slices.Equal(bias.shape, []int64{out}) {
			return n.fail(name, "bias of shape %v for %d outputs", bias.shape, out)
		}
		inputs = append(inputs, n.weight(name+".bias", bias))
	}
	return n.node("Gemm", name, []int64{out}, inputs, integer("transB", 1))
}

// finish names the outputs and gives the model.
func (n *network) finish(features, logits edge, probs bool) (*onnx.Model, error) {
	if n.err != nil {
		return nil, n.err
	}
	outputs := []edge{{"features", features.shape}}
	n.rename(features.name, "features")
	if logits.name != "" {
		outputs = append(outputs, edge{"logits", logits.shape})
		n.rename(logits.name, "logits")
	}
	if probs {
		n.graph.Nodes = append(n.graph.Nodes, &onnx.Node{
			Name: "probs", Op: "Softmax", Inputs: []string{"logits"}, Outputs: []string{"probs"},
			Attributes: []*onnx.Attribute{integer("axis", 1)},
		})
		outputs = append(outputs, edge{"probs", logits.shape})
	}
	n.graph.Name = "network"
	n.graph.Inputs = []*onnx.ValueInfo{n.input()}
	for _, e := range outputs {
		n.graph.Outputs = append(n.graph.Outputs, &onnx.ValueInfo{
			Name: e.name, Type: onnx.Float32, Shape: []onnx.Dim{{Name: "batch"}, {Size: e.channels()}},
		})
	}
	return &onnx.Model{
		IRVersion: 8, ProducerName: "akin", Opsets: []*onnx.Opset{{Version: 13}}, Graph: &n.graph,
	}, nil
}

func (n *network) input() *onnx.ValueInfo {
	height, width := onnx.Dim{Name: "height"}, onnx.Dim{Name: "width"}
	if n.fixed {
		height, width = onnx.Dim{Size: pictureSide}, onnx.Dim{Size: pictureSide}
	}
	return &onnx.ValueInfo{Name: "input", Type: onnx.Float32, Shape: []onnx.Dim{{Name: "batch"}, {Size: 3}, height, width}}
}

// rename gives an edge the name under which callers ask for it.
func (n *network) rename(from, to string) {
	for _, node := range n.graph.Nodes {
		for _, list := range [][]string{node.Inputs, node.Outputs} {
			for i, name := range list {
				if name == from {
					list[i] = to
				}
			}
		}
	}
}
