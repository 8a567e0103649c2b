package onnx

import (
	"fmt"
	"slices"
	"strings"
)

func convolve(n *Node, in []made) (made, error) {
	if len(in) < 2 || len(in[0].shape) < 3 || len(in[1].shape) != len(in[0].shape) {
		return made{}, errShape
	}
	x, w := in[0].shape, in[1].shape
	if x[1] != w[1]*n.Int("group", 1) {
		return made{}, fmt.Errorf("input %v, weight %v: %w", x, w, errShape)
	}
	out, err := window(n, in[0], w[2:])
	if err != nil {
		return made{}, err
	}
	out.shape[1] = w[0]
	if out.axes != nil {
		from := out.axes[1].from()
		if from == 0 {
			from = fromChannels // of one channel that had no origin
		}
		out.axes[1] = newAxis(w[0], from)
	}
	out.depth, _ = product(w[1:])
	return out, nil
}

func pooled(n *Node, in []made) (made, error) { return window(n, in[0], n.Ints("kernel_shape")) }

// window gives what a sliding window over the spatial axes leaves.
func window(n *Node, x made, kernel []int64) (made, error) {
	axes := len(x.shape) - 2
	strides, dilations := sizes(n, "strides", axes, 1), sizes(n, "dilations", axes, 1)
	pads := sizes(n, "pads", 2*axes, 0)
	if axes < 1 || len(kernel) != axes || len(strides) != axes || len(dilations) != axes || len(pads) != 2*axes {
		return made{}, errShape
	}
	out := slices.Clone(x.shape)
	for i := range axes {
		const limit = 1 << 20 // keeps the sums far from overflow
		size, before, after := x.shape[2+i], pads[i], pads[axes+i]
		if max(size, before, after) > limit || min(before, after) < 0 || max(dilations[i], kernel[i]) > limit || min(dilations[i], kernel[i]) < 1 || strides[i] < 1 {
			return made{}, errShape
		}
		reach := dilations[i]*(kernel[i]-1) + 1
		if a := n.Attribute("auto_pad"); a != nil && strings.HasPrefix(a.String, "SAME") {
			out[2+i] = (size + strides[i] - 1) / strides[i]
			continue
		} else if a != nil && a.String == "VALID" {
			before, after = 0, 0
		}
		free := size + before + after - reach
		if free < 0 {
			return made{}, errShape
		}
		steps := free / strides[i]
		if n.Int("ceil_mode", 0) == 1 && free%strides[i] != 0 && (steps+1)*strides[i] < size+before {
			steps++ // a window must start within the picture or the padding before it
		}
		out[2+i] = steps + 1
	}
	return resized(x, out), nil
}

// resized gives axes their new sizes; each keeps where it comes from.
func resized(x made, sizes []int64) made {
	out := made{shape: sizes}
	for i, a := range x.axes {
		if sizes[i] != x.shape[i] {
			a = newAxis(sizes[i], a.from())
		}
		out.axes = append(out.axes, a)
	}
	return out
}

// sizes gives an integers attribute, or count times the fallback.
func sizes(n *Node, name string, count int, fallback int64) []int64 {
	if v := n.Ints(name); v != nil {
		return v
	}
	return slices.Repeat([]int64{fallback}, max(count, 0))
}

func gemm(n *Node, in []made) (made, error) {
	if len(in) < 2 || len(in[0].shape) != 2 || len(in[1].shape) != 2 {
		return made{}, errShape
	}
	a, b := in[0], in[1]
	if n.Int("transA", 0) == 1 {
		a = reversed(a)
	}
	if n.Int("transB", 0) == 1 {
		b = reversed(b)
	}
	return multiplied(a, b)
}

func reversed(x made) made {
	x.shape, x.axes = slices.Clone(x.shape), slices.Clone(x.axes)
	slices.Reverse(x.shape)
	slices.Reverse(x.axes)
	return x
}

func matMul(_ *Node, in []made) (made, error) {
	if len(in) != 2 || len(in[0].shape) < 2 || len(in[1].shape) < 2 {
		return made{}, errShape
	}
	return multiplied(in[0], in[1])
}

// multiplied is a matrix product over the last two axes. An axis that weights make
// comes from what they mix.
func multiplied(a, b made) (made, error) {
	m, n := len(a.shape)-2, len(b.shape)-2
	depth := b.shape[n]
	if a.shape[m+1] != depth {
		return made{}, fmt.Errorf("%v times %v: %w", a.shape, b.shape, errShape)
	}
	out, err := broadcast([]made{a.first(m), b.first(n)})
	if err != nil {
		return made{}, err
	}
	out.shape, out.depth = append(out.shape, a.shape[m], b.shape[n+1]), depth
	if a.axes == nil || b.axes == nil {
		return out, nil
	}
	rows, columns := a.axes[m], b.axes[n+1]
	if columns.from() == 0 {
		columns = newAxis(b.shape[n+1], a.axes[m+1].from())
	}
	if rows.from() == 0 {
		rows = newAxis(a.shape[m], b.axes[n].from())
	}
	out.axes = append(out.axes, rows, columns)
	return out, nil
}

// first is the axes before the k-th.
func (x made) first(k int) made {
	out := made{shape: x.shape[:k:k]}
	if x.axes != nil {
		out.axes = x.axes[:k:k]
	}
	return out
}

