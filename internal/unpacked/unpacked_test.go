package unpacked

import (
	"errors"
	"math"
	"testing"
)

// TestBudget: 10,000 x 2,048 features in float32 that were packed to a ninth less fit, a
// gigabyte of zeros in one megabyte does not, nor do many parts that fit alone.
func TestBudget(t *testing.T) {
	const features = 10_000 * 2_048 * 4
	if err := Of(features * 9 / 10).Take(features); err != nil {
		t.Errorf("features: %v", err)
	}
	if err := Of(400 << 20).Take(7 << 30); err != nil {
		t.Errorf("a large file of numbers that pack well: %v", err)
	}
	var much *TooMuchError
	for _, n := range []int64{1 << 30, math.MaxInt64, -1} {
		if err := Of(1 << 20).Take(n); !errors.As(err, &much) {
			t.Errorf("%d bytes of a file of one megabyte: error %v", n, err)
		}
	}
	b := Of(1 << 20)
	if err := b.Take(300 << 20); err != nil || b.Left() != 212<<20 {
		t.Errorf("the first part: error %v, %d bytes left", err, b.Left())
	}
	if err := b.Take(300 << 20); !errors.As(err, &much) {
		t.Errorf("the second part: error %v", err)
	}
}
