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
	Graph   string  `json:"graph"`   // SHA-256, so that a damaged file is made anew
	Float32 float64 `json:"float32"` // pictures a second when it was rewritten
	Int8    float64 `json:"int8"`
}

// file is where the rewritten form of a network is kept; what is kept of it stands beside.
func (c *Calibrator) file(m *model.Model, rt *model.Runtime) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %s %s %s", m.Hash, m.Recipe.Digest(), rt.Engine(), imaging.Decoder, c.key))
	return filepath.Join(c.dir, hex.EncodeToString(sum[:16])+".onnx")
}

// Model returns the 8-bit form of m, made now if it is not kept.
func (c *Calibrator) Model(ctx context.Context, m *model.Model, rt *model.Runtime, tuner model.Tuner) (*model.Model, error) {
	file := c.file(m, rt)
	graph, err := os.ReadFile(file)
	small := model.FromBytes(m.Card, m.Hash+"-"+c.key, func() ([]byte, error) { return graph, nil })
	small.WideSums = true
	if err == nil && readMade(file).Graph == digestOf(graph) {
		return small, nil
	}
	if graph, err = c.rewrite(ctx, m, rt); err != nil {
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
	return small, errors.Join(err, os.MkdirAll(c.dir, 0o777), atomicfile.Write(file, graph), atomicfile.Write(madeFile(file), data))
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
func (c *Calibrator) rewrite(ctx context.Context, m *model.Model, rt *model.Runtime) ([]byte, error) {
	data, err := m.Graph()
	if err != nil {
		return nil, err
	}
	graph, err := New(data)
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

// Speedup is how many times faster than in float32 a network ran on 8 bits when
// it was rewritten; 0 where that is not known.
func (c *Calibrator) Speedup(m *model.Model, rt *model.Runtime) float64 {
	kept := readMade(c.file(m, rt))
	return kept.Int8 / cmp.Or(kept.Float32, 1)
}
