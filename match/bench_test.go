package match

import (
	"math/rand/v2"
	"testing"
)

// BenchmarkPairs is the choice of 5 million triplets among 20,000 pictures of
// 2,048 features.
func BenchmarkPairs(b *testing.B) {
	const pictures, dim, triplets = 20_000, 2_048, 5_000_000
	random := rand.New(rand.NewPCG(1, 0))
	rows := make([][]float32, pictures)
	for i := range rows {
		rows[i] = make([]float32, dim)
		for k := range rows[i] {
			rows[i][k] = random.Float32()
		}
	}
	pairs := make([][2]int32, 0, 2*triplets)
	for range triplets {
		target := random.Int32N(pictures)
		pairs = append(pairs, [2]int32{target, random.Int32N(pictures)}, [2]int32{target, random.Int32N(pictures)})
	}
	for _, m := range []Measure{Cosine, Euclidean} {
		b.Run(string(m), func(b *testing.B) {
			for b.Loop() {
				m.Pairs(rows, pairs)
			}
		})
	}
}
