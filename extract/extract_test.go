package extract

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/imaging"
)

// mean is a real, tiny embedder: the mean of each colour plane.
type mean struct {
	recipe imaging.Recipe
	calls  atomic.Int32
	hook   func(call int) error // before each Embed
}

func (m *mean) Recipe() imaging.Recipe { return m.recipe }
func (m *mean) Batch() int             { return 3 }
func (m *mean) Close() error           { return nil }

func (m *mean) Embed(ctx context.Context, tensor []float32, n int) ([][]float32, error) {
	if m.hook != nil {
		if err := m.hook(int(m.calls.Add(1))); err != nil {
			return nil, err
		}
	}
	plane := len(tensor) / n / 3
	vectors := make([][]float32, n)
	for i := range vectors {
		for c := range 3 {
			var sum float32
			for _, v := range tensor[(3*i+c)*plane : (3*i+c+1)*plane] {
				sum += v
			}
			vectors[i] = append(vectors[i], sum/float32(plane))
		}
	}
	return vectors, ctx.Err()
}

func newMean() *mean {
	return &mean{recipe: imaging.Recipe{Resize: "pillow-bilinear", Square: 4}}
}

func newJob(name string, m *mean) Job {
	return Job{
		Name:  name,
		Space: feature.Space{Model: name, Recipe: m.recipe.Digest(), Node: "mean"},
		Open:  func() (Embedder, error) { return m, nil },
	}
}

// grey returns n one-coloured pictures; reads counts how often each is read.
func grey(t *testing.T, n int, reads *atomic.Int32) []Picture {
	t.Helper()
	pictures := make([]Picture, n)
	for i := range pictures {
		m := image.NewNRGBA(image.Rect(0, 0, 5, 7))
		for p := range 35 {
			m.Set(p%5, p/5, color.NRGBA{uint8(i), uint8(2 * i), 255, 255})
		}
		var file bytes.Buffer
		if err := png.Encode(&file, m); err != nil {
			t.Fatal(err)
		}
		pictures[i] = Picture{
			Name: fmt.Sprint(i), Hash: sha256.Sum256(file.Bytes()),
			Read: func() ([]byte, error) { reads.Add(1); return file.Bytes(), nil },
		}
	}
	return pictures
}

func TestRunEmbedsEachPictureOnce(t *testing.T) {
	var reads atomic.Int32
	pictures := grey(t, 50, &reads)
	twice := append(pictures, pictures[:20]...) // the same content under other names
	store := feature.NewStore(t.TempDir())
	jobs := []Job{newJob("a", newMean()), newJob("b", newMean())}
	var last Progress
	tables, err := Run(context.Background(), store, twice, jobs, Options{Workers: 3, Progress: func(p Progress) { last = p }})
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range pictures {
		for _, table := range tables {
			v := table.Vector(p.Hash)
			if len(v) != 3 || v[0] != float32(i) || v[1] != float32(2*i) || v[2] != 255 {
				t.Fatalf("picture %d has the vector %v", i, v)
			}
		}
	}
	if reads.Load() != 50 {
		t.Errorf("pictures were read %d times for two models, want 50", reads.Load())
	}
	if last != (Progress{100, 100}) {
		t.Errorf("progress ended at %+v, want 100 of 100", last)
	}
	if _, err := Run(context.Background(), store, twice, jobs, Options{}); err != nil {
		t.Fatal(err)
	}
	if reads.Load() != 50 {
		t.Error("a second run read pictures again")
	}
}

// storeBytes returns every feature file of a store.
func storeBytes(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".features" {
			return err
		}
		data, err := os.ReadFile(path)
		fmt.Fprintf(&all, "%s %x\n", d.Name(), data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// TestInterruptedRunGoesOn cancels at each batch in turn; whatever was stored
// then, going on gives the bytes of an uninterrupted run.
func TestInterruptedRunGoesOn(t *testing.T) {
	var reads atomic.Int32
	pictures := grey(t, 60, &reads)
	whole := t.TempDir()
	if _, err := Run(context.Background(), feature.NewStore(whole), pictures, []Job{newJob("a", newMean())}, Options{}); err != nil {
		t.Fatal(err)
	}
	want := storeBytes(t, whole)
	for stop := 1; stop < 22; stop += 4 {
		dir := t.TempDir()
		ctx, cancel := context.WithCancel(context.Background())
		m := newMean()
		m.hook = func(call int) error {
			if call == stop {
				cancel()
			}
			return nil
		}
		_, err := Run(ctx, feature.NewStore(dir), pictures, []Job{newJob("a", m)}, Options{Workers: 3})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("stopped at batch %d: error %v", stop, err)
		}
		if _, err := Run(context.Background(), feature.NewStore(dir), pictures, []Job{newJob("a", newMean())}, Options{Workers: 2}); err != nil {
			t.Fatal(err)
		}
		if storeBytes(t, dir) != want {
			t.Errorf("stopped at batch %d and gone on: the store differs from an uninterrupted one", stop)
		}
	}
}

func TestRunNamesEveryUndecodablePicture(t *testing.T) {
	var reads atomic.Int32
	pictures := grey(t, 30, &reads)
	for _, i := range []int{3, 17} {
		pictures[i].Read = func() ([]byte, error) { return []byte("no picture"), nil }
	}
	store := feature.NewStore(t.TempDir())
	job := newJob("a", newMean())
	_, err := Run(context.Background(), store, pictures, []Job{job}, Options{})
	var bad *PictureError
	if !errors.As(err, &bad) || !strings.Contains(err.Error(), "picture 3:") || !strings.Contains(err.Error(), "picture 17:") {
		t.Fatalf("error %v, want both pictures named", err)
	}
	table, err := store.Read(job.Space)
	if err != nil || table.Len() != 28 {
		t.Errorf("%d vectors were kept (error %v), want those of the 28 sound pictures", table.Len(), err)
	}
}

func TestRunStopsWhereAModelFails(t *testing.T) {
	var reads atomic.Int32
	m := newMean()
	failure := errors.New("out of memory")
	m.hook = func(call int) error {
		if call == 4 {
			return failure
		}
		return nil
	}
	_, err := Run(context.Background(), feature.NewStore(t.TempDir()), grey(t, 100, &reads), []Job{newJob("a", m)}, Options{})
	if !errors.Is(err, failure) {
		t.Errorf("error %v, want the model's", err)
	}
}
