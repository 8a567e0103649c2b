package extract

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/model"
)

// TestShardGivesTheVectorsOfFill: cut anywhere, run with any number of workers, in
// order; a picture that cannot be decoded is told in its place.
func TestShardGivesTheVectorsOfFill(t *testing.T) {
	pictures := grey(t, 50, new(atomic.Int32))
	store := feature.NewStore(t.TempDir())
	job := newJob("a", newMean())
	if err := Fill(t.Context(), store, pictures, []Job{job}, Options{}); err != nil {
		t.Fatal(err)
	}
	bad := Picture{Name: "bad", Read: func() ([]byte, error) { return []byte("no picture"), nil }}
	broken := slices.Insert(slices.Clone(pictures), 20, bad)
	for _, cut := range [][2]int{{0, 51}, {0, 20}, {20, 21}, {19, 40}, {50, 51}} {
		m := newMean()
		m.outputs = []model.Output{{Node: "mean"}, {Node: "sum"}}
		next := cut[0]
		err := Shard(t.Context(), "a", m, broken[cut[0]:cut[1]], Options{Workers: 3, Cores: NewCores(2)}, func(i int, vectors [][]float32, err error) error {
			if i += cut[0]; i != next {
				t.Fatalf("picture %d came where %d was due", i, next)
			}
			next++
			if i == 20 {
				if of := (*PictureError)(nil); !errors.As(err, &of) || of.Name != "bad" || vectors != nil {
					t.Errorf("the bad picture gives %v, %v", vectors, err)
				}
				return nil
			}
			if want := vectorOf(t, store, job, broken[i]); err != nil || !slices.Equal(vectors[0], want) || len(vectors[1]) != 1 {
				t.Errorf("picture %d: %v, %v; want %v and its sum", i, vectors, err, want)
			}
			return nil
		})
		if err != nil || next != cut[1] {
			t.Errorf("pictures %v: %d came, error %v", cut, next-cut[0], err)
		}
		if m.closed.Load() != 0 {
			t.Error("Shard closed an embedder that it did not open")
		}
	}
}

// TestShardStops at an error of the network, of its caller, or of the context.
func TestShardStops(t *testing.T) {
	pictures := grey(t, 50, new(atomic.Int32))
	fault := errors.New("fault")
	m := newMean()
	m.hook = func(call int) error {
		if call == 3 {
			return fault
		}
		return nil
	}
	nothing := func(int, [][]float32, error) error { return nil }
	if err := Shard(t.Context(), "a", m, pictures, Options{}, nothing); !errors.Is(err, fault) {
		t.Errorf("the network's error gives %v", err)
	}
	if err := Shard(t.Context(), "a", newMean(), pictures, Options{}, func(int, [][]float32, error) error { return fault }); !errors.Is(err, fault) {
		t.Errorf("the caller's error gives %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Shard(ctx, "a", newMean(), pictures, Options{}, nothing); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled context gives %v", err)
	}
}
