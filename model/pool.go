package model

import (
	"fmt"
	"slices"
)

// Poolings turn the tensor of a layer into a vector; the empty one takes every
// value, as Flatten does.
const (
	PoolAvg     = "avg"     // mean over positions: C, H, W to C; T, C (tokens) to C
	PoolMax     = "max"     // largest over positions
	PoolFlatten = "flatten" // every value, in the tensor's order
	PoolCLS     = "cls"     // the first token: T, C to C
)

// Poolings lists them all.
func Poolings() []string { return []string{PoolAvg, PoolMax, PoolFlatten, PoolCLS} }

// Output is a node of a graph and how its tensor becomes a vector.
type Output struct {
	Node    string
	Pooling string // one of the Poolings, or empty
}

// pool makes a vector of one picture's values; shape is theirs, without the
// batch. A vector stays as it is under every pooling but cls.
func pool(pooling string, values []float32, shape []int64) ([]float32, error) {
	spatial := len(shape) == 3 // C, H, W
	tokens := len(shape) == 2  // T, C
	switch {
	case pooling == "" || pooling == PoolFlatten, len(shape) == 1 && pooling != PoolCLS:
		return slices.Clone(values), nil
	case pooling == PoolCLS && tokens:
		return slices.Clone(values[:shape[1]]), nil
	case pooling == PoolCLS:
		return nil, fmt.Errorf("shape %v holds no tokens, of which %s takes the first; use %s, %s or %s", shape, PoolCLS, PoolAvg, PoolMax, PoolFlatten)
	case !spatial && !tokens:
		return nil, fmt.Errorf("shape %v is neither a map nor tokens; only the pooling %s takes it", shape, PoolFlatten)
	}
	// Positions of a channel stand step apart, channels next apart.
	var channels, positions, step, next int
	if spatial {
		positions = int(shape[1] * shape[2])
		channels, step, next = int(shape[0]), 1, positions
	} else {
		channels, positions = int(shape[1]), int(shape[0])
		step, next = channels, 1
	}
	vector := make([]float32, channels)
	for c := range vector {
		at := values[c*next:]
		if pooling == PoolMax {
			vector[c] = largest(at, positions, step)
		} else {
			vector[c] = mean(at, positions, step)
		}
	}
	return vector, nil
}

func mean(values []float32, n, step int) float32 {
	var sum float64
	for i := range n {
		sum += float64(values[i*step])
	}
	return float32(sum / float64(n))
}

func largest(values []float32, n, step int) float32 {
	most := values[0]
	for i := range n {
		most = max(most, values[i*step])
	}
	return most
}
