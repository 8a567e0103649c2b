package quantise

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
	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/model"
)

// Int8 is the precision of networks rewritten for 8-bit integers.
const Int8 = "int8"

// rangePictures is the number of pictures on which the ranges of activations are
// measured.
const rangePictures = 32

// Calibrator makes and keeps 8-bit networks. Their scales rest on a sample of a
// run's own pictures, which is therefore part of their key.
type Calibrator struct {
	dir    string
	sample []extract.Picture
	key    string
}

// NewCalibrator keeps networks in dir. It takes the pictures of least hash: a
// choice that is random as to what they show, and the same in every run.
func NewCalibrator(dir string, pictures []extract.Picture) *Calibrator {
	sample := slices.SortedFunc(slices.Values(pictures), func(a, b extract.Picture) int { return bytes.Compare(a.Hash[:], b.Hash[:]) })
	sample = slices.CompactFunc(sample, func(a, b extract.Picture) bool { return a.Hash == b.Hash })
	sample = sample[:min(rangePictures, len(sample))]
	h := sha256.New()
	for _, p := range sample {
		h.Write(p.Hash[:])
	}
	return &Calibrator{dir, sample, Int8 + " " + Version + " " + hex.EncodeToString(h.Sum(nil)[:16])}
}

// Precision is what a feature of these networks carries in its key.
func (c *Calibrator) Precision() string { return c.key }

// made is what is kept beside a rewritten network.
type made struct {
	Graph   string   `json:"graph"`   // SHA-256, so that a damaged file is made anew
	Float32 float64  `json:"float32"` // pictures a second when it was rewritten
	Int8    float64  `json:"int8"`
	Share   *float64 `json:"share"` // of the multiply-accumulates on 8 bits
}

// file is where the rewritten form of a network is kept; what is kept of it stands beside.
func (c *Calibrator) file(m *model.Model, rt *model.Runtime) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %s %s %s", m.Hash, m.Recipe.Digest(), rt.Engine(), imaging.Decoder, c.key))
	return filepath.Join(c.dir, hex.EncodeToString(sum[:16])+".onnx")
}

// Model returns the 8-bit form of m, made now if it is not kept.
func (c *Calibrator) Model(ctx context.Context, m *model.Model, rt *model.Runtime, tuner model.Tuner) (*model.Model, error) {
	file := c.file(m, rt)
	graph, err := regular.ReadFile(file)
	if err == nil && readMade(file).Graph == digestOf(graph) {
		return c.small(m, graph), nil
	}
	graph, share, err := c.rewrite(ctx, m, rt)
	if err != nil {
		return nil, fmt.Errorf("model %s on 8 bits: %w", m.Name, err)
	}
	kept := made{Graph: digestOf(graph), Share: share}
	if kept.Float32, err = tuner.Rate(ctx, m, rt); err != nil {
		return nil, err
	}
	small := c.small(m, graph)
	if kept.Int8, err = tuner.Rate(ctx, small, rt); err != nil {
		return nil, err
	}
	data, err := json.Marshal(kept)
	return small, errors.Join(err, os.MkdirAll(c.dir, 0o777), atomicfile.Write(file, graph), atomicfile.Write(madeFile(file), data))
}

// small is the 8-bit form of m.
func (c *Calibrator) small(m *model.Model, graph []byte) *model.Model {
	s := model.FromBytes(m.Card, m.Hash+"-"+c.key, func() ([]byte, error) { return graph, nil })
	s.WideSums = true
	return s
}

func madeFile(file string) string { return file + ".json" }

// readMade gives what is kept beside a network, nothing where it cannot be read.
func readMade(file string) (m made) {
	if data, err := regular.ReadFile(madeFile(file)); err != nil || json.Unmarshal(data, &m) != nil {
		return made{}
	}
	return m
}

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// rewrite measures the ranges of the activations and quantises the graph; share is
// the part of the arithmetic that is then on 8 bits, nil where it is not known.
func (c *Calibrator) rewrite(ctx context.Context, m *model.Model, rt *model.Runtime) (data []byte, share *float64, err error) {
	if data, err = m.Graph(); err != nil {
		return nil, nil, err
	}
	height, width := m.Recipe.Size()
	graph, err := New(data, height, width)
	if err != nil {
		return nil, nil, err
	}
	values, err := c.observe(ctx, m, rt, graph)
	if err != nil {
		return nil, nil, err
	}
	ranges, err := graph.Ranges(values)
	if err != nil {
		return nil, nil, err
	}
	if s, known := graph.Share(); known {
		share = &s
	}
	data, err = graph.Rewrite(ranges)
	return data, share, err
}

// observe gives what the observer's outputs are for the sample, by output and picture.
func (c *Calibrator) observe(ctx context.Context, m *model.Model, rt *model.Runtime, graph *Graph) ([][][]float32, error) {
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
	for _, p := range c.sample {
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
	return values, nil
}

func prepare(p extract.Picture, recipe imaging.Recipe, tensor []float32) error {
	data, err := p.ReadHashed()
	if err != nil {
		return &extract.PictureError{Name: p.Name, Err: err}
	}
	img, err := imaging.Decode(data, 0)
	if err != nil {
		return &extract.PictureError{Name: p.Name, Err: err}
	}
	return recipe.Apply(img, tensor)
}

// Share is the part of a network's multiply-accumulates on 8 bits, from 0 to 1; nil
// where it is not known.
func (c *Calibrator) Share(m *model.Model, rt *model.Runtime) *float64 {
	return readMade(c.file(m, rt)).Share
}

// Speedup is how many times faster than in float32 a network ran on 8 bits when
// it was rewritten; 0 where that is not known.
func (c *Calibrator) Speedup(m *model.Model, rt *model.Runtime) float64 {
	kept := readMade(c.file(m, rt))
	return kept.Int8 / cmp.Or(kept.Float32, 1)
}
