package extract

import (
	"context"
	"fmt"
	"slices"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/stimuli"
)

// chunk is a run of neighbouring pictures, prepared together and given to every
// network that lacks some of them.
type chunk struct {
	first     int // of the extraction's pictures
	pictures  []Picture
	shares    []*share
	undecoded map[int]error // by picture
	decoded   func(stimuli.Hash, *imaging.Image)
}

// share is what one network has to do for a chunk.
type share struct {
	network *network
	wanted  []int         // pictures of the chunk
	tensors [][]float32   // theirs, 3, H, W; shared by networks of one recipe
	vectors [][][]float32 // by output, by wanted picture; nil where nothing was wanted
}

func newChunk(first int, pictures []Picture, networks []*network, o Options) *chunk {
	c := &chunk{first: first, pictures: pictures, undecoded: map[int]error{}, decoded: o.Decoded}
	for _, n := range networks {
		c.shares = append(c.shares, &share{network: n})
	}
	return c
}

// make prepares the pictures, one at a time so that only one is in memory
// undiminished, and runs every network over its share.
func (c *chunk) make(ctx context.Context, cores *Cores) error {
	for k := range c.pictures {
		if err := c.prepare(ctx, cores, k); err != nil {
			return err
		}
	}
	for _, s := range c.shares {
		if err := s.run(ctx, cores); err != nil {
			return err
		}
	}
	return nil
}

// prepare reads, decodes and prepares picture k as far as any network needs it.
func (c *chunk) prepare(ctx context.Context, cores *Cores, k int) error {
	p := &c.pictures[k]
	if p.Hash != (stimuli.Hash{}) && len(c.wanting(p.Hash)) == 0 {
		return ctx.Err()
	}
	data, err := p.ReadHashed()
	if err != nil {
		c.undecoded[k] = &PictureError{p.Name, err}
		return ctx.Err()
	}
	wanting := c.wanting(p.Hash)
	if len(wanting) == 0 {
		return ctx.Err()
	}
	for _, s := range wanting {
		if _, err := s.network.open(ctx); err != nil {
			return err
		}
	}
	release, err := cores.acquire(ctx, 1)
	if err != nil {
		return err
	}
	defer release()
	img, err := imaging.Decode(data, 0)
	if err != nil {
		c.undecoded[k] = &PictureError{p.Name, err}
		return nil
	}
	c.decoded(p.Hash, img)
	return c.share(k, img, wanting)
}

func (c *chunk) wanting(picture stimuli.Hash) []*share {
	var list []*share
	for _, s := range c.shares {
		if s.network.lacks(picture) {
			list = append(list, s)
		}
	}
	return list
}

// share gives picture k to the networks that want it, prepared once a recipe.
func (c *chunk) share(k int, img *imaging.Image, wanting []*share) error {
	prepared := map[string][]float32{} // by recipe digest
	for _, s := range wanting {
		recipe := s.network.model.Recipe()
		digest := recipe.Digest()
		if prepared[digest] == nil {
			height, width := recipe.Size()
			tensor := make([]float32, 3*height*width)
			if err := recipe.Apply(img, tensor); err != nil {
				return fmt.Errorf("model %s, picture %s: %w", s.network.name, c.pictures[k].Name, err)
			}
			prepared[digest] = tensor
		}
		s.wanted = append(s.wanted, k)
		s.tensors = append(s.tensors, prepared[digest])
	}
	return nil
}

// run embeds the share batch by batch.
func (s *share) run(ctx context.Context, cores *Cores) error {
	if len(s.tensors) == 0 {
		return nil // the network may not be open
	}
	for batch := range slices.Chunk(s.tensors, s.network.model.Batch()) {
		outputs, err := s.network.run(ctx, cores, slices.Concat(batch...), len(batch))
		if err != nil {
			return err
		}
		if s.vectors == nil {
			s.vectors = make([][][]float32, len(outputs))
		}
		for i, vectors := range outputs {
			s.vectors[i] = append(s.vectors[i], vectors...)
		}
	}
	s.tensors = nil // while the chunk waits for its turn
	return nil
}
