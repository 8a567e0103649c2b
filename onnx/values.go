package onnx

import (
	"encoding/binary"
	"slices"
)

// maxValues bounds the integers that are followed: shapes and indices are short.
const maxValues = 64

// value gives the integers of an edge, where they are known before the network runs.
func (c *tracer) value(edge string) ([]int64, bool) {
	if v, ok := c.values[edge]; ok {
		return v, true
	}
	t := c.consts[edge]
	if t == nil || t.Raw == nil || len(t.Dims) > 1 || len(t.Raw) > 8*maxValues {
		return nil, false
	}
	size := t.Type.Size()
	list := []int64{}
	for raw := t.Raw; len(raw) >= size && size > 0; raw = raw[size:] {
		switch t.Type {
		case Int64:
			list = append(list, int64(binary.LittleEndian.Uint64(raw)))
		case Int32:
			list = append(list, int64(int32(binary.LittleEndian.Uint32(raw))))
		case Bool:
			list = append(list, int64(raw[0]))
		default:
			return nil, false
		}
	}
	return list, true
}

// fold computes the integers that a node makes, where it can.
func (c *tracer) fold(n *Node) {
	if n.Op == "Shape" {
		shape := c.shapes[n.Inputs[0]]
		first, last := within(n.Int("start", 0), int64(len(shape))), within(n.Int("end", int64(len(shape))), int64(len(shape)))
		c.values[n.Outputs[0]] = slices.Clone(shape[first:max(first, last)])
		return
	}
	made := n.Outputs[0]
	var in [][]int64
	flat := true
	for _, name := range n.Inputs {
		v, ok := c.value(name)
		if !ok && name != "" {
			return
		}
		in, flat = append(in, v), flat && len(c.shapes[name]) <= 1
		c.real[made] = c.real[made] || c.real[name]
	}
	var out []int64
	var ok bool
	switch {
	case n.Op == "Cast":
		c.real[made] = DataType(n.Int("to", 0)).IsFloat()
		out, ok = in[0], true
	case slices.Contains(sameIntegers, n.Op):
		out, ok = in[0], true
	case n.Op == "Slice" || n.Op == "Transpose":
		out, ok = c.moved(n, in[0])
	case n.Op == "Div" && c.real[made]:
		out, ok = exactly(in)
	case flat:
		out, ok = computed(n, in)
	}
	if ok && len(out) <= maxValues {
		c.values[made] = out
	}
}

// sameIntegers are the operators that keep integers and their order.
var sameIntegers = []string{"Identity", "Unsqueeze", "Squeeze", "Reshape", "Floor", "Ceil"}

// moved gives integers the order that a Slice or Transpose of their shape leaves.
func (c *tracer) moved(n *Node, list []int64) (out []int64, ok bool) {
	shape := c.shapes[n.Inputs[0]]
	if size, _ := product(shape); size != int64(len(list)) {
		return nil, false
	}
	strides, sides, first := make([]int64, len(shape)), slices.Clone(shape), int64(0)
	for i, stride := len(shape)-1, int64(1); i >= 0; i-- {
		strides[i], stride = stride, stride*shape[i]
	}
	if n.Op == "Transpose" {
		result, err := transpose(n, []made{{shape: strides}})
		turned, _ := transpose(n, []made{{shape: shape}})
		if err != nil {
			return nil, false
		}
		strides, sides = result.shape, turned.shape
	} else {
		cuts, err := c.cuts(n, shape)
		if err != nil {
			return nil, false
		}
		for _, k := range cuts {
			first += k.first * strides[k.axis]
			strides[k.axis], sides[k.axis] = strides[k.axis]*k.step, k.count
		}
	}
	places := []int64{first}
	for i, side := range sides {
		var next []int64
		for _, place := range places {
			for k := range side {
				next = append(next, place+k*strides[i])
			}
		}
		places = next
	}
	for _, place := range places {
		out = append(out, list[place])
	}
	return out, true
}

