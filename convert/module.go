package convert

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// fromTorch7 builds the network that a Torch7 file describes, module by
// module: files of one name were shipped with different graphs, so none is
// taken for granted. Sources: the modules' updateOutput in torch/nn,
// soumith/cudnn.torch and liuzhuang13/DenseNet.
func fromTorch7(forms ...torchForm) converter {
	return func(ctx context.Context, f file, o Options) (*Result, error) {
		object, err := readTorch7(ctx, f, forms...)
		if err != nil {
			return nil, err
		}
		return fromModules(ctx, object, o)
	}
}

// fromModules builds the network of what a Torch7 file holds.
func fromModules(ctx context.Context, object any, o Options) (*Result, error) {
	root, err := rootModule(object)
	if err != nil {
		return nil, err
	}
	net, x := newNetwork()
	w := &torchWalker{ctx: ctx, net: net}
	out := w.module("", root, signal{edges: []edge{x}})
	if net.err != nil {
		return nil, net.err
	}
	if out.table || w.head == nil || out.edges[0].name != w.head.logits.name {
		return nil, errors.New("the network does not end in nn.Linear, so its classes and features cannot be told")
	}
	return w.result(o)
}

// rootModule finds the network in what a file holds: a module, or a table
// with one under "model".
func rootModule(object any) (*torchObject, error) {
	for range 4 {
		switch v := object.(type) {
		case *torchObject:
			return v, nil
		case *torchTable:
			object = v.fields["model"]
		default:
			return nil, errors.New("no network in the file: want a module, or a table with one under \"model\"")
		}
	}
	return nil, errors.New("no network in the file: tables nest too deeply")
}

// A signal is what modules pass on: a value, or a table of values.
type signal struct {
	edges []edge
	table bool
}

func single(x edge) signal { return signal{edges: []edge{x}} }

// A torchWalker follows a picture through a tree of modules.
type torchWalker struct {
	ctx     context.Context
	net     *network
	visited int
	depth   int
	head    *torchHead

	// What tells the structure.
	sums     []edge // outputs of additions
	openSums int    // of those, with nothing after them in their Sequential
	joins    []edge // outputs of dense layers
	growth   int64
	stem     int64
	width    int64
	groups   int64
}

// A torchHead is the last fully connected layer.
type torchHead struct {
	features, logits edge
}

// Bounds on a walk, which meets a module again wherever the tree does.
const (
	maxModules     = 5_000 // ResNet-200 has 900
	maxModuleDepth = 200
	maxTable       = 256 // values in a table; DenseNet-264 joins 65
)

// module gives the output of the module for the input.
func (w *torchWalker) module(path string, m *torchObject, in signal) signal {
	if w.visited++; w.visited > maxModules {
		return w.fail(path, m, "more than %d modules", maxModules)
	}
	if w.depth++; w.depth > maxModuleDepth {
		return w.fail(path, m, "modules nest more than %d deep", maxModuleDepth)
	}
	defer func() { w.depth-- }()
	if err := w.ctx.Err(); err != nil {
		return w.fail(path, m, "%w", err)
	}
	if w.net.err != nil {
		return in
	}
	name := strings.TrimPrefix(strings.TrimPrefix(m.class, "cudnn."), "nn.")
	switch name {
	case "Sequential":
		return w.sequential(path, m, in)
	case "DataParallelTable":
		return w.parallel(path, m, in)
	case "ConcatTable":
		return w.concatTable(path, m, in)
	case "DenseConnectLayer", "DenseConnectLayerCustom":
		return w.denseLayer(path, m, in)
	case "JoinTable":
		return w.joinTable(path, m, in)
	case "CAddTable":
		return w.add(path, m, in)
	case "Identity", "Contiguous", "Copy":
		return in
	}
	if in.table {
		return w.fail(path, m, "a table of %d values where one is wanted", len(in.edges))
	}
	x := in.edges[0]
	switch name {
	case "Concat":
		return w.concat(path, m, in)
	case "SpatialConvolution", "SpatialConvolutionMM":
		return single(w.conv(path, m, x))
	case "SpatialBatchNormalization":
		return single(w.batchNorm(path, m, x))
	case "ReLU":
		if w.number(m, "threshold", 0) != 0 || w.number(m, "val", 0) != 0 {
			return w.fail(path, m, "a threshold or a value other than 0")
		}
		return single(w.net.relu(path+".relu", x))
	case "SpatialMaxPooling":
		return single(w.net.maxPool(path+".maxpool", x, w.pooling(m)))
	case "SpatialAveragePooling":
		return w.averagePool(path, m, x)
	case "View", "Reshape":
		return w.view(path, m, x)
	case "Linear":
		return single(w.linear(path, m, x))
	}
	return w.fail(path, m, "this class of module is not known; convert the network where it was made, through PyTorch and ONNX")
}

