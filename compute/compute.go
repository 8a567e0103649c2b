// Package compute runs models over pictures on this machine: it brings together
// the engine, measured batches, 8-bit networks and the feature store.
package compute

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"

	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/quantise"
	"github.com/akin-vision/akin/stimuli"
)

// Options say how features are computed. Their zero value is the measured
// default, on the CPU in float32. Batch, Threads, Workers and Memory do not
// change a feature.
type Options struct {
	Workers  int            // cores to use; 0: all
	Batch    int            // pictures of one inference; 0: measured, see model.Tuner
	Threads  int            // cores of one inference; 0: measured
	Memory   int64          // bytes for models open at once; 0: DefaultMemory
	Provider model.Provider // where networks run; zero: the CPU
	Progress func(extract.Progress)
	Decoded  func(stimuli.Hash, *imaging.Image) // see extract.Options

	// Elsewhere computes networks on other machines; nil: they run on this one.
	Elsewhere Elsewhere
}

// Elsewhere fills a store with features that other machines compute.
type Elsewhere interface {
	// Fill leaves nothing lacking but of baselines, or returns an error. moved gives the
	// spaces of features that do not have the bits that this machine would have computed,
	// by the spaces that were asked for.
	Fill(ctx context.Context, store *feature.Store, pictures []extract.Picture, jobs []extract.Job) (moved map[feature.Space]feature.Space, err error)
}

// DefaultMemory bounds the models that are open at once; more of them wait for
// another pass over the pictures.
const DefaultMemory = 4 << 30

// Machine is what a computation finds and keeps on this machine.
type Machine struct {
	Features *feature.Store
	Tuning   string                        // folder of measured batches and threads
	Int8     string                        // folder of networks rewritten for 8 bits
	Library  func() (model.Library, error) // finds ONNX Runtime; called only where a network runs
	Warn     func(string)                  // told of doubts while features are computed; may be nil
}

// Computer is a machine whose engine is loaded.
type Computer struct {
	Options
	runtime *model.Runtime // nil where only baselines run
	tuner   model.Tuner
	store   *feature.Store
	dir     string                          // of 8-bit networks
	int8    *quantise.Calibrator            // nil: float32
	moved   map[feature.Space]feature.Space // see Elsewhere
}

// Open loads what the models need. Close the computer.
func (m Machine) Open(o Options, models ...*model.Model) (*Computer, error) {
	const most = 1024 // cores, or pictures of one inference
	if max(o.Batch, o.Threads, o.Workers) > most || min(o.Batch, o.Threads, o.Workers) < 0 {
		return nil, fmt.Errorf("%d workers, batches of %d pictures on %d threads: each must be from 1 to %d, or 0 for the default", o.Workers, o.Batch, o.Threads, most)
	}
	rt, err := m.loadEngine(models)
	if err != nil {
		return nil, err
	}
	if rt != nil {
		rt.Provider = o.Provider
	}
	o.Workers, o.Memory = cmp.Or(o.Workers, runtime.NumCPU()), cmp.Or(o.Memory, DefaultMemory)
	return &Computer{
		Options: o, runtime: rt, store: m.Features, dir: m.Int8,
		tuner: model.Tuner{Dir: m.Tuning, Batch: o.Batch, Threads: o.Threads, Cores: o.Workers, Warn: m.Warn},
	}, nil
}

// loadEngine loads ONNX Runtime, or nothing where only baselines run.
func (m Machine) loadEngine(models []*model.Model) (*model.Runtime, error) {
	for _, network := range models {
		if network.IsBaseline() {
			continue
		}
		library, err := m.Library()
		if err != nil {
			return nil, err
		}
		return model.LoadRuntime(library)
	}
	return nil, nil
}

// Close unloads the engine.
func (c *Computer) Close() error {
	if c.runtime == nil {
		return nil
	}
	return c.runtime.Close()
}

// Engine names what computes networks here; empty where only baselines run.
func (c *Computer) Engine() string {
	if c.runtime == nil {
		return ""
	}
	return c.runtime.Engine()
}

// EightBits lets networks run on 8-bit integers from now on, with scales
// measured on some of the pictures.
func (c *Computer) EightBits(pictures []extract.Picture) {
	c.int8 = quantise.NewCalibrator(c.dir, pictures)
}

// Integers is the share of a network's multiply-accumulates on 8 bits, nil where it is
// not known.
func (c *Computer) Integers(m *model.Model) *float64 { return c.int8.Share(m, c.runtime) }

// Speedup is how many times faster than in float32 a network ran on 8 bits when
// it was rewritten; 0 where that is not known.
func (c *Computer) Speedup(m *model.Model) float64 { return c.int8.Speedup(m, c.runtime) }

// Fill computes what the store lacks of the jobs, see extract.Fill.
func (c *Computer) Fill(ctx context.Context, pictures []extract.Picture, jobs []extract.Job) error {
	jobs, err := c.elsewhere(ctx, pictures, jobs)
	if err != nil {
		return err
	}
	return extract.Fill(ctx, c.store, pictures, jobs, c.options())
}

