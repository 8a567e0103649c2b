package stats

import (
	"math"
	"testing"
)

// TestFisherOfSciPy compares with scipy.stats.fisher_exact([[a, b], [c, d]]).
func TestFisherOfSciPy(t *testing.T) {
	cases := []struct {
		a, b, c, d int
		want       float64
	}{
		{3, 1, 1, 3, 0.48571428571428565}, // the lady tasting tea
		{8, 2, 1, 5, 0.034965034965034975},
		{36, 72, 36, 72, 1},
		{20, 5, 9, 30, 9.5689063293316316e-06},
		{0, 4, 6, 0, 0.0047619047619047623},
		{150, 90, 70, 110, 1.9800304056772229e-06},
		{0, 0, 3, 4, 1},
	}
	for _, c := range cases {
		if got := Fisher(c.a, c.b, c.c, c.d); math.Abs(got-c.want) > 1e-9*c.want {
			t.Errorf("Fisher(%d, %d, %d, %d) = %v, want %v", c.a, c.b, c.c, c.d, got, c.want)
		}
	}
}