func (w *torchWalker) fail(path string, m *torchObject, format string, args ...any) signal {
	if path == "" {
		path = "root"
	}
	return single(w.net.fail(fmt.Sprintf("module %s (%s)", path, m.class), format, args...))
}

// children gives the modules inside m, numbered from 1 in paths.
func (w *torchWalker) children(path string, m *torchObject) []*torchObject {
	table, ok := m.fields["modules"].(*torchTable)
	if !ok {
		w.fail(path, m, "no field modules")
		return nil
	}
	var list []*torchObject
	for i, v := range table.list() {
		child, ok := v.(*torchObject)
		if !ok {
			w.fail(path, m, "item %d is no module", i+1)
			return nil
		}
		list = append(list, child)
	}
	if len(list) > maxTable {
		w.fail(path, m, "more than %d modules inside", maxTable)
	}
	return list
}

func below(path string, i int) string {
	if path == "" {
		return fmt.Sprint(i + 1)
	}
	return fmt.Sprintf("%s.%d", path, i+1)
}

func (w *torchWalker) sequential(path string, m *torchObject, in signal) signal {
	list := w.children(path, m)
	for i, child := range list {
		in = w.module(below(path, i), child, in)
		if i == len(list)-1 && strings.HasSuffix(child.class, ".CAddTable") {
			w.openSums++
		}
	}
	return in
}

// parallel unwraps training on several cards: its modules are copies.
func (w *torchWalker) parallel(path string, m *torchObject, in signal) signal {
	list := w.children(path, m)
	if len(list) == 0 {
		return w.fail(path, m, "no module inside")
	}
	return w.module(path, list[0], in)
}

func (w *torchWalker) concatTable(path string, m *torchObject, in signal) signal {
	out := signal{table: true}
	for i, child := range w.children(path, m) {
		y := w.module(below(path, i), child, in)
		if y.table {
			return w.fail(path, m, "table within a table")
		}
		out.edges = append(out.edges, y.edges...)
	}
	return out
}

// concat runs each module on the same input and joins their outputs.
func (w *torchWalker) concat(path string, m *torchObject, in signal) signal {
	if w.number(m, "dimension", 0) != 2 {
		return w.fail(path, m, "join along dimension %v, only 2, the channels, is known", m.fields["dimension"])
	}
	out := w.concatTable(path, m, in)
	return single(w.joined(path, in.edges[0], out.edges))
}

// joined joins the channels of a dense layer's input and output.
func (w *torchWalker) joined(path string, x edge, edges []edge) edge {
	y := w.net.concat(path+".join", edges)
	if w.net.err == nil {
		w.joins = append(w.joins, y)
		w.growth = y.channels() - x.channels()
	}
	return y
}

// denseLayer adds its output to the list that it gets; net1 sees the joined
// list, or the one value that the first layer of a block gets.
func (w *torchWalker) denseLayer(path string, m *torchObject, in signal) signal {
	first, ok1 := m.fields["net1"].(*torchObject)
	second, ok2 := m.fields["net2"].(*torchObject)
	if !ok1 || !ok2 {
		return w.fail(path, m, "no fields net1 and net2")
	}
	x := single(w.net.concat(path+".join", in.edges))
	y := w.module(below(path, 1), second, w.module(below(path, 0), first, x))
	if y.table || len(in.edges) >= maxTable {
		return w.fail(path, m, "its net2 gives a table, or its block has more than %d layers", maxTable)
	}
	w.growth = y.edges[0].channels()
	w.joins = append(w.joins, y.edges[0])
	return signal{edges: append(slices.Clone(in.edges), y.edges[0]), table: true}
}

// joinTable joins a table of values along the channels. Its dimension leaves
// the batch out where nInputDims, 3, says so.
func (w *torchWalker) joinTable(path string, m *torchObject, in signal) signal {
	dimension := w.number(m, "dimension", 0)
	if w.number(m, "nInputDims", 0) == 3 {
		dimension++
	}
	if dimension != 2 {
		return w.fail(path, m, "join along dimension %d, only 2, the channels, is known", dimension)
	}
	return single(w.net.concat(path+".join", in.edges))
}

func (w *torchWalker) add(path string, m *torchObject, in signal) signal {
	if !in.table {
		return w.fail(path, m, "one value where a table is wanted")
	}
	sum := w.net.add(path+".add", in.edges)
	w.sums = append(w.sums, sum)
	return single(sum)
}

// number reads a whole number from 0 to 2^31 out of a field; anything else is
// -1, which no size may be.
func (w *torchWalker) number(m *torchObject, field string, otherwise int64) int64 {
	v, ok := m.fields[field]
	if !ok || v == nil {
		return otherwise
	}
	n, ok := v.(float64)
	if !ok || n < 0 || n > 1<<31 || n != float64(int64(n)) {
		return -1
	}
	return int64(n)
}

func (w *torchWalker) flag(m *torchObject, field string, otherwise bool) bool {
	if b, ok := m.fields[field].(bool); ok {
		return b
	}
	return otherwise
}