// exactly divides numbers that need not be whole, where the results are.
func exactly(in [][]int64) ([]int64, bool) {
	if len(in) != 2 {
		return nil, false
	}
	rest, ok := pairwise("Mod", in[0], in[1])
	if !ok || slices.ContainsFunc(rest, func(r int64) bool { return r != 0 }) {
		return nil, false
	}
	return pairwise("Div", in[0], in[1])
}

// computed applies an operator to lists of integers.
func computed(n *Node, in [][]int64) ([]int64, bool) {
	switch n.Op {
	case "Concat":
		return slices.Concat(in...), true
	case "Gather":
		return picked(in)
	case "Add", "Sub", "Mul", "Div", "Mod", "Equal", "Min", "Max":
		if len(in) == 2 && n.Int("fmod", 0) == 0 {
			return pairwise(n.Op, in[0], in[1])
		}
	case "Where":
		return chosen(in)
	case "ReduceProd":
		p, ok := product(in[0])
		return []int64{p}, ok
	case "ConstantOfShape":
		return filled(n, in[0])
	case "Expand":
		if len(in[0]) == 1 && len(in[1]) == 1 && in[1][0] >= 0 && in[1][0] <= maxValues {
			return slices.Repeat(in[0], int(in[1][0])), true
		}
	case "Range":
		return counted(in)
	}
	return nil, false
}

func picked(in [][]int64) (out []int64, ok bool) {
	if len(in) != 2 {
		return nil, false
	}
	for _, i := range in[1] {
		if i < 0 {
			i += int64(len(in[0]))
		}
		if i < 0 || i >= int64(len(in[0])) {
			return nil, false
		}
		out = append(out, in[0][i])
	}
	return out, true
}

// pairwise computes element by element; one list may be of one element.
func pairwise(op string, a, b []int64) ([]int64, bool) {
	n := max(len(a), len(b))
	if len(a) == 0 || len(b) == 0 || len(a) != n && len(a) != 1 || len(b) != n && len(b) != 1 {
		return nil, false
	}
	out := make([]int64, n)
	for i := range out {
		x, y := a[i%len(a)], b[i%len(b)]
		switch op {
		case "Add":
			out[i] = x + y
		case "Sub":
			out[i] = x - y
		case "Mul":
			out[i] = x * y
		case "Min":
			out[i] = min(x, y)
		case "Max":
			out[i] = max(x, y)
		case "Equal":
			if x == y {
				out[i] = 1
			}
		default:
			if y == 0 {
				return nil, false
			}
			out[i] = x / y
			if op == "Mod" {
				out[i] = (x%y + y) % y // has the sign of the divisor
			}
		}
	}
	return out, true
}

func chosen(in [][]int64) ([]int64, bool) {
	if len(in) != 3 {
		return nil, false
	}
	n := max(len(in[0]), len(in[1]), len(in[2]))
	out := make([]int64, n)
	for _, list := range in {
		if len(list) != n && len(list) != 1 {
			return nil, false
		}
	}
	for i := range out {
		from := in[2]
		if in[0][i%len(in[0])] != 0 {
			from = in[1]
		}
		out[i] = from[i%len(from)]
	}
	return out, true
}

func filled(n *Node, shape []int64) ([]int64, bool) {
	a := n.Attribute("value")
	if len(shape) != 1 || shape[0] < 0 || shape[0] > maxValues || a == nil || a.Tensor == nil || a.Tensor.Type != Int64 || len(a.Tensor.Raw) != 8 {
		return nil, false
	}
	return slices.Repeat([]int64{int64(binary.LittleEndian.Uint64(a.Tensor.Raw))}, int(shape[0])), true
}

func counted(in [][]int64) (out []int64, ok bool) {
	if len(in) != 3 || len(in[0]) != 1 || len(in[1]) != 1 || len(in[2]) != 1 || in[2][0] < 1 {
		return nil, false
	}
	for i := in[0][0]; i < in[1][0]; i += in[2][0] {
		if len(out) > maxValues {
			return nil, false
		}
		out = append(out, i)
	}
	return out, true
}