// einsum reads an equation of letters with its result, such as "bhid,bhjd->bhij".
func einsum(n *Node, in []made) (made, error) {
	a := n.Attribute("equation")
	if a == nil {
		return made{}, errOperator
	}
	left, right, ok := strings.Cut(strings.ReplaceAll(a.String, " ", ""), "->")
	terms := strings.Split(left, ",")
	if !ok || len(terms) != len(in) || strings.Contains(left, ".") {
		return made{}, errOperator
	}
	size, axes := map[rune]int64{}, map[rune]axis{}
	for k, term := range terms {
		if len(term) != len(in[k].shape) || in[k].axes == nil {
			return made{}, errShape
		}
		for i, letter := range term {
			if size[letter] > 1 && in[k].shape[i] > 1 && size[letter] != in[k].shape[i] {
				return made{}, errShape
			}
			size[letter] = max(size[letter], in[k].shape[i])
			axes[letter] = over(axes[letter], in[k].axes[i], size[letter])
		}
	}
	var out made
	var mixed origin
	summed := []int64{1}
	for letter, s := range size {
		if !strings.ContainsRune(right, letter) {
			summed = append(summed, s)
			mixed |= axes[letter].from()
		}
	}
	if out.depth, ok = product(summed); !ok {
		return made{}, errShape
	}
	for _, letter := range right {
		a := axes[letter]
		if a.from() == 0 && mixed.single() {
			a = newAxis(size[letter], mixed)
		}
		out.shape, out.axes = append(out.shape, size[letter]), append(out.axes, a)
	}
	return out, nil
}

// broadcast gives the common shape, aligned at the last axis.
func broadcast(in []made) (made, error) {
	var out made
	traced := true
	for _, x := range in {
		if k := len(x.shape) - len(out.shape); k > 0 {
			out.shape = append(slices.Repeat([]int64{1}, k), out.shape...)
			out.axes = append(make([]axis, k), out.axes...)
		}
		traced = traced && (x.axes != nil || len(x.shape) == 0)
		for i, d := range x.shape {
			k := len(out.shape) - len(x.shape) + i
			switch o := &out.shape[k]; {
			case *o == 1:
				*o = d
			case d != 1 && d != *o:
				return made{}, fmt.Errorf("%v and %v: %w", out.shape, x.shape, errShape)
			}
			if traced && len(x.axes) > i {
				out.axes[k] = over(out.axes[k], x.axes[i], out.shape[k])
			}
		}
	}
	if !traced {
		out.axes = nil
	}
	return out, nil
}

func globalPool(_ *Node, in []made) (made, error) {
	x := in[0]
	if len(x.shape) < 3 {
		return made{}, errShape
	}
	return resized(x, append(slices.Clone(x.shape[:2]), slices.Repeat([]int64{1}, len(x.shape)-2)...)), nil
}

func concat(n *Node, in []made) (made, error) {
	out := made{shape: slices.Clone(in[0].shape), axes: slices.Clone(in[0].axes)}
	at, err := axisOf(n.Int("axis", 0), len(out.shape))
	if err != nil {
		return made{}, err
	}
	for _, x := range in[1:] {
		if len(x.shape) != len(out.shape) {
			return made{}, errShape
		}
		if x.axes == nil {
			out.axes = nil
		}
		for i, d := range x.shape {
			switch {
			case i == at:
				if out.axes != nil {
					out.axes[i] = joined(out.axes[i], x.axes[i], out.shape[i], d)
				}
				out.shape[i] += d
			case d != out.shape[i]:
				return made{}, fmt.Errorf("%v and %v: %w", out.shape, x.shape, errShape)
			case out.axes != nil:
				out.axes[i] = over(out.axes[i], x.axes[i], d)
			}
		}
	}
	return out, nil
}

// joined is an axis that continues in another.
func joined(a, b axis, size, more int64) axis {
	f := factor{size + more, a.from() | b.from(), a.lead()}
	if a.from() == 0 && b.from() != 0 {
		f.lead = size
	}
	return axis{f}
}

func axisOf(at int64, rank int) (int, error) {
	if at < 0 {
		at += int64(rank)
	}
	if at < 0 || at >= int64(rank) {
		return 0, fmt.Errorf("axis %d of %d: %w", at, rank, errShape)
	}
	return int(at), nil
}

func flatten(n *Node, in []made) (made, error) {
	x := in[0]
	at, err := axisOf(n.Int("axis", 1), len(x.shape)+1)
	if err != nil {
		return made{}, err
	}
	rows, _ := product(x.shape[:at])
	columns, _ := product(x.shape[at:])
	return x.reshaped([]int64{rows, columns}), nil
}

// reshaped gives the elements in order another shape.
func (x made) reshaped(shape []int64) made {
	out := made{shape: shape}
	if x.axes != nil {
		out.axes = regroup(x.axes, shape)
	}
	return out
}

func transpose(n *Node, in []made) (made, error) {
	x := in[0]
	order := n.Ints("perm")
	if order == nil {
		for i := range x.shape {
			order = append(order, int64(len(x.shape)-1-i))
		}
	}
	if len(order) != len(x.shape) {
		return made{}, errShape
	}
	var out made
	for _, k := range order {
		if k < 0 || k >= int64(len(x.shape)) {
			return made{}, errShape
		}
		out.shape = append(out.shape, x.shape[k])
		if x.axes != nil {
			out.axes = append(out.axes, x.axes[k])
		}
	}
	return out, nil
}

// blocks moves squares of places into channels, or back.
func blocks(n *Node, in []made) (made, error) {
	x, b := in[0].shape, n.Int("blocksize", 0)
	if len(x) != 4 || b < 1 || b > 1<<6 {
		return made{}, errShape
	}
	out := []int64{x[0], x[1] * b * b, x[2] / b, x[3] / b}
	if n.Op == "DepthToSpace" {
		out = []int64{x[0], x[1] / (b * b), x[2] * b, x[3] * b}
	}
	return resized(in[0], out), nil
}
