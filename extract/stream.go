package extract

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/akin-vision/akin/feature"
)

// Stream embeds pictures as Fill does, and hands the vectors of each to a
// function: in memory are the few chunks at work and, for each job, where its
// records stand. Pictures of unknown hash are read and hashed when their turn
// comes. each, which may be nil, is called in the order of pictures, from one
// goroutine, with the vectors by job. Pictures that cannot be decoded are passed
// over and all reported at the end, as in Fill; an error of each stops the work
// at once.
func Stream(ctx context.Context, store *feature.Store, pictures []Picture, jobs []Job, o Options, each func(picture int, vectors [][]float32) error) error {
	s := &stream{
		pictures: slices.Clone(pictures), each: each, undecoded: map[int]error{}, options: o.withDefaults(),
	}
	var networks []*network
	s.columns, networks = join(jobs, len(pictures))
	err := openColumns(ctx, store, networks)
	if err == nil {
		err = s.run(ctx, passes(networks, o.Memory), len(networks))
	}
	return errors.Join(err, closeAll(networks))
}

// stream is the state of one Stream.
type stream struct {
	pictures  []Picture // their hashes filled in on the way
	columns   []*column // by job
	each      func(int, [][]float32) error
	options   Options
	progress  Progress
	undecoded map[int]error // by picture
}

// run goes over the pictures once for each set of networks that fits into memory.
func (s *stream) run(ctx context.Context, passes [][]*network, networks int) error {
	for i, pass := range passes {
		s.progress = Progress{Total: len(s.pictures), Computed: s.progress.Computed,
			First: s.progress.Last + 1, Last: s.progress.Last + len(pass), Of: networks}
		for _, n := range pass {
			s.progress.Models = append(s.progress.Models, n.name)
		}
		s.options.Progress(s.progress)
		last := i == len(passes)-1
		if err := run(ctx, s.pictures, pass, s.options, func(c *chunk) error { return s.deliver(c, last) }); err != nil {
			return err
		}
		for _, n := range pass {
			if err := n.close(); err != nil {
				return err
			}
		}
	}
	var errs []error
	for _, k := range slices.Sorted(maps.Keys(s.undecoded)) {
		errs = append(errs, s.undecoded[k])
	}
	return errors.Join(errs...)
}

// deliver stores a chunk's new vectors and, in the last pass, hands on those of
// all jobs.
func (s *stream) deliver(c *chunk, last bool) error {
	for k, err := range c.undecoded {
		s.undecoded[c.first+k] = err
	}
	for _, share := range c.shares {
		if err := s.store(c, share); err != nil {
			return err
		}
	}
	if last && s.each != nil {
		for k := range c.pictures {
			if err := s.deliverPicture(c.first + k); err != nil {
				return err
			}
		}
	}
	s.progress.Done += len(c.pictures)
	s.options.Progress(s.progress)
	return nil
}

func (s *stream) store(c *chunk, share *share) error {
	for i, column := range share.network.columns {
		for n, k := range share.wanted {
			picture := c.pictures[k]
			if column.index.Has(picture.Hash) {
				continue
			}
			if err := column.index.Add(picture.Hash, share.vectors[i][n]); err != nil {
				return fmt.Errorf("%s, picture %s: %w", column.Name, picture.Name, err)
			}
			s.progress.Computed++
		}
	}
	return nil
}

// deliverPicture calls each with a picture's vectors, unless it has none.
func (s *stream) deliverPicture(picture int) error {
	vectors := make([][]float32, len(s.columns))
	for i, c := range s.columns {
		var err error
		if vectors[i], err = c.index.Vector(s.pictures[picture].Hash); err != nil {
			return err
		}
		if vectors[i] == nil {
			return nil
		}
	}
	return s.each(picture, vectors)
}
