package cluster

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/stimuli"
	"golang.org/x/sync/errgroup"
)

// collect reads the run's shards and stores their vectors in the order of the pictures.
// Pictures that cannot be decoded are all reported, as extract.Fill does.
func (c *Cluster) collect(ctx context.Context, local *feature.Store, r *request, roundings []Rounding) (map[feature.Space]feature.Space, error) {
	moved := map[feature.Space]feature.Space{}
	bad := map[int]error{}
	for i, n := range r.plan.Networks {
		target, err := c.target(ctx, n, r.jobs[i], roundings[i])
		if err != nil {
			return nil, err
		}
		for k, space := range n.Spaces {
			if target[k] != space {
				moved[space] = target[k]
			}
		}
		if err := c.store(ctx, local, n, target, r.pictures, roundings[i].Digest, bad); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(c.shares, func(a, b Contribution) int {
		return cmp.Or(cmp.Compare(a.Model, b.Model), cmp.Compare(a.Host, b.Host), cmp.Compare(a.Instructions, b.Instructions))
	})
	var errs []error
	for _, k := range slices.Sorted(maps.Keys(bad)) {
		errs = append(errs, bad[k])
	}
	return moved, errors.Join(errs...)
}

// target gives the spaces of this machine that the run's features belong to: those asked
// for where it rounds as the workers do, others where not.
func (c *Cluster) target(ctx context.Context, n Network, job extract.Job, workers Rounding) ([]feature.Space, error) {
	if workers.Instructions == Instructions() && onCPU(n.Spaces[0]) {
		return n.Spaces, nil
	}
	mine, err := localRounding(ctx, n, job)
	if err != nil {
		return nil, err
	}
	if mine == workers.Digest {
		return n.Spaces, nil
	}
	list := slices.Clone(n.Spaces)
	for i := range list {
		list[i].Engine += workers.label()
	}
	return list, nil
}

// localRounding opens a network on this machine; empty where this machine cannot run it.
func localRounding(ctx context.Context, n Network, job extract.Job) (string, error) {
	var outputs []model.Output
	for _, s := range n.Spaces {
		outputs = append(outputs, model.Output{Node: s.Node, Pooling: s.Pooling})
	}
	e, err := job.Open(ctx, model.SessionOptions{Outputs: outputs})
	if err != nil {
		return "", ctx.Err() // a submitter need not be able to run what it submits
	}
	defer e.Close()
	return roundingOf(ctx, e)
}

// store reads the shards of one network and adds what the local store lacks.
func (c *Cluster) store(ctx context.Context, local *feature.Store, n Network, target []feature.Space, pictures []extract.Picture, rounding string, bad map[int]error) (err error) {
	indices, err := openAll(ctx, local, target)
	defer func() {
		for _, x := range indices {
			if x != nil {
				err = errors.Join(err, x.Close())
			}
		}
	}()
	if err != nil {
		return err
	}
	return inOrder(ctx, n.shards(len(pictures)), func(ctx context.Context, shard int) (*Shard, error) {
		first, end := n.span(shard, len(pictures))
		if holdAll(indices, pictures[first:end]) {
			return nil, nil
		}
		return c.shard(ctx, n, pictures[first:end], rounding)
	}, func(shard int, s *Shard) error {
		if s == nil {
			return nil
		}
		c.credit(n.Name, s)
		first, end := n.span(shard, len(pictures))
		return keep(indices, s, pictures[first:end], n.Name, func(k int, err error) { bad[first+k] = err })
	})
}

// holdAll reports whether every store has every picture.
func holdAll(indices []*feature.Index, pictures []extract.Picture) bool {
	return !slices.ContainsFunc(pictures, func(p extract.Picture) bool {
		return slices.ContainsFunc(indices, func(x *feature.Index) bool { return !x.Has(p.Hash) })
	})
}

// keep adds the vectors of a shard, by output, to the stores of a network; bad is told of pictures
// that cannot be decoded.
func keep(indices []*feature.Index, s *Shard, pictures []extract.Picture, name string, bad func(int, error)) error {
	return s.each(func(k int, vectors [][]float32, why string) error {
		if why != "" {
			bad(k, &extract.PictureError{Name: pictures[k].Name, Err: errors.New(why)})
			return nil
		}
		for i, x := range indices {
			if err := x.Add(pictures[k].Hash, vectors[i]); err != nil {
				return fmt.Errorf("%s, picture %s: %w", name, pictures[k].Name, err)
			}
		}
		return nil
	})
}

// shardsAhead are read and checked while an earlier one is stored. All that the submitter
// holds of the features of a run are these.
const shardsAhead = 4

// inOrder produces n things side by side, a few ahead of the one that is used, and uses them in
// their order.
func inOrder[T any](ctx context.Context, n int, produce func(context.Context, int) (T, error), use func(int, T) error) error {
	g, ctx := errgroup.WithContext(ctx)
	slots := make(chan chan T, shardsAhead)
	g.Go(func() error {
		defer close(slots)
		for k := range n {
			slot := make(chan T, 1)
			select {
			case slots <- slot:
			case <-ctx.Done():
				return ctx.Err()
			}
			g.Go(func() error {
				defer close(slot)
				made, err := produce(ctx, k)
				if err == nil {
					slot <- made
				}
				return err
			})
		}
		return nil
	})
	g.Go(func() error {
		k := 0
		for slot := range slots {
			made, ok := <-slot
			if !ok {
				return nil // its error is the group's
			}
			if err := use(k, made); err != nil {
				return err
			}
			k++
		}
		return nil
	})
	return g.Wait()
}

// shard reads one shard of pictures.
func (c *Cluster) shard(ctx context.Context, n Network, part []extract.Picture, rounding string) (*Shard, error) {
	h := make([]stimuli.Hash, len(part))
	for i, p := range part {
		h[i] = p.Hash
	}
	return load(ctx, c.Store, n, shardKey(n.Spaces, rounding, h), len(part))
}

func (c *Cluster) credit(model string, s *Shard) {
	k := slices.IndexFunc(c.shares, func(share Contribution) bool { return share.Model == model && share.Machine == s.Machine })
	if k < 0 {
		k = len(c.shares)
		c.shares = append(c.shares, Contribution{Model: model, Machine: s.Machine})
	}
	c.shares[k].Pictures += s.Pictures - len(s.Bad)
}

// openAll opens spaces in one order for all processes, so that two never wait for each
// other.
func openAll(ctx context.Context, local *feature.Store, spaces []feature.Space) ([]*feature.Index, error) {
	order := make([]int, len(spaces))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(spaces[a].Digest(), spaces[b].Digest()) })
	indices := make([]*feature.Index, len(spaces))
	for _, i := range order {
		var err error
		if indices[i], err = local.Open(ctx, spaces[i]); err != nil {
			return indices, err
		}
	}
	return indices, nil
}
