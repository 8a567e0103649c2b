package onnx

import (
	"math/bits"
	"slices"
	"strings"
)

// An origin is a set of the picture's axes from which an axis of an edge comes.
type origin uint8

const (
	fromBatch origin = 1 << iota
	fromChannels
	fromHeight
	fromWidth
)

// A factor is a part of an axis whose size is the product of its parts: where a
// reshape joins two axes, the joint one has the factors of both, so that another
// can part them again.
type factor struct {
	size int64
	from origin // 0: from constants alone
	lead int64  // of size, how many places at its start come from constants, as class tokens do
}

// An axis is the factors of a size, the outermost first; a size of 1 has none.
type axis []factor

func newAxis(size int64, from origin) axis {
	if size == 1 {
		return nil
	}
	return axis{{size: size, from: from}}
}

func (a axis) from() (from origin) {
	for _, f := range a {
		from |= f.from
	}
	return from
}

func (a axis) lead() int64 {
	if len(a) != 1 {
		return 0
	}
	return a[0].lead
}

// pictureAxes are those of an input N, C, H, W or, where three channels stand
// last, N, H, W, C.
func pictureAxes(shape []int64) []axis {
	order := []origin{fromBatch, fromChannels, fromHeight, fromWidth}
	if len(shape) != len(order) {
		return nil
	}
	if channelsLast(shape) {
		order = []origin{fromBatch, fromHeight, fromWidth, fromChannels}
	}
	axes := make([]axis, len(shape))
	for i, size := range shape {
		axes[i] = newAxis(size, order[i])
	}
	return axes
}

func channelsLast(shape []int64) bool { return len(shape) == 4 && shape[1] != 3 && shape[3] == 3 }

func constantAxes(shape []int64) []axis {
	axes := make([]axis, len(shape))
	for i, size := range shape {
		axes[i] = newAxis(size, 0)
	}
	return axes
}

// over is the one axis of two that broadcast.
func over(a, b axis, size int64) axis {
	switch {
	case len(a) == 0 || a.from() == 0 && len(b) > 0:
		return b
	case len(b) == 0 || b.from() == 0 || slices.Equal(a, b):
		return a
	}
	return axis{{size, a.from() | b.from(), min(a.lead(), b.lead())}}
}

// regroup parts and joins the factors of axes as a reshape to the sizes does. Where
// they do not fit, each size comes from everything.
func regroup(axes []axis, sizes []int64) []axis {
	flat := slices.Concat(axes...)
	all := axis(flat).from()
	out := make([]axis, len(sizes))
	for i, need := range sizes {
		for need > 1 && len(flat) > 0 {
			f := flat[0]
			switch {
			case f.size > 0 && need%f.size == 0:
				out[i], flat, need = append(out[i], f), flat[1:], need/f.size
				continue
			case f.size%need == 0:
				out[i] = append(out[i], factor{size: need, from: f.from})
				flat = append(axis{{size: f.size / need, from: f.from}}, flat[1:]...)
				need = 1
				continue
			}
			flat = nil
		}
		if need > 1 {
			for k, size := range sizes {
				out[k] = newAxis(size, all)
			}
			return out
		}
	}
	return out
}

// Letters of a layout.
const (
	letterBatch    = 'N'
	letterChannels = 'C'
	letterUnknown  = '?'
)

// layout names the axes, a letter each: N the picture's place in the batch, C
// channels, H, W and T places in the picture, ? what comes from several of these or
// from none. A size of 1 takes what makes the layout one of the usual.
func layout(axes []axis, shape []int64) string {
	text := make([]byte, len(axes))
	for i, a := range axes {
		switch from := a.from(); {
		case shape[i] == 1:
			text[i] = '1'
		case from == fromBatch:
			text[i] = letterBatch
		case from == fromChannels:
			text[i] = letterChannels
		case from == fromHeight:
			text[i] = 'H'
		case from == fromWidth:
			text[i] = 'W'
		case from == fromHeight|fromWidth:
			text[i] = 'T'
		default:
			text[i] = letterUnknown
		}
	}
	return usual(string(text))
}

// usual gives the axes of size 1 the letters of a usual layout that has the others.
func usual(text string) string {
	for _, want := range []string{"N", "NC", "NTC", "NCHW", "NHWC", "NCT", "TNC"} {
		if len(want) == len(text) && strings.IndexFunc(text, func(r rune) bool { return r == letterUnknown }) < 0 && agrees(text, want) {
			return want
		}
	}
	if text != "" && text[0] == '1' && !strings.ContainsRune(text, letterBatch) {
		text = "N" + text[1:]
	}
	return strings.ReplaceAll(text, "1", "T") // one place, which a mean leaves as it is
}

func agrees(text, want string) bool {
	for i := range len(text) {
		if text[i] != '1' && text[i] != want[i] {
			return false
		}
	}
	return true
}

// known reports whether every axis is of one origin, the batch's among them once.
func known(layout string) bool {
	return layout != "" && !strings.ContainsRune(layout, letterUnknown) && strings.Count(layout, "N") == 1
}

// single reports whether an origin is one axis of the picture.
func (s origin) single() bool { return bits.OnesCount8(uint8(s)) == 1 }
