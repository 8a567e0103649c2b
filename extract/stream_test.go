package extract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/stimuli"
)

// unhashed returns the pictures as they are before anyone has read them.
func unhashed(pictures []Picture) []Picture {
	list := slices.Clone(pictures)
	for i := range list {
		list[i].Hash = stimuli.Hash{}
	}
	return list
}

// TestStreamLeavesTheBytesOfFill: the same store, the same vectors in order,
// also after an interruption, of several jobs and pictures shown twice.
func TestStreamLeavesTheBytesOfFill(t *testing.T) {
	var reads atomic.Int32
	pictures := grey(t, 50, &reads)
	pictures = append(pictures, pictures[:7]...)
	whole := t.TempDir()
	filled := feature.NewStore(whole)
	both := []Job{newJob("a", newMean()), newJob("b", newMean())}
	if err := Fill(context.Background(), filled, pictures, both, Options{}); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	stop := newMean()
	ctx, cancel := context.WithCancel(context.Background())
	stop.hook = func(call int) error {
		if call == 9 {
			cancel()
		}
		return nil
	}
	for _, attempt := range []struct {
		ctx  context.Context
		mean *mean
	}{{ctx, stop}, {context.Background(), newMean()}, {context.Background(), nil}} {
		job := newJob("a", newMean())
		if attempt.mean != nil {
			job = newJob("a", attempt.mean)
		} else {
			job.Open = func(context.Context, model.SessionOptions) (model.Embedder, error) {
				return nil, errors.New("opened for nothing")
			}
		}
		jobs := []Job{job, newJob("b", newMean())}
		var got []int
		err := Stream(attempt.ctx, feature.NewStore(dir), unhashed(pictures), jobs, Options{Workers: 3}, func(i int, vectors [][]float32) error {
			got = append(got, i)
			for k, v := range vectors {
				if !slices.Equal(v, vectorOf(t, filled, both[k], pictures[i])) {
					t.Errorf("job %d, picture %d: %v", k, i, v)
				}
			}
			return nil
		})
		if attempt.mean == stop {
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("interrupted: error %v", err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(pictures) || !slices.IsSorted(got) {
			t.Errorf("handed on: %v", got)
		}
		if storeBytes(t, dir) != storeBytes(t, whole) {
			t.Error("the store differs from that of Run")
		}
	}
}

// TestReplacedPictureIsRefused: bytes that are not those of the hash leave nothing
// in the store, whether or not they are a picture.
func TestReplacedPictureIsRefused(t *testing.T) {
	var reads atomic.Int32
	pictures := grey(t, 20, &reads)
	other, err := pictures[4].Read()
	if err != nil {
		t.Fatal(err)
	}
	pictures[9].Read = func() ([]byte, error) { return other, nil }
	pictures[11].Read = func() ([]byte, error) { return []byte("text"), nil }
	store, job := feature.NewStore(t.TempDir()), newJob("a", newMean())
	err = Fill(context.Background(), store, pictures, []Job{job}, Options{})
	if !errors.Is(err, ErrReplaced) || !strings.Contains(err.Error(), "picture 9:") || !strings.Contains(err.Error(), "picture 11:") {
		t.Fatalf("error %v, want both replaced pictures named", err)
	}
	view, err := store.View(job.Space)
	if err != nil {
		t.Fatal(err)
	}
	defer view.Close()
	if view.Len() != 18 || view.Has(pictures[9].Hash) || view.Has(pictures[11].Hash) {
		t.Errorf("%d vectors are kept, want those of the 18 that are what they were", view.Len())
	}
}

func TestStreamNamesEveryUndecodablePicture(t *testing.T) {
	var reads atomic.Int32
	sources := unhashed(grey(t, 30, &reads))
	sources[3].Read = func() ([]byte, error) { return []byte("no picture"), nil }
	sources[17].Read = func() ([]byte, error) { return nil, os.ErrNotExist }
	seen := 0
	err := Stream(context.Background(), feature.NewStore(t.TempDir()), sources, []Job{newJob("a", newMean())}, Options{}, func(int, [][]float32) error {
		seen++
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "picture 3:") || !strings.Contains(err.Error(), "picture 17:") || seen != 28 {
		t.Errorf("%d pictures handed on, error %v", seen, err)
	}
	failure := errors.New("disk full")
	err = Stream(context.Background(), feature.NewStore(t.TempDir()), sources, []Job{newJob("a", newMean())}, Options{}, func(int, [][]float32) error { return failure })
	if !errors.Is(err, failure) {
		t.Errorf("error %v, want that of each", err)
	}
}

// wide is a fake network of a thousand outputs.
type wide struct{ recipe imaging.Recipe }

func (w wide) Recipe() imaging.Recipe { return w.recipe }
func (w wide) Batch() int             { return 4 }
func (w wide) Threads() int           { return 1 }
func (w wide) Close() error           { return nil }
func (w wide) Run(_ context.Context, tensor []float32, n int) ([][][]float32, error) {
	vectors := make([][]float32, n)
	for i := range vectors {
		vectors[i] = make([]float32, 1000)
		vectors[i][int(tensor[i*len(tensor)/n])] = 1
	}
	return [][][]float32{vectors}, nil
}

// BenchmarkStreamMemory streams 50,000 tiny pictures through a fake network of
// 1,000 outputs, whose vectors are 200 MB together, and reports the largest
// live heap.
func BenchmarkStreamMemory(b *testing.B) {
	for _, n := range []int{5_000, 50_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				sources := make([]Picture, n)
				for i := range sources {
					sources[i] = Picture{Name: fmt.Sprint(i), Read: func() ([]byte, error) { return tiny(i), nil }}
				}
				w := wide{imaging.Recipe{Resize: "pillow-bilinear", Square: 4}}
				job := Job{Name: "wide", Space: feature.Space{Model: "wide"}, Open: func(context.Context, model.SessionOptions) (model.Embedder, error) { return w, nil }}
				peak, seen := uint64(0), 0
				var m runtime.MemStats
				err := Stream(context.Background(), feature.NewStore(b.TempDir()), sources, []Job{job}, Options{}, func(i int, _ [][]float32) error {
					if seen++; i%(n/10) == 0 {
						runtime.GC()
						runtime.ReadMemStats(&m)
						peak = max(peak, m.HeapAlloc)
					}
					return nil
				})
				if err != nil || seen != n {
					b.Fatal(seen, err)
				}
				b.ReportMetric(float64(peak)/1e6, "live-MB")
			}
		})
	}
}

// tiny is a picture of its own for each number.
func tiny(i int) []byte {
	m := image.NewNRGBA(image.Rect(0, 0, 2, 2))
	copy(m.Pix, []byte{uint8(i), uint8(i >> 8), uint8(i >> 16), 255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255})
	var file bytes.Buffer
	if err := png.Encode(&file, m); err != nil {
		panic(err)
	}
	return file.Bytes()
}