// weights reads a tensor out of a field; nil where there is none.
func (w *torchWalker) weights(path string, m *torchObject, field string) *tensor {
	v := m.fields[field]
	t, ok := v.(*torchTensor)
	if v == nil || ok && len(t.shape) == 0 || w.net.err != nil {
		return nil
	}
	if !ok {
		w.fail(path, m, "field %s is no tensor", field)
		return nil
	}
	values, err := t.view()
	if err != nil {
		w.fail(path, m, "field %s: %w", field, err)
		return nil
	}
	return values
}

// geometry reads stride and padding. Files older than padW have padding for
// both directions.
func (w *torchWalker) geometry(m *torchObject, stride int64) window {
	pad := w.number(m, "padding", 0)
	return window{
		kernel: [2]int64{w.number(m, "kH", -1), w.number(m, "kW", -1)},
		stride: [2]int64{w.number(m, "dH", stride), w.number(m, "dW", stride)},
		pad:    [2]int64{w.number(m, "padH", pad), w.number(m, "padW", pad)},
	}
}

func (w *torchWalker) pooling(m *torchObject) window {
	g := w.geometry(m, 1)
	g.ceil = w.flag(m, "ceil_mode", false)
	return g
}

func (w *torchWalker) averagePool(path string, m *torchObject, x edge) signal {
	if !w.flag(m, "divide", true) {
		return w.fail(path, m, "a sum, not an average")
	}
	return single(w.net.averagePool(path+".avgpool", x, w.pooling(m), w.flag(m, "count_include_pad", true)))
}

// conv reads a convolution. Its weight has two dimensions in
// SpatialConvolutionMM and four elsewhere; its bias is optional.
func (w *torchWalker) conv(path string, m *torchObject, x edge) edge {
	g := w.geometry(m, 1)
	in, out, groups := w.number(m, "nInputPlane", -1), w.number(m, "nOutputPlane", -1), w.number(m, "groups", 1)
	weight, bias := w.weights(path, m, "weight"), w.weights(path, m, "bias")
	if w.net.err != nil {
		return x
	}
	if weight == nil || in < 1 || out < 1 || groups < 1 || in%groups != 0 || g.kernel[0] < 1 || g.kernel[1] < 1 {
		return w.fail(path, m, "its sizes or its weight are missing").edges[0]
	}
	shape := []int64{out, in / groups, g.kernel[0], g.kernel[1]}
	if !slices.Equal(weight.shape, shape) {
		flat, err := weight.reshaped(shape...)
		if err != nil {
			return w.fail(path, m, "weight: %w", err).edges[0]
		}
		weight = flat
	}
	w.note(out, g.kernel, groups)
	return w.net.conv(path, x, g, groups, weight, bias)
}

// note takes down the convolutions that tell the structure: the first, and
// the first of 3x3 after it.
func (w *torchWalker) note(out int64, kernel [2]int64, groups int64) {
	switch {
	case w.stem == 0:
		w.stem = out
	case w.width == 0 && kernel == [2]int64{3, 3}:
		w.width, w.groups = out, groups
	}
}

func (w *torchWalker) batchNorm(path string, m *torchObject, x edge) edge {
	eps, ok := m.fields["eps"].(float64)
	if !ok {
		eps = 1e-5
	}
	return w.net.batchNorm(path, x, normalization{
		scale:      w.weights(path, m, "weight"),
		shift:      w.weights(path, m, "bias"),
		mean:       w.weights(path, m, "running_mean"),
		variance:   w.weights(path, m, "running_var"),
		inverseStd: w.weights(path, m, "running_std"),
		eps:        eps,
	})
}

// view reads a module that flattens, the only use of views that classifiers
// make.
func (w *torchWalker) view(path string, m *torchObject, x edge) signal {
	sizes, ok := m.fields["size"].(*torchStorage)
	if !ok || sizes.elem != int64s && sizes.elem != int32s {
		return w.fail(path, m, "no field size")
	}
	if sizes.count != 1 {
		return w.fail(path, m, "to %d dimensions, only to one vector for each picture is known", sizes.count)
	}
	var b [8]byte
	if _, err := sizes.file.ReadAt(b[:sizes.elem.size()], sizes.at); err != nil {
		return w.fail(path, m, "%w", noEOF(err))
	}
	size := wholeNumber(sizes.elem, b)
	y := w.net.flatten(path+".flatten", x)
	if size != -1 && size != y.channels() {
		return w.fail(path, m, "to %d numbers, but its input of shape %v has %d", size, x.shape, y.channels())
	}
	return single(y)
}

func (w *torchWalker) linear(path string, m *torchObject, x edge) edge {
	weight, bias := w.weights(path, m, "weight"), w.weights(path, m, "bias")
	if w.net.err != nil {
		return x
	}
	if weight == nil {
		return w.fail(path, m, "no weight").edges[0]
	}
	y := w.net.linear(path, x, weight, bias)
	w.head = &torchHead{features: x, logits: y}
	return y
}
