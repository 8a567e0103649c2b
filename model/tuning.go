package model

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/internal/regular"
	"golang.org/x/sync/errgroup"
)

// Tuner opens networks with the batch and the threads that a short measurement
// found fastest on this machine. Only settings that give the default's features
// bit for bit are considered, so that no result depends on a measured time.
type Tuner struct {
	Dir     string // where measurements are kept
	Batch   int    // 0: measured
	Threads int    // 0: measured
	Cores   int    // that all concurrent Runs together may use

	Warn func(string) // told of kept measurements that are not used; may be nil
}

// mostBatch is the largest batch that a measurement tries.
const mostBatch = 8

// tuneFrom is the number of pictures from which a measurement, of a few
// seconds, is worth its time.
const tuneFrom = 1000

// worthwhile is the gain in speed below which the default stays.
const worthwhile = 1.05

// Tuning is what a Tuner keeps.
type Tuning struct {
	Network string             `json:"network"` // what was measured, and where
	Batch   int                `json:"batch"`
	Threads int                `json:"threads"`
	Rates   map[string]float64 `json:"pictures_per_second"` // by "batch x threads"
}

// Open opens m as m.Open does.
func (t Tuner) Open(ctx context.Context, m *Model, rt *Runtime, o SessionOptions) (Embedder, error) {
	o.Batch, o.Threads = t.Batch, t.Threads
	if m.baseline != nil || t.Batch > 0 || t.Threads > 0 || rt.Provider.Name != "" {
		return m.Open(rt, o)
	}
	network := t.describe(m, rt, o)
	sum := sha256.Sum256([]byte(network))
	file := filepath.Join(t.Dir, hex.EncodeToString(sum[:16])+".json")
	if kept, ok := t.kept(file, network); ok {
		o.Batch, o.Threads = kept.Batch, kept.Threads
		return m.Open(rt, o)
	}
	if o.Pictures < tuneFrom {
		return m.Open(rt, o)
	}
	measured, err := t.measure(ctx, m, rt, o)
	if err != nil {
		return nil, err
	}
	measured.Network = network
	if err := atomicfile.WriteJSON(file, measured); err != nil {
		return nil, fmt.Errorf("keep the measured speed of model %s: %w", m.Name, err)
	}
	o.Batch, o.Threads = measured.Batch, measured.Threads
	return m.Open(rt, o)
}

// kept is what was measured of a network, if it was. Values that no measurement
// gives come from elsewhere, and are not used.
func (t Tuner) kept(file, network string) (Tuning, bool) {
	var kept Tuning
	data, err := regular.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return kept, false
	}
	why := ""
	if err == nil {
		err = json.Unmarshal(data, &kept)
	}
	switch {
	case err != nil:
		why = err.Error()
	case kept.Network != network:
		why = "it is of another network or machine"
	case kept.Batch < 1 || kept.Batch > mostBatch:
		why = fmt.Sprintf("a batch of %d pictures, want 1 to %d", kept.Batch, mostBatch)
	case kept.Threads < 1 || kept.Threads > max(t.Cores, 1):
		why = fmt.Sprintf("%d threads, want 1 to %d", kept.Threads, max(t.Cores, 1))
	default:
		return kept, true
	}
	if t.Warn != nil {
		t.Warn(fmt.Sprintf("the measured speed in %s is not used: %s", file, why))
	}
	return Tuning{}, false
}

// describe names everything that speed depends on.
func (t Tuner) describe(m *Model, rt *Runtime, o SessionOptions) string {
	height, width := m.Recipe.Size()
	return fmt.Sprintf("graph %s, taps %s, %d x %d, %s, %s/%s, %s, %d cores",
		m.Hash, strings.Join(o.Taps, " "), height, width, rt.Engine(), runtime.GOOS, runtime.GOARCH, processor(), t.Cores)
}

// processor is the processor's name where the system tells it.
func processor() string {
	data, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(data)) {
		if name, found := strings.CutPrefix(line, "model name"); found {
			return strings.Trim(name, " \t:\n")
		}
	}
	return "unknown processor"
}

// trial measures one network.
type trial struct {
	model   *Model
	runtime *Runtime
	options SessionOptions
	cores   int
	sample  []float32     // tuneSample pictures of noise
	want    [][][]float32 // their features with the default settings
}

