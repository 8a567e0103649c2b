package convert

import (
	"slices"
	"testing"
)

// TestWindowSizes compares with torch.nn.functional.max_pool2d of PyTorch 1.13.
func TestWindowSizes(t *testing.T) {
	for _, c := range []struct {
		size, kernel, stride, pad int64
		floor, ceil               int64
	}{
		{113, 2, 2, 1, 57, 57}, // a 58th window would start in the padding
		{112, 3, 2, 1, 56, 57},
		{112, 3, 2, 0, 55, 56},
		{7, 7, 1, 0, 1, 1},
		{5, 2, 2, 1, 3, 3},
		{6, 3, 3, 1, 2, 3},
		{10, 3, 4, 1, 3, 3},
	} {
		x := edge{shape: []int64{1, c.size, c.size}}
		w := square(c.kernel, c.stride, c.pad)
		down, err1 := w.over(x)
		w.ceil = true
		up, err2 := w.over(x)
		if said, err := w.rounded(x, up); err != nil || said.ceil != (c.ceil > c.floor) {
			t.Errorf("%+v: rounded up %v, error %v", c, said.ceil, err)
		}
		if err1 != nil || err2 != nil || !slices.Equal(down, []int64{c.floor, c.floor}) || !slices.Equal(up, []int64{c.ceil, c.ceil}) {
			t.Errorf("%+v: %v and %v, errors %v and %v", c, down, up, err1, err2)
		}
	}
}

// TestWindowDroppedOnOneSide has 3 windows along the height, where a fourth would
// start in the padding, and 4 along the width.
func TestWindowDroppedOnOneSide(t *testing.T) {
	x, w := edge{shape: []int64{1, 5, 6}}, window{kernel: [2]int64{2, 3}, stride: [2]int64{2, 2}, pad: [2]int64{1, 1}, ceil: true}
	size, err := w.over(x)
	if err != nil || !slices.Equal(size, []int64{3, 4}) {
		t.Fatalf("%v, error %v", size, err)
	}
	if _, err := w.rounded(x, size); err == nil {
		t.Error("no error for what ONNX cannot say")
	}
}

// TestJoinsOfJoinsAreBounded doubles the channels until they no longer fit.
func TestJoinsOfJoinsAreBounded(t *testing.T) {
	net, x := newNetwork()
	for range 80 {
		x = net.concat("double", []edge{x, x})
	}
	if net.err == nil {
		t.Errorf("no error at %d channels", x.channels())
	}
}
