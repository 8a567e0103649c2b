package onnx

import (
	"fmt"
	"slices"
)

// ints reads integers that the attribute of a name or an input of a node holds, if
// they are known before the network runs; ok is also true where there are none.
func (c *tracer) ints(n *Node, attribute string, input int) (list []int64, ok bool) {
	if v := n.Ints(attribute); v != nil {
		return v, true
	}
	if input >= len(n.Inputs) || n.Inputs[input] == "" {
		return nil, true
	}
	return c.value(n.Inputs[input])
}

func (c *tracer) reshape(n *Node, in []made) (made, error) {
	x := in[0]
	want, ok := c.ints(n, "shape", 1)
	if !ok || want == nil && len(n.Inputs) < 2 {
		return made{}, errNotStatic
	}
	out, free := slices.Clone(want), -1
	for i, d := range want {
		switch {
		case d == 0 && i < len(x.shape) && n.Int("allowzero", 0) == 0:
			out[i] = x.shape[i]
		case d == -1 && free < 0:
			out[i], free = 1, i
		}
	}
	have, _ := product(x.shape)
	size, sound := product(out)
	if sound && free >= 0 && size > 0 && have%size == 0 {
		out[free], size = have/size, have
	}
	if !sound || size != have {
		return made{}, fmt.Errorf("%v to %v: %w", x.shape, want, errShape)
	}
	return x.reshaped(out), nil
}

func (c *tracer) slice(n *Node, in []made) (made, error) {
	x := in[0]
	cuts, err := c.cuts(n, x.shape)
	if err != nil {
		return made{}, err
	}
	out := made{shape: slices.Clone(x.shape), axes: slices.Clone(x.axes)}
	for _, k := range cuts {
		out.shape[k.axis] = k.count
		if out.axes == nil || k.step == 1 && k.count == x.shape[k.axis] {
			continue
		}
		out.axes[k.axis] = newAxis(k.count, x.axes[k.axis].from())
		if len(out.axes[k.axis]) == 1 && k.step == 1 {
			out.axes[k.axis][0].lead = min(max(x.axes[k.axis].lead()-k.first, 0), k.count)
		}
	}
	return out, nil
}

// A cut is what a slice takes of an axis.
type cut struct {
	axis               int
	first, step, count int64
}

// cuts are those of a Slice of the shape.
func (c *tracer) cuts(n *Node, shape []int64) ([]cut, error) {
	starts, ok1 := c.ints(n, "starts", 1)
	ends, ok2 := c.ints(n, "ends", 2)
	axes, ok3 := c.ints(n, "axes", 3)
	steps, ok4 := c.ints(n, "steps", 4)
	if !ok1 || !ok2 || !ok3 || !ok4 {
		return nil, errNotStatic
	}
	for i := range starts {
		if len(axes) < len(starts) && n.Attribute("axes") == nil && len(n.Inputs) < 4 {
			axes = append(axes, int64(i))
		}
		if len(steps) < len(starts) {
			steps = append(steps, 1)
		}
	}
	if len(ends) != len(starts) || len(axes) != len(starts) || len(steps) != len(starts) {
		return nil, errShape
	}
	var list []cut
	for i := range starts {
		at, err := axisOf(axes[i], len(shape))
		if err != nil {
			return nil, err
		}
		if steps[i] == 0 || slices.ContainsFunc(list, func(k cut) bool { return k.axis == at }) {
			return nil, errShape
		}
		count, first := span(starts[i], ends[i], steps[i], shape[at])
		list = append(list, cut{at, first, steps[i], count})
	}
	return list, nil
}

// span counts what a slice takes of an axis, and where it begins.
func span(start, end, step, size int64) (count, first int64) {
	if step > 0 {
		first = within(start, size)
		reach := within(end, size) - first
		if reach <= 0 {
			return 0, first
		}
		return 1 + (reach-1)/step, first
	}
	if start < 0 {
		start += size
	}
	if end < 0 {
		end += size
	}
	first = min(max(start, 0), size-1)
	reach := first - min(max(end, -1), size-1)
	if reach <= 0 {
		return 0, first
	}
	return 1 - (reach-1)/step, first
}

// within turns an end of a slice, which may count from the back, into an
// index from 0 to size.
func within(i, size int64) int64 {
	if i < 0 {
		i += size
	}
	return min(max(i, 0), size)
}

func (c *tracer) squeeze(n *Node, in []made) (made, error) {
	x := in[0]
	list, ok := c.ints(n, "axes", 1)
	if !ok {
		return made{}, errNotStatic
	}
	drop := map[int]bool{}
	for _, a := range list {
		at, err := axisOf(a, len(x.shape))
		if err != nil || x.shape[at] != 1 {
			return made{}, errShape
		}
		drop[at] = true
	}
	return x.without(func(i int) bool { return drop[i] || len(list) == 0 && x.shape[i] == 1 }), nil
}

func (x made) without(drop func(i int) bool) made {
	out := made{shape: []int64{}}
	for i, d := range x.shape {
		if drop(i) {
			continue
		}
		out.shape = append(out.shape, d)
		if x.axes != nil {
			out.axes = append(out.axes, x.axes[i])
		}
	}
	return out
}

func (c *tracer) unsqueeze(n *Node, in []made) (made, error) {
	x := in[0]
	list, ok := c.ints(n, "axes", 1)
	if !ok {
		return made{}, errNotStatic
	}
	rank := len(x.shape) + len(list)
	fresh := map[int]bool{}
	for _, a := range list {
		at, err := axisOf(a, rank)
		if err != nil {
			return made{}, err
		}
		fresh[at] = true
	}
	if len(fresh) != len(list) {
		return made{}, errShape
	}
	out := made{shape: make([]int64, rank), axes: make([]axis, rank)}
	k := 0
	for i := range rank {
		if fresh[i] {
			out.shape[i] = 1
			continue
		}
		out.shape[i] = x.shape[k]
		if x.axes != nil {
			out.axes[i] = x.axes[k]
		}
		k++
	}
	if x.axes == nil && len(x.shape) > 0 {
		out.axes = nil
	}
	return out, nil
}

