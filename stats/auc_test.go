package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// byDefinition counts the pairs one by one.
func byDefinition(positive, negative []float64) float64 {
	sum := 0.0
	for _, p := range positive {
		for _, n := range negative {
			switch {
			case p > n:
				sum++
			case p == n:
				sum += 0.5
			}
		}
	}
	return sum / float64(len(positive)*len(negative))
}

func TestAUCSortsLargeInputs(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	positive := make([]float64, radixMinimum)
	negative := make([]float64, radixMinimum)
	for i := range positive {
		positive[i] = math.Round(rng.NormFloat64()*1000) / 1000
		negative[i] = math.Round(rng.NormFloat64()*1000)/1000 - 0.2
	}
	negative[0], positive[0] = math.Copysign(0, -1), 0
	if got, want := AUC(positive, negative), byDefinition(positive, negative); math.Abs(got-want) > 1e-12 {
		t.Errorf("AUC = %v, want %v", got, want)
	}
}

func BenchmarkAUC10Million(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	positive := make([]float64, 5_000_000)
	negative := make([]float64, 5_000_000)
	for i := range positive {
		positive[i], negative[i] = rng.NormFloat64(), rng.NormFloat64()
	}
	for b.Loop() {
		AUC(positive, negative)
	}
}
