package model

import (
	"slices"
	"testing"
)

func TestPool(t *testing.T) {
	six := []float32{1, 2, 3, 4, 5, 9}
	for _, c := range []struct {
		name, pooling string
		shape         []int64
		want          []float32 // nil: refused
	}{
		{"mean of a map", PoolAvg, []int64{2, 1, 3}, []float32{2, 6}},
		{"largest of a map", PoolMax, []int64{2, 3, 1}, []float32{3, 9}},
		{"mean of tokens", PoolAvg, []int64{3, 2}, []float32{3, 5}},
		{"largest of tokens", PoolMax, []int64{3, 2}, []float32{5, 9}},
		{"first token", PoolCLS, []int64{3, 2}, []float32{1, 2}},
		{"everything", PoolFlatten, []int64{2, 1, 3}, six},
		{"a declared output", "", []int64{6, 1, 1}, six},
		{"a vector", PoolAvg, []int64{6}, six},
		{"first token of a map", PoolCLS, []int64{2, 1, 3}, nil},
		{"first token of a vector", PoolCLS, []int64{6}, nil},
		{"a rank without meaning", PoolAvg, []int64{1, 2, 1, 3}, nil},
	} {
		got, err := pool(c.pooling, six, append([]int64{1}, c.shape...))
		if !slices.Equal(got, c.want) || (err == nil) != (c.want != nil) {
			t.Errorf("%s: %v, error %v; want %v", c.name, got, err, c.want)
		}
	}
}

// pool makes the vector of the first picture.
func pool(pooling string, values []float32, shape []int64) ([]float32, error) {
	p, err := ParsePooling(pooling)
	if err != nil {
		return nil, err
	}
	q, err := p.newPooler(shape)
	if err != nil {
		return nil, err
	}
	return q.vector(values, 0), nil
}
