package extract

import (
	"context"
	"fmt"

	"github.com/akin-vision/akin/imaging"
)

// chunk is a run of neighbouring pictures, decoded together and given to every
// job that lacks some of them.
type chunk struct {
	pictures  []Picture
	jobs      []*job
	images    []*imaging.Image       // by picture; nil where it could not be decoded
	tensors   map[string][][]float32 // by recipe digest: one prepared tensor a picture, nil until wanted
	wanted    [][]Picture            // by job: its pictures, in order
	vectors   [][][]float32          // by job: their vectors
	undecoded []error
}

func newChunk(pictures []Picture, jobs []*job) *chunk {
	return &chunk{
		pictures: pictures, jobs: jobs,
		images:  make([]*imaging.Image, len(pictures)),
		tensors: map[string][][]float32{},
		wanted:  make([][]Picture, len(jobs)),
		vectors: make([][][]float32, len(jobs)),
	}
}

// embed decodes the pictures and runs every job's model over its share.
func (c *chunk) embed(ctx context.Context) error {
	for i, p := range c.pictures {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := c.decode(i, p); err != nil {
			c.undecoded = append(c.undecoded, &PictureError{p.Name, err})
		}
	}
	for i, j := range c.jobs {
		if err := c.run(ctx, i, j); err != nil {
			return err
		}
	}
	return nil
}

func (c *chunk) decode(i int, p Picture) error {
	data, err := p.Read()
	if err != nil {
		return err
	}
	c.images[i], err = imaging.Decode(data, 0)
	return err
}

// run embeds, batch by batch, the pictures that job i lacks.
func (c *chunk) run(ctx context.Context, i int, j *job) error {
	var batch []float32
	pending := 0
	flush := func() error {
		if pending == 0 {
			return nil
		}
		vectors, err := j.embedder.Embed(ctx, batch, pending)
		if err != nil {
			return err
		}
		c.vectors[i] = append(c.vectors[i], vectors...)
		batch, pending = batch[:0], 0
		return nil
	}
	for k, p := range c.pictures {
		if !j.lacks[p.Hash] || c.images[k] == nil {
			continue
		}
		tensor, err := c.prepare(k, j.embedder.Recipe())
		if err != nil {
			return fmt.Errorf("model %s, picture %s: %w", j.Name, p.Name, err)
		}
		batch = append(batch, tensor...)
		pending++
		c.wanted[i] = append(c.wanted[i], p)
		if pending == j.embedder.Batch() {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// prepare applies a recipe to picture k, once for all jobs that share it.
func (c *chunk) prepare(k int, recipe imaging.Recipe) ([]float32, error) {
	digest := recipe.Digest()
	if c.tensors[digest] == nil {
		c.tensors[digest] = make([][]float32, len(c.pictures))
	}
	if t := c.tensors[digest][k]; t != nil {
		return t, nil
	}
	height, width := recipe.Size()
	t := make([]float32, 3*height*width)
	if err := recipe.Apply(c.images[k], t); err != nil {
		return nil, err
	}
	c.tensors[digest][k] = t
	return t, nil
}
