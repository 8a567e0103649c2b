// Package extract fills a feature store: it decodes each picture once however
// many models want it, prepares it once per recipe, runs the models over
// batches, and goes on where an interrupted run stopped.
package extract

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/stimuli"
	"golang.org/x/sync/errgroup"
)

// Picture is one picture to embed: its content's hash and the way to its bytes.
type Picture struct {
	Name string // for messages
	Hash stimuli.Hash
	Read func() ([]byte, error)
}

// Embedder turns prepared pictures into vectors; model.Session is one.
type Embedder interface {
	Recipe() imaging.Recipe
	Batch() int // largest n of one Embed
	// Embed takes a tensor n, 3, H, W and returns n vectors; it is called concurrently.
	Embed(ctx context.Context, tensor []float32, n int) ([][]float32, error)
	Close() error
}

// Job is one model to run over all pictures. Open is called only where the
// store lacks a picture.
type Job struct {
	Name  string
	Space feature.Space
	Open  func() (Embedder, error)
}

// Options tune Run; the zero value uses every core and reports nothing.
type Options struct {
	Workers  int            // concurrent batches; 0 means one a core
	Progress func(Progress) // called from one goroutine, after every chunk of pictures
}

// Progress counts vectors, one for each picture and model.
type Progress struct {
	Done, Total int // of the vectors that the store lacked
}

// PictureError is a picture that could not be read or decoded.
type PictureError struct {
	Name string
	Err  error
}

func (e *PictureError) Error() string { return fmt.Sprintf("picture %s: %v", e.Name, e.Err) }
func (e *PictureError) Unwrap() error { return e.Err }

// chunkSize is the number of pictures that a worker decodes before it runs the
// models: a whole number of default batches, small enough to stop soon.
const chunkSize = 8

// run is the state of one extraction.
type run struct {
	store     *feature.Store
	pictures  []Picture
	jobs      []*job // those that lack pictures
	workers   int
	report    func(Progress)
	progress  Progress
	undecoded []error
}

// job is a Job that lacks vectors.
type job struct {
	Job
	index    int // in Run's jobs
	lacks    map[stimuli.Hash]bool
	writer   *feature.Writer
	embedder Embedder
}

// Run returns one table for each job, in order, in which every picture has its
// vector. Vectors are stored in the order of pictures, so that an interrupted
// run and its continuation leave the same bytes as one run. Pictures that
// cannot be decoded are all reported, each as a *PictureError in one joined error.
func Run(ctx context.Context, store *feature.Store, pictures []Picture, jobs []Job, o Options) (tables []*feature.Table, err error) {
	r := &run{store: store, pictures: distinct(pictures), workers: o.Workers, report: o.Progress}
	if r.workers == 0 {
		r.workers = runtime.NumCPU()
	}
	if r.report == nil {
		r.report = func(Progress) {}
	}
	tables = make([]*feature.Table, len(jobs))
	for i, j := range jobs {
		if tables[i], err = store.Read(j.Space); err != nil {
			return nil, err
		}
		if lacks := r.lacking(tables[i]); len(lacks) > 0 {
			r.jobs = append(r.jobs, &job{Job: j, index: i, lacks: lacks})
		}
	}
	if len(r.jobs) > 0 {
		err = errors.Join(r.extract(ctx), r.close())
	}
	if err != nil {
		return nil, err
	}
	for _, j := range r.jobs {
		tables[j.index] = j.writer.Table()
	}
	return tables, nil
}

func distinct(pictures []Picture) []Picture {
	seen := make(map[stimuli.Hash]bool, len(pictures))
	var once []Picture
	for _, p := range pictures {
		if !seen[p.Hash] {
			seen[p.Hash] = true
			once = append(once, p)
		}
	}
	return once
}

func (r *run) lacking(t *feature.Table) map[stimuli.Hash]bool {
	lacks := map[stimuli.Hash]bool{}
	for _, p := range r.pictures {
		if t.Vector(p.Hash) == nil {
			lacks[p.Hash] = true
		}
	}
	return lacks
}

func (r *run) extract(ctx context.Context) error {
	if err := r.open(ctx); err != nil {
		return err
	}
	todo := slices.DeleteFunc(slices.Clone(r.pictures), func(p Picture) bool {
		return !slices.ContainsFunc(r.jobs, func(j *job) bool { return j.lacks[p.Hash] })
	})
	r.report(r.progress)
	if err := r.fill(ctx, todo); err != nil {
		return err
	}
	return errors.Join(r.undecoded...)
}

// open takes the writers, in one order for all processes so that two never
// wait for each other, and then loads the models.
func (r *run) open(ctx context.Context) error {
	inOrder := slices.SortedFunc(slices.Values(r.jobs), func(a, b *job) int {
		return cmp.Compare(a.Space.Digest(), b.Space.Digest())
	})
	for _, j := range inOrder {
		w, err := r.store.Append(ctx, j.Space)
		if err != nil {
			return err
		}
		j.writer = w
		j.lacks = r.lacking(w.Table()) // another process may have filled gaps meanwhile
		r.progress.Total += len(j.lacks)
	}
	for _, j := range r.jobs {
		if len(j.lacks) == 0 {
			continue
		}
		e, err := j.Open()
		if err != nil {
			return err
		}
		j.embedder = e
	}
	return nil
}

func (r *run) close() error {
	var errs []error
	for _, j := range r.jobs {
		if j.embedder != nil {
			errs = append(errs, j.embedder.Close())
		}
		if j.writer != nil {
			errs = append(errs, j.writer.Close())
		}
	}
	return errors.Join(errs...)
}

// fill embeds the pictures chunk by chunk on all workers; one goroutine, this
// one, stores the results in the order of the chunks.
func (r *run) fill(ctx context.Context, pictures []Picture) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	slots := make(chan chan *chunk, 2*r.workers)
	var g errgroup.Group
	g.SetLimit(r.workers + 1) // and the goroutine that starts them
	g.Go(func() error {
		defer close(slots)
		for part := range slices.Chunk(pictures, chunkSize) {
			slot := make(chan *chunk, 1)
			select {
			case slots <- slot:
			case <-ctx.Done():
				return nil
			}
			g.Go(func() error {
				defer close(slot)
				c := newChunk(part, r.jobs)
				if err := c.embed(ctx); err != nil {
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
		} else if err := r.keep(c); err != nil {
			cancel(err)
		}
	}
	g.Wait()
	return context.Cause(ctx)
}

// keep stores a chunk's vectors, picture by picture.
func (r *run) keep(c *chunk) error {
	r.undecoded = append(r.undecoded, c.undecoded...)
	for i, j := range r.jobs {
		for k, v := range c.vectors[i] {
			if err := j.writer.Add(c.wanted[i][k].Hash, v); err != nil {
				return fmt.Errorf("%s, picture %s: %w", j.Name, c.wanted[i][k].Name, err)
			}
		}
		r.progress.Done += len(c.vectors[i])
	}
	r.report(r.progress)
	return nil
}
