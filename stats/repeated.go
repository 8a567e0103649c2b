package stats

import "sync"

// Repeated is the design made ready to be judged many times, as in simulations:
// what follows from its pictures and labels alone is computed once. Neither may
// change from then on.
func (d Design) Repeated() Design {
	d.known = &known{of: map[any]any{}}
	return d
}

// known is what was computed of a design.
type known struct {
	mutex sync.Mutex
	of    map[any]any
}

// remembered is build's result, computed once for each key where k is not nil.
func remembered[T any](k *known, key any, build func() T) T {
	if k == nil {
		return build()
	}
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if value, done := k.of[key]; done {
		return value.(T)
	}
	value := build()
	k.of[key] = value
	return value
}

// Keys of what is remembered.
type (
	wholeKey struct{ level float64 }
	cellKey  struct {
		at    place
		level float64
	}
	contrastKey struct {
		axis             string
		reference, other int
		level            float64
	}
)
