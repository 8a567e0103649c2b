package akin

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/quantise"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stimuli"
)

// Int8 is the precision of networks rewritten for 8-bit integers.
const Int8 = "int8"

// Sizes of what an 8-bit network is made and judged by.
const (
	rangePictures     = 32  // on which the ranges of activations are measured
	agreementTriplets = 300 // whose choices are compared with float32's
)

// eightBits makes and keeps 8-bit networks. Their scales rest on a sample of a
// run's own pictures, which is therefore part of their key.
type eightBits struct {
	dir    string // of the cache
	sample []extract.Picture
	key    string // feature.Space.Precision
}

// newEightBits takes the pictures of least hash: a choice that is random as to
// what they show, and the same in every run.
func newEightBits(cache string, pictures []extract.Picture) *eightBits {
	sample := slices.SortedFunc(slices.Values(pictures), func(a, b extract.Picture) int { return bytes.Compare(a.Hash[:], b.Hash[:]) })
	sample = slices.CompactFunc(sample, func(a, b extract.Picture) bool { return a.Hash == b.Hash })
	sample = sample[:min(rangePictures, len(sample))]
	h := sha256.New()
	for _, p := range sample {
		h.Write(p.Hash[:])
	}
	return &eightBits{filepath.Join(cache, Int8), sample, Int8 + " " + quantise.Version + " " + hex.EncodeToString(h.Sum(nil)[:16])}
}

// made is what is kept beside a rewritten network.
type made struct {
	Graph   string  `json:"graph"`   // SHA-256, so that a damaged file is made anew
	Float32 float64 `json:"float32"` // pictures a second when it was rewritten
	Int8    float64 `json:"int8"`
}

// file is where the rewritten form of a network is kept; what is kept of it stands beside.
func (b *eightBits) file(m *model.Model, rt *model.Runtime) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %s %s %s", m.Hash, m.Recipe.Digest(), rt.Engine(), imaging.Decoder, b.key))
	return filepath.Join(b.dir, hex.EncodeToString(sum[:16])+".onnx")
}

// model returns the 8-bit form of m, made now if it is not kept.
func (b *eightBits) model(ctx context.Context, m *model.Model, rt *model.Runtime, tuner model.Tuner) (*model.Model, error) {
	file := b.file(m, rt)
	graph, err := os.ReadFile(file)
	small := model.FromBytes(m.Card, m.Hash+"-"+b.key, func() ([]byte, error) { return graph, nil })
	small.WideSums = true
	if err == nil && readMade(file).Graph == digestOf(graph) {
		return small, nil
	}
	if graph, err = b.rewrite(ctx, m, rt); err != nil {
		return nil, fmt.Errorf("model %s on 8 bits: %w", m.Name, err)
	}
	kept := made{Graph: digestOf(graph)}
	if kept.Float32, err = tuner.Rate(ctx, m, rt); err != nil {
		return nil, err
	}
	if kept.Int8, err = tuner.Rate(ctx, small, rt); err != nil {
		return nil, err
	}
	data, err := json.Marshal(kept)
	return small, errors.Join(err, os.MkdirAll(b.dir, 0o777), writeWhole(file, graph), writeWhole(madeFile(file), data))
}

func madeFile(file string) string { return file + ".json" }