// Stream gives the vectors of each picture to each, see extract.Stream.
func (c *Computer) Stream(ctx context.Context, pictures []extract.Picture, jobs []extract.Job, each func(picture int, vectors [][]float32) error) error {
	jobs, err := c.elsewhere(ctx, pictures, jobs)
	if err != nil {
		return err
	}
	return extract.Stream(ctx, c.store, pictures, jobs, c.options(), each)
}

// elsewhere lets other machines compute what they can, and returns the jobs with the
// spaces in which their features are.
func (c *Computer) elsewhere(ctx context.Context, pictures []extract.Picture, jobs []extract.Job) ([]extract.Job, error) {
	if c.Elsewhere == nil {
		return jobs, nil
	}
	moved, err := c.Elsewhere.Fill(ctx, c.store, pictures, jobs)
	if err != nil {
		return nil, err
	}
	if c.moved == nil {
		c.moved = map[feature.Space]feature.Space{}
	}
	maps.Copy(c.moved, moved)
	jobs = slices.Clone(jobs)
	for i := range jobs {
		jobs[i].Space = c.Where(jobs[i].Space)
	}
	return jobs, nil
}

// Where is the space in which the features of one that was asked for are.
func (c *Computer) Where(space feature.Space) feature.Space { return cmp.Or(c.moved[space], space) }

func (c *Computer) options() extract.Options {
	return extract.Options{Workers: c.Workers, Memory: c.Memory, Chunk: c.Batch, Progress: c.Progress, Decoded: c.Decoded}
}

// Job asks a model for one of its outputs. taps are the inner nodes that are
// asked of it in this run, see model.Layers.
func (c *Computer) Job(m *model.Model, output model.Output, taps ...string) extract.Job {
	job := c.Float32Job(m, output, taps...)
	if c.int8 != nil && !m.IsBaseline() {
		job.Space.Precision = c.int8.Precision()
		job.Open = func(ctx context.Context, o model.SessionOptions) (model.Embedder, error) {
			small, err := c.int8.Model(ctx, m, c.runtime, c.tuner)
			if err != nil {
				return nil, err
			}
			return c.open(small, nil)(ctx, o)
		}
	}
	return job
}

// Float32Job is a Job that is never computed on 8 bits.
func (c *Computer) Float32Job(m *model.Model, output model.Output, taps ...string) extract.Job {
	return extract.Job{
		Name: m.Name,
		Space: feature.Space{
			Model: m.Hash, Recipe: m.Recipe.Digest(), Node: output.Node, Pooling: output.Pooling,
			Decoder: imaging.Decoder, Engine: m.Engine(c.runtime), Taps: strings.Join(taps, ","),
		},
		Model:  m,
		Open:   c.open(m, taps),
		Memory: m.Memory(cmp.Or(c.Batch, model.DefaultBatch) * c.Workers),
	}
}

// open is extract.Job's way to open a model.
func (c *Computer) open(m *model.Model, taps []string) func(context.Context, model.SessionOptions) (model.Embedder, error) {
	return func(ctx context.Context, o model.SessionOptions) (model.Embedder, error) {
		o.Taps = taps
		return c.tuner.Open(ctx, m, c.runtime, o)
	}
}

// Embedder opens a model in float32 with some of its outputs, to run it without the
// store. Close it.
func (c *Computer) Embedder(ctx context.Context, m *model.Model, outputs ...model.Output) (model.Embedder, error) {
	return c.open(m, nil)(ctx, model.SessionOptions{Outputs: outputs})
}

// Rate measures how many pictures a second a network embeds here, on all cores.
func (c *Computer) Rate(ctx context.Context, m *model.Model) (float64, error) {
	return c.tuner.Rate(ctx, m, c.runtime)
}

// View opens what the store holds of a space. Close it.
func (c *Computer) View(space feature.Space) (*feature.View, error) {
	return c.store.View(c.Where(space))
}

// Choices are what the features of a space say of triplets; dim is their length.
func (c *Computer) Choices(similarity match.Measure, triplets []stimuli.Triplet, space feature.Space) (choices []match.Choice, dim int, err error) {
	features, err := c.View(space)
	if err != nil {
		return nil, 0, err
	}
	defer features.Close()
	choices, err = similarity.Triplets(triplets, features)
	return choices, features.Dim(), err
}

// Similarities are those that the features of a space give to pairs of a set, by
// number; dim is the features' length.
func (c *Computer) Similarities(similarity match.Measure, set *stimuli.Set, pairs [][2]int32, space feature.Space) (values []float64, dim int, err error) {
	features, err := c.View(space)
	if err != nil {
		return nil, 0, err
	}
	defer features.Close()
	values, err = similarity.Among(set, pairs, features)
	return values, features.Dim(), err
}
