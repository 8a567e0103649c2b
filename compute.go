package akin

import (
	"cmp"
	"context"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/stimuli"
)

// Compute says how features are computed. Its zero value is the measured
// default, on the CPU in float32. Batch, Threads, Workers and Memory do not
// change a feature.
type Compute struct {
	Workers  int            // cores to use; 0: all
	Batch    int            // pictures of one inference; 0: measured, see model.Tuner
	Threads  int            // cores of one inference; 0: measured
	Memory   int64          // bytes for models open at once; 0: DefaultMemory
	Provider model.Provider // where networks run; zero: the CPU
	Progress func(extract.Progress)

	// Speedup, which may be nil, is told how many times faster than in float32 a
	// network ran on 8 bits.
	Speedup func(model string, times float64)
}

// DefaultMemory bounds the models that are open at once; more of them wait for
// another pass over the pictures.
const DefaultMemory = 4 << 30

// computer is what a Compute says, ready to work.
type computer struct {
	Compute
	runtime *model.Runtime // nil where only baselines run
	tuner   model.Tuner
	store   *feature.Store
	int8    *eightBits // nil: float32
}

// computer loads what the models need. Close it.
func (h Home) computer(c Compute, models []*model.Model) (*computer, error) {
	rt, err := h.loadEngine(models)
	if err != nil {
		return nil, err
	}
	k := &computer{Compute: c, runtime: rt, store: h.Features()}
	k.Workers, k.Memory = cmp.Or(c.Workers, runtime.NumCPU()), cmp.Or(c.Memory, DefaultMemory)
	k.tuner = model.Tuner{Dir: filepath.Join(h.Cache, "tuning"), Batch: c.Batch, Threads: c.Threads, Cores: k.Workers}
	if rt != nil {
		rt.Provider = c.Provider
	}
	return k, nil
}

func (c *computer) close() error {
	if c.runtime == nil {
		return nil
	}
	return c.runtime.Close()
}

func (c *computer) options() extract.Options {
	return extract.Options{Workers: c.Workers, Memory: c.Memory, Chunk: c.Batch, Progress: c.Progress}
}

// job asks a model for one of its outputs. taps are the inner nodes that are
// asked of it in this run, see model.Taps.
func (c *computer) job(m *model.Model, output model.Output, taps ...string) extract.Job {
	job := extract.Job{
		Name: m.Name,
		Space: feature.Space{
			Model: m.Hash, Recipe: m.Recipe.Digest(), Node: output.Node, Pooling: output.Pooling,
			Decoder: imaging.Decoder, Engine: m.Engine(c.runtime), Taps: strings.Join(taps, ","),
		},
		Open:   c.open(m, taps),
		Memory: m.Memory(cmp.Or(c.Batch, model.DefaultBatch) * c.Workers),
	}
	if c.int8 != nil && !m.IsBaseline() {
		job.Space.Precision = c.int8.key
		job.Open = func(ctx context.Context, outputs []feature.Output, pictures int) (extract.Embedder, error) {
			small, err := c.int8.model(ctx, m, c.runtime, c.tuner)
			if err != nil {
				return nil, err
			}
			return c.open(small, nil)(ctx, outputs, pictures)
		}
	}
	return job
}

// open is extract.Job's way to open a model.
func (c *computer) open(m *model.Model, taps []string) func(context.Context, []feature.Output, int) (extract.Embedder, error) {
	return func(ctx context.Context, outputs []feature.Output, pictures int) (extract.Embedder, error) {
		o := model.SessionOptions{Taps: taps}
		for _, output := range outputs {
			o.Outputs = append(o.Outputs, model.Output(output))
		}
		return c.tuner.Open(ctx, m, c.runtime, o, pictures)
	}
}

// choices are what the features of a space say of triplets; dim is their length.
func (c *computer) choices(similarity match.Measure, triplets []stimuli.Triplet, space feature.Space) (choices []match.Choice, dim int, err error) {
	features, err := c.store.View(space)
	if err != nil {
		return nil, 0, err
	}
	defer features.Close()
	choices, err = similarity.Triplets(triplets, features)
	return choices, features.Dim(), err
}
