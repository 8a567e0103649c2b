package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// weightedSpearman ranks by counting weights, one unit against all.
func weightedSpearman(x, y, w []float64) float64 {
	rank := func(v []float64, i int) float64 {
		sum := 0.0
		for k := range v {
			sum += w[k] * (indicator(v[k] < v[i]) + indicator(v[k] == v[i])/2)
		}
		return sum
	}
	var a, b []float64
	mx, my, all := 0.0, 0.0, 0.0
	for i := range x {
		a, b = append(a, rank(x, i)), append(b, rank(y, i))
		mx, my, all = mx+w[i]*a[i], my+w[i]*b[i], all+w[i]
	}
	var xx, yy, xy float64
	for i := range a {
		dx, dy := a[i]-mx/all, b[i]-my/all
		xx, yy, xy = xx+w[i]*dx*dx, yy+w[i]*dy*dy, xy+w[i]*dx*dy
	}
	return xy / math.Sqrt(xx*yy)
}

// The influence is the derivative in a unit's weight, whatever the ties.
func TestSpearmanInfluenceIsTheDerivative(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	for _, steps := range []float64{3, 1000} {
		n := 30
		x, y, w := make([]float64, n), make([]float64, n), make([]float64, n)
		for i := range x {
			x[i] = math.Round(steps * rng.NormFloat64())
			y[i] = math.Round(x[i] + steps*rng.NormFloat64())
			w[i] = 1
		}
		s := newSpearman(x, y)
		near(t, "rho", s.rho, weightedSpearman(x, y, w))
		for i := range x {
			const h = 1e-5
			w[i] = 1 + h
			up := weightedSpearman(x, y, w)
			w[i] = 1 - h
			down := weightedSpearman(x, y, w)
			w[i] = 1
			if want := float64(n) * (up - down) / (2 * h); math.Abs(s.influence[i]-want) > 1e-6 {
				t.Errorf("steps %v, unit %d: influence %v, derivative %v", steps, i, s.influence[i], want)
			}
		}
	}
}