const tuneSample = 8

func newTrial(m *Model, rt *Runtime, o SessionOptions, cores int) *trial {
	if len(o.Outputs) == 0 {
		o.Outputs = []Output{{Node: m.Node()}}
	}
	height, width := m.Recipe.Size()
	r := &trial{model: m, runtime: rt, options: o, cores: cores, sample: make([]float32, tuneSample*3*height*width)}
	random := rand.New(rand.NewPCG(0, 0))
	for i := range r.sample {
		r.sample[i] = random.Float32()
	}
	return r
}

// measure first varies the threads, then the batch.
func (t Tuner) measure(ctx context.Context, m *Model, rt *Runtime, o SessionOptions) (Tuning, error) {
	r := newTrial(m, rt, o, t.Cores)
	best := Tuning{Batch: DefaultBatch, Threads: 1, Rates: map[string]float64{}}
	fastest := 0.0
	consider := func(batch, threads int) error {
		rate, err := r.rate(ctx, batch, threads)
		if err != nil || rate == 0 {
			return err
		}
		best.Rates[fmt.Sprintf("%d x %d", batch, threads)] = rate
		if rate > worthwhile*fastest {
			best.Batch, best.Threads, fastest = batch, threads, rate
		}
		return nil
	}
	for threads := 1; ; threads = min(2*threads, t.Cores) {
		if err := consider(DefaultBatch, threads); err != nil {
			return best, err
		}
		if threads >= t.Cores {
			break
		}
	}
	for _, batch := range []int{1, 2, mostBatch} {
		if err := consider(batch, best.Threads); err != nil {
			return best, err
		}
	}
	return best, nil
}

// rate is the best of three in pictures a second, on all cores; 0 where the
// features differ from the default's in any bit.
func (r *trial) rate(ctx context.Context, batch, threads int) (float64, error) {
	r.options.Batch, r.options.Threads, r.options.untried = batch, threads, true
	e, err := r.model.Open(r.runtime, r.options)
	if err != nil {
		return 0, err
	}
	defer e.Close()
	got, err := r.run(ctx, e)
	if err != nil {
		return 0, err
	}
	if r.want == nil {
		r.want = got
	}
	if !slices.EqualFunc(got, r.want, func(a, b [][]float32) bool { return slices.EqualFunc(a, b, slices.Equal) }) {
		return 0, nil
	}
	runs := max(1, r.cores/threads)
	best := time.Duration(1<<63 - 1)
	for range 3 {
		start := time.Now()
		var g errgroup.Group
		for range runs {
			g.Go(func() error { _, err := r.run(ctx, e); return err })
		}
		if err := g.Wait(); err != nil {
			return 0, err
		}
		best = min(best, time.Since(start))
	}
	return float64(runs*tuneSample) / best.Seconds(), nil
}

// Rate measures how many pictures a second a network embeds on all cores.
func (t Tuner) Rate(ctx context.Context, m *Model, rt *Runtime) (float64, error) {
	r := newTrial(m, rt, SessionOptions{}, t.Cores)
	return r.rate(ctx, cmp.Or(t.Batch, DefaultBatch), cmp.Or(t.Threads, 1))
}

// run embeds the sample once.
func (r *trial) run(ctx context.Context, e Embedder) ([][][]float32, error) {
	outputs := make([][][]float32, len(r.options.Outputs))
	size := len(r.sample) / tuneSample
	for first := 0; first < tuneSample; first += e.Batch() {
		n := min(e.Batch(), tuneSample-first)
		got, err := e.Run(ctx, r.sample[first*size:(first+n)*size], n)
		if err != nil {
			return nil, err
		}
		for i := range got {
			outputs[i] = append(outputs[i], got[i]...)
		}
	}
	return outputs, nil
}

// Memory is an estimate of what the open network takes, in bytes, with so many
// pictures under way: weights twice, as they stand and as the engine packs them,
// and per pixel what ResNet-50 was measured to take.
func (m *Model) Memory(pictures int) int64 {
	if m.baseline != nil {
		return 0
	}
	weights := 4 * cmp.Or(m.Parameters, 25_000_000)
	if m.size > 0 {
		weights = m.size
	}
	const perPixel = 480
	height, width := m.Recipe.Size()
	return 2*weights + int64(pictures)*int64(height*width)*perPixel
}