// readMade gives what is kept beside a network, nothing where it cannot be read.
func readMade(file string) (m made) {
	if data, err := os.ReadFile(madeFile(file)); err != nil || json.Unmarshal(data, &m) != nil {
		return made{}
	}
	return m
}

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// rewrite measures the ranges of the activations and quantises the graph.
func (b *eightBits) rewrite(ctx context.Context, m *model.Model, rt *model.Runtime) ([]byte, error) {
	data, err := m.Graph()
	if err != nil {
		return nil, err
	}
	graph, err := quantise.New(data)
	if err != nil {
		return nil, err
	}
	observer, names, err := graph.Observer()
	if err != nil {
		return nil, err
	}
	var o model.SessionOptions
	o.Batch = 1
	for _, name := range names {
		o.Outputs = append(o.Outputs, model.Output{Node: name})
	}
	e, err := model.FromBytes(m.Card, "", func() ([]byte, error) { return observer, nil }).Open(rt, o)
	if err != nil {
		return nil, err
	}
	defer e.Close()
	values := make([][][]float32, len(names)) // by output and picture
	height, width := m.Recipe.Size()
	tensor := make([]float32, 3*height*width)
	for _, p := range b.sample {
		if err := prepare(p, m.Recipe, tensor); err != nil {
			return nil, err
		}
		outputs, err := e.Run(ctx, tensor, 1)
		if err != nil {
			return nil, err
		}
		for i, o := range outputs {
			values[i] = append(values[i], o[0])
		}
	}
	ranges, err := graph.Ranges(values)
	if err != nil {
		return nil, err
	}
	return graph.Rewrite(ranges)
}

func prepare(p extract.Picture, recipe imaging.Recipe, tensor []float32) error {
	data, err := p.Read()
	if err != nil {
		return &extract.PictureError{Name: p.Name, Err: err}
	}
	img, err := imaging.Decode(data, 0)
	if err != nil {
		return &extract.PictureError{Name: p.Name, Err: err}
	}
	return recipe.Apply(img, tensor)
}

// writeWhole writes through a temporary file of this process's own.
func writeWhole(file string, data []byte) error {
	tmp := fmt.Sprintf("%s.%d.tmp", file, os.Getpid())
	if err := os.WriteFile(tmp, data, 0o666); err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	return os.Rename(tmp, file)
}

// agree compares the choices of 8-bit networks with float32's, on triplets
// spread evenly over the set, and notes agreement and speed.
func (c *computer) agree(ctx context.Context, set *stimuli.Set, pictures []extract.Picture, rows []row, run *Run) error {
	step := max(1, (len(set.Triplets)+agreementTriplets-1)/agreementTriplets)
	shown := map[stimuli.Hash]bool{}
	var triplets []stimuli.Triplet
	for i := 0; i < len(set.Triplets); i += step {
		t := set.Triplets[i]
		triplets = append(triplets, t)
		shown[t.Target.Hash], shown[t.Related.Hash], shown[t.Unrelated.Hash] = true, true, true
	}
	pictures = slices.DeleteFunc(slices.Clone(pictures), func(p extract.Picture) bool { return !shown[p.Hash] })
	var jobs []extract.Job
	for _, r := range rows {
		job := c.job(r.model, r.output)
		job.Space.Precision = ""
		job.Open = c.open(r.model, nil)
		jobs = append(jobs, job)
	}
	if err := extract.Fill(ctx, c.store, pictures, jobs, c.options()); err != nil {
		return err
	}
	for i, r := range rows {
		if r.model.IsBaseline() {
			continue
		}
		if c.Speedup != nil {
			c.Speedup(r.model.Name, c.speedup(r.model))
		}
		m := &run.Models[i]
		want, _, err := c.choices(run.Settings.Similarity, triplets, jobs[i].Space)
		if err != nil {
			return err
		}
		m.Agreement = agreement(want, m.Choices, step)
		if share := m.Agreement.Share(); share < record.EnoughAgreement {
			run.Warnings = append(run.Warnings, fmt.Sprintf("%s chooses as float32 does in %.1f %% of %d triplets only: int8 is too coarse for it",
				m.Name, 100*share, m.Agreement.Triplets))
		}
	}
	return nil
}

// agreement counts the choices of every step-th triplet that are float32's.
func agreement(float32s, choices []match.Choice, step int) *record.Agreement {
	a := &record.Agreement{Triplets: len(float32s)}
	for k, choice := range float32s {
		if choice.Outcome() == choices[k*step].Outcome() {
			a.Same++
		}
	}
	return a
}

// speedup is how many times faster than in float32 a network ran on 8 bits when
// it was rewritten; 0 where that is not known.
func (c *computer) speedup(m *model.Model) float64 {
	kept := readMade(c.int8.file(m, c.runtime))
	return kept.Int8 / cmp.Or(kept.Float32, 1)
}
