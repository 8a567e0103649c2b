package extract

import (
	"cmp"
	"context"

	"github.com/akin-vision/akin/model"
	"golang.org/x/sync/errgroup"
)

// Shard embeds pictures with one open model and keeps nothing: it is the part of
// an extraction that another machine can do. Fill and Stream run the same over
// all networks that fit into memory. each is called in the order of pictures, from one
// goroutine, with the vectors by output or, of a picture that cannot be read or
// decoded, with a *PictureError; its error stops the work.
func Shard(ctx context.Context, name string, open model.Embedder, pictures []Picture, o Options, each func(picture int, vectors [][]float32, bad error) error) error {
	n := &network{name: name, model: open}
	n.once.Do(func() {})
	o = o.withDefaults()
	return run(ctx, pictures, []*network{n}, o, func(c *chunk) error {
		s, next := c.shares[0], 0
		for k := range c.pictures {
			var vectors [][]float32
			if c.undecoded[k] == nil {
				for _, output := range s.vectors {
					vectors = append(vectors, output[next])
				}
				next++
			}
			if err := each(c.first+k, vectors, c.undecoded[k]); err != nil {
				return err
			}
		}
		o.Progress(Progress{Done: c.first + len(c.pictures), Total: len(pictures), Models: []string{name}, First: 1, Last: 1, Of: 1})
		return nil
	})
}

// run embeds pictures with several networks, chunk by chunk with all workers, and
// delivers the chunks in order. It is all that is ever done with pictures and
// networks, on one machine and on many.
func run(ctx context.Context, pictures []Picture, networks []*network, o Options, deliver func(*chunk) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	cores := cmp.Or(o.Cores, NewCores(o.Workers))
	slots := make(chan chan *chunk, 2*o.Workers)
	var g errgroup.Group
	g.SetLimit(o.Workers + 1) // and the goroutine that starts them
	g.Go(func() error {
		defer close(slots)
		for first := 0; first < len(pictures); first += o.Chunk {
			slot := make(chan *chunk, 1)
			select {
			case slots <- slot:
			case <-ctx.Done():
				return nil
			}
			g.Go(func() error {
				defer close(slot)
				c := newChunk(first, pictures[first:min(first+o.Chunk, len(pictures))], networks, o)
				if err := c.make(ctx, cores); err != nil {
					cancel(err)
					return nil
				}
				slot <- c
				return nil
			})
		}
		return nil
	})
	for slot := range slots {
		// After a lost chunk nothing more is kept: the next run goes on from here, in order.
		if c := <-slot; c == nil || ctx.Err() != nil {
			cancel(context.Canceled)
		} else if err := deliver(c); err != nil {
			cancel(err)
		}
	}
	g.Wait()
	return context.Cause(ctx)
}
