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
		if err1 != nil || err2 != nil || !slices.Equal(down, []int64{c.floor, c.floor}) || !slices.Equal(up, []int64{c.ceil, c.ceil}) {
			t.Errorf("%+v: %v and %v, errors %v and %v", c, down, up, err1, err2)
		}
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