func (c *tracer) reduce(n *Node, x made) (made, error) {
	list, ok := c.ints(n, "axes", 1)
	if !ok {
		return made{}, errNotStatic
	}
	if len(list) == 0 && n.Int("noop_with_empty_axes", 0) == 1 {
		return x, nil
	}
	gone := map[int]bool{}
	for _, a := range list {
		at, err := axisOf(a, len(x.shape))
		if err != nil {
			return made{}, err
		}
		gone[at] = true
	}
	all := len(list) == 0
	if n.Int("keepdims", 1) == 0 {
		return x.without(func(i int) bool { return all || gone[i] }), nil
	}
	out := slices.Clone(x.shape)
	for i := range out {
		if all || gone[i] {
			out[i] = 1
		}
	}
	return resized(x, out), nil
}

// split parts an axis; every part keeps where it comes from.
func (c *tracer) split(n *Node, x made) ([]made, error) {
	at, err := axisOf(n.Int("axis", 0), len(x.shape))
	if err != nil {
		return nil, err
	}
	parts, ok := c.ints(n, "split", 1)
	if !ok {
		return nil, errNotStatic
	}
	if parts == nil {
		count := int64(len(n.Outputs))
		each := (x.shape[at] + count - 1) / count
		for left := x.shape[at]; left > 0; left -= each {
			parts = append(parts, min(each, left))
		}
	}
	var list []made
	var sum int64
	for _, size := range parts {
		shape := slices.Clone(x.shape)
		shape[at] = size
		sum += size
		list = append(list, resized(x, shape))
	}
	if sum != x.shape[at] || len(list) != len(n.Outputs) {
		return nil, errShape
	}
	return list, nil
}

func (c *tracer) gather(n *Node, in []made) (made, error) {
	if len(in) != 2 {
		return made{}, errShape
	}
	x, index := in[0], in[1]
	at, err := axisOf(n.Int("axis", 0), len(x.shape))
	if err != nil {
		return made{}, err
	}
	out := made{shape: slices.Concat(x.shape[:at], index.shape, x.shape[at+1:])}
	if x.axes != nil && (index.axes != nil || len(index.shape) == 0) {
		picked := slices.Clone(index.axes)
		if len(picked) == 1 && picked[0].from() == 0 {
			picked[0] = newAxis(index.shape[0], x.axes[at].from())
		}
		out.axes = slices.Concat(x.axes[:at], picked, x.axes[at+1:])
	}
	return out, nil
}

func (c *tracer) pad(n *Node, in []made) (made, error) {
	x := in[0]
	pads, ok := c.ints(n, "pads", 1)
	if axes, given := c.ints(n, "", 3); !ok || !given || axes != nil || len(pads) != 2*len(x.shape) {
		return made{}, errNotStatic
	}
	out := slices.Clone(x.shape)
	for i := range out {
		out[i] += pads[i] + pads[len(out)+i]
		if out[i] < 0 {
			return made{}, errShape
		}
	}
	return resized(x, out), nil
}

// resize reads the last input, which holds sizes or factors.
func (c *tracer) resize(n *Node, in []made) (made, error) {
	x := in[0]
	out, _ := c.ints(n, "", 3)
	if len(out) == 0 {
		last := n.Inputs[len(n.Inputs)-1]
		t := c.consts[last]
		if t == nil || t.Type != Float32 {
			return made{}, errNotStatic
		}
		scales, err := t.Floats()
		if err != nil || len(scales) != len(x.shape) {
			return made{}, errShape
		}
		out = slices.Clone(x.shape)
		for i, s := range scales {
			if s <= 0 || s > 1<<10 {
				return made{}, errShape
			}
			out[i] = int64(float64(out[i]) * float64(s))
		}
	}
	if len(out) != len(x.shape) {
		return made{}, errShape
	}
	return resized(x, out), nil
}

func (c *tracer) expand(n *Node, in []made) (made, error) {
	shape, ok := c.ints(n, "", 1)
	if !ok {
		return made{}, errNotStatic
	}
	return broadcast([]made{in[0], {shape: shape, axes: constantAxes(shape)}})
}

// scattered is an array of which some places are written anew: masks of windows are made
// so. Where what is written is of the picture, its axes lie in any order.
func scattered(_ *Node, in []made) (made, error) {
	if len(in) != 3 {
		return made{}, errShape
	}
	out := in[0]
	for _, a := range slices.Concat(in[1].axes, in[2].axes) {
		if a.from() != 0 {
			out.axes = nil
		}
	}
	if in[1].axes == nil && len(in[1].shape) > 0 || in[2].axes == nil && len(in[2].shape) > 0 {
		out.axes = nil
	}
	return out, nil
}

// integers are the shapes of what only computes shapes.
func (c *tracer) integers(n *Node, in []made) (made, error) {
	switch n.Op {
	case "Shape":
		count := int64(len(c.values[n.Outputs[0]]))
		return made{shape: []int64{count}, axes: constantAxes([]int64{count})}, nil
	case "ConstantOfShape":
		shape, ok := c.ints(n, "", 0)
		if !ok {
			return made{}, errNotStatic
		}
		return made{shape: shape, axes: constantAxes(shape)}, nil
	}
	list, ok := c.values[n.Outputs[0]]
	if !ok {
		return made{}, errNotStatic
	}
	shape := []int64{int64(len(list))}
	return made{shape: shape, axes: constantAxes(shape)}, nil
}
