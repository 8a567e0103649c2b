package npy

import (
	"bytes"
	"math"
	"testing"
)

func TestWhatIsWrittenReadsBack(t *testing.T) {
	var whole, floats bytes.Buffer
	err1 := Write(&whole, 3, 2, func(row int, values []int32) { values[0], values[1] = int32(row), int32(-10*row) })
	err2 := Write(&floats, 2, 1, func(row int, values []float64) { values[0] = []float64{math.Pi, math.Inf(1)}[row] })
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	a, err := Parse(whole.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if got := a.At()(2, 1); got != -20 || a.Shape[0] != 3 || a.Shape[1] != 2 || a.Len() != 6 {
		t.Errorf("%v of shape %v, want -20 of 3 x 2", got, a.Shape)
	}
	if a, err = Parse(floats.Bytes()); err != nil || a.Numbers()(0) != math.Pi || !math.IsInf(a.Numbers()(1), 1) {
		t.Errorf("floats read back otherwise, %v", err)
	}
	if _, err := Parse(whole.Bytes()[:whole.Len()-1]); err == nil {
		t.Error("a cut array is read")
	}
}
